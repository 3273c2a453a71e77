"""The parts of the Data page that read where the data are: an address in a storage, the archive log of the settings.

In:    what the settings allow; the database that the service names.
Out:   widgets; what was understood, as of an upload.
Never: asks for a key or a password: they are settings, and whoever runs the app answers for them.
"""

from __future__ import annotations

import streamlit as st

from app import state
from app.state import files, log
from forecast_core import InventoryReading, Reading, UsageReading


def address() -> Reading | InventoryReading | UsageReading | None:
    """Draw the field for an address; return what was understood of what lies there, None before it was asked for."""
    with st.form("connect", border=False):
        typed = st.text_input("Address of a file, or of the folder of an inventory", files.address(), key="typed")
        st.caption(f"What may be read: {', '.join(state.settings().sources.split())}")
        if st.form_submit_button("Read", icon=":material/cloud_download:"):
            files.connect(typed)
    if not files.address():
        return None
    with st.spinner(f"Reading {files.address()} …", show_time=True):
        return files.reading(state.service().intake.allowed_place(files.address()), files.address())


def archive_log() -> Reading | None:
    """Draw the button; return what was understood of the log, None before it was asked for."""
    place = state.service().connections.archive_log
    by = st.segmented_control("One scope per", ("site", "tenant"), default="site", key="log_by", required=True)
    st.caption(f"Counted inside {place}; no file name leaves it.")
    st.button("Read", key="log_read", icon=":material/database:", on_click=log.ask, args=(by,))
    with st.spinner(f"Asking {place} …", show_time=True):
        return log.reading()
