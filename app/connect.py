"""The part of the Data page that reads the archive log of the settings.

In:    the database that the service names.
Out:   widgets; what was understood, as of an upload.
Never: asks for an address or a password: they are settings, and whoever runs the app answers for them.
"""

from __future__ import annotations

import streamlit as st

from app import state
from app.state import log
from forecast_core import Reading


def ask() -> Reading | None:
    """Draw the button where a log is set up; return what was understood, None before it was asked for."""
    place = state.service().connections.archive_log
    if not place:
        return None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = st.segmented_control("One scope per", ("site", "tenant"), default="site", key="log_by", required=True)
        st.button("Read the archive log", key="log_read", icon=":material/database:", on_click=log.ask, args=(by,))
        st.caption(f"Counted inside {place}; no file name leaves it.")
    with st.spinner(f"Asking {place} …", show_time=True):
        return log.reading()
