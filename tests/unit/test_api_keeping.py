"""Writes over the API: kept scenarios, actuals, drift; each counts once, and takes a role."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pytest
from fastapi.testclient import TestClient

from app.access import Identity
from app.api import create_api, kept_replies
from forecast_core import Replies, Reply, Service, Ticket
from forecast_core.errors import ConflictError
from tests.doors import ADMIN, ANALYST, VIEWER, door

KEY = {"Idempotency-Key": "0123456789abcdef"}
KEEP = {"name": "Faster", "scope": "ALL", "values": {"archive_frequency_per_day": 12000}, "note": "for the board"}
ACTUAL = {"scope": "Legal", "month": "2026-11", "archived_gb": 15.25}
NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    found = Service(tmp_path_factory.mktemp("kept"), np.datetime64("2026-11", "M"))
    found.warm()
    found.watch.freeze("demo", NOON)
    return found


def client(service: Service, who: Identity) -> TestClient:
    return TestClient(create_api(door(service, who)), raise_server_exceptions=False)


def test_a_scenario_is_kept_with_its_answer_and_opens_as_a_page(service: Service) -> None:
    ann = client(service, ANALYST)
    made = ann.post("/v1/scenarios", json=KEEP)
    assert made.status_code == 201
    kept = kept_replies.KeptReply.model_validate(made.json())
    assert (kept.created_by, kept.version, kept.note) == ("ann", 1, "for the board")
    assert dict(parse_qsl(kept.link))["perday"] == "12000"
    assert str(kept.answered["headline"]).startswith("Archiving 12,000 instead of")
    assert ann.get(f"/v1/scenarios/{kept.id}").json() == made.json()
    assert made.json() in ann.get("/v1/scenarios").json()["scenarios"]
    assert ann.get("/v1/scenarios/nothing").status_code == 404


@pytest.mark.parametrize(("path", "body"), [("/v1/scenarios", KEEP), ("/v1/actuals", ACTUAL)])
def test_a_viewer_may_not_write(service: Service, path: str, body: Any) -> None:
    before = client(service, ADMIN).get("/v1/scenarios").json()
    told = client(service, VIEWER).post(path, json=body)
    assert told.status_code == 403 and "role analyst; yours is viewer" in told.json()["detail"]
    assert client(service, ADMIN).get("/v1/scenarios").json() == before


@pytest.mark.parametrize("who", [VIEWER, ANALYST])
def test_only_an_administrator_reloads_the_model(service: Service, who: Identity) -> None:
    assert client(service, who).post("/reload-model").status_code == 403
    assert client(service, who).get("/model/info").status_code == 200


def test_a_write_that_is_repeated_counts_once(service: Service) -> None:
    ann = client(service, ANALYST)
    count = len(ann.get("/v1/scenarios").json()["scenarios"])
    first, again = (ann.post("/v1/scenarios", json=KEEP, headers=KEY) for _ in range(2))
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert "idempotent-replayed" not in first.headers and again.headers["idempotent-replayed"] == "true"
    assert len(ann.get("/v1/scenarios").json()["scenarios"]) == count + 1
    other = ann.post("/v1/scenarios", json=KEEP | {"name": "Other"}, headers=KEY)
    assert other.status_code == 422 and "used for another request" in other.json()["detail"]
    elsewhere = client(service, ADMIN).post("/v1/scenarios", json=KEEP, headers=KEY)
    assert elsewhere.json()["created_by"] == "ada", "a key is its owner's"


def test_a_refusal_is_not_kept(service: Service) -> None:
    ann, key = client(service, ANALYST), {"Idempotency-Key": "refused-key-1"}
    bad = KEEP | {"values": {"archive_frequency_per_day": -1}}
    for _ in range(2):
        assert ann.post("/v1/scenarios", json=bad, headers=key).status_code == 422
    assert ann.post("/v1/scenarios", json=KEEP, headers=key).status_code == 201


def test_two_at_once_are_one_and_one_that_died_is_forgotten(tmp_path: Path) -> None:
    service = Service(tmp_path, np.datetime64("2026-11", "M"))
    kept, ticket = Replies(service.store), Ticket("ann", "some-key", "digest")
    assert kept.begin(ticket, NOON) is None
    with pytest.raises(ConflictError, match="still being answered"):
        kept.begin(ticket, NOON + timedelta(seconds=30))
    assert kept.begin(ticket, NOON + timedelta(minutes=3)) is None, "whoever began it died"
    kept.end(ticket, Reply(201, "{}"))
    assert kept.begin(ticket, NOON + timedelta(minutes=4)) == Reply(201, "{}")
    assert kept.begin(ticket, NOON + timedelta(days=2)) is None


def test_an_actual_is_kept_and_scored(service: Service) -> None:
    ann = client(service, ANALYST)
    made = ann.post("/v1/actuals", json=ACTUAL)
    assert made.status_code == 201
    kept_replies.ActualReply.model_validate(made.json())
    typed = service.watch.actuals(service.dataset("demo").info.name)
    assert [(each.scope, each.archived_gb) for each in typed if each.source == "typed"] == [("Legal", 15.25)]
    refused = ann.post("/v1/actuals", json=ACTUAL | {"month": "2019-01"})
    assert refused.status_code == 422 and "Nothing was forecast for 2019-01" in refused.json()["detail"]


def test_drift_says_what_the_page_says(service: Service) -> None:
    ann = client(service, VIEWER)
    told = kept_replies.DriftReply.model_validate(ann.get("/v1/drift").json())
    view = service.watch.view("demo", "ALL")
    assert told.colour == view.overall.colour and len(told.findings) == len(view.findings)
    assert ann.get("/v1/drift?month=2026-08&scope=Legal").json()["month"] == "2026-08"
    assert ann.get("/v1/drift?month=2031-01").status_code == 404
