"""The history as the stock-and-flow process sees it.

In:    a `History`.
Out:   a `Panel`; where the recent months left each scope.
Never: lets a month see its own stock, or an observed rate of itself.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forecast_core.errors import ModelError
from forecast_core.estimators.stock_flow.parameters import MIX_CENTRE
from forecast_core.estimators.stock_flow.process import Panel
from forecast_core.features import carried_forward, known_frequency
from forecast_core.history import History
from forecast_core.months import days_in_month, month_of_year
from forecast_core.schema import shares

Array = NDArray[np.float64]
MB_PER_GB = 1024
FLOOR_SHARE = 0.02
UNKNOWN_SIZE_MB = 1.0


def panel_of(history: History) -> Panel:
    """Return each month with what was known when it began; ModelError if neither stock nor frequency ever was."""
    frequency = known_frequency(history)
    limited = history.knows("total_files")
    if not limited and not np.isfinite(frequency).any():
        raise ModelError(
            "Neither the stock of files nor the archive frequency is known.",
            hint="Add the column total_files or archive_frequency_per_day.",
        )
    archived = history.grid("archived_gb")[:, 1:]
    return Panel(
        files=_both_ways(history.grid("total_files")),
        capacity=unlimited_where_unknown(frequency[:, 1:-1]) * days_in_month(history.months[1:]),
        gb_per_file=size_gb(history)[:, :-1],
        mix=file_mix(history)[:, :-1],
        calendar=month_of_year(history.months[1:]) - 1,
        eligible=_eligible_share(history)[:, :-1],
        archived_gb=archived,
        floor_gb=_floor(archived),
        started=_started(history)[:, :-1],
        limited=limited,
    )


def unlimited_where_unknown(frequency: Array) -> Array:
    """An archiver whose frequency nobody knows is taken to finish its backlog."""
    return np.where(np.isfinite(frequency), frequency, np.inf)


def size_gb(history: History) -> Array:
    """Return the average file size in GB, (n, T), carried both ways; 1 MB where it was never measured."""
    known = _both_ways(history.grid("avg_file_size_mb"))
    return np.where(np.isfinite(known), known, UNKNOWN_SIZE_MB) / MB_PER_GB


def file_mix(history: History) -> Array:
    """Return the shares (n, T, 3), carried both ways; the centre of the prior where a share was never measured."""
    known = np.stack([_both_ways(history.grid(name)) for name in shares()], axis=-1)
    return np.where(np.isfinite(known), known, MIX_CENTRE)


def _both_ways(grid: Array) -> Array:
    return carried_forward(carried_forward(grid)[:, ::-1])[:, ::-1]


def _eligible_share(history: History) -> Array:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.clip(history.grid("eligible_files") / history.grid("total_files"), 0.001, 0.95)


def _floor(archived: Array) -> Array:
    """Two per cent of the scope's mean flow: below it a month counts as empty, so that zero has a logarithm."""
    known = np.isfinite(archived)
    mean = np.where(known, archived, 0).sum(axis=1, keepdims=True) / np.maximum(known.sum(axis=1, keepdims=True), 1)
    return np.maximum(FLOOR_SHARE * mean, 1e-12)


def _started(history: History) -> NDArray[np.bool_]:
    seen = np.isfinite(history.grid("archived_gb")) | np.isfinite(history.grid("total_files"))
    return np.isfinite(carried_forward(np.where(seen, 1.0, np.nan)))
