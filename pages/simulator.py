"""What happens if we change something?"""

from __future__ import annotations

import streamlit as st

from app import simulator, state, widgets

simulator.questions(state.ranges())


@st.fragment
def answered() -> None:
    """Levers and answer redraw together, and nothing else does: every message to the browser costs."""
    answer = state.service().simulate(state.scenario())
    simulator.headline(answer)
    levers, left, right = st.columns([1, 1.35, 1.35], gap="medium")
    with levers:
        simulator.lever_column(state.ranges(), answer)
    with left:
        simulator.flows(answer)
        simulator.why(answer, state.ranges())
    with right:
        simulator.money(answer)
        simulator.types(answer)
    simulator.numbers(answer)


with widgets.guard():
    answered()
    widgets.stamp()
