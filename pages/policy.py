"""Which files does a rule take, when, and how sure are we?"""

from __future__ import annotations

import streamlit as st

from app import policy, state, widgets
from app.state import answers


@st.fragment(key=policy.ANSWER)
def answered() -> None:
    """Rule and consequence redraw together while the hand moves; the page follows when it rests."""
    with widgets.guard():
        policy.answer(answers.policy(), state.ranges())


with widgets.guard():
    if state.has_inventory():
        policy.above(answers.policy(), state.ranges())
        answered()
        policy.details(answers.policy())
        widgets.stamp()
    else:
        policy.empty()
