"""What a browser sends is checked, and what it sent too late is left out."""

from __future__ import annotations

import math
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.e2e.conftest import SECONDS, Start

FREQUENCY = "archive_frequency_per_day"


def script() -> None:
    """Open the demo company and hand over the event that the test put into the session."""
    import streamlit as st

    from app import state
    from app.state import live

    state.open_link()
    if "event" in st.session_state:
        name, event = st.session_state["event"]
        st.session_state[live.KEY] = {name: event}
        live.on_event(name, {"commit": live.take, "back": live.take_back}[name])()
    st.session_state["shown"] = dict(state.scenario().values)
    st.session_state["named"] = [fault.lever for fault in state.faults()]


@pytest.fixture
def app(start: Start) -> AppTest:
    return AppTest.from_function(script, default_timeout=SECONDS).run()


def sent(app: AppTest, name: str, **event: Any) -> AppTest:
    """Send an event as the component does; it knows the revision it was drawn with unless told otherwise."""
    app.session_state["event"] = (name, {"rev": app.session_state["revision"], **event})
    return app.run()


def moved(app: AppTest, seq: int = 1, lever: str = FREQUENCY, **values: Any) -> AppTest:
    return sent(app, "commit", seq=seq, moved=lever, values={**app.session_state["shown"], **values})


def test_a_gesture_is_taken_into_the_address_and_keeps_the_revision(app: AppTest) -> None:
    revision = app.session_state["revision"]
    moved(app, seq=7, archive_frequency_per_day=9000.0)
    assert app.session_state["shown"][FREQUENCY] == 9000
    assert app.query_params["perday"] in ("9000", ["9000"])
    assert (app.session_state["moves"], app.session_state["revision"]) == (7, revision)


def test_an_event_from_before_another_change_is_left_out(app: AppTest) -> None:
    before = app.session_state["shown"]
    app.session_state["event"] = ("commit", {"rev": "older", "seq": 1, "moved": FREQUENCY, "values": {FREQUENCY: 9000}})
    app.run()
    assert app.session_state["shown"] == before
    assert "moves" not in app.session_state


@pytest.mark.parametrize("value", [10**400, 1e12, -5, None, "much", [1], math.nan])
def test_a_value_that_is_not_allowed_is_refused_and_named(app: AppTest, value: Any) -> None:
    before = app.session_state["shown"]
    moved(app, archive_frequency_per_day=value)
    assert app.session_state["shown"] == before
    assert app.session_state["named"] == [FREQUENCY]
    moved(app, seq=2, archive_frequency_per_day=9000.0)
    assert not app.session_state["named"]


def test_levers_that_do_not_exist_and_broken_events_change_nothing(app: AppTest) -> None:
    before = app.session_state["shown"]
    moved(app, nonsense=1.0)
    for event in ({"seq": "1", "values": {}}, {"seq": 1, "values": 3}, {"seq": 1}, {}):
        sent(app, "commit", **event)
    assert app.session_state["shown"] == before


def test_a_share_takes_the_others_along_from_where_the_gesture_began(app: AppTest) -> None:
    began = app.session_state["shown"]
    moved(app, lever="pct_pdf", **{**began, "pct_pdf": 0.9})
    assert app.session_state["shown"]["pct_docx"] < began["pct_docx"]
    assert sum(app.session_state["shown"][name] for name in ("pct_pdf", "pct_docx", "pct_xlsx")) <= 1
    moved(app, seq=2, lever="pct_pdf", **{**began, "pct_pdf": 0.25})
    assert app.session_state["shown"] == {**began, "pct_pdf": 0.25}, "there and back again loses nothing"


def test_putting_back_is_a_change_from_elsewhere(app: AppTest) -> None:
    today = app.session_state["shown"][FREQUENCY]
    moved(app, archive_frequency_per_day=9000.0)
    revision = app.session_state["revision"]
    sent(app, "back", id=FREQUENCY)
    assert app.session_state["shown"][FREQUENCY] == today
    assert app.session_state["revision"] != revision
    for name in ("nonsense", None, [1]):
        sent(app, "back", id=name)
    assert app.session_state["shown"][FREQUENCY] == today
