"""How much of a month's files stays untouched until it falls due: staged median chain ladder.

In:    the estate's `Triangle`, the `Pool` of other libraries.
Out:   the typical share kept per scope, and its spread.
Never: takes a mean: a month's files stay nearly whole or are nearly all gone, and a mean is wrong for both.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from forecast_core.estimators.due_dates.pool import Pool
from forecast_core.estimators.due_dates.triangle import Triangle

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
STAGES = (0, 6, 12, 24, 36, 48, 60, 72, 84, 96, 108, 120)
# How many own cohort months the pool stands for: in the typical share, and in the spread, which must not be too sure.
POOL_WEIGHT, POOL_WEIGHT_IN_SPREAD = 2.0, 4.0
SPREAD_LEVELS = 40
# Measured on real libraries (tests/bench/due_dates): files untouched for three months hardly move in the next six.
SETTLED_AGE_MONTHS, SOON_MONTHS = 3, 6
# A typical month that keeps this much keeps all, for a year; beyond, small losses repeat and count by their evidence.
NEARLY_ALL, YEAR_MONTHS, FULL_CREDIT_COHORTS = 0.8, 12, 30.0


@dataclass(frozen=True, eq=False)
class Survival:
    """Remembers what it worked out; one for the life of a model."""

    triangle: Triangle
    pool: Pool
    _typical: dict[tuple[int, int], Array] = field(default_factory=dict)
    _spread: dict[tuple[int, int], Array] = field(default_factory=dict)
    _seen: dict[tuple[int, int], Array] = field(default_factory=dict)

    def keep(self, ages: Whole, months: Whole) -> Array:
        """Return the share that cohorts of these ages keep over as many coming months, (n, A)."""
        pairs = zip(ages.tolist(), months.tolist(), strict=True)
        return np.stack([self.kept(age, ahead) for age, ahead in pairs], axis=1)

    def kept(self, age: int, ahead: int) -> Array:
        """Return the share (n,) that a cohort `age` months old keeps for the next `ahead` months."""
        if ahead <= 0 or (age >= SETTLED_AGE_MONTHS and ahead < SOON_MONTHS):
            return np.ones(len(self.triangle.scopes))
        age = min(age, STAGES[-1] - ahead)
        if (age, ahead) not in self._typical:
            self._typical[age, ahead] = self._judged(age, ahead)
        return self._typical[age, ahead]

    def spread(self, age: int, ahead: int) -> Array:
        """Return (n, 40) evenly spread shares, ascending, that cohorts of this age kept over so many months."""
        age = max(min(age, STAGES[-1] - ahead), 0)
        if (age, ahead) not in self._spread:
            levels = (np.arange(SPREAD_LEVELS) + 0.5) / SPREAD_LEVELS
            self._spread[age, ahead] = self._quantiles(age, age + ahead, levels, POOL_WEIGHT_IN_SPREAD)
        return self._spread[age, ahead]

    def _judged(self, age: int, ahead: int) -> Array:
        stages = _stages(age, age + ahead)
        share = np.prod([self._stage(young, old) for young, old in stages], axis=0)
        if ahead <= YEAR_MONTHS:
            return np.where(share < NEARLY_ALL, share, 1.0)
        evidence = np.isfinite(self.triangle.ratios(*stages[0])).sum(axis=1)
        credit = evidence / (evidence + FULL_CREDIT_COHORTS)
        return np.where(share < NEARLY_ALL, share, 1 - credit * (1 - share))

    def _stage(self, young: int, old: int) -> Array:
        """Return the median share kept (n,); never less than up to an older age of the same stage."""
        if (young, old) not in self._seen:
            median = self._quantiles(young, old, np.array([0.5]), POOL_WEIGHT)[:, 0]
            ends = old in STAGES
            self._seen[young, old] = median if ends else np.maximum(median, self._stage(young, old + 1))
        return self._seen[young, old]

    def _quantiles(self, young: int, old: int, levels: Array, pool_weight: float) -> Array:
        """Return quantiles (n, levels) of own cohorts, weight 1 each, and of the pool, `pool_weight` in all."""
        own = self.triangle.ratios(young, old)
        fates = self.pool.between(young, old)
        if not own.shape[1]:
            typical = _weighted_quantiles(fates[None], np.ones((1, len(fates))), levels)
            return np.broadcast_to(typical, (len(own), len(levels)))
        values = np.concatenate([own, np.broadcast_to(fates, (len(own), len(fates)))], axis=1)
        weights = np.ones_like(values)
        weights[:, own.shape[1] :] = pool_weight / max(len(fates), 1)
        return _weighted_quantiles(values, np.where(np.isfinite(values), weights, 0), levels)


def _stages(young: int, old: int) -> list[tuple[int, int]]:
    cuts = [young, *(age for age in STAGES if young < age < old), old]
    return list(zip(cuts[:-1], cuts[1:], strict=True))


def _weighted_quantiles(values: Array, weights: Array, levels: Array) -> Array:
    """Return by row the first value at which the running weight reaches each level; 1 where nothing is known."""
    order = np.argsort(values, axis=1)
    running = np.cumsum(np.take_along_axis(weights, order, axis=1), axis=1)
    ranked = np.take_along_axis(values, order, axis=1)
    found = np.ones((len(values), len(levels)))
    for row, (total, known) in enumerate(zip(running, ranked, strict=True)):
        if len(total) and total[-1] > 0:
            found[row] = known[np.searchsorted(total, levels * total[-1] * (1 - 1e-12))]
    return found
