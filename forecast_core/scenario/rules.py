"""From levers to rules: what each scenario asks the due dates.

In:    scenarios of one view with one horizon, their baseline, where the inventory stands.
Out:   a `Plan` with a rule for each scenario and one cap for all scopes of the view.
Never: lets a moved lever act before the start month; mixes what is decided with what is believed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from forecast_core.estimators import Plan
from forecast_core.estimators.due_dates import DueDatesModel
from forecast_core.inventory import Beliefs, Change, Policy, Question
from forecast_core.scenario.inventory_ranges import InventoryStanding, recent_shares
from forecast_core.scenario.levers import (
    ARRIVALS,
    ARRIVALS_GROWTH,
    BY_ACCESS,
    CLASS_LIMIT,
    DELETED,
    FREQUENCY,
    HORIZON,
    KEEP_VERSIONS,
    MIX,
    RAMP,
    RULE,
    SMALLEST,
    START,
    TOUCH,
)
from forecast_core.scenario.scenario import Scenario
from forecast_core.schema import shares

Array = NDArray[np.float64]


def rule_plan(scenarios: Sequence[Scenario], baseline: Scenario, standing: InventoryStanding) -> Plan:
    """Return the plan of K scenarios for the view as one, arrays (K, 1, H)."""
    months = int(scenarios[0].values[HORIZON.name])
    first = int((standing.last_month + 1).astype(int))
    coming = first + np.arange(months)
    shape = (len(scenarios), 1, months)

    def path(name: str) -> Array:
        moved = np.array([scenario.values[name] for scenario in scenarios])[:, None, None]
        starts = np.array([scenario.values[START.name] for scenario in scenarios])[:, None, None]
        return np.where(coming >= starts, moved, baseline.values[name])

    no_limit = baseline.values[FREQUENCY.name]
    frequency = path(FREQUENCY.name)
    ones = np.ones(shape)
    return Plan(
        last_month=standing.last_month,
        frequency_per_day=np.where(frequency >= no_limit, np.inf, frequency),
        files_ratio=ones,
        growth_added=path(ARRIVALS_GROWTH.name) - baseline.values[ARRIVALS_GROWTH.name],
        size_ratio=ones,
        mix=np.zeros((*shape, 3)),
        rules=tuple(question(scenario, baseline, standing, first) for scenario in scenarios),
    )


def question(scenario: Scenario, baseline: Scenario, standing: InventoryStanding, first: int) -> Question:
    """Return what a scenario asks; before its start month the rule of the baseline is in force."""
    values = scenario.values
    return Question(
        Change(policy(baseline), policy(scenario), int(values[START.name]) - first + 1),
        int(values[RAMP.name]),
        Beliefs(
            arrivals_ratio=values[ARRIVALS.name],
            type_ratio=_type_ratios(values, baseline.values, standing.model),
            touch_ratio=values[TOUCH.name],
            deleted_ratio_per_month=values[DELETED.name],
        ),
        by_access=bool(values.get(BY_ACCESS.name, 0)),
    )


def policy(scenario: Scenario) -> Policy:
    """Return the rule that a scenario sets."""
    values = scenario.values
    return Policy(
        age_months=int(values[RULE.name]),
        smallest_class=int(values[SMALLEST.name]),
        class_limit=int(values[CLASS_LIMIT.name]),
        types_left_out=_named(scenario.left_out, "type:"),
        scopes_left_out=_named(scenario.left_out, "scope:"),
        keep_versions=int(values.get(KEEP_VERSIONS.name, 0)),
    )


def _named(parts: tuple[str, ...], kind: str) -> frozenset[str]:
    return frozenset(part.removeprefix(kind) for part in parts if part.startswith(kind))


def _type_ratios(values: Mapping[str, float], base: Mapping[str, float], model: DueDatesModel) -> dict[str, float]:
    """Return how much more of each file type is believed to arrive; empty where the mix is as it was.

    What the three shares leave is spread over the other types as today. A type that never came cannot grow.
    """
    if all(values[lever.name] == base[lever.name] for lever in MIX):
        return {}
    now = recent_shares(model)
    asked = [values[name] for name in shares()]
    rest_now, rest = max(1 - sum(now), 0.0), max(1 - sum(asked), 0.0)
    named = {name.removeprefix("pct_"): _over(new, old) for name, new, old in zip(shares(), asked, now, strict=True)}
    others = {name: _over(rest, rest_now) for name in model.cubes.last.file_types if name not in named}
    return {name: ratio for name, ratio in {**named, **others}.items() if ratio != 1}


def _over(new: float, old: float) -> float:
    return new / old if old > 0 else 1.0
