"""What a month is predicted from: only what was known when it began.

In:    a `History`.
Out:   `Today`, where each scope stands at the end of the history; `Examples`, one row per scope and month.
Never: lets a later month change an earlier row; fills a target.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast_core.history import History
from forecast_core.months import Months, month_of_year
from forecast_core.schema import shares

Array = NDArray[np.float64]
OBSERVED_WINDOW_MONTHS = 12
PUBLISHED_FEATURES = (
    "total_files",
    "avg_file_size_mb",
    "pct_pdf",
    "pct_docx",
    "pct_xlsx",
    "pct_other",
    "archive_frequency_per_day",
    "month_sin",
    "month_cos",
)


def carried_forward(grid: Array) -> Array:
    """Return the grid with the last known value carried into unknown months; NaN before the first known one."""
    latest = np.maximum.accumulate(np.where(np.isnan(grid), 0, np.arange(grid.shape[1])), axis=1)
    return np.take_along_axis(grid, latest, axis=1)


def trailing_mean(grid: Array, months: int) -> Array:
    """Return at each month the mean of the last `months` known values, that month included."""
    return pd.DataFrame(grid.T).rolling(months, min_periods=1).mean().to_numpy().T


def month_waves(months: Months) -> tuple[Array, Array]:
    """Return sine and cosine of the month of the year: December stands next to January."""
    angle = 2 * np.pi * month_of_year(months) / 12
    return np.sin(angle), np.cos(angle)


def known_frequency(history: History) -> Array:
    """Return the files per day that was known when each month began, (n, T), and one column more for the month after.

    A policy in force is known in the month itself; an observed rate is not, so it is the mean of the year before.
    """
    grid = carried_forward(history.grid("archive_frequency_per_day"))
    after = np.concatenate([grid, grid[:, -1:]], axis=1)
    if not history.frequency_is_observed:
        return after
    before = trailing_mean(history.grid("archive_frequency_per_day"), OBSERVED_WINDOW_MONTHS)
    return np.concatenate([np.full_like(before[:, :1], np.nan), before], axis=1)


@dataclass(frozen=True, eq=False)
class Today:
    """Where each scope stands at the end of the history; arrays of shape (n,), `mix` (n, 3): pdf, docx, xlsx.

    NaN where a column was never measured.
    """

    last_month: np.datetime64
    total_files: Array
    avg_file_size_mb: Array
    mix: Array
    frequency_per_day: Array
    growth_ratio: Array


def today(history: History, pool_growth: float | None = None) -> Today:
    """Return the last known state of each scope, growth damped to the pool's (this history's own unless given)."""
    last = {name: carried_forward(history.grid(name))[:, -1] for name in ("total_files", "avg_file_size_mb", *shares())}
    return Today(
        last_month=history.last_month,
        total_files=last["total_files"],
        avg_file_size_mb=last["avg_file_size_mb"],
        mix=np.stack([last[name] for name in shares()], axis=1),
        frequency_per_day=known_frequency(history)[:, -1],
        growth_ratio=net_growth(history, pool_growth),
    )


GROWTH_WINDOW_MONTHS = 12
GROWTH_PRIOR_MONTHS = 6.0
GROWTH_BOUND = 0.05


def pool_growth(history: History) -> float:
    """Return the monthly growth of a typical scope: the median of all trailing-year steps; 0 if no stock is known."""
    steps = _growth_steps(history)
    return float(np.nanmedian(steps)) if np.isfinite(steps).any() else 0.0


def net_growth(history: History, pool: float | None = None) -> Array:
    """Return the growth of the stock per scope and month, (n,): trailing-year median of log steps, shrunk to the pool.

    The median, because a migration is not growth; bounded by ±5 % a month, because nothing grows faster for long.
    """
    steps = _growth_steps(history)
    pool = pool_growth(history) if pool is None else pool
    known = np.isfinite(steps).sum(axis=1)
    own = np.array([np.nanmedian(row) if count else pool for row, count in zip(steps, known, strict=True)])
    weight = known / (known + GROWTH_PRIOR_MONTHS)
    return np.clip(np.expm1(weight * own + (1 - weight) * pool), -GROWTH_BOUND, GROWTH_BOUND)


def _growth_steps(history: History) -> Array:
    stock = history.grid("total_files")
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.diff(np.log(stock), axis=1)[:, -GROWTH_WINDOW_MONTHS:]
    return np.where(np.isfinite(steps), steps, np.nan)


@dataclass(frozen=True, eq=False)
class Examples:
    """One row per (scope, month) with a known target and a known month before; arrays of shape (rows,).

    `features` is (rows, 9) in the order of `PUBLISHED_FEATURES`: the stock at the end of the month before,
    the frequency known when the month began, the month itself.
    """

    scope: NDArray[np.int64]
    month: NDArray[np.int64]
    features: Array
    archived_gb: Array
    savings_gb: Array


def feature_matrix(stock: Array, frequency: Array, months: Months) -> Array:
    """Return the nine published features, (..., 9).

    `stock` is (..., 5): files, average MB, shares of pdf, docx, xlsx; `frequency` and `months` have its leading shape.
    """
    other = np.clip(1 - stock[..., 2:5].sum(axis=-1), 0, 1)
    sine, cosine = month_waves(months)
    return np.concatenate([stock, other[..., None], frequency[..., None], sine[..., None], cosine[..., None]], axis=-1)


def examples(history: History) -> Examples:
    """Return what can be learned from: every row whose month before is known too."""
    names = ("total_files", "avg_file_size_mb", *shares())
    stock = np.stack([carried_forward(history.grid(name)) for name in names], axis=-1)[:, :-1]
    frequency = known_frequency(history)[:, 1:-1]
    months = np.broadcast_to(history.months[1:], frequency.shape)
    features = feature_matrix(stock, frequency, months)
    archived, savings = history.grid("archived_gb")[:, 1:], history.grid("savings_gb")[:, 1:]
    usable = np.isfinite(features).all(axis=-1) & np.isfinite(archived)
    scope, month = np.nonzero(usable)
    return Examples(scope, month + 1, features[usable], archived[usable], savings[usable])
