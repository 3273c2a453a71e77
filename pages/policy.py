"""Which files does a rule take, when, and how sure are we?"""

from __future__ import annotations

import streamlit as st

from app import policy, state, widgets
from app.state import answers


@st.fragment(key=policy.RULES)
def started() -> None:
    """Rules to start from."""
    with widgets.guard():
        policy.above(answers.policy(), state.ranges())


@st.fragment(key=policy.ANSWER)
def answered() -> None:
    """Rule and consequence redraw together, and nothing else does."""
    with widgets.guard():
        policy.answer(answers.policy(), state.ranges())


@st.fragment(key=policy.DETAILS)
def detailed() -> None:
    """What may wait until the hand rests."""
    with widgets.guard():
        policy.details(answers.policy())


with widgets.guard():
    if state.has_inventory():
        started()
        answered()
        detailed()
        widgets.stamp()
    else:
        policy.empty()
