"""The seven inputs that are watched, scope by scope and for all scopes together.

In:    a `History`.
Out:   `Panel`: values (n + 1, 7, T), transformed so that noise is even; the last row is `ALL`.
Never: judges; fills a month that nobody measured.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from forecast_core.history import ALL, History
from forecast_core.months import Months
from forecast_core.schema import shares

Array = NDArray[np.float64]
OTHER = "pct_other"
SMALLEST_SHARE = 0.0005
LEAST_LEVEL = 1e-3  # of the usual value: what counts as nothing before a logarithm
LEAST_PART = 0.5


@dataclass(frozen=True)
class Input:
    """One watched input; a `share` is compared in points, anything else in percent."""

    name: str
    title: str
    unit: str
    kind: Literal["amount", "share"]

    @property
    def is_share(self) -> bool:
        """Whether it is a share of files."""
        return self.kind == "share"


INPUTS: tuple[Input, ...] = (
    Input("total_files", "Files on primary", "files", "amount"),
    Input("avg_file_size_mb", "Average file size", "MB", "amount"),
    Input("pct_pdf", "Share of PDF", "percent", "share"),
    Input("pct_docx", "Share of Word", "percent", "share"),
    Input("pct_xlsx", "Share of Excel", "percent", "share"),
    Input(OTHER, "Share of other types", "percent", "share"),
    Input("archive_frequency_per_day", "Archived per day", "files per day", "amount"),
)
NAMES = tuple(item.name for item in INPUTS)
FILES, SIZE, FREQUENCY = NAMES.index("total_files"), NAMES.index("avg_file_size_mb"), len(NAMES) - 1


@dataclass(frozen=True, eq=False)
class Panel:
    """What was measured, as it is (`raw`) and transformed (`values`), (n + 1, 7, T); NaN where unknown.

    `groups` (7 (n + 1),) says which series learn together: one input of all scopes; ALL learns by itself.
    `whole` are the scopes that the last row, ALL, is the sum of.
    """

    scopes: tuple[str, ...]
    months: Months
    raw: Array
    values: Array
    groups: NDArray[np.int64]
    whole: tuple[str, ...]
    inputs: tuple[Input, ...] = INPUTS

    @classmethod
    def of(cls, history: History, on_hold: Collection[str] = ()) -> Panel:
        """Return the panel; scopes `on_hold` are left out of ALL. A rate that was only observed is not watched."""
        names = ("total_files", "avg_file_size_mb", *shares())
        stock = [history.grid(name) for name in names]
        other = np.clip(1 - sum(stock[2:], np.zeros_like(stock[0])), 0, 1)
        frequency = history.grid("archive_frequency_per_day")
        if history.frequency_is_observed:
            frequency = np.full_like(frequency, np.nan)
        own = np.stack([*stock, other, frequency], axis=1)
        summed = _summed(own, [scope in history.live_scopes and scope not in on_hold for scope in history.scopes])
        raw = np.concatenate([own, all_of(own[summed])[None]])
        whole = tuple(scope for scope, inside in zip(history.scopes, summed, strict=True) if inside)
        groups = np.r_[np.tile(np.arange(len(NAMES)), len(own)), np.arange(len(NAMES)) + len(NAMES)]
        return cls((*history.scopes, ALL), history.months, raw, transformed(raw), groups, whole)

    @property
    def series(self) -> Array:
        """Return the values with one row per scope and input, (7 (n + 1), T)."""
        return self.values.reshape(-1, self.values.shape[2])

    @property
    def is_share(self) -> NDArray[np.bool_]:
        """Return which inputs are shares, (7,)."""
        return which_shares(self.inputs)


def which_shares(inputs: tuple[Input, ...]) -> NDArray[np.bool_]:
    """Return which inputs are shares."""
    return np.array([item.is_share for item in inputs])


def transformed(raw: Array, inputs: tuple[Input, ...] = INPUTS) -> Array:
    """Return logarithms of amounts and log odds of shares, (…, 7, T).

    >>> grid = np.full((7, 1), 0.5); grid[1] = 1.0
    >>> [round(value, 3) for value in transformed(grid)[[1, 2], 0].tolist()]
    [0.0, 0.0]
    """
    shares = which_shares(inputs)
    out = np.empty_like(raw)
    out[..., ~shares, :] = _logs(raw[..., ~shares, :])
    odds = np.clip(raw[..., shares, :], SMALLEST_SHARE, 1 - SMALLEST_SHARE)
    out[..., shares, :] = np.log(odds / (1 - odds))
    return out


def _logs(amounts: Array) -> Array:
    """Return logarithms; a thousandth of what is usual counts as nothing."""
    some = amounts > 0
    logs = np.log(np.where(some, amounts, 1.0))
    usual = logs.sum(axis=-1, keepdims=True) / np.maximum(some.sum(axis=-1, keepdims=True), 1)
    least = usual + np.log(LEAST_LEVEL)
    return np.where(np.isfinite(amounts), np.maximum(np.where(some, logs, -np.inf), least), np.nan)


def as_measured(values: Array, shares: NDArray[np.bool_]) -> Array:
    """Return transformed values (…, 7) as they are measured."""
    return np.where(shares, 1 / (1 + np.exp(-np.clip(values, -50, 50))), np.exp(values))


def _summed(own: Array, may: list[bool]) -> NDArray[np.bool_]:
    """Return the scopes that ALL stands on: those known for at least half as long as the longest.

    A scope that joined last month would otherwise cut the past of ALL to one month.
    """
    count = np.isfinite(own[:, FILES]).sum(axis=1)
    allowed = np.asarray(may) & (count > 0)
    return np.asarray(allowed & (count >= LEAST_PART * count[allowed].max(initial=0)))


def all_of(own: Array) -> Array:
    """Return files and rate as sums, size and shares weighted by files, (…, 7, T); NaN where a scope is unknown."""
    files = own[..., FILES, :]
    total = files.sum(axis=-2)
    with np.errstate(invalid="ignore", divide="ignore"):
        out = np.asarray((own * files[..., None, :]).sum(axis=-3) / total[..., None, :])
    out[..., FILES, :] = np.where(total > 0, total, np.nan)
    out[..., FREQUENCY, :] = own[..., FREQUENCY, :].sum(axis=-2) + 0 * total
    return out
