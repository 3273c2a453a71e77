"""A level from one model, the effect of levers from another.

In:    a model that cannot answer levers (a naive rule) and one that can.
Out:   the first one's level times the second one's ratio of scenario to unchanged plan.
Never: archives more than is there: the stock and flow of the second model bound the answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast_core.estimators.base import Evidence, Flows, Model, Plan

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LevelledModel:
    """`level` says how much, `effect` says how it changes; the first question of a plan is the unchanged one."""

    level: Model
    effect: Model

    def update(self, evidence: Evidence) -> LevelledModel:
        """Return both standing at the end of newer evidence."""
        return LevelledModel(self.level.update(evidence), self.effect.update(evidence))

    def predict(self, plan: Plan) -> Flows:
        """Return level × ratio, bounded by what is left; question 0 gives the ratio's denominator."""
        moved = self.effect.predict(plan)
        level = self.level.predict(plan.questions(np.zeros(1, np.int64)))
        wanted = _scaled(level.archived_gb, moved.archived_gb)
        archived, stock = _bounded(wanted, moved)
        freed = _scaled(level.savings_gb, moved.savings_gb) * _over(archived, wanted)
        files = moved.files_archived * _over(archived, moved.archived_gb)
        return Flows(archived, np.fmin(freed, archived), files, stock, moved.backlog_files)


def _scaled(level: Array, moved: Array) -> Array:
    """Return the level times each question over the first one; where that is nothing, the level plus the move."""
    return np.where(moved[:1] > 0, level * _over(moved, moved[:1]), level + moved)


def _over(above: Array, below: Array) -> Array:
    return np.divide(above, below, out=np.ones(np.broadcast_shapes(above.shape, below.shape)), where=below > 0)


def _bounded(wanted: Array, moved: Flows) -> tuple[Array, Array]:
    """Return what can be archived and the stock it comes from: what was taken beyond the other model's flow is gone."""
    archived, stock = np.empty_like(wanted), np.empty_like(wanted)
    beyond = np.zeros(wanted.shape[:2])
    for month in range(wanted.shape[2]):
        stock[..., month] = np.maximum(moved.stock_gb[..., month] - beyond, 0)
        archived[..., month] = np.fmin(wanted[..., month], stock[..., month])
        beyond = beyond + archived[..., month] - moved.archived_gb[..., month]
    return archived, stock
