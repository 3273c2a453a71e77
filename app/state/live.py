"""What the live component says: moves, their end, the way back; every value is checked here again.

In:    events of the browser.
Out:   the open scenario; its revision, by which an event that came too late is known.
Never: trusts a name, a number or a bound of the browser; writes the URL before a gesture has come to its end.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import streamlit as st

from app.state import SHARES, commit, put_back, ranges, reset, scenario, settings
from forecast_core import LeverError, checked, rescaled_mix

KEY = "live"


def wanted() -> bool:
    """Return whether levers are those of the live component, and not Streamlit's own."""
    return settings().levers == "live"


def heard() -> tuple[str, int]:
    """Return the revision of the scenario, and the number of the last move that the browser sent."""
    return st.session_state["revision"], st.session_state.get("moves", 0)


def on_event(name: str, act: Callable[[dict[str, Any]], None], *fragments: str) -> Callable[[], None]:
    """Return a callback for an event of the component; it then redraws the fragments named, by itself only its own.

    An event that was sent before the scenario was last changed from elsewhere is left out: it is about values that are
    no longer shown.
    """

    def called() -> None:
        event = st.session_state[KEY].get(name)
        if isinstance(event, dict) and event.get("rev") == st.session_state["revision"]:
            act(event)
        if fragments:
            st.rerun(list(fragments))

    return called


def take(event: dict[str, Any]) -> None:
    """Take the values of a move; a share takes the other two along. Values that are not allowed are refused and named.

    The revision stays, so that the thumb that is being dragged is left alone.
    """
    sent, moved = event.get("values"), event.get("moved")
    if not isinstance(sent, dict) or not isinstance(event.get("seq"), int):
        return
    st.session_state["moves"] = event["seq"]
    values = {name: _number(sent.get(name, kept)) for name, kept in scenario().values.items()}
    if moved in SHARES and all(math.isfinite(values[name]) for name in SHARES):
        values = rescaled_mix(values, moved, values[moved])
    try:
        st.session_state["scenario"] = checked(scenario().with_values(**values), ranges())
        st.session_state["faults"] = ()
    except LeverError as error:
        st.session_state["faults"] = error.faults


def take_and_commit(event: dict[str, Any]) -> None:
    """Take the values of a move that has come to its end: the URL follows."""
    take(event)
    commit()


def take_back(event: dict[str, Any]) -> None:
    """Put the lever of an event back to today's value."""
    if (name := str(event.get("id"))) in scenario().values:
        put_back(name)


def take_reset(_: dict[str, Any]) -> None:
    """Put every lever back."""
    reset()


def _number(sent: Any) -> float:
    try:
        return float(sent)
    except (TypeError, ValueError, OverflowError):
        return math.nan
