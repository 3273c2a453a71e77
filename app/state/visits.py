"""How often pages are opened, and which, not by whom.

In:    the page that is drawn.
Out:   a count and a log line per visit.
Never: counts a page again because something on it moved.
"""

from __future__ import annotations

import logging

import streamlit as st

from app.observing import meters, say

log = logging.getLogger(__name__)


def count(page: str) -> None:
    """Count a page where it is another one than before."""
    if st.session_state.get("visited") != page:
        st.session_state["visited"] = page
        meters.pages.labels(page).inc()
        say(log, "page", {"page": page})
