"""Which files does a rule take, when, and how sure are we?"""

from __future__ import annotations

import streamlit as st

from app import policy, state, widgets


@st.fragment
def answered() -> None:
    """Rule and consequence redraw together, and nothing else does."""
    answer = state.service().policy(state.scenario())
    policy.headline(answer)
    policy.rules(answer)
    levers, left, right = st.columns([1, 1.35, 1.35], gap="medium")
    with levers:
        policy.lever_column(state.ranges(), answer)
    with left:
        policy.calendar(answer)
        policy.backlog(answer)
    with right:
        policy.heat(answer)
        policy.takers(answer)
    policy.checked(answer)


with widgets.guard():
    if state.has_inventory():
        answered()
        widgets.stamp()
    else:
        policy.empty()
