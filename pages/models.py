"""Which model answers, why, and how good is it?"""

from __future__ import annotations

import streamlit as st

from app import models, state, widgets

with widgets.guard():
    view = state.service().models_of(state.scenario().dataset_id)

    models.headline(view)
    models.training()
    models.leaderboard(view)
    left, right = st.columns(2, gap="large")
    with left:
        models.quality(view)
    with right:
        models.behaviour(view)
    models.details(view)

    widgets.stamp()
