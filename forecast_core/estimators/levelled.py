"""A level from one model, the effect of levers from another.

In:    a model that cannot answer levers (a naive rule) and one that can.
Out:   the first one's level times the second one's ratio of scenario to unchanged plan, both since the change began.
Never: archives more than is there; archives less in total when the second model archives more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast_core.estimators.base import Evidence, Flows, Model, Plan

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
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
        """Return level × ratio, bounded by what is left; question 0 gives the ratio's denominator.

        What is freed and what is archived without being freed are scaled apart, so that neither makes the other fall.
        """
        moved = self.effect.predict(plan)
        level = self.level.predict(plan.questions(np.zeros(1, np.int64)))
        changed = _changed(plan)
        share = np.nan_to_num(_share(moved))
        level_freed = level.archived_gb * np.clip(_share(level) * _over(share, share[:1]), 0, 1)
        freed = _scaled(level_freed, moved, share, changed)
        kept = _scaled(level.archived_gb - level_freed, moved, 1 - share, changed)
        archived, stock = _bounded(freed + kept, moved)
        freed = np.fmin(freed * _over(archived, freed + kept), archived)
        files = moved.files_archived * _over(archived, moved.archived_gb)
        return Flows(archived, freed, files, stock, moved.backlog_files)


def _changed(plan: Plan) -> Mask:
    """Return whether a month lies at or after the first one in which a question differs from question 0, (K, n, H)."""
    same = (plan.frequency_per_day == plan.frequency_per_day[:1]) & (plan.files_ratio == plan.files_ratio[:1])
    same &= (plan.growth_added == plan.growth_added[:1]) & (plan.size_ratio == plan.size_ratio[:1])
    mix = (plan.mix == plan.mix[:1]) | np.isnan(plan.mix)
    return np.logical_or.accumulate(~(same & mix.all(axis=-1)), axis=-1)


def _scaled(level: Array, moved: Flows, part: Array, changed: Mask) -> Array:
    """Return the level times each question's total since the change over the unchanged one's; the level before it.

    Of totals, not of months: after the backlog is flushed single months archive less, all together never do.
    Where the effect model archives nothing unless something changes: the level plus `part` of what the change archives.
    """
    unchanged = np.broadcast_to(moved.archived_gb[:1], changed.shape)
    so_far, above, below = (
        np.cumsum(np.where(changed, flow, 0), axis=-1) for flow in (level, moved.archived_gb, unchanged)
    )
    nothing = below <= NOTHING * np.nan_to_num(moved.stock_gb[:1])
    total = np.maximum.accumulate(np.where(nothing, so_far + part * above, so_far * _over(above, below)), axis=-1)
    return np.where(changed, np.diff(total, axis=-1, prepend=0), level)


def _bounded(wanted: Array, moved: Flows) -> tuple[Array, Array]:
    """Return what is archived in each month and the stock it comes from.

    Ever available by then is the effect model's stock plus what it had taken before.
    """
    taken = np.cumsum(moved.archived_gb, axis=-1) - moved.archived_gb
    ever = moved.stock_gb + taken
    total = np.maximum.accumulate(np.fmin(np.cumsum(wanted, axis=-1), ever), axis=-1)
    archived = np.diff(total, axis=-1, prepend=0)
    stock = np.maximum(ever - (total - archived), archived)
    return np.where(np.isfinite(ever), archived, wanted), stock


def _share(flows: Flows) -> Array:
    return _over(flows.savings_gb, flows.archived_gb)


def _over(above: Array, below: Array) -> Array:
    """Return a ratio; 1 where there is nothing to compare with."""
    return np.divide(above, below, out=np.ones(np.broadcast_shapes(above.shape, below.shape)), where=below > 0)
