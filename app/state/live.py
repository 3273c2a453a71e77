"""What the live component says: moves, their end, the way back; every value is checked here again.

In:    events of the browser.
Out:   the open scenario; its revision, by which an event that came too late is known.
Never: trusts a name, a number or a bound of the browser; writes the URL before a gesture has come to its end.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from app.state import (
    SHARES,
    change_terms,
    commit,
    put_back,
    ranges,
    reset,
    reset_terms,
    scenario,
    service,
    settings,
    terms,
)
from forecast_core import TERMS, LeverError, checked, rescaled_mix

KEY = "live"
Act = Callable[[dict[str, Any]], None]


def wanted() -> bool:
    """Return whether levers are those of the live component, and not Streamlit's own."""
    return settings().levers == "live"


def heard() -> tuple[str, int]:
    """Return the revision of the scenario, and the number of the last move that the browser sent."""
    return st.session_state["revision"], st.session_state.get("moves", 0)


def on_event(name: str, act: Act, fragments: Sequence[str] | None = ()) -> Callable[[], None]:
    """Return a callback for an event of the component; it then redraws the fragments named, or the page (None).

    Without any only the component's own fragment is redrawn.

    An event that was sent before the scenario was last changed from elsewhere is left out: it is about values that are
    no longer shown.
    """

    def called() -> None:
        event = st.session_state[KEY].get(name)
        if isinstance(event, dict) and event.get("rev") == st.session_state["revision"]:
            act(event)
        if fragments is None:
            st.rerun()
        elif fragments:
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


# ── the Money page: its levers are the scenario's and the terms of money ───────────────────────────────────────────
def take_money(event: dict[str, Any]) -> None:
    """Take the values of a move on the Money page."""
    take(event)
    sent = event.get("values")
    if not isinstance(sent, dict):
        return
    names = {term.name for term in TERMS} & set(sent)
    values = {name: found for name in names if (found := _number(sent[name])) != getattr(terms(), name)}
    if values:
        try:
            st.session_state["terms"] = terms().changed(**values)
        except LeverError as error:
            st.session_state["faults"] = (*st.session_state["faults"], *error.faults)


def take_money_and_commit(event: dict[str, Any]) -> None:
    """Take the values of a move on the Money page that has come to its end."""
    take_money(event)
    commit()


def take_money_back(event: dict[str, Any]) -> None:
    """Put one lever or one term back."""
    if (name := str(event.get("id"))) in {term.name for term in TERMS}:
        change_terms(**{name: getattr(service().money_terms(), name)})
    take_back(event)


def take_money_reset(_: dict[str, Any]) -> None:
    """Put the scenario and every term back."""
    reset_terms()
    reset()


def _number(sent: Any) -> float:
    try:
        return float(sent)
    except (TypeError, ValueError, OverflowError):
        return math.nan
