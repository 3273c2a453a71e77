"""The due-date engine as an estimator.

In:    inventories; a plan with a rule for each question.
Out:   `Flows`; `Answered`, the same with what is known and what is only expected told apart.
Never: archives a byte that is not there; says in which month a file that does not exist yet will fall due.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast_core.errors import ModelError
from forecast_core.estimators.base import Evidence, Flows, Plan
from forecast_core.estimators.due_dates.arrivals import Arrivals, all_new, arrivals
from forecast_core.estimators.due_dates.pool import Pool
from forecast_core.estimators.due_dates.survival import Survival
from forecast_core.estimators.due_dates.triangle import Triangle
from forecast_core.inventory import BYTES, FILES, Beliefs, Cubes, Due, Grid, Question, Taken, capacity, due, work_off
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
    """Standing at the newest inventory."""

    cubes: Cubes
    grid: Grid
    survival: Survival

    @classmethod
    def of(cls, cubes: Cubes, pool: Pool) -> DueDatesModel:
        """Return the model of an estate."""
        return cls(cubes, Grid.of(cubes.last), Survival(Triangle.of(cubes), pool))

    def update(self, evidence: Evidence) -> DueDatesModel:
        """Return the model standing at the end of newer inventories."""
        return DueDatesModel.of(_needed(evidence), self.survival.pool)

    def predict(self, plan: Plan) -> Flows:
        """Return the flows of each question of the plan; freed GB are archived GB."""
        if len(plan.rules) != plan.shape[0]:
            raise ModelError("The due dates need a rule for every question.", hint="Set the rules of the plan.")
        rooms = capacity(plan.frequency_per_day, days_in_month(plan.months))
        asked = zip(plan.rules, rooms, plan.growth_added, strict=True)
        answers = [self.answer(rule, room, growth) for rule, room, growth in asked]
        archived = np.stack([answer.taken.archived for answer in answers], axis=1)
        gb = archived[BYTES] / BYTES_PER_GB
        waiting = np.stack([answer.taken.waiting[FILES] for answer in answers])
        stock = [self._stock(answer, growth) for answer, growth in zip(answers, plan.growth_added, strict=True)]
        return Flows(gb, gb, archived[FILES].astype(float), np.stack(stock), (waiting + archived[FILES]).astype(float))

    def answer(self, question: Question, room: Whole, growth: Array) -> Answered:
        """Return what happens with `room` (n, H) for files a month; `growth` (n, H) of new content beyond the measured."""
        months = room.shape[-1]
        found = due(self.grid, question.change, months, Untouched(self.survival, question.beliefs).keep)
        coming = arrivals(self.grid, question, self.survival, growth)
        arrived = _whole(sum((part.due() for part in coming), np.zeros((2, *room.shape))))
        both = Due(found.gone, found.at_once, found.monthly + arrived, found.left, found.stays)
        taken = work_off(both, question.change.start, room, question.ramp_months)
        return Answered(question, found, coming, arrived, taken, room)

    def _stock(self, answer: Answered, growth: Array) -> Array:
        """Return GB on primary before each month's archiving, (n, H)."""
        here = self.grid.amounts[BYTES].sum(axis=(0, 2)) - answer.due.gone[BYTES]
        new = np.cumsum(all_new(self.grid, answer.question, growth), axis=-1)
        archived = answer.taken.archived[BYTES]
        lost = np.cumsum(answer.due.left[BYTES] + archived, axis=-1) - archived
        return (here[:, None] + new - lost) / BYTES_PER_GB


@dataclass(frozen=True)
class DueDates:
    """The estimator; `pool` is what other libraries did."""

    pool: Pool
    name: str = "due_dates"
    title: str = "Due dates"
    answers_levers: bool = True

    def fit(self, evidence: Evidence) -> DueDatesModel:
        """Learn what becomes of files from the inventories."""
        return DueDatesModel.of(_needed(evidence), self.pool)


def _needed(evidence: Evidence) -> Cubes:
    if evidence.cubes is None:
        raise ModelError("The due dates need a file inventory, and there is none.", hint="Upload an inventory.")
    return evidence.cubes


def _whole(amounts: Array) -> Whole:
    """Round running totals, so that little and often is not lost; the sum is right to a file and a byte."""
    return np.diff(np.rint(np.cumsum(amounts, axis=-1)).astype(np.int64), axis=-1, prepend=0)
