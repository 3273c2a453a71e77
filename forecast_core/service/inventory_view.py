"""What a question about a file inventory stands on.

In:    a stored inventory, a scope, the pool of other libraries.
Out:   `InventoryView`: the model of the view's scopes, its luck, what the rule in force would have taken before.
Never: calls what the rule would have taken observed archiving.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast_core.backtest import Answerer
from forecast_core.estimators.due_dates import (
    BYTES_PER_GB,
    Chance,
    DueDatesModel,
    Pool,
)
from forecast_core.history import ALL
from forecast_core.inventory import BYTES, FILES, Contents, Inventory, Policy
from forecast_core.months import Months, months_from
from forecast_core.scenario import InventoryStanding
from forecast_core.scenario.levers import MOST_MONTHS
from forecast_core.service.answers import Past
from forecast_core.service.beside import Beside, Level

Array = NDArray[np.float64]
PAST_MONTHS = 36
FEW_SCOPES, PATHS_OF_FEW, PATHS_OF_MANY = 24, 200, 100


@dataclass(frozen=True, eq=False)
class StoredInventory:
    """An inventory with what is known about it; `rule_months` is the rule in force (121: none).

    `history_id` is the data set with the monthly history of the same estate, "" if there is none.
    """

    dataset_id: str
    name: str
    inventory: Inventory
    rule_months: int
    scopes: tuple[str, ...]
    history_id: str = ""
    is_demo: bool = False


@dataclass(frozen=True, eq=False)
class InventoryView:
    """One scope of an inventory, or ALL of them under one cap; `beside` the history of the same estate, if known.

    `level` is what that history says of the scopes it answers for, None where the files answer for all.
    """

    scope: str
    standing: InventoryStanding
    chance: Chance
    contents: Contents
    beside: Beside | None = None
    level: Level | None = None

    @property
    def answerers(self) -> tuple[Answerer, ...]:
        """Return who answers for the view's scopes, as far as a history knows them too."""
        return self.beside.of(self.model.grid.scopes) if self.beside else ()

    @property
    def model(self) -> DueDatesModel:
        """Return the due dates of the view's scopes."""
        return self.standing.model

    @property
    def months(self) -> Months:
        """Return the months shown as past, the last one that of the inventory."""
        return months_from(self.standing.last_month - (PAST_MONTHS - 1), PAST_MONTHS)


def inventory_view(stored: StoredInventory, scope: str, pool: Pool, seed: int, beside: Beside | None) -> InventoryView:
    """Return the view of a scope or of ALL."""
    modified, accessed = stored.inventory.modified, stored.inventory.accessed
    if scope != ALL:
        modified, accessed = modified.only([scope]), accessed.only([scope]) if accessed else None
    model = DueDatesModel.of(modified, pool, accessed)
    paths = PATHS_OF_FEW if model.scopes <= FEW_SCOPES else PATHS_OF_MANY
    chance = Chance.of(paths, model.scopes, MOST_MONTHS, seed)
    scopes, last = model.grid.scopes, modified.last.taken_month
    level = beside.level(scopes, last, MOST_MONTHS, paths, seed) if beside else None
    standing = InventoryStanding(model, stored.rule_months)
    return InventoryView(scope, standing, chance, stored.inventory.contents, beside, level)


def past_of_inventory(view: InventoryView) -> Past:
    """Return what was measured; without a history what the rule in force would have taken of the files still there."""
    measured = view.beside.past(view.model.grid.scopes) if view.beside else None
    return measured or _computed(view)


def _computed(view: InventoryView) -> Past:
    grid, rule = view.model.grid, Policy(view.standing.rule_months)
    taken = grid.taken(grid.kinds_of(rule)).sum(axis=1)
    ages = rule.age_months + np.arange(PAST_MONTHS)[::-1]
    inside = ages < taken.shape[-1]
    gb = np.where(inside, taken[BYTES][np.where(inside, ages, 0)], 0) / BYTES_PER_GB
    here = grid.whole[FILES].sum() - taken[FILES][np.arange(taken.shape[-1]) >= rule.age_months].sum()
    files = np.full(PAST_MONTHS, np.nan)
    files[-1] = here
    return Past(view.months, gb, gb, files, is_computed=True)
