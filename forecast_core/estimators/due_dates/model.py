"""The due-date engine as an estimator.

In:    inventories; a plan with a rule for each question.
Out:   `Flows`; `Answered`, the same with what is known and what is only expected told apart.
Never: archives a byte that is not there; says in which month a file that does not exist yet will fall due.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forecast_core.errors import ModelError
from forecast_core.estimators.base import Evidence, Flows, Plan
from forecast_core.estimators.due_dates.arrivals import Arrivals, all_new, arrivals
from forecast_core.estimators.due_dates.pool import Pool
from forecast_core.estimators.due_dates.survival import Survival
from forecast_core.estimators.due_dates.triangle import Triangle
from forecast_core.inventory import (
    BYTES,
    FILES,
    NO_LIMIT,
    Beliefs,
    Cubes,
    Due,
    Grid,
    Question,
    Taken,
    capacity,
    due,
    work_off,
)
from forecast_core.months import days_in_month

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
BYTES_PER_GB = 2**30


@dataclass(frozen=True, eq=False)
class Answered:
    """One question: `due` of the files that exist, `arrived` (2, n, H) due of those to come, `taken` of both."""

    question: Question
    due: Due
    arrivals: tuple[Arrivals, ...]
    arrived: Whole
    taken: Taken
    room: Whole


@dataclass(frozen=True)
class Untouched:
    """How much stays untouched, under what is believed about touching and deleting."""

    survival: Survival
    beliefs: Beliefs

    def keep(self, ages: Whole, months: Whole) -> Array:
        """Return the typical share (n, A)."""
        return self._believed(self.survival.keep(ages, months), months)

    def spread(self, age: int, ahead: int) -> Array:
        """Return the shares (n, 40) that the estate's own months and those of others kept."""
        return self._believed(self.survival.spread(age, ahead), np.array(ahead))

    def _believed(self, share: Array, months: Whole) -> Array:
        if self.beliefs.touch_ratio == 1 and self.beliefs.deleted_ratio_per_month == 0:
            return share
        return share**self.beliefs.touch_ratio * (1 - self.beliefs.deleted_ratio_per_month) ** months


@dataclass(frozen=True, eq=False)
class DueDatesModel:
    """Standing at the newest inventory; `accessed` is the same estate with ages counted from the last access."""

    cubes: Cubes
    grid: Grid
    survival: Survival
    accessed: DueDatesModel | None = None

    @classmethod
    def of(cls, cubes: Cubes, pool: Pool, accessed: Cubes | None = None) -> DueDatesModel:
        """Return the model of an estate."""
        other = cls.of(accessed, pool) if accessed is not None else None
        return cls(cubes, Grid.of(cubes.last), Survival(Triangle.of(cubes), pool), other)

    def update(self, evidence: Evidence) -> DueDatesModel:
        """Return the model standing at the end of newer inventories."""
        return DueDatesModel.of(_needed(evidence), self.survival.pool, evidence.accessed)

    def standing(self, question: Question) -> DueDatesModel:
        """Return the model that counts ages as the question does; ModelError where last accesses are not known."""
        if not question.by_access:
            return self
        if self.accessed is None:
            raise ModelError("This inventory does not know when files were last opened.", hint="Scan with --accessed.")
        return self.accessed

    def predict(self, plan: Plan) -> Flows:
        """Return the flows of each question of the plan; freed GB are archived GB."""
        if len(plan.rules) != plan.shape[0]:
            raise ModelError("The due dates need a rule for every question.", hint="Set the rules of the plan.")
        rooms = capacity(plan.frequency_per_day, days_in_month(plan.months))
        asked = list(zip(plan.rules, rooms, plan.growth_added, strict=True))
        answers = [self.answer(rule, room, growth) for rule, room, growth in asked]
        archived = np.stack([answer.taken.archived for answer in answers], axis=1)
        gb = archived[BYTES] / BYTES_PER_GB
        waiting = np.stack([answer.taken.waiting[FILES] for answer in answers])
        stock = np.stack([self._stock(answer, growth) for answer, (_, _, growth) in zip(answers, asked, strict=True)])
        return Flows(gb, gb, archived[FILES].astype(float), stock, (waiting + archived[FILES]).astype(float))

    def answer(self, question: Question, room: Whole, growth: Array) -> Answered:
        """Return what happens with `room` (n, H) for files a month; a room of one row is shared by all scopes.

        `growth` (n or 1, H) is that of new content on top of the fading that was measured.
        """
        return self.standing(question)._answer(question, room, growth)

    def unhindered(self, question: Question, growth: Array) -> Answered:
        """Return what happens scope by scope where no cap holds anything back."""
        return self.answer(question, np.full((self.scopes, growth.shape[-1]), NO_LIMIT), growth)

    def _answer(self, question: Question, room: Whole, growth: Array) -> Answered:
        found = due(self.grid, question.change, room.shape[-1], Untouched(self.survival, question.beliefs).keep)
        coming = arrivals(self.grid, question, self.survival, np.broadcast_to(growth, (self.scopes, room.shape[-1])))
        arrived = _whole(sum((part.due() for part in coming), np.zeros_like(found.monthly, dtype=float)))
        both = replace(found, monthly=found.monthly + arrived)
        if len(room) < self.scopes:
            both = both.together()
        taken = work_off(both, question.change.start, room, question.ramp_months)
        return Answered(question, found, coming, arrived, taken, room)

    @property
    def scopes(self) -> int:
        """How many scopes there are."""
        return len(self.grid.scopes)

    def _stock(self, answer: Answered, growth: Array) -> Array:
        """Return GB on primary before each month's archiving, (n or 1, H)."""
        model, rows = self.standing(answer.question), len(answer.room)
        here = model.grid.whole[BYTES].sum(axis=-1) - answer.due.gone[BYTES]
        new = all_new(model.grid, answer.question, np.broadcast_to(growth, (model.scopes, growth.shape[-1])))
        left = np.cumsum(answer.due.left[BYTES], axis=-1)
        before = here[:, None] + np.cumsum(new, axis=-1) - left
        archived = answer.taken.archived[BYTES]
        taken = np.cumsum(archived, axis=-1) - archived
        return ((before.sum(axis=0, keepdims=True) if rows < model.scopes else before) - taken) / BYTES_PER_GB


@dataclass(frozen=True)
class DueDates:
    """The estimator; `pool` is what other libraries did."""

    pool: Pool
    name: str = "due_dates"
    title: str = "Due dates"
    answers_levers: bool = True

    def fit(self, evidence: Evidence) -> DueDatesModel:
        """Learn what becomes of files from the inventories."""
        return DueDatesModel.of(_needed(evidence), self.pool, evidence.accessed)


def _needed(evidence: Evidence) -> Cubes:
    if evidence.cubes is None:
        raise ModelError("The due dates need a file inventory, and there is none.", hint="Upload an inventory.")
    return evidence.cubes


def _whole(amounts: Array) -> Whole:
    """Round running totals, so that little and often is not lost; the sum is right to a file and a byte."""
    total = np.rint(np.cumsum(amounts, axis=-1)).astype(np.int64)
    total[..., 1:] -= total[..., :-1].copy()
    return total
