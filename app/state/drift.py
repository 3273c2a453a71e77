"""What the session remembers of the Drift page: the month looked at, and what somebody does about an alarm.

In:    values of widgets.
Out:   the view that is open; alarms, feedback, actuals and invoices handed to the service.
Never: decides; a refusal is shown where it was asked.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import streamlit as st

from app.state import horizon_months, scenario, service
from app.state.lab import author
from forecast_core import ForecastError, Outlook, WatchView


def view() -> WatchView:
    """Return the open data set and scope in the month that was chosen, the last one at first."""
    asked = scenario()
    return service().watch.view(asked.dataset_id, asked.scope, _month(asked.dataset_id))


def forecast() -> Outlook:
    """Return what comes in the open scope; what is shown is frozen and judged when its months have come."""
    asked = scenario()
    return service().shown_forecast(asked.dataset_id, asked.scope, horizon_months(), datetime.now(UTC))


def _month(dataset_id: str) -> np.datetime64 | None:
    """Return the chosen month, None for the last one; one of another data set does not count."""
    chosen = st.session_state.get("drift_month")
    info = service().dataset(dataset_id).info
    if chosen is None or not info.first_month < np.datetime64(chosen, "M") <= info.last_month:
        return None
    return np.datetime64(chosen, "M")


def act(key: str, what: str) -> None:
    """Acknowledge or explain an alarm with the reason that was typed."""
    _tried(lambda: service().watch.act(scenario().dataset_id, key, what, st.session_state["drift_reason"], author()))


def say(verdict: str) -> None:
    """Keep what somebody says of the forecast."""
    asked, words = scenario(), st.session_state.get("drift_said", "")
    _tried(lambda: service().watch.say(asked.dataset_id, asked.scope, verdict, words, author()))


def type_in(month: str, gb: float) -> None:
    """Keep what came, as somebody read it elsewhere."""
    asked = scenario()
    _tried(lambda: service().watch.type_in(asked.dataset_id, asked.scope, np.datetime64(month, "M"), gb, author()))


def keep_invoice(name: str, content: bytes, only: str) -> None:
    """Keep an invoice that was looked at."""
    _tried(lambda: service().watch.keep_invoice(scenario().dataset_id, name, content, only, author()))


def refusal() -> ForecastError | None:
    """Return why the last thing was refused, once."""
    found: ForecastError | None = st.session_state.pop("drift_refusal", None)
    return found


def done() -> str:
    """Return what was done last, once."""
    found: str = st.session_state.pop("drift_done", "")
    return found


def _tried(do: Callable[[], object]) -> None:
    try:
        do()
    except ForecastError as error:
        st.session_state["drift_refusal"] = error
    else:
        st.session_state["drift_done"] = "Kept."
