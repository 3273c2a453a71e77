"""How wrong a model was, in words that anyone can check.

In:    predicted and actual flows.
Out:   WAPE, bias, mean absolute error in GB.
Never: averages percentages of single months; a small month would weigh as much as a large one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast_core.backtest.rolling import Rolled

Array = NDArray[np.float64]
ARCHIVED_WEIGHT = 0.7


@dataclass(frozen=True)
class Score:
    """One model on one history, one step ahead.

    `wape_*` sum of absolute errors over sum of actual GB; `bias` sum of errors over sum of actual;
    `months` how many rows were judged.
    """

    wape_archived: float
    wape_savings: float
    bias: float
    mae_gb: float
    months: int

    @property
    def combined(self) -> float:
        """What models are ranked by: .7 archived + .3 savings; archived alone where savings were never measured."""
        if not np.isfinite(self.wape_savings):
            return self.wape_archived
        return ARCHIVED_WEIGHT * self.wape_archived + (1 - ARCHIVED_WEIGHT) * self.wape_savings


def wape(predicted: Array, actual: Array) -> float:
    """Return Σ|predicted − actual| / Σ actual over what is known of both; NaN where nothing came.

    >>> wape(np.array([8.0, 12.0]), np.array([10.0, 10.0]))
    0.2
    """
    known = np.isfinite(predicted) & np.isfinite(actual)
    total = float(actual[known].sum())
    return float(np.abs(predicted[known] - actual[known]).sum() / total) if total > 0 else float("nan")


def score(rolled: Rolled, last_origins: int = 12, step: int = 0) -> Score:
    """Return how the last origins did `step + 1` months ahead."""
    predicted, actual, predicted_savings, actual_savings = (
        grid[-last_origins:, :, step]
        for grid in (rolled.predicted_archived, rolled.actual_archived, rolled.predicted_savings, rolled.actual_savings)
    )
    known = np.isfinite(predicted) & np.isfinite(actual)
    total = float(actual[known].sum())
    error = predicted[known] - actual[known]
    return Score(
        wape_archived=wape(predicted, actual),
        wape_savings=wape(predicted_savings, actual_savings),
        bias=float(error.sum() / total) if total > 0 else float("nan"),
        mae_gb=float(np.abs(error).mean()) if known.any() else float("nan"),
        months=int(known.sum()),
    )
