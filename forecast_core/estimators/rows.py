"""Rows: one scope in one month, as every row-by-row model sees it.

In:    a monthly history, or a plan and where the scopes stand.
Out:   `Rows`, its design matrices, and what of the past can be learned from.
Never: holds anything that was not known when the month began.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forecast_core.errors import ModelError, TooShortError
from forecast_core.estimators.base import Plan
from forecast_core.features import Today, examples
from forecast_core.history import History
from forecast_core.months import Months, month_of_year

Array = NDArray[np.float64]
MB_PER_GB = 1024
LEAST_ROWS = 6
LEAST_FREQUENCY = 0.5
LEAST_SHARE = 3e-4
HALF_LIFE_MONTHS = 12.0
PRIOR_ROWS = 4.0


@dataclass(frozen=True, eq=False)
class Rows:
    """Any number of rows, all arrays of one leading shape; `mix` has three columns more.

    `files` and `size_mb` at the end of the month before; `frequency` files a day known when the month began;
    `level` the scope's usual log share of the stock archived in a month, less the panel's.
    """

    files: Array
    size_mb: Array
    frequency: Array
    mix: Array
    months: Months
    level: Array

    @property
    def volume_gb(self) -> Array:
        """The stock in GB."""
        return self.files * self.size_mb / MB_PER_GB

    @property
    def logs(self) -> Array:
        """Return (…, 19): logs of files, size and frequency, the mix, the level, a column per calendar month."""
        size = np.log(np.maximum(self.size_mb, 1e-3))
        return self._wide(np.log(np.maximum(self.files, 1)), size, self._log_frequency)

    @property
    def ratios(self) -> Array:
        """Return (…, 17): only what has no unit; the log of frequency over files in place of the three logs."""
        return self._wide(self._log_frequency - np.log(np.maximum(self.files, 1)))

    @property
    def plain(self) -> Array:
        """Return (…, 19): the same as `logs` in plain units."""
        return self._wide(self.files, self.size_mb, self.frequency)

    @property
    def _log_frequency(self) -> Array:
        return np.log(np.maximum(self.frequency, LEAST_FREQUENCY))

    def _wide(self, *sizes: Array) -> Array:
        season = (month_of_year(self.months)[..., None] == np.arange(1, 13)).astype(float)
        return np.concatenate([np.stack(sizes, axis=-1), self.mix, self.level[..., None], season], axis=-1)


@dataclass(frozen=True, eq=False)
class Lessons:
    """What can be learned from: known rows with what was archived in them, and the level of every scope (n,)."""

    rows: Rows
    archived_gb: Array
    levels: Array

    @classmethod
    def of(cls, history: History) -> Lessons:
        """Return the lessons of a history; TooShortError where too few rows are fully known."""
        seen = examples(history)
        if len(seen.archived_gb) < LEAST_ROWS or not (seen.archived_gb > 0).any():
            raise TooShortError(
                f"Fewer than {LEAST_ROWS} months have an archived volume, and stock, mix and frequency before it.",
                hint="Add the columns total_files, avg_file_size_mb, pct_* and archive_frequency_per_day.",
            )
        months = history.months[seen.month]
        levels = _levels(seen.scope, seen.month, seen.features, seen.archived_gb, len(history.scopes))
        files, size, frequency, mix = (seen.features[:, part] for part in (0, 1, 6, slice(2, 5)))
        return cls(Rows(files, size, frequency, mix, months, levels[seen.scope]), seen.archived_gb, levels)


def _levels(scope: NDArray[np.int64], month: NDArray[np.int64], features: Array, archived: Array, scopes: int) -> Array:
    """Return each scope's recent mean of the log share archived, less the panel's, shrunk to it; (n,)."""
    share = log_share(archived, features[:, 0] * features[:, 1] / MB_PER_GB)
    weight = 0.5 ** ((month.max() - month) / HALF_LIFE_MONTHS)
    apart = (share - np.average(share, weights=weight)) * weight
    return np.bincount(scope, apart, scopes) / (np.bincount(scope, weight, scopes) + PRIOR_ROWS)


def log_share(archived: Array, volume_gb: Array) -> Array:
    """Return the log of the share of the stock that was archived; 0.03 % counts as nothing."""
    return np.log(np.maximum(archived / np.maximum(volume_gb, 1e-12), LEAST_SHARE))


def settled(now: Today) -> Today:
    """Return `now` with what is unknown of a scope taken from the middle of the others; ModelError if nobody knows."""
    size, frequency = (_filled(values) for values in (now.avg_file_size_mb, now.frequency_per_day))
    mix = np.column_stack([_filled(share) for share in now.mix.T])
    return replace(
        now, total_files=_filled(now.total_files), avg_file_size_mb=size, frequency_per_day=frequency, mix=mix
    )


def _filled(values: Array) -> Array:
    known = np.isfinite(values)
    if not known.any():
        raise ModelError(
            "Stock, mix or archive frequency is unknown in every scope.", hint="This model needs all of them."
        )
    return np.where(known, values, np.median(values[known]))


def grown_files(now: Today, plan: Plan) -> Array:
    """Return the stock before each coming month as history's growth alone would have it, (K, n, H)."""
    monthly = 1 + now.growth_ratio[:, None]
    growth = np.cumprod(monthly + plan.growth_added, axis=-1) / monthly
    return now.total_files[:, None] * growth * plan.files_ratio


def planned_frequency(now: Today, plan: Plan) -> Array:
    """Return the files a day of the plan, (K, n, H); where nobody knows it, that of the others."""
    return np.where(np.isfinite(plan.frequency_per_day), plan.frequency_per_day, now.frequency_per_day[:, None])


def planned_mix(now: Today, plan: Plan) -> Array:
    """Return the shares of the plan, (K, n, H, 3); where nobody knows them, those of the others."""
    return np.where(np.isfinite(plan.mix), plan.mix, now.mix[:, None, :])


def coming_rows(now: Today, plan: Plan, levels: Array) -> Rows:
    """Return the rows of every question, scope and month, (K, n, H): the stock grows, nothing is taken out of it."""
    return Rows(
        files=grown_files(now, plan),
        size_mb=now.avg_file_size_mb[:, None] * plan.size_ratio,
        frequency=planned_frequency(now, plan),
        mix=planned_mix(now, plan),
        months=np.broadcast_to(plan.months, plan.shape),
        level=np.broadcast_to(levels[:, None], plan.shape),
    )
