"""A move is answered without the session: the same as the page shows, checked again, and remembered by nobody."""

from __future__ import annotations

import json
import math
import urllib.error
import urllib.request
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app import moving
from app.access import Identity
from app.access.current import serving
from app.moving import Move
from tests.bench.latency.servers import Server
from tests.e2e.conftest import Start
from tests.e2e.test_live_or_plain import instrument, start_live

__all__ = ["start_live"]
FREQUENCY = "archive_frequency_per_day"
SHARES = ("pct_pdf", "pct_docx", "pct_xlsx")


@pytest.fixture
def page(start_live: Start) -> AppTest:
    return start_live()


def asked(app: AppTest, moved: str = FREQUENCY, **values: Any) -> dict[str, Any]:
    """Return the answer to a move of the page that is open."""
    shown = instrument(app)
    every = {lever["id"]: lever["value"] for group in shown["groups"] for lever in group["levers"]}
    event = {**shown["to"]["frame"], "rev": shown["rev"], "seq": 1, "moved": moved, "values": {**every, **values}}
    name = shown["to"]["address"].removeprefix("live/")
    with serving(Identity("tester", "viewer")):
        return json.loads(moving.answered(moving.ANSWERS[name], Move.model_validate(event)))


def levers(found: dict[str, Any]) -> dict[str, Any]:
    return {lever["id"]: lever for group in found["groups"] for lever in group["levers"]}


def same(found: dict[str, Any], shown: dict[str, Any]) -> None:
    for name in ("said", "groups", "parts"):
        assert found[name] == shown[name]


@pytest.mark.parametrize("query", [{}, {"perday": "14606", "start": "2027-03", "horizon": "36"}])
def test_a_move_is_answered_as_the_page_would(start_live: Start, query: dict[str, str]) -> None:
    before = start_live("simulator", v="1", d="demo", scope="ALL", **query)
    found = asked(before, primary_cost_per_gb_month=0.3, moved="primary_cost_per_gb_month")
    same(found, instrument(start_live("simulator", v="1", d="demo", scope="ALL", **query, primary="0.3")))
    assert found["rev"] == instrument(before)["rev"]
    assert "help" in levers(found)[FREQUENCY]


def test_the_money_page_answers_terms_too(start_live: Start) -> None:
    app = start_live("money")
    found = asked(app, moved="held_ratio", held_ratio=0.5)
    assert levers(found)["held_ratio"]["value"] == 0.5 and found["said"]
    refused = asked(app, moved="held_ratio", held_ratio=7)
    assert levers(refused)["held_ratio"]["fault"]
    same(asked(app), instrument(app))


@pytest.mark.parametrize("value", [10**400, 1e12, -5, None, "much", [1], math.nan])
def test_a_value_that_is_not_allowed_is_refused_and_named(page: AppTest, value: Any) -> None:
    found = asked(page, archive_frequency_per_day=value)
    assert levers(found)[FREQUENCY]["fault"]
    assert levers(found)[FREQUENCY]["value"] == levers(instrument(page))[FREQUENCY]["value"]


def test_a_share_takes_the_others_along(page: AppTest) -> None:
    before, found = levers(instrument(page)), levers(asked(page, moved="pct_pdf", pct_pdf=0.9))
    assert found["pct_docx"]["value"] < before["pct_docx"]["value"]
    assert sum(found[name]["value"] for name in SHARES) <= 1


def test_numbers_are_written_as_the_reader_does(page: AppTest) -> None:
    shown = instrument(page)
    shown["to"]["frame"]["locale"] = "de-DE"
    event = {**shown["to"]["frame"], "rev": "", "seq": 1, "moved": FREQUENCY, "values": {}}
    with serving(Identity("tester", "viewer")):
        german = json.loads(moving.answered(moving.ANSWERS["simulator"], Move.model_validate(event)))
    assert levers(german)[FREQUENCY]["locale"] == "de-DE"


@pytest.mark.parametrize(
    ("path", "body", "header", "status"),
    [
        ("simulator", b"{}", {}, 422),
        ("simulator", b"no json", {}, 422),
        ("simulator", b"x" * 100_000, {}, 413),
        ("nowhere", b"{}", {}, 404),
        ("simulator", b"{}", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("simulator", b'{"link":{"d":"gone"},"locale":"","rev":"","seq":1,"moved":"","values":{}}', {}, 422),
    ],
)
def test_what_is_no_move_is_turned_away(
    server: Server, path: str, body: bytes, header: dict[str, str], status: int
) -> None:
    with pytest.raises(urllib.error.HTTPError) as found:
        urllib.request.urlopen(urllib.request.Request(f"{server.url}/live/{path}", body, header))
    assert found.value.code == status
    found.value.close()
