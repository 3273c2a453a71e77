"""A level from one model, the effect of levers from another.

In:    a model that cannot answer levers (a naive rule) and one that can.
Out:   the first one's level times the second one's ratio of scenario to unchanged plan.
Never: archives more than is there, or less when the second model archives more: ratio and bound are of totals so far.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast_core.estimators.base import Evidence, Flows, Model, Plan

Array = NDArray[np.float64]
NOTHING = 1e-9


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
        archived, stock = _bounded(_scaled_so_far(level.archived_gb, moved), moved)
        share = _over(level.savings_gb, level.archived_gb) * _over(_share(moved), _share(moved)[:1])
        freed = archived * np.clip(share, 0, 1)
        files = moved.files_archived * _over(archived, moved.archived_gb)
        return Flows(archived, freed, files, stock, moved.backlog_files)


def _scaled_so_far(level_gb: Array, moved: Flows) -> Array:
    """Return the wanted total so far: the level's total times each question's total over the unchanged one's.

    Where the effect model archives nothing without the change, the level plus what the change archives.
    """
    level, total = np.cumsum(level_gb, axis=-1), np.cumsum(moved.archived_gb, axis=-1)
    nothing = total[:1] <= NOTHING * np.nan_to_num(moved.stock_gb[:1])
    return np.where(nothing, level + total - total[:1], level * _over(total, total[:1]))


def _bounded(wanted: Array, moved: Flows) -> tuple[Array, Array]:
    """Return what is archived in each month and the stock it comes from.

    Ever available by then is the effect model's stock plus what it had taken before; a total so far never falls.
    """
    taken = np.cumsum(moved.archived_gb, axis=-1) - moved.archived_gb
    total = np.maximum.accumulate(np.fmin(wanted, moved.stock_gb + taken), axis=-1)
    before = np.concatenate([np.zeros_like(total[..., :1]), total[..., :-1]], axis=-1)
    stock = np.maximum(moved.stock_gb + taken - before, 0)
    return np.fmin(total - before, stock), stock


def _share(flows: Flows) -> Array:
    return _over(flows.savings_gb, flows.archived_gb)


def _over(above: Array, below: Array) -> Array:
    return np.divide(above, below, out=np.ones(np.broadcast_shapes(above.shape, below.shape)), where=below > 0)
