"""How wrong a model was, in words that anyone can check.

In:    predicted and actual flows.
Out:   WAPE, bias, mean absolute error in GB, MASE, R²; by months ahead and by scope.
Never: averages percentages of single months; a small month would weigh as much as a large one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast_core.backtest.rolling import Rolled
from forecast_core.history import History
from forecast_core.months import months_between

Array = NDArray[np.float64]
ARCHIVED_WEIGHT = 0.7


SPANS = ((1, 1), (2, 3), (4, 6), (7, 12), (13, 24))


@dataclass(frozen=True)
class Score:
    """One model on one history, one step ahead.

    `wape_*` sum of absolute errors over sum of actual GB; `bias` sum of errors over sum of actual;
    `months` how many rows were judged; `mase` mean absolute error over the usual change from month to month;
    `r2` share of the variance explained, below 0 when the mean would have done better.
    """

    wape_archived: float
    wape_savings: float
    bias: float
    mae_gb: float
    months: int
    mae_savings_gb: float = float("nan")
    mase: float = float("nan")
    r2: float = float("nan")

    @property
    def combined(self) -> float:
        """What models are ranked by: .7 archived + .3 savings; archived alone where savings were never measured."""
        if not np.isfinite(self.wape_savings):
            return self.wape_archived
        return ARCHIVED_WEIGHT * self.wape_archived + (1 - ARCHIVED_WEIGHT) * self.wape_savings


@dataclass(frozen=True)
class SpanScore:
    """One model `first` to `last` months ahead."""

    first: int
    last: int
    wape_archived: float
    wape_savings: float
    bias: float
    months: int


def wape(predicted: Array, actual: Array) -> float:
    """Return Σ|predicted − actual| / Σ actual over what is known of both; NaN where nothing came.

    >>> wape(np.array([8.0, 12.0]), np.array([10.0, 10.0]))
    0.2
    """
    known = np.isfinite(predicted) & np.isfinite(actual)
    total = float(actual[known].sum())
    return float(np.abs(predicted[known] - actual[known]).sum() / total) if total > 0 else float("nan")


def score(rolled: Rolled, last_origins: int = 12, step: int = 0, usual_change_gb: Array | None = None) -> Score:
    """Return how the last origins did `step + 1` months ahead; MASE where the usual change (n,) is given."""
    predicted, actual, predicted_savings, actual_savings = (
        grid[-last_origins:, :, step]
        for grid in (rolled.predicted_archived, rolled.actual_archived, rolled.predicted_savings, rolled.actual_savings)
    )
    known = np.isfinite(predicted) & np.isfinite(actual)
    error = predicted[known] - actual[known]
    return Score(
        wape_archived=wape(predicted, actual),
        wape_savings=wape(predicted_savings, actual_savings),
        bias=_over(float(error.sum()), float(actual[known].sum())),
        mae_gb=_mean(np.abs(error)),
        months=int(known.sum()),
        mae_savings_gb=_mean(np.abs(predicted_savings - actual_savings)),
        mase=float("nan") if usual_change_gb is None else _scaled(predicted - actual, known, usual_change_gb),
        r2=1 - _over(float((error**2).sum()), float(((actual[known] - _mean(actual[known])) ** 2).sum())),
    )


def by_span(rolled: Rolled, last_months: int = 12) -> tuple[SpanScore, ...]:
    """Return the scores by months ahead of the last months, whenever they were said, as far as known.

    The same months for every span and every model: a calm year is not compared with a wild one.
    """
    origins, steps = len(rolled.origins), rolled.predicted_archived.shape[2]
    late = np.add.outer(np.arange(origins), np.arange(steps)) >= origins - last_months
    grids = (rolled.predicted_archived, rolled.actual_archived, rolled.predicted_savings, rolled.actual_savings)
    found = []
    for first, last in SPANS:
        predicted, actual, freed, actual_freed = (
            np.where(late[:, None], grid, np.nan)[:, :, first - 1 : last] for grid in grids
        )
        known = np.isfinite(predicted) & np.isfinite(actual)
        if known.any():
            bias = _over(float((predicted - actual)[known].sum()), float(actual[known].sum()))
            errors = wape(predicted, actual), wape(freed, actual_freed)
            found.append(SpanScore(first, last, *errors, bias, int(known.sum())))
    return tuple(found)


def by_scope(rolled: Rolled, last_origins: int = 12) -> Array:
    """Return the WAPE of archived GB one month ahead of each scope, (n,); NaN where it archived nothing."""
    predicted, actual = (grid[-last_origins:, :, 0] for grid in (rolled.predicted_archived, rolled.actual_archived))
    return np.array([wape(predicted[:, scope], actual[:, scope]) for scope in range(predicted.shape[1])])


def usual_change(history: History, until: np.datetime64) -> Array:
    """Return the mean absolute change of archived GB from month to month up to `until`, (n,): the scale of MASE."""
    grid = history.grid("archived_gb")[:, : months_between(history.months[0], until) + 1]
    change = np.abs(np.diff(grid, axis=1))
    known = np.isfinite(change)
    total, count = np.where(known, change, 0).sum(axis=1), known.sum(axis=1)
    return np.divide(total, count, out=np.full(len(grid), np.nan), where=count > 0)


def monthly_losses(rolled: Rolled, last_origins: int) -> Array:
    """Return what each of the last origins' next months adds to the combined WAPE, (origins,); NaN if unknown.

    The sum is the combined score.
    """
    parts = []
    grids = (rolled.predicted_archived, rolled.actual_archived), (rolled.predicted_savings, rolled.actual_savings)
    for predicted, actual in grids:
        error = np.abs(predicted - actual)[-last_origins:, :, 0]
        known = np.isfinite(error)
        total = float(actual[-last_origins:, :, 0][known].sum())
        month = np.where(known.any(axis=1), np.where(known, error, 0).sum(axis=1), np.nan)
        parts.append(month / total if total > 0 else np.full(len(month), np.nan))
    archived, savings = parts
    if not np.isfinite(savings).any():
        return archived
    return ARCHIVED_WEIGHT * archived + (1 - ARCHIVED_WEIGHT) * np.nan_to_num(savings)


def _mean(values: Array) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def _over(above: float, below: float) -> float:
    return above / below if below > 0 else float("nan")


def _scaled(error: Array, known: NDArray[np.bool_], usual_change_gb: Array) -> float:
    """Return Σ|error| / Σ usual change over the judged rows."""
    scale = np.broadcast_to(usual_change_gb, error.shape)
    judged = known & np.isfinite(scale)
    return _over(float(np.abs(error[judged]).sum()), float(scale[judged].sum()))
