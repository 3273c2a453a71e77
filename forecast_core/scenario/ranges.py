"""What each lever may be for one scope: today's value, bounds and step, all from the scope's own data.

In:    a history, a scope, the prices of the book.
Out:   `Ranges`.
Never: offers a lever that the data cannot carry; it says which column is missing instead.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from forecast_core.features import Today
from forecast_core.history import History
from forecast_core.scenario.levers import (
    ARCHIVE_PRICE,
    AVERAGE_SIZE,
    BY_NAME,
    FREQUENCY,
    GROWTH,
    HISTORY_LEVERS,
    HORIZON,
    MIX,
    MOST_MONTHS,
    PRIMARY_PRICE,
    RECALL,
    START,
    TOTAL_FILES,
    Lever,
)
from forecast_core.schema import shares

DEFAULT_HORIZON_MONTHS = 24
LOW_RATIO, HIGH_RATIO = 0.25, 4.0
MIX_MOVED = 0.03
PARTS = 40
NO_FILES = "There are no files on primary today, so there is nothing to move."


@dataclass(frozen=True)
class Prices:
    """Today's prices per GB (2^30 bytes) and month, from the book."""

    primary: float
    archive: float


@dataclass(frozen=True)
class LeverRange:
    """A lever for one scope; an unavailable one says why and takes no part in a scenario."""

    lever: Lever
    today: float = math.nan
    lower: float = math.nan
    upper: float = math.nan
    step: float = math.nan
    available: bool = True
    reason: str = ""
    low_evidence: str = ""


@dataclass(frozen=True)
class Ranges:
    """Every lever for one scope of one data set; `parts` are what a rule may leave out: `type:pdf`, `scope:Legal`."""

    dataset_id: str
    scope: str
    levers: tuple[LeverRange, ...]
    parts: tuple[str, ...] = ()

    def by_name(self, name: str) -> LeverRange:
        """Return the range of a lever, an unavailable one where this kind of data has none; KeyError if unknown."""
        found = {item.lever.name: item for item in self.levers}
        return found[name] if name in found else LeverRange(BY_NAME[name], available=False, reason=OTHER_KIND)

    def available(self) -> tuple[LeverRange, ...]:
        """Return the levers that this data can carry."""
        return tuple(item for item in self.levers if item.available)

    def baseline_values(self) -> dict[str, float]:
        """Return today's value of every available lever."""
        return {item.lever.name: item.today for item in self.available()}


OTHER_KIND = "It needs another kind of data: a rule moves with a file inventory, a stock with a monthly history."
UNANSWERABLE = "No model that passed its checks can answer this lever on this data."


@dataclass(frozen=True, eq=False)
class Standing:
    """What the levers of a question stand on; `answerable` is whether a model can say what they do to the flows."""

    history: History
    now: Today
    answerable: bool


def ranges(dataset_id: str, scope: str, standing: Standing, prices: Prices) -> Ranges:
    """Return the levers of `scope` (or of ALL, summed over its scopes)."""
    estate = _estate(standing.history, standing.now)
    if not standing.answerable:
        estate = [LeverRange(item.lever, available=False, reason=item.reason or UNANSWERABLE) for item in estate]
    found = {item.lever: item for item in (*estate, *_time(standing.history), *money_ranges(prices))}
    return Ranges(dataset_id, scope, tuple(found[lever] for lever in HISTORY_LEVERS))


def _estate(view: History, now: Today) -> list[LeverRange]:
    files = np.nansum(now.total_files)
    needs_stock = "" if view.knows("total_files") else "This data has no total_files; add that column to move it."
    weight = now.total_files if not needs_stock else np.ones(len(now.avg_file_size_mb))
    size = _weighted(now.avg_file_size_mb, weight)
    needs_size = "" if math.isfinite(size) else "This data has no avg_file_size_mb; add that column to move it."
    frequency = float(np.nansum(now.frequency_per_day)) if np.isfinite(now.frequency_per_day).any() else math.nan
    needs_rate = "" if math.isfinite(frequency) else "This data has no archive_frequency_per_day; add that column."
    growth = _weighted(now.growth_ratio, np.where(np.isfinite(weight), weight, 0))
    return [
        _around(TOTAL_FILES, files, needs_stock),
        _growth(growth, needs_stock),
        _around(AVERAGE_SIZE, size, needs_size),
        _around(FREQUENCY, frequency, needs_rate, least_upper=float(np.nanmax(view.grid(FREQUENCY.column), initial=0))),
        *_mix(view, now, weight),
    ]


def _weighted(values: np.ndarray, weight: np.ndarray) -> float:
    known = np.isfinite(values) & np.isfinite(weight) & (weight > 0)
    return float(np.average(values[known], weights=weight[known])) if known.any() else math.nan


def _around(lever: Lever, value: float, reason: str, least_upper: float = 0.0) -> LeverRange:
    """A quarter to four times today's value in steps of a fortieth, so that today, its half and its double are steps.

    The frequency goes down to nothing; where it is nothing today, up to what was once set, at least 1.
    """
    if reason:
        return LeverRange(lever, available=False, reason=reason)
    middle, least = lever.rounded(value), 10.0**-lever.digits
    if middle <= 0 and lever is not FREQUENCY:
        return LeverRange(lever, available=False, reason=NO_FILES)
    if middle <= 0:
        upper = max(least_upper, 1.0)
        return LeverRange(lever, 0.0, 0.0, lever.rounded(upper), max(lever.rounded(upper / PARTS), least))
    step = max(lever.rounded(middle / PARTS), least)
    down = math.floor(min(middle * (1 - LOW_RATIO), middle - least) / step + 1e-9)
    up = math.ceil(max(middle * (HIGH_RATIO - 1), least_upper - middle) / step - 1e-9)
    lower = 0.0 if lever is FREQUENCY else lever.rounded(middle - down * step)
    return LeverRange(lever, middle, lower, lever.rounded(middle + up * step), step)


def nice(value: float) -> float:
    """Return the value rounded up to one, two or five times a power of ten."""
    if value <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= value * (1 - 1e-12))


def _growth(value: float, reason: str) -> LeverRange:
    if reason:
        return LeverRange(GROWTH, available=False, reason=reason)
    if not math.isfinite(value):
        return LeverRange(GROWTH, available=False, reason=NO_FILES)
    middle = GROWTH.rounded(value)
    return LeverRange(GROWTH, middle, min(-0.05, middle), max(0.10, middle), 0.001)


def _mix(view: History, now: Today, weight: np.ndarray) -> list[LeverRange]:
    values = [_weighted(now.mix[:, index], weight) for index in range(len(MIX))]
    if not all(math.isfinite(value) for value in values):
        reason = "This data has no shares of file types; add pct_pdf, pct_docx and pct_xlsx to move them."
        return [LeverRange(lever, available=False, reason=reason) for lever in MIX]
    moved = max(float(np.nanmax(np.nanstd(view.grid(name), axis=1), initial=0)) for name in shares())
    low = "" if moved > MIX_MOVED else "The mix hardly moved in this history, so its effect is little known."
    return [
        LeverRange(lever, lever.rounded(value), 0.0, 1.0, 0.01, low_evidence=low)
        for lever, value in zip(MIX, values, strict=True)
    ]


def _time(view: History) -> list[LeverRange]:
    first = int((view.last_month + 1).astype(int))
    return [
        LeverRange(START, first, first, first + MOST_MONTHS - 1, 1),
        LeverRange(HORIZON, DEFAULT_HORIZON_MONTHS, 1, MOST_MONTHS, 1),
    ]


def money_ranges(prices: Prices) -> list[LeverRange]:
    """Return the levers of money: nothing is recalled today, prices are those of the book."""
    return [
        LeverRange(RECALL, 0.0, 0.0, 0.20, 0.001),
        LeverRange(PRIMARY_PRICE, PRIMARY_PRICE.rounded(prices.primary), 0.0, 1.0, 0.001),
        LeverRange(ARCHIVE_PRICE, ARCHIVE_PRICE.rounded(prices.archive), 0.0, 1.0, 0.0001),
    ]
