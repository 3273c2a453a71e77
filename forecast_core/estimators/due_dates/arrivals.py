"""What will arrive and last until it falls due: from trailing months, because nothing better is known.

In:    the files of recent months as they stand, how much of them will last, what is believed of new content.
Out:   `Arrivals`: what each coming month brings, the months it was taken from, and when it falls due.
Never: claims a single month: half of all months bring nothing, and none can be told from another.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast_core.estimators.due_dates.survival import Survival
from forecast_core.inventory import BEFORE_ONLY, BYTES, FILES, GONE, NEITHER, Grid, Question, by_rule, due_months

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
TRAILING_MONTHS = 24
# New content per month fades as a library ages: measured on real libraries (tests/bench/due_dates).
FADE_RATIO_PER_MONTH = -0.03


@dataclass(frozen=True, eq=False)
class Arrivals:
    """New content that will last until a rule takes it, one entry per way the two rules may take it.

    `recent`  (2, n, 24) files and bytes of each of the last months, as far as they will last; newest first, NaN before
              a scope's first file
    `growth`  (n, H) of the month in which it arrives, relative to the mean of the recent months
    `month`   (H,) in which what arrives 1, 2, … months ahead falls due; beyond H: not within the horizon
    """

    recent: Array
    growth: Array
    month: Whole

    def expected(self) -> Array:
        """Return the mean month of the recent ones, (2, n)."""
        known = np.isfinite(self.recent)
        return np.where(known, self.recent, 0).sum(axis=-1) / np.maximum(known.sum(axis=-1), 1)

    def due(self) -> Array:
        """Return files and bytes falling due in each coming month, (2, n, H)."""
        brought = self.expected()[..., None] * self.growth
        return placed(brought, self.month)


def placed(brought: Array, month: Whole) -> Array:
    """Move what arrives in each month (…, up to H) to the one in which it falls due, (…, H); the rest is left out."""
    total = np.zeros((*brought.shape[:-1], len(month)))
    for arrives, falls_due in enumerate(month[: brought.shape[-1]]):
        if falls_due <= len(month):
            total[..., falls_due - 1] += brought[..., arrives]
    return total


def arrivals(grid: Grid, question: Question, survival: Survival, growth: Array) -> tuple[Arrivals, ...]:
    """Return what will arrive under a question; `growth` (n, H) is added to the fading that was measured."""
    months = growth.shape[-1]
    fading = _fading(question, growth)
    found = []
    for which, part in enumerate(_weighed(grid, question)):
        if which != NEITHER and part.any():
            rule = question.change.after if which != BEFORE_ONLY else question.change.before
            month, _ = due_months(-np.arange(1, months + 1), question.change, which)
            recent = _recent(part, _first_months(grid), survival, rule.age_months)
            found.append(Arrivals(recent, fading, np.maximum(month, GONE + 1)))
    return tuple(found)


def _recent(part: Array, first: Whole, survival: Survival | None, rule_months: int) -> Array:
    ages = np.arange(min(TRAILING_MONTHS, part.shape[-1]))
    share = survival.keep(ages, np.maximum(rule_months - ages, 0)) if survival else 1.0
    lasting = part[..., : len(ages)] * share
    return np.where(ages <= first[:, None], lasting, np.nan)


def _first_months(grid: Grid) -> Whole:
    """Return the age of each scope's oldest file, (n,)."""
    files = grid.whole[FILES]
    return np.where(files > 0, np.arange(files.shape[-1]), 0).max(axis=-1)


def _weighed(grid: Grid, question: Question) -> Array:
    """Return files and bytes by which rule takes them, each type as much as it is believed to arrive."""
    ratios = question.beliefs.type_ratio
    whole = by_rule(grid, question.change).astype(float)
    for file_type, ratio in ratios.items():
        whole += (ratio - 1) * by_rule(grid.by_type[file_type], question.change)
    return whole


def all_new(grid: Grid, question: Question, growth: Array) -> Array:
    """Return bytes that arrive in each coming month, whatever becomes of them, (n, H)."""
    recent = _recent(_weighed(grid, question).sum(axis=0), _first_months(grid), None, 0)[BYTES]
    mean: Array = np.asarray(np.nanmean(recent, axis=-1), np.float64)
    return mean[:, None] * _fading(question, growth)


def _fading(question: Question, growth: Array) -> Array:
    grown: Array = np.asarray(np.cumprod(1 + FADE_RATIO_PER_MONTH + growth, axis=-1), np.float64)
    return grown * question.beliefs.arrivals_ratio
