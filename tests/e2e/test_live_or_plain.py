"""Both kinds of levers show the same figures, sentences and bounds; values sent by a browser are checked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app import state
from tests.e2e.conftest import Start
from tests.e2e.test_pages import LINK, headline, html

MOVED = {**LINK, "perday": "14606", "pdf": "0.4", "primary": "0.3", "start": "2027-03"}
LATER = {**LINK, "size": "2.2", "recall": "0.01", "horizon": "36"}


@pytest.fixture
def start_live(start: Start, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Return `start` with the live component."""
    monkeypatch.setenv("ARCHIVE_FORECAST_LEVERS", "live")
    state.settings.cache_clear()
    yield start
    state.settings.cache_clear()


@pytest.fixture
def start_plain(start: Start) -> Start:
    """Return `start` with Streamlit's own widgets."""
    state.settings.cache_clear()
    return start


def instrument(app: AppTest) -> dict[str, Any]:
    assert not app.exception
    (found,) = app.get("bidi_component")
    return json.loads(found.proto.bytes)


def part(app: AppTest, name: str) -> dict[str, Any]:
    return next(found for found in instrument(app)["parts"] if found["id"] == name)


@pytest.mark.parametrize("query", [{}, MOVED, LATER], ids=["as today", "moved", "later"])
def test_both_paths_show_the_same_figures(start: Start, request: pytest.FixtureRequest, query: dict[str, str]) -> None:
    plain = request.getfixturevalue("start_plain")("simulator", **query)
    live = request.getfixturevalue("start_live")("simulator", **query)
    figures = [json.loads(chart.proto.spec) for chart in plain.get("plotly_chart")]
    assert figures == [part(live, name)["figure"] for name in ("flows", "money")]
    assert [chart.proto.alt for chart in plain.get("plotly_chart")] == [
        part(live, name)["alt"] for name in ("flows", "money")
    ]
    shown = html(plain)
    for name in ("headline", "flows", "why", "money", "types"):
        assert part(live, name)["html"] in shown
    assert headline(plain) in part(live, "headline")["html"]
    assert instrument(live)["said"] == headline(plain)


def test_both_paths_have_the_same_levers(start: Start, request: pytest.FixtureRequest) -> None:
    plain = request.getfixturevalue("start_plain")("simulator", **MOVED)
    live = instrument(request.getfixturevalue("start_live")("simulator", **MOVED))
    levers = {lever["id"]: lever for group in live["groups"] for lever in group["levers"]}
    sliders = {slider.key.removeprefix("lever_"): slider for slider in plain.slider}
    assert set(sliders) | {"start_month"} == set(levers)
    for name, slider in sliders.items():
        lever = levers[name]
        shown = [lever[field] * lever["factor"] for field in ("value", "min", "max", "step")]
        assert [slider.value, slider.min, slider.max, slider.step] == pytest.approx(shown)
        assert slider.label == lever["label"] and slider.help == lever["help"]
        assert lever["effect"].split("\n")[0] in html(plain)
    back = {button.key.removeprefix("back_"): button.label for button in plain.button if "back_" in button.key}
    assert back == {name: lever["back"] for name, lever in levers.items() if lever["back"]}
