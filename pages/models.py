"""Which model answers, why, and how good is it?"""

from __future__ import annotations

import streamlit as st

from app import files_models, models, state, widgets


def of_files() -> None:
    """An inventory: the due dates, beside a history where there is one."""
    view = state.service().inventories.models(state.scenario().dataset_id)
    files_models.headline(view)
    files_models.here(view)
    files_models.elsewhere(view)


def of_history() -> None:
    """A monthly history: the race."""
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


with widgets.guard():
    if state.has_inventory():
        of_files()
    else:
        of_history()
    widgets.stamp()
