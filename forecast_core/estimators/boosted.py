"""Trees on logs: a tuned forest and monotone boosting; for comparison, never behind a lever.

In:    the rows of a history.
Out:   `TreeModel`: each row on its own, the stock grows as history shows.
Never: drives a lever: their answers go in steps, and outside what was seen they do not move at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from forecast_core.errors import ModelError
from forecast_core.estimators.base import Evidence, Flows, Plan
from forecast_core.estimators.linear import savings_of
from forecast_core.estimators.rows import Lessons, coming_rows, settled
from forecast_core.estimators.stock_flow.savings import SavingsRatio
from forecast_core.features import Today, today

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestRegressor

Array = NDArray[np.float64]
SEED = 42
SIZES = 3
COLUMNS = 8
LEAVES = (3, 10)
TUNING_SHARE = 0.2
LEAST_TUNING_ROWS = 20
EMPTY_SHARE = 0.02
RESIDUAL_BOUND = 1.0


@dataclass(frozen=True, eq=False)
class TreeModel:
    """A fitted ensemble on log GB, what turns a typical month into a mean one, and where the scopes stand."""

    ensemble: Any
    smearing: float
    scopes: tuple[str, ...]
    levels: Array
    savings: SavingsRatio
    now: Today

    def update(self, evidence: Evidence) -> TreeModel:
        """Return the same trees at the end of newer evidence of these scopes or of some of them."""
        history = evidence.need_history
        unknown = sorted(set(history.scopes) - set(self.scopes))
        if unknown:
            raise ModelError(f"The model has never seen the scope {unknown[0]!r}.", hint="Train the model again.")
        rows = np.array([self.scopes.index(scope) for scope in history.scopes])
        levels, savings = self.levels[rows], self.savings.take(rows)
        return replace(self, scopes=history.scopes, levels=levels, savings=savings, now=settled(today(history)))

    def predict(self, plan: Plan) -> Flows:
        """Predict every row on its own."""
        rows = coming_rows(self.now, plan, self.levels)
        raw = np.exp(_said(self.ensemble, _design(rows.logs, rows.months)) + self.smearing).reshape(plan.shape)
        archived = np.where(rows.files > 0, np.fmin(raw, rows.volume_gb), 0.0)
        freed = archived * self.savings.parts(rows.mix.swapaxes(1, 2)).swapaxes(1, 2).sum(axis=-1)
        unknown = np.full(plan.shape, np.nan)
        return Flows(archived, freed, unknown, rows.volume_gb, unknown)


def _design(logs: Array, months: NDArray[np.datetime64]) -> Array:
    """Return (rows, 8): three logs, the mix, the level, the month as a number: trees cut it by themselves."""
    calendar = months.astype("datetime64[M]").astype(np.int64) % 12
    wide = np.concatenate([logs[..., : COLUMNS - 1], calendar[..., None].astype(float)], axis=-1)
    return wide.reshape(-1, COLUMNS)


def _said(ensemble: Any, design: Array) -> Array:
    with threadpool_limits(1):
        return np.asarray(ensemble.predict(design), float)


@dataclass(frozen=True)
class Trees:
    """An ensemble of trees as an estimator; `grow` learns it from a design and log GB, oldest rows first."""

    name: str
    title: str
    grow: Callable[[Array, Array], Any]
    answers_levers: bool = False

    def fit(self, evidence: Evidence) -> TreeModel:
        """Learn from every row with known features; ModelError where too few are."""
        history = evidence.need_history
        lessons = Lessons.of(history)
        now = settled(today(history))
        order = np.argsort(lessons.rows.months, kind="stable")
        design = _design(lessons.rows.logs, lessons.rows.months)[order]
        floor = EMPTY_SHARE * float(lessons.archived_gb.mean())
        target = np.log(np.maximum(lessons.archived_gb, floor))[order]
        with threadpool_limits(1):
            ensemble = self.grow(design, target)
        error = np.clip(target - _said(ensemble, design), -RESIDUAL_BOUND, RESIDUAL_BOUND)
        smearing = float(np.log(np.mean(np.exp(error))))
        return TreeModel(ensemble, smearing, history.scopes, lessons.levels, savings_of(history), now)


def _forest(leaf: int) -> RandomForestRegressor:
    from sklearn.ensemble import RandomForestRegressor  # slow to import, and who answers needs none of it

    return RandomForestRegressor(n_estimators=100, min_samples_leaf=leaf, max_features=0.5, random_state=SEED)


def _tuned_forest(design: Array, target: Array) -> RandomForestRegressor:
    """Choose the size of a leaf on the last fifth of the months, then learn on all of them."""
    held = int(len(target) * TUNING_SHARE)
    best = LEAVES[0]
    if held >= LEAST_TUNING_ROWS:
        early, late = slice(None, -held), slice(-held, None)
        trials = [_forest(leaf).fit(design[early], target[early]).predict(design[late]) for leaf in LEAVES]
        best = LEAVES[int(np.argmin([np.abs(said - target[late]).mean() for said in trials]))]
    return _forest(best).fit(design, target)


def _monotone_boosting(design: Array, target: Array) -> HistGradientBoostingRegressor:
    """More files, larger files, more a day: never less."""
    from sklearn.ensemble import HistGradientBoostingRegressor

    never_less = [1] * SIZES + [0] * (COLUMNS - SIZES)
    boosting = HistGradientBoostingRegressor(
        max_iter=200,
        learning_rate=0.06,
        min_samples_leaf=10,
        l2_regularization=1.0,
        monotonic_cst=never_less,
        early_stopping=False,
        random_state=SEED,
    )
    return boosting.fit(design, target)


TUNED_FOREST = Trees("tuned_forest", "Tuned forest", _tuned_forest)
MONOTONE_BOOSTING = Trees("monotone_boosting", "Monotone boosting on logs", _monotone_boosting)
