"""Is it still true? What moved, what it is worth, and how well it was said before."""

from __future__ import annotations

import streamlit as st

from app import drift, widgets
from app.state import drift as state

with widgets.guard():
    view = state.view()

    drift.choose_month(view)
    drift.headline(view)
    drift.tiles(view)
    left, right = st.columns(2, gap="large")
    with left:
        drift.worst_input(view)
    with right:
        drift.track(view)
    drift.inputs(view)
    drift.scopes(view)
    drift.score(view)
    drift.decisions(view)
    drift.loop(view)
    drift.details(view)

    widgets.stamp(view.provenance)
