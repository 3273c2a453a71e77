"""The API over the demo company: the published contract, faults as problems, the same numbers as the service."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from app import wire
from app.access import NOBODY
from app.api import Door, create_api, replies
from app.api.contract import MOST_SCENARIOS, ROW
from forecast_core import LEVERS, Row, from_values
from tests.conftest import Ask
from tests.doors import door

GETS = {
    "health": replies.HealthReply,
    "model/info": replies.ModelReply,
    "forecast": replies.ForecastReply,
    "levers": replies.LeversReply,
    "datasets": replies.DatasetsReply,
    "prices": replies.PricesReply,
}
POSTS = {
    "predict": ("PredictRequest", replies.PredictReply),
    "simulate": ("SimulateRequest", replies.SimulateReply),
    "compare": ("CompareRequest", replies.CompareReply),
}
TARGETS = ("archived_gb_next_period", "savings_gb_next_period")


@pytest.fixture(scope="module")
def client(ask: Ask) -> Iterator[TestClient]:
    service = ask().service
    with TestClient(create_api(door(service)), raise_server_exceptions=False) as found:
        yield found


def example(client: TestClient, name: str) -> Any:
    return client.get("/openapi.json").json()["components"]["schemas"][name]["examples"][0]


def problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status and answer.headers["content-type"] == "application/problem+json"
    found = replies.Problem.model_validate(answer.json()).model_dump()
    assert found["request_id"] == answer.headers["x-request-id"] and found["status"] == status
    return found


@pytest.mark.parametrize("path", GETS)
def test_a_reply_is_as_documented(client: TestClient, path: str) -> None:
    answer = client.get(f"/v1/{path}")
    assert answer.status_code == 200
    GETS[path].model_validate(answer.json())


@pytest.mark.parametrize("path", POSTS)
def test_the_documented_example_is_answered_as_documented(client: TestClient, path: str) -> None:
    name, reply = POSTS[path]
    answer = client.post(f"/v1/{path}", json=example(client, name))
    assert answer.status_code == 200
    reply.model_validate(answer.json())


def test_the_published_paths_and_names_are_kept(client: TestClient) -> None:
    body = {"instances": [ROW]}
    found = client.post("/predict", json=body).json()
    assert found == client.post("/v1/predict", json=body).json()
    assert all(found["predictions"][0][name] > 0 for name in TARGETS)
    assert client.get("/model/info").json()["targets"] == list(TARGETS)
    assert client.post("/reload-model").json() == client.get("/v1/model/info").json()


def test_numbers_are_the_service_s_to_the_last_digit(client: TestClient, ask: Ask) -> None:
    service = ask().service
    rows = service.rows.predict("demo", [Row(**ROW)])
    assert client.post("/v1/predict", json={"instances": [ROW]}).json() == wire.predictions(rows)
    known = service.ranges("demo", "ALL")
    values = {"archive_frequency_per_day": 12000, "start_month": "2027-01", "avg_file_size_mb": 1.2}
    answer = service.simulate(from_values(values, known))
    sent = client.post("/v1/simulate", json={"scope": "ALL", "values": values}).json()
    assert sent["scenario"]["id"] == answer.scenario.id
    assert sent["archived_gb"]["scenario"]["upper"] == answer.archived.scenario.upper.tolist()
    assert sent["money"]["total"]["change"]["point"] == answer.money.total.change.point
    again = client.post("/v1/simulate", json={"scope": "ALL", "values": sent["scenario"]["values"]}).json()
    assert again == sent, "what an answer says of its scenario asks the same question"
    assert wire.outlook(service.forecast("demo", "Legal", 3)) == client.get("/v1/forecast?scope=Legal&months=3").json()


def test_csv_in_and_out_says_the_same(client: TestClient) -> None:
    rows = [ROW | {"scope": "Legal", "month": "2026-10-01"}, ROW | {"scope": "", "pct_pdf": 0.3}]
    text = "\ufeff" + ",".join(rows[0]) + "\n" + "\n".join(",".join(map(str, row.values())) for row in rows)
    answer = client.post("/v1/predict.csv", content=text.encode(), headers={"content-type": "text/csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    found = list(csv.DictReader(io.StringIO(answer.text)))
    wanted = client.post("/v1/predict", json={"instances": rows}).json()["predictions"]
    assert [[float(row[name]) for name in TARGETS] for row in found] == [
        [row[name] for name in TARGETS] for row in wanted
    ]


def test_ten_thousand_rows_in_one_call_and_no_more(client: TestClient) -> None:
    rows = [ROW | {"archive_frequency_per_day": 100 + place} for place in range(10_000)]
    found = client.post("/v1/predict", json={"instances": rows}).json()["predictions"]
    assert len(found) == 10_000
    assert (np.diff([row["archived_gb_next_period"] for row in found]) >= 0).all()
    told = problem(client.post("/v1/predict", json={"instances": [*rows, ROW]}), 422)
    assert told["errors"][0]["field"] == "instances" and "10000" in told["errors"][0]["rule"]


@pytest.mark.parametrize(
    ("change", "field", "value", "rule"),
    [
        ({"pct_pdf": 1.2}, "instances.0.pct_pdf", "1.2", "less than or equal to 1"),
        ({"month": "2026-13"}, "instances.0.month", "'2026-13'", "a month as 2027-03"),
        ({"month": "9999-01"}, "instances.0.month", "9999-01", "a month as 2027-03, from 1970 to 2199"),
        ({"total_files": -1}, "instances.0.total_files", "-1", "greater than or equal to 0"),
        ({"pct_pdf": 0.9}, "instances.0.pct_pdf+pct_docx+pct_xlsx", "1.46", "together at most 1"),
        ({"scope": "Nowhere"}, "instances.0.scope", "Nowhere", "one of Engineering"),
        ({"tenant": "x"}, "instances.0.tenant", "'x'", "Extra inputs are not permitted"),
    ],
)
def test_a_broken_rule_names_field_value_and_rule(
    client: TestClient, change: dict[str, Any], field: str, value: str, rule: str
) -> None:
    fault = problem(client.post("/v1/predict", json={"instances": [ROW | change]}), 422)["errors"][0]
    assert (fault["field"], fault["value"]) == (field, value) and rule in fault["rule"]


def test_a_lever_that_is_wrong_is_named_with_what_was_meant(client: TestClient) -> None:
    values = {"archive_frequency_per_dy": 3, "total_files": -5, "start_month": "soon", "pct_pdf": 0.9}
    told = problem(client.post("/v1/simulate", json={"values": values}), 422)
    named = {fault["field"]: fault["value"] for fault in told["errors"]}
    assert set(named) == {f"values.{name}" for name in values}
    assert named["values.total_files"] == "-5" and named["values.start_month"] == "soon"
    assert "Did you mean archive_frequency_per_day?" in told["detail"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/v1/nothing", {}, 404),
        ("/v1/simulate", {"dataset": "nobody"}, 404),
        ("/v1/simulate", {"scope": "Nowhere"}, 404),
        ("/v1/compare", {"scenarios": [{"name": "x"}] * (MOST_SCENARIOS + 1)}, 422),
        ("/v1/simulate", {"values": {"total_files": "NaN"}}, 422),
        ("/v1/simulate", {"values": {name.name: 1 for name in LEVERS} | {"more": 1}}, 422),
    ],
)
def test_what_cannot_be_asked_is_a_problem(client: TestClient, path: str, body: Any, status: int) -> None:
    problem(client.post(path, json=body), status)


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b'{"instances": NaN}', b"[]"])
def test_a_body_that_is_no_json_is_a_problem(client: TestClient, body: bytes) -> None:
    answer = client.post("/v1/predict", content=body, headers={"content-type": "application/json"})
    problem(answer, answer.status_code)
    assert answer.status_code in (400, 422)


@pytest.mark.parametrize("body", [b"", b"a,b\n1,2\n", b"\xff\xfe", b'month\n"', b"month,total_files\n2026-10,1,2,3\n"])
def test_a_csv_that_cannot_be_read_is_a_problem(client: TestClient, body: bytes) -> None:
    problem(client.post("/v1/predict.csv", content=body, headers={"content-type": "text/csv"}), 422)


def test_a_request_id_is_kept_if_it_is_harmless(client: TestClient) -> None:
    assert client.get("/v1/health", headers={"x-request-id": "abc-1.2_3"}).headers["x-request-id"] == "abc-1.2_3"
    for made_up in ("a b", "x" * 65, "<script>"):
        given = client.get("/v1/health", headers={"x-request-id": made_up}).headers["x-request-id"]
        assert given != made_up and len(given) == 32


def test_nobody_is_answered_before_the_start_is_over(ask: Ask) -> None:
    api = create_api(Door(lambda _: ask().service, lambda: False, lambda _: NOBODY))
    answer = TestClient(api).get("/v1/health")
    assert (answer.status_code, answer.json()) == (503, {"status": "starting"})


def test_what_breaks_is_logged_and_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    def broken(_: Any) -> Any:
        raise ZeroDivisionError("a secret")

    answer = TestClient(create_api(Door(broken, lambda: True, lambda _: NOBODY)), raise_server_exceptions=False).get(
        "/v1/datasets"
    )
    told = problem(answer, 500)
    assert told["request_id"] in told["hint"] and "secret" not in answer.text
    assert "a secret" in caplog.text
