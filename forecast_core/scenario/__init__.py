"""What if? Levers, scenarios, their links, and the plan a scenario sets.

In:    a history, values of levers.
Out:   `Ranges`, `Scenario`, its query form, the `Plan` for the estimators, contributions of moved levers.
Never: computes money or draws an interval; rounds a result.
"""

from forecast_core.scenario.codec import from_query, from_values, named_values, read_target, readable_part, to_query
from forecast_core.scenario.explain import corners, shapley
from forecast_core.scenario.inventory_ranges import InventoryStanding, inventory_ranges
from forecast_core.scenario.levers import LEVERS, Lever
from forecast_core.scenario.planning import plan
from forecast_core.scenario.ranges import LeverRange, Prices, Ranges, Standing, ranges
from forecast_core.scenario.rules import policy, question, rule_plan
from forecast_core.scenario.scenario import (
    LEFT_OUT,
    Scenario,
    baseline,
    bounds_text,
    checked,
    checked_value,
    rescaled_mix,
    size_text,
    value_text,
)

__all__ = [
    "LEFT_OUT",
    "LEVERS",
    "InventoryStanding",
    "Lever",
    "LeverRange",
    "Prices",
    "Ranges",
    "Scenario",
    "Standing",
    "baseline",
    "bounds_text",
    "checked",
    "checked_value",
    "corners",
    "from_query",
    "from_values",
    "inventory_ranges",
    "named_values",
    "plan",
    "policy",
    "question",
    "ranges",
    "read_target",
    "readable_part",
    "rescaled_mix",
    "rule_plan",
    "shapley",
    "size_text",
    "to_query",
    "value_text",
]
