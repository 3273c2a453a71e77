"""Do forecasts still come true? Their errors, once it is known what came.

In:    what was said one month ahead and what came, as logarithms of actual over forecast.
Out:   `Bias` per scope and for ALL; whether the range held.
Never: judges on errors the model was fitted to; takes a few months' luck for a fault.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast_core.drift.changes import USUAL, Materiality
from forecast_core.drift.expectation import Span, law

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
WINDOWS = (1, 3)
AMBER_P, RED_P = 0.02, 0.005
LEAST_ERRORS = 10
RANGE = 0.9
RANGE_MONTHS, RANGE_MISSES = 6, 3


@dataclass(frozen=True, eq=False)
class Bias:
    """Arrays (n,), one window each as it was worse: `bias` how far actual over forecast is from usual, relative.

    `p` is NaN where too few errors are known.
    """

    bias: Array
    p: Array
    months: NDArray[np.int64]
    misses: NDArray[np.int64]
    judged: NDArray[np.int64]
    materiality: Materiality

    @property
    def can_tell(self) -> Flags:
        """Return where the errors suffice."""
        return np.isfinite(self.p)

    @property
    def is_amber(self) -> Flags:
        """Return where forecasts have been off by more than luck, red included."""
        return np.asarray((self.p < AMBER_P) & (np.abs(self.bias) >= self.materiality.bias_amber))

    @property
    def is_red(self) -> Flags:
        """Return where they have been far off."""
        return np.asarray((self.p < RED_P) & (np.abs(self.bias) >= self.materiality.bias_red))

    @property
    def range_broke(self) -> Flags:
        """Return where what came was outside the 90 % range too often."""
        return np.asarray(self.misses >= RANGE_MISSES)


def accuracy(errors: Array, outside: Array, at: int, trained: int, materiality: Materiality = USUAL) -> Bias:
    """Return the state of every row's forecasts at month `at`.

    Parameters
    ----------
    errors : ndarray of shape (n, T)
        log(actual / forecast) one month ahead, out of sample; NaN where unknown. The last row is ALL.
    outside : ndarray of shape (n, T)
        1 where what came was outside the 90 % range, 0 inside, NaN where unknown.
    trained : int
        Last month whose error counts as usual.
    """
    origin = min(trained, at - 1)
    groups = np.r_[np.zeros(len(errors) - 1, int), 1]
    found = [_window(errors, at, origin, window, groups) for window in WINDOWS if at - window >= origin]
    p = np.stack([each[0] for each in found])
    bias = np.stack([each[1] for each in found])
    known = np.isfinite(errors[:, : origin + 1]).sum(axis=1) >= LEAST_ERRORS
    p = np.where(known & np.isfinite(errors[:, at]), p, np.nan)
    worse = np.nan_to_num(p, nan=2.0).argmin(axis=0)
    rows = np.arange(len(errors))
    late = outside[:, max(at - RANGE_MONTHS + 1, 0) : at + 1]
    return Bias(
        bias=np.expm1(bias[worse, rows]),
        p=p[worse, rows],
        months=np.array(WINDOWS)[worse],
        misses=np.nansum(late, axis=1).astype(int),
        judged=np.isfinite(late).sum(axis=1),
        materiality=materiality,
    )


def _window(errors: Array, at: int, origin: int, window: int, groups: NDArray[np.int64]) -> tuple[Array, Array]:
    found = law(errors, Span(origin, at, window, trend=False), groups)
    observed = errors[:, at - window + 1 : at + 1].mean(axis=1)
    return found.p_value(observed), observed - found.expected
