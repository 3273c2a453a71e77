"""The kept score: what was said, what came, month by month.

In:    frozen forecasts, actuals with their revisions.
Out:   `Row`s of predicted against actual; how often the range held; what was revised.
Never: scores a month against a forecast made after it began; forgets what an actual was before it was revised.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from forecast_core.months import months_between

YEAR = 12


@dataclass(frozen=True)
class Said:
    """One month of one frozen forecast; GB, with the 80 % range that was shown and the 90 % one that is watched.

    `files`, `mean_mb` are the stock the forecast stood on, NaN where it knew none. `number` is its place in the chain.
    """

    number: int
    scope: str
    issued: np.datetime64
    month: np.datetime64
    archived_gb: float
    lower: float
    upper: float
    lower90: float
    upper90: float
    saved_gb: float = float("nan")
    files: float = float("nan")
    mean_mb: float = float("nan")

    @property
    def ahead(self) -> int:
        """Return how many months ahead it looked."""
        return months_between(self.issued, self.month)


@dataclass(frozen=True)
class Actual:
    """What came, as it was known on a day; `source` "data" or "typed"; `revision` counts from 0.

    `files`, `mean_mb` the stock before the month's archiving, `taken` the files that were archived; NaN if unknown.
    """

    scope: str
    month: np.datetime64
    archived_gb: float
    saved_gb: float
    files: float
    mean_mb: float
    source: str
    known_at: str
    revision: int = 0
    taken: float = float("nan")

    def same_as(self, other: Actual) -> bool:
        """Return whether both say the same figures."""
        here, there = (np.array([x.archived_gb, x.saved_gb, x.files, x.mean_mb, x.taken]) for x in (self, other))
        return bool(np.array_equal(here, there, equal_nan=True))


@dataclass(frozen=True)
class Row:
    """One month: what was said last before it, and what came; `first_known` what was taken as actual at first."""

    said: Said
    actual: Actual
    first_known: Actual

    @property
    def miss(self) -> float:
        """Return actual − said, GB."""
        return self.actual.archived_gb - self.said.archived_gb

    @property
    def inside(self) -> bool:
        """Whether it came inside the range that was shown."""
        return self.said.lower <= self.actual.archived_gb <= self.said.upper

    @property
    def inside90(self) -> bool:
        """Whether it came inside the 90 % range."""
        return self.said.lower90 <= self.actual.archived_gb <= self.said.upper90

    @property
    def was_revised(self) -> bool:
        """Whether the actual was changed after it was first scored."""
        return self.actual.revision > 0


@dataclass(frozen=True)
class Score:
    """How often the range held in the last months, and how far off the points were (Σ|miss| over Σ actual)."""

    inside: int
    months: int
    wape: float
    bias: float


def scored(said: Iterable[Said], actuals: Iterable[Actual], ahead: int | None = None) -> tuple[Row, ...]:
    """Return one row per scope and month that both sides know: the forecast said last before the month, or `ahead`."""
    latest: dict[tuple[str, np.datetime64], Actual] = {}
    first: dict[tuple[str, np.datetime64], Actual] = {}
    for item in sorted(actuals, key=lambda each: each.revision):
        latest[item.scope, item.month] = item
        first.setdefault((item.scope, item.month), item)
    best: dict[tuple[str, np.datetime64], Said] = {}
    for each in sorted(said, key=lambda item: item.number):
        if each.ahead < 1 or (ahead is not None and each.ahead != ahead):
            continue
        key = (each.scope, each.month)
        if key not in best or each.ahead < best[key].ahead:
            best[key] = each
    rows = [Row(best[key], latest[key], first[key]) for key in best if key in latest and known(latest[key])]
    return tuple(sorted(rows, key=lambda row: (row.said.scope, row.said.month)))


def known(actual: Actual) -> bool:
    """Return whether it is known what was archived."""
    return bool(np.isfinite(actual.archived_gb))


def score(rows: Sequence[Row], months: int = YEAR) -> Score:
    """Return the score of the last months of one scope's rows."""
    last = rows[-months:]
    total = sum(row.actual.archived_gb for row in last)
    miss = [row.miss for row in last]
    share = (sum(map(abs, miss)) / total, -sum(miss) / total) if total > 0 else (float("nan"), float("nan"))
    return Score(sum(row.inside for row in last), len(last), *share)


def news(known_before: Iterable[Actual], fresh: Iterable[Actual]) -> tuple[Actual, ...]:
    """Return the actuals that are new or say something else than before, with their revision."""
    latest: dict[tuple[str, np.datetime64], Actual] = {}
    for item in sorted(known_before, key=lambda each: each.revision):
        latest[item.scope, item.month] = item
    found = []
    for item in fresh:
        before = latest.get((item.scope, item.month))
        if before is None:
            found.append(item)
        elif not before.same_as(item):
            found.append(Actual(**{**item.__dict__, "revision": before.revision + 1}))
    return tuple(found)
