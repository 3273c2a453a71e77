"""What each lever may be for a file inventory: the rule in force, and bounds from the files themselves.

In:    where the inventory stands, a scope, the prices of the book.
Out:   `Ranges` with the levers of a rule.
Never: offers a lever that the inventory cannot carry; it says what is missing instead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecast_core.estimators.due_dates import FADE_RATIO_PER_MONTH, TRAILING_MONTHS, DueDatesModel
from forecast_core.inventory import FILES, NO_RULE_MONTHS
from forecast_core.scenario.levers import (
    ARRIVALS,
    ARRIVALS_GROWTH,
    BY_ACCESS,
    CLASS_LIMIT,
    DELETED,
    FOOTPRINT,
    FREQUENCY,
    HORIZON,
    INVENTORY_LEVERS,
    KEEP_VERSIONS,
    MIX,
    MOST_MONTHS,
    RAMP,
    RULE,
    SMALLEST,
    START,
    TOUCH,
    Lever,
)
from forecast_core.scenario.ranges import LeverRange, Prices, Ranges, money_ranges, nice
from forecast_core.schema import shares

HORIZON_MONTHS = 24
MOST_RAMP_MONTHS = 36
NO_ACCESS = "This inventory does not know when files were last opened; scan with --accessed where the disk keeps it."
ACCESS_TOO_LATE = (
    "The rule in force counts from the last change; counting otherwise can be tried where no rule is in force."
)
NO_VERSIONS = "This inventory does not tell versions of a file apart; add a column version (0 is the current one)."


@dataclass(frozen=True, eq=False)
class InventoryStanding:
    """What the levers of a rule stand on: the files of the view's scopes, and the rule in force."""

    model: DueDatesModel
    rule_months: int

    @property
    def last_month(self) -> np.datetime64:
        """Return the month at whose end the files stood so."""
        return self.model.cubes.last.taken_month


def inventory_ranges(dataset_id: str, scope: str, standing: InventoryStanding, prices: Prices) -> Ranges:
    """Return the levers of a rule for `scope` (or for ALL, its scopes together)."""
    found = {item.lever: item for item in (*_policy(standing), *_beliefs(standing), *_time(standing))}
    found |= {item.lever: item for item in money_ranges(prices)}
    scopes = standing.model.grid.scopes
    parts = [f"type:{name}" for name in standing.model.cubes.last.file_types]
    parts += [f"scope:{name}" for name in scopes] if len(scopes) > 1 else []
    return Ranges(dataset_id, scope, tuple(found[lever] for lever in INVENTORY_LEVERS), tuple(parts))


def _policy(standing: InventoryStanding) -> list[LeverRange]:
    grid = standing.model.grid
    largest = int(grid.kind_class.max(initial=0)) + 1
    every = nice(max(float(grid.amounts[FILES].sum()), 1.0))
    return [
        LeverRange(RULE, standing.rule_months, 0, NO_RULE_MONTHS, 1),
        _by_access(standing),
        LeverRange(SMALLEST, -1, -1, largest - 1, 1),
        LeverRange(CLASS_LIMIT, largest, 0, largest, 1),
        _versions(int(grid.kind_version.max(initial=0))),
        LeverRange(FREQUENCY, every, 0, every, nice(every / 200)),
        LeverRange(RAMP, 0, 0, MOST_RAMP_MONTHS, 1),
    ]


def _by_access(standing: InventoryStanding) -> LeverRange:
    if standing.model.accessed is None:
        return LeverRange(BY_ACCESS, available=False, reason=NO_ACCESS)
    if standing.rule_months < NO_RULE_MONTHS:
        return LeverRange(BY_ACCESS, available=False, reason=ACCESS_TOO_LATE)
    return LeverRange(BY_ACCESS, 0, 0, 1, 1)


def _versions(oldest: int) -> LeverRange:
    if oldest == 0:
        return LeverRange(KEEP_VERSIONS, available=False, reason=NO_VERSIONS)
    return LeverRange(KEEP_VERSIONS, 0, 0, oldest, 1)


def _beliefs(standing: InventoryStanding) -> list[LeverRange]:
    fade = ARRIVALS_GROWTH.rounded(FADE_RATIO_PER_MONTH)
    return [
        LeverRange(ARRIVALS, 1.0, 0.0, 4.0, 0.05),
        LeverRange(ARRIVALS_GROWTH, fade, -0.10, 0.10, 0.005),
        *(_share(lever, share) for lever, share in zip(MIX, recent_shares(standing.model), strict=True)),
        LeverRange(TOUCH, 1.0, 0.0, 4.0, 0.05),
        LeverRange(DELETED, 0.0, 0.0, 0.20, 0.001),
        LeverRange(FOOTPRINT, 1.0, 0.05, 1.5, 0.01),
    ]


def _share(lever: Lever, share: float) -> LeverRange:
    return LeverRange(lever, lever.rounded(share), 0.0, 1.0, 0.01)


def recent_shares(model: DueDatesModel) -> tuple[float, float, float]:
    """Return the shares of PDF, Word and Excel among the files of the last 24 months, among all if there are none."""
    files = model.grid.amounts[FILES].sum(axis=1)
    recent = files[:, :TRAILING_MONTHS].sum(axis=1)
    counted = recent if recent.any() else files.sum(axis=1)
    total = max(int(counted.sum()), 1)
    pdf, docx, xlsx = (
        float(counted[model.grid.kind_type == name.removeprefix("pct_")].sum()) / total for name in shares()
    )
    return pdf, docx, xlsx


def _time(standing: InventoryStanding) -> list[LeverRange]:
    first = int((standing.last_month + 1).astype(int))
    return [
        LeverRange(START, first, first, first + MOST_MONTHS - 1, 1),
        LeverRange(HORIZON, HORIZON_MONTHS, 1, MOST_MONTHS, 1),
    ]
