"""What the session remembers of searches: what was looked for, what was found.

In:    the entries of the search page.
Out:   found settings; they are opened like any other scenario.
Never: searches again because a page was drawn again; shows what was found for another question.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import streamlit as st

from app.state import attempt, scenario, service, show, terms
from forecast_core import BestPolicy, Candidate, Found, Goal, LeverMap, PolicyLimits, Scenario, Tornado

Result = TypeVar("Result")
Report = Callable[[int, int], None]


def ground() -> tuple[str, str, str]:
    """Return what every search stands on: data, scope, and the model that answers."""
    return scenario().dataset_id, scenario().scope, service().edition(scenario().dataset_id)


def seek(goal: Goal, bounds: Mapping[str, tuple[float, float]]) -> None:
    """Look for the setting that reaches a goal, and remember it."""
    _remember("goal", lambda: service().lab.seek(scenario(), terms(), goal, bounds))


def best_policy(limits: PolicyLimits, report: Report) -> None:
    """Look for the best policy, and remember it."""
    _remember("policy", lambda: service().lab.best_policy(scenario(), terms(), limits, report))


def found_goal() -> tuple[Scenario, Found] | None:
    """Return what was found for a goal, and the scenario it started from, None where nothing was looked for yet."""
    return _found("goal")


def found_policy() -> BestPolicy | None:
    """Return the best policy that was found, None where none was looked for yet."""
    found: tuple[Scenario, BestPolicy] | None = _found("policy")
    return found[1] if found else None


def forget(what: str) -> None:
    """Forget what was found."""
    st.session_state.pop(f"found_{what}", None)


def _remember(what: str, look: Callable[[], Any]) -> None:
    def act() -> None:
        st.session_state[f"found_{what}"] = (ground(), scenario(), look())

    forget(what)
    attempt(act)


def _found(what: str) -> Any:
    kept = st.session_state.get(f"found_{what}")
    return kept[1:] if kept and kept[0] == ground() else None


def open_setting(found: Scenario) -> None:
    """Open a setting that was found."""
    show(found)


def open_policy(found: Candidate) -> None:
    """Open a policy that was found, with its tier."""
    st.session_state["terms"] = found.terms
    show(found.scenario)


def tornado(yardstick: Any) -> Tornado:
    """Return what each lever and assumption does to the open scenario."""
    return service().lab.tornado(scenario(), terms(), yardstick)


def lever_map(yardstick: Any, levers: tuple[str, str]) -> LeverMap:
    """Return what two levers come to together."""
    return service().lab.heat(scenario(), terms(), yardstick, levers)
