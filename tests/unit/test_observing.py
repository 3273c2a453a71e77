"""What is seen of the running product: one line and one count per request, spans where they were asked for."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from app.observing import Requests, meters, set_up
from app.observing.use_cases import use_case
from forecast_core import Settings
from forecast_core.errors import ScenarioError
from tests.sinks import http_sink

ROOT = Path(__file__).resolve().parents[2]
SECRET = "perday=9000"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Set logging up as the server does, into memory; afterwards it is as before."""
    root, stream = logging.getLogger(), io.StringIO()
    before = root.handlers[:], root.level
    set_up(Settings(log_format="json"), stream)
    yield stream
    root.handlers[:], level = before
    root.setLevel(level)
    logging.captureWarnings(False)


def app() -> TestClient:
    def answer(_: Request) -> PlainTextResponse:
        with use_case("simulate", dataset="demo", scope="ALL"):
            return PlainTextResponse("here")

    def broken(_: Request) -> PlainTextResponse:
        logging.getLogger("x").warning('a line\nand "another"')
        raise ZeroDivisionError("not a number")

    routes = [Route("/drift", answer), Route("/api/v1/simulate", answer), Route("/api/v1/broken", broken)]
    inner = Starlette(routes=routes, middleware=[Middleware(Requests, known=frozenset({"/drift"}))])
    return TestClient(inner, raise_server_exceptions=False)


def test_every_line_is_json_under_the_id_of_its_request(lines: io.StringIO) -> None:
    answer = app().get(f"/api/v1/simulate?{SECRET}", headers={"x-request-id": "abc-123"})
    assert answer.headers["x-request-id"] == "abc-123" and answer.headers["server-timing"].startswith("app;dur=")
    app().get(f"/api/v1/broken?{SECRET}", headers={"x-request-id": "abc-124"})
    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    ours = [line for line in told if line["logger"].startswith("app.observing")]
    assert [(line["message"], line["request_id"]) for line in ours] == [
        ("use case", "abc-123"),
        ("request", "abc-123"),
        ("request", "abc-124"),
    ]
    assert (ours[0]["use_case"], ours[0]["scope"], ours[0]["outcome"]) == ("simulate", "ALL", "done")
    assert (ours[1]["path"], ours[1]["status"], ours[2]["status"]) == ("/api/v1/simulate", 200, 500)
    assert ours[1]["ms"] >= ours[0]["ms"] >= 0 and SECRET not in lines.getvalue()


def test_nothing_that_somebody_typed_starts_a_line_of_the_log(lines: io.StringIO) -> None:
    text = io.StringIO()
    set_up(Settings(log_format="text"), text)
    with use_case("forecast", scope="x\n12:00:00 INFO app somebody came in\r\x1b[31m\u2028", dataset="demo"):
        logging.getLogger("x").warning("one\r\ntwo")
    assert len(text.getvalue().splitlines()) == 2 and text.getvalue().count("\n") == 2
    assert not set("\r\x1b\u2028") & set(text.getvalue()) and lines.getvalue() == ""


def count(name: str, **labels: str) -> float:
    return meters.registry.get_sample_value(f"archive_forecast_{name}", labels) or 0.0


def test_what_is_counted_has_no_name_that_a_visitor_made_up() -> None:
    client = app()
    asked = {"/drift": "/drift", "/made-up-by-somebody": "other", "/static/x.js": "parts", "/api/v1/simulate": None}
    before = {path: count("requests_total", route=path, method="GET", status="200") for path in ("/drift",)}
    for path in asked:
        client.get(path)
    assert count("requests_total", route="/drift", method="GET", status="200") == before["/drift"] + 1
    text = meters.text().decode()
    assert "made-up" not in text and 'route="other"' in text and 'route="/api/v1/simulate"' in text


def test_a_refusal_is_counted_as_one() -> None:
    before = count("use_cases_total", use_case="simulate", outcome="refused")
    with pytest.raises(ScenarioError), use_case("simulate"):
        raise ScenarioError("no")
    assert count("use_cases_total", use_case="simulate", outcome="refused") == before + 1


PROGRAM = """
import sys
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from opentelemetry import trace
from app.observing import Requests, send_to_insights
from app.observing.use_cases import use_case
from forecast_core import Settings

def answer(request):
    with use_case("simulate", dataset="demo", scope="Legal", rows=24):
        return PlainTextResponse("here")

send_to_insights(Settings.load())
TestClient(Requests(Starlette(routes=[Route("/api/v1/simulate", answer)]))).get("/api/v1/simulate?perday=9000")
provider = trace.get_tracer_provider()
if hasattr(provider, "shutdown"):
    provider.shutdown()
print("azure" in sys.modules)
"""


def seen_by_insights(connection: str) -> str:
    """Run one request in a process of its own; return whether anything of Azure was loaded there."""
    environment = {"APPLICATIONINSIGHTS_CONNECTION_STRING": connection, "PYTHONPATH": str(ROOT), "PATH": "/usr/bin"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=120, env=environment, check=True
    )
    return done.stdout.strip()


def test_a_request_and_its_use_case_reach_application_insights() -> None:
    with http_sink() as sink:
        key = "00000000-0000-0000-0000-000000000001"
        assert seen_by_insights(f"InstrumentationKey={key};IngestionEndpoint={sink.address}/") == "True"
        envelopes: list[Any] = [item for _, content in sink.posted for item in content]
    found = {item["data"]["baseType"]: item["data"]["baseData"] for item in envelopes}
    request, inner = found["RequestData"], found["RemoteDependencyData"]
    assert request["name"] == "GET /api/v1/simulate" and request["responseCode"] == "200" and request["success"]
    assert (inner["name"], inner["properties"]["scope"], inner["properties"]["outcome"]) == (
        "simulate",
        "Legal",
        "done",
    )
    assert "perday" not in json.dumps(envelopes)
    assert {item["iKey"] for item in envelopes} == {key}, "nobody else is told"


def test_without_a_connection_string_nothing_of_it_is_even_loaded() -> None:
    assert seen_by_insights("") == "False"
