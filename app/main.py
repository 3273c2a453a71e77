"""The frame around every page: navigation, the data set and scope in question, the demo badge."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app import frame, state
from app.state import formats

PAGES = Path(__file__).resolve().parents[1] / "pages"

st.set_page_config("Archive Forecast", ":material/inventory_2:", layout="wide", initial_sidebar_state="collapsed")
page = st.navigation(
    [
        st.Page(PAGES / "simulator.py", title="Simulator", default=True),
        st.Page(PAGES / "forecast.py", title="Forecast"),
        st.Page(PAGES / "policy.py", title="Policy"),
        st.Page(PAGES / "scenarios.py", title="Scenarios"),
        st.Page(PAGES / "search.py", title="Search"),
        st.Page(PAGES / "models.py", title="Models"),
        st.Page(PAGES / "money.py", title="Money"),
        st.Page(PAGES / "drift.py", title="Drift"),
        st.Page(PAGES / "data.py", title="Data"),
        st.Page(PAGES / "method.py", title="Method"),
        st.Page(PAGES / "present.py", title="Present", visibility="hidden"),
    ],
    position="top",
)
formats.apply()
state.open_link()
frame.draw()
page.run()
