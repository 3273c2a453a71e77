"""The one interface of every estimator, and the question it is asked.

In:    `Evidence` (a monthly history, file inventories, or both) and a `Plan` (what is set in each coming month).
Out:   `Flows`: archived and freed GB per question, scope and month.
Never: knows money, scenarios or intervals; sees a month after the end of its evidence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from forecast_core.errors import ModelError
from forecast_core.history import History
from forecast_core.inventory import Cubes, Question
from forecast_core.months import Months

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Evidence:
    """What an estimator may learn from: a history, inventories by last change (and by last access), or both."""

    history: History | None = None
    cubes: Cubes | None = None
    accessed: Cubes | None = None

    @property
    def need_history(self) -> History:
        """The history; ModelError where there is none."""
        if self.history is None:
            raise ModelError("This model learns from a monthly history, and there is none.", hint="Upload a history.")
        return self.history


@dataclass(frozen=True, eq=False)
class Plan:
    """K questions about n scopes over H coming months; every array is (K, n, H).

    Models that know the files also answer n = 1 for all their scopes under one cap.

    `last_month`        the last closed month, the one before the first coming month
    `frequency_per_day` files the archiver takes per day in force in that month
    `files_ratio`       stock on primary relative to what it would be, cumulative (1 = unchanged)
    `growth_added`      monthly growth of the stock on top of what history shows (ratio)
    `size_ratio`        average file size relative to today
    `mix`               shares of the file count, (K, n, H, 3): pdf, docx, xlsx
    `rules`             the archive rule of each question, for models that know the files; empty for those that do not
    """

    last_month: np.datetime64
    frequency_per_day: Array
    files_ratio: Array
    growth_added: Array
    size_ratio: Array
    mix: Array
    rules: tuple[Question, ...] = ()

    @property
    def shape(self) -> tuple[int, int, int]:
        """(questions, scopes, months)."""
        questions, scopes, months = self.frequency_per_day.shape
        return questions, scopes, months

    @property
    def months(self) -> Months:
        """The coming months, shape (H,)."""
        return np.arange(self.last_month + 1, self.last_month + 1 + self.shape[2])

    def questions(self, rows: NDArray[np.int64]) -> Plan:
        """Return the plan of some of its questions, in the given order, each as often as it is named."""
        return replace(
            self,
            frequency_per_day=self.frequency_per_day[rows],
            files_ratio=self.files_ratio[rows],
            growth_added=self.growth_added[rows],
            size_ratio=self.size_ratio[rows],
            mix=self.mix[rows],
            rules=tuple(self.rules[row] for row in rows) if self.rules else (),
        )


@dataclass(frozen=True, eq=False)
class Flows:
    """The answer to a plan; every array is (K, n, H), finite, ≥ 0, savings ≤ archived.

    `stock_gb` is what is on primary before the month's archiving, arrivals of the month included (NaN if unknown);
    `backlog_files` what of it is eligible (NaN where the model knows no backlog).
    """

    archived_gb: Array
    savings_gb: Array
    files_archived: Array
    stock_gb: Array
    backlog_files: Array


class Model(Protocol):
    """An estimator that has learned."""

    def update(self, evidence: Evidence) -> Model:
        """Return the same parameters standing at the end of newer evidence; nothing is learned anew."""
        ...

    def predict(self, plan: Plan) -> Flows:
        """Return the flows of every question, scope and month of the plan."""
        ...


class Estimator(Protocol):
    """A way to learn; `answers_levers` tells whether a moved lever moves its answer for a reason."""

    @property
    def name(self) -> str:
        """Name in code, links and reports."""
        ...

    @property
    def title(self) -> str:
        """Name on the screen."""
        ...

    @property
    def answers_levers(self) -> bool:
        """Whether its answer to a moved lever means something."""
        ...

    def fit(self, evidence: Evidence) -> Model:
        """Learn; ModelError where the evidence does not suffice."""
        ...
