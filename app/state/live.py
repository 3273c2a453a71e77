"""What the live component says at the end of a gesture; every value is checked here again.

In:    events of the browser.
Out:   the open scenario; its revision, by which an event that came too late is known.
Never: hears of a move before it has come to its end; those are asked without the session (`app.moving`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from app.asked import TERM_NAMES, Asked
from app.state import (
    change_terms,
    commit,
    faults,
    link_query,
    put_back,
    ranges,
    reset,
    reset_terms,
    scenario,
    service,
    settings,
    terms,
)
from app.text import locale

KEY = "live"
Act = Callable[[dict[str, Any]], None]


def wanted() -> bool:
    """Return whether levers are those of the live component, and not Streamlit's own."""
    return settings().levers == "live"


def heard() -> tuple[str, int]:
    """Return the revision of the scenario, and the number of the last move that the browser sent."""
    return st.session_state["revision"], st.session_state.get("moves", 0)


def asked() -> Asked:
    """Return what is open in this session."""
    return Asked(scenario(), ranges(), terms(), faults())


def frame() -> dict[str, Any]:
    """Return what the browser hands back with a move: what is open here, and how this reader writes numbers."""
    return {"link": link_query(), "locale": locale.current().tag}


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
    """Take the values of a gesture that has come to its end: the URL follows. What is not allowed is refused and named.

    The revision stays, so that a thumb that is being dragged again is left alone.
    """
    if not isinstance(event.get("values"), dict) or not isinstance(event.get("seq"), int):
        return
    found = asked().moved(event["values"], event.get("moved"))
    st.session_state.update(moves=event["seq"], scenario=found.scenario, faults=found.faults)
    if found.terms != terms():
        st.session_state["terms"] = found.terms
    commit()


def take_back(event: dict[str, Any]) -> None:
    """Put the lever or the term of an event back to where it stands today."""
    name = str(event.get("id"))
    if name in TERM_NAMES:
        change_terms(**{name: getattr(service().money_terms(), name)})
    elif name in scenario().values:
        put_back(name)


def take_reset(_: dict[str, Any]) -> None:
    """Put every lever back."""
    reset()


def take_money_reset(_: dict[str, Any]) -> None:
    """Put every lever and every term back."""
    reset_terms()
    reset()
