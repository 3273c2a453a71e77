"""What becomes of a GB that enters the archive: how long it stays, when it leaves, when it comes again.

In:    the share recalled in each month, the share of it that is archived again after how many months.
Out:   `Movement`: matrices (H, H) from the month of first entry to the month billed; a quantity is flow @ matrix.
Never: knows a price.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
BILLED_MONTH_DAYS = 30.0


@dataclass(frozen=True, eq=False)
class Movement:
    """`survival` (H, H): share of what entered in a row's month that is still there at the end of a column's month.

    `again` (H, H): what enters in a column's month, re-archived amounts included, per unit first archived in a row's.
    """

    recall_ratio: Array
    survival: Array
    again: Array

    @classmethod
    def of(cls, recall_ratio: Array, rearchived_ratio: float = 0.0, lock_months: int = 0) -> Movement:
        """Return the movement under recall (H,); what is archived again waits at least `lock_months`, and one month."""
        survival = _survival(recall_ratio)
        back = _leaving(survival, recall_ratio)
        wait = max(lock_months, 1)
        returning = np.zeros_like(back)
        returning[:, wait:] = rearchived_ratio * back[:, :-wait]
        once = np.eye(len(recall_ratio))
        again = np.linalg.inv(once - returning) if rearchived_ratio else once
        return cls(np.asarray(recall_ratio, float), survival, np.asarray(again, np.float64))

    @cached_property
    def stock(self) -> Array:
        """What is held at month end per unit first archived."""
        return np.asarray(self.again @ self.survival)

    @cached_property
    def recalled(self) -> Array:
        """What leaves in a month per unit first archived."""
        return np.asarray(self.again @ _leaving(self.survival, self.recall_ratio))

    def owed(self, minimum_days: int) -> Array:
        """Return GB-months still owed for what leaves before its least number of days, pro rata (month = 30 days)."""
        left = np.maximum(minimum_days - BILLED_MONTH_DAYS * _age(len(self.recall_ratio)), 0) / BILLED_MONTH_DAYS
        return np.asarray(self.again @ (_leaving(self.survival, self.recall_ratio) * left))

    def aged(self, first: int, last: float) -> Array:
        """Return what is held at month end and entered `first` to before `last` months ago."""
        age = _age(len(self.recall_ratio))
        return np.asarray(self.again @ (self.survival * ((age >= first) & (age < last))))


def _age(months: int) -> Array:
    steps = np.arange(months, dtype=float)
    return np.asarray(steps[None, :] - steps[:, None])


def _survival(recall_ratio: Array) -> Array:
    months = len(recall_ratio)
    survival = np.zeros((months, months))
    for month in range(months):
        survival[:month, month] = survival[:month, month - 1] * (1 - recall_ratio[month]) if month else 0
        survival[month, month] = 1
    return survival


def _leaving(survival: Array, recall_ratio: Array) -> Array:
    """Return what leaves in each month: the share recalled of what was there at the end of the month before."""
    before = np.zeros_like(survival)
    before[:, 1:] = survival[:, :-1]
    return np.asarray(before * recall_ratio)


def early_deletion_gb_months(gb: Array | float, days_left: float) -> Array:
    """Return the GB-months owed for GB that leave with so many of their least days left."""
    return np.asarray(np.asarray(gb, float) * days_left / BILLED_MONTH_DAYS)
