"""Three rules that anyone can apply by hand: what every model has to beat.

In:    the flows of the past.
Out:   last month, the same month last year, or the mean of the last twelve, for every coming month.
Never: moves with a lever.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast_core.estimators.base import Evidence, Flows, Plan
from forecast_core.features import carried_forward, trailing_mean
from forecast_core.history import History

Array = NDArray[np.float64]
Rule = Callable[[Array, int], Array]


def _last_month(grid: Array, months: int) -> Array:
    return np.repeat(carried_forward(grid)[:, -1:], months, axis=1)


def _mean_of_year(grid: Array, months: int) -> Array:
    return np.repeat(trailing_mean(grid, 12)[:, -1:], months, axis=1)


def _same_month_last_year(grid: Array, months: int) -> Array:
    """The value twelve months before; the mean of the last twelve where that month is unknown."""
    known = np.where(np.isfinite(grid), grid, _mean_of_year(grid, grid.shape[1]))
    year = known[:, -12:] if known.shape[1] >= 12 else _mean_of_year(grid, 12)
    return np.tile(year, (1, -(-months // 12)))[:, :months]


@dataclass(frozen=True, eq=False)
class NaiveModel:
    """A rule standing at the end of a history."""

    rule: Rule
    history: History

    def update(self, evidence: Evidence) -> NaiveModel:
        """Return the rule at the end of newer evidence."""
        return NaiveModel(self.rule, evidence.need_history)

    def predict(self, plan: Plan) -> Flows:
        """Return the same answer to every question of the plan."""
        questions, scopes, months = plan.shape
        archived = np.nan_to_num(self.rule(self.history.grid("archived_gb"), months))
        savings = np.minimum(np.nan_to_num(self.rule(self.history.grid("savings_gb"), months)), archived)
        unknown = np.full((questions, scopes, months), np.nan)
        repeated = np.broadcast_to(archived, (questions, scopes, months))
        return Flows(repeated, np.broadcast_to(savings, repeated.shape), unknown, unknown, unknown)


@dataclass(frozen=True)
class Naive:
    """A naive rule as an estimator."""

    name: str
    title: str
    rule: Rule
    answers_levers: bool = False

    def fit(self, evidence: Evidence) -> NaiveModel:
        """Learn nothing; remember the past."""
        return NaiveModel(self.rule, evidence.need_history)


LAST_MONTH = Naive("last_month", "Same as last month", _last_month)
SAME_MONTH_LAST_YEAR = Naive("same_month_last_year", "Same month last year", _same_month_last_year)
MEAN_OF_YEAR = Naive("mean_of_year", "Mean of the last 12 months", _mean_of_year)
NAIVE = (LAST_MONTH, SAME_MONTH_LAST_YEAR, MEAN_OF_YEAR)
