"""The frame around every page: navigation, the data set and scope in question, the demo badge."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app import frame, state, widgets
from app.state import formats, visits

PAGES = Path(__file__).resolve().parents[1] / "pages"
ICON = Path(__file__).with_name("icon.svg")  # a named one would be fetched from elsewhere

st.set_page_config("Archive Forecast", str(ICON), layout="wide", initial_sidebar_state="collapsed")
with widgets.guard():
    state.access.who().need("viewer")  # the gate let nobody else in; this holds even without it
if not state.access.may("viewer"):
    st.stop()
known = [
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
]
if state.access.who().keeps_house:
    known.append(st.Page(PAGES / "admin.py", title="Admin"))
page = st.navigation(known, position="top")
visits.count(page.title)
formats.apply()
state.open_link()
frame.draw()
page.run()
