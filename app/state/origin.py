"""Which kept scenario the open one is, or was made from.

In:    a link's `s`: an id and a version.
Out:   the whole link of a short one; what is to be kept next.
Never: stops a whole link because the scenario it was made from is not here.
"""

from __future__ import annotations

from urllib.parse import parse_qsl

import streamlit as st

from forecast_core import ForecastError, Kept, Scenario, Service


def opened(query: dict[str, str], service: Service) -> dict[str, str]:
    """Remember the kept scenario a link was made from; a short link, which names nothing else, is made whole."""
    st.session_state.pop("opened", None)
    if "s" not in query:
        return query
    try:
        kept, version = service.kept.opened(query["s"])
    except ForecastError as error:
        if "v" not in query:
            raise
        st.session_state["notice"] = error
        return {name: value for name, value in query.items() if name != "s"}
    remember(kept, version.number)
    if "v" in query:
        return query
    st.session_state.pop("terms", None)
    return dict(parse_qsl(version.link, keep_blank_values=True)) | {"s": query["s"]}


def remember(kept: Kept, number: int) -> None:
    """Let a version of a kept scenario be the one that is open."""
    st.session_state["opened"] = (kept.id, number, kept.dataset_id, kept.scope)


def of(scenario: Scenario) -> tuple[str, int] | None:
    """Return the kept scenario and version that a scenario is, or was made from."""
    found: tuple[str, int, str, str] | None = st.session_state.get("opened")
    return found[:2] if found is not None and found[2:] == (scenario.dataset_id, scenario.scope) else None
