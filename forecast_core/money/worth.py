"""What a ledger is worth today: net present value, payback, the chance of losing money.

In:    net amounts per month, points and sample paths; interest.
Out:   `Worth`.
Never: judges; that is `verdict`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast_core.forecast import COVERAGE, Interval, interval
from forecast_core.money.storage import pays_back
from forecast_core.months import Months

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Worth:
    """`payback_months` counts from the start, None where it is beyond the horizon; so are its bounds."""

    value: Interval
    payback_months: int | None
    payback_lower: int | None
    payback_upper: int | None
    loss_probability: float
    months: int

    def payback_month(self, months: Months) -> np.datetime64 | None:
        """Return the month in which what was put in has come back."""
        return None if self.payback_months is None else months[max(self.payback_months - 1, 0)]


def discount(months: int, interest_ratio_per_year: float) -> Array:
    """Return what an amount at the end of each month is worth today, (H,)."""
    return np.asarray((1 + interest_ratio_per_year) ** (-(np.arange(months) + 1) / 12))


def present_value(net: Array, interest_ratio_per_year: float) -> Array:
    """Return the net present value of amounts (…, H), (…)."""
    return np.asarray(net @ discount(net.shape[-1], interest_ratio_per_year))


def payback(net: Array) -> int | None:
    """Return after how many months the running sum (H,) is no longer below zero for good; 0 if it never was."""
    index = pays_back(np.cumsum(net))
    if index is None:
        return None
    return 0 if index == 0 else index + 1


def worth(point: Array, paths: Array, interest_ratio_per_year: float, coverage: float = COVERAGE) -> Worth:
    """Return the worth of net amounts, point (H,) and paths (P, H)."""
    value, values = float(present_value(point, interest_ratio_per_year)), present_value(paths, interest_ratio_per_year)
    never = point.shape[-1] + 1
    found = (payback(path) for path in paths)
    months = np.array([never if each is None else each for each in found], float)
    low, high = np.quantile(months, [(1 - coverage) / 2, (1 + coverage) / 2], method="nearest")
    return Worth(
        value=interval(value, values, coverage),
        payback_months=payback(point),
        payback_lower=_within(low, never),
        payback_upper=_within(high, never),
        loss_probability=float((values < 0).mean()),
        months=point.shape[-1],
    )


def _within(months: float, never: int) -> int | None:
    return None if months >= never else int(months)
