"""File inventories: what there is, how old it is, and when a rule takes it.

In:    file lists and age cubes as read; a rule.
Out:   `Cubes`, and what falls due in which month, exact to the byte.
Never: keeps names or paths; estimates (that is `estimators.due_dates`).
"""

from forecast_core.inventory.contents import Contents
from forecast_core.inventory.cube import AgeCube, Cubes
from forecast_core.inventory.difference import Moved, difference
from forecast_core.inventory.falling_due import (
    BEFORE_ONLY,
    GONE,
    NEITHER,
    Change,
    Due,
    by_rule,
    due,
    due_months,
    first_due,
    keeps_all,
    within,
    within_by_kind,
)
from forecast_core.inventory.grid import BYTES, FILES, Grid
from forecast_core.inventory.policy import NO_RULE_MONTHS, OLDEST_RULE_MONTHS, Policy
from forecast_core.inventory.question import Beliefs, Question
from forecast_core.inventory.queue import NO_LIMIT, Taken, capacity, released, work_off
from forecast_core.inventory.read import (
    AS_FORM,
    Inventory,
    InventoryChoices,
    InventoryReading,
    is_inventory,
    read_counted,
    read_inventory,
)

__all__ = [
    "AS_FORM",
    "BEFORE_ONLY",
    "BYTES",
    "FILES",
    "GONE",
    "NEITHER",
    "NO_LIMIT",
    "NO_RULE_MONTHS",
    "OLDEST_RULE_MONTHS",
    "AgeCube",
    "Beliefs",
    "Change",
    "Contents",
    "Cubes",
    "Due",
    "Grid",
    "Inventory",
    "InventoryChoices",
    "InventoryReading",
    "Moved",
    "Policy",
    "Question",
    "Taken",
    "by_rule",
    "capacity",
    "difference",
    "due",
    "due_months",
    "first_due",
    "is_inventory",
    "keeps_all",
    "read_counted",
    "read_inventory",
    "released",
    "within",
    "within_by_kind",
    "work_off",
]
