"""What happens if we change something?"""

from __future__ import annotations

import streamlit as st

from app import simulator, state, widgets
from app.state import answers

simulator.questions(state.ranges())


@st.fragment(key=simulator.ANSWER)
def answered() -> None:
    """Levers and answer redraw together, and nothing else does: every message to the browser costs."""
    with widgets.guard():
        simulator.answer(answers.simulated(), state.ranges())


@st.fragment(key=simulator.DETAILS)
def detailed() -> None:
    """What may wait until the hand rests."""
    with widgets.guard():
        simulator.details(answers.simulated())


answered()
detailed()
with widgets.guard():
    widgets.stamp()
