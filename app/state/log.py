"""What the session remembers of an archive log that was read where it is.

In:    whether its scopes are sites or tenants, answers of the user.
Out:   what was understood; like an upload it is used only after the user says so.
Never: reads it again unless the question changed.
"""

from __future__ import annotations

from typing import Literal

import streamlit as st

from app.state import service
from app.state.files import choices, forget_reading
from forecast_core import Reading

By = Literal["site", "tenant"]
LOG = "archive log"


def ask(by: By) -> None:
    """Ask for the log; it is read when the page is drawn."""
    forget_reading()
    st.session_state["reading"] = ((LOG, by, None), None)


def reading() -> Reading | None:
    """Return what was understood of the log, None where nobody asked; read again when the choices change."""
    key, found = st.session_state.get("reading", ((None,), None))
    if key[0] != LOG:
        return None
    said = choices()
    if found is None or key[2] != said:
        found = service().connections.read_log(key[1], said)
        st.session_state["reading"] = ((LOG, key[1], said), found)
    return found
