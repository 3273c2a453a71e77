"""The answer to the open scenario, kept until scenario or model is another one: several parts of a page show it.

In:    the open scenario.
Out:   what the service says.
Never: keeps more than one answer of each kind per session.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from app.state import scenario, service
from forecast_core import Answer, PolicyAnswer, Scenario

Found = TypeVar("Found")


def simulated() -> Answer:
    """Return the answer to the open what-if."""
    return _kept("simulated", service().simulate)


def policy() -> PolicyAnswer:
    """Return what the open rule takes."""
    return _kept("policy", service().policy)


def _kept(name: str, ask: Callable[[Scenario], Found]) -> Found:
    asked = scenario()
    about = (id(asked), service().models.edition(asked.dataset_id))
    if st.session_state.get(name, (None,))[0] != about:
        st.session_state[name] = (about, ask(asked), asked)  # the scenario is kept, or its id could be used again
    found: Found = st.session_state[name][1]
    return found
