"""Points with their bands: what comes, and how sure.

In:    flows of a baseline and of scenarios, a `Calibration`.
Out:   sample paths on common random numbers; bands per month and intervals of totals; baseline, scenario and change.
Never: draws the change apart from what it is the change of; lets the point lie outside its own band.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast_core.intervals import Calibration, bounds

Array = NDArray[np.float64]
COVERAGE = 0.8
MOST_DOUBTED = 2.0  # on the log scale: that a stopped archiver archives nothing is in no doubt
# How wrong the log of an effect typically is, by trust: measured on simulated estates (tests/bench/accuracy).
EFFECT_DOUBT = {"green": 0.4, "amber": 0.45, "red": 0.6}


@dataclass(frozen=True)
class Interval:
    """One number with its bounds."""

    point: float
    lower: float
    upper: float


@dataclass(frozen=True, eq=False)
class Band:
    """Arrays (H,): lower ≤ point ≤ upper."""

    point: Array
    lower: Array
    upper: Array


@dataclass(frozen=True, eq=False)
class Quantity:
    """A quantity per month: baseline, scenario, and scenario − baseline."""

    baseline: Band
    scenario: Band
    change: Band


@dataclass(frozen=True)
class Total:
    """A quantity over all months: baseline, scenario, and scenario − baseline."""

    baseline: Interval
    scenario: Interval
    change: Interval


@dataclass(frozen=True, eq=False)
class Paths:
    """Sample paths of a sum over scopes, (paths, H), of baseline and scenario under the same luck; points (H,)."""

    baseline: Array
    scenario: Array
    baseline_point: Array
    scenario_point: Array

    def quantity(self, coverage: float = COVERAGE) -> Quantity:
        """Return the bands per month."""
        points = _three(self.baseline_point, self.scenario_point)
        lower, upper = bounds(_three(self.baseline, self.scenario), coverage, axis=1)
        bands = (
            Band(point, np.minimum(low, point), np.maximum(high, point))
            for point, low, high in zip(points, lower, upper, strict=True)
        )
        return Quantity(*bands)

    def total(self, coverage: float = COVERAGE) -> Total:
        """Return the intervals of the sum over all months."""
        points = _three(self.baseline_point.sum(), self.scenario_point.sum())
        draws = _three(self.baseline.sum(axis=1), self.scenario.sum(axis=1))
        lower, upper = bounds(draws, coverage, axis=1)
        intervals = (
            Interval(float(point), float(min(low, point)), float(max(high, point)))
            for point, low, high in zip(points, lower, upper, strict=True)
        )
        return Total(*intervals)


def _three(baseline: Array | np.floating, scenario: Array | np.floating) -> Array:
    """Baseline, scenario and their difference, stacked."""
    return np.stack([baseline, scenario, scenario - baseline])


def band(point: Array, paths: Array, coverage: float = COVERAGE) -> Band:
    """Return the band of sample paths around a point, widened where it would not hold the point."""
    lower, upper = bounds(paths, coverage)
    return Band(point, np.minimum(lower, point), np.maximum(upper, point))


def interval(point: float, draws: Array, coverage: float = COVERAGE) -> Interval:
    """Return the interval of draws (paths,) around a point."""
    lower, upper = bounds(draws, coverage)
    return Interval(point, min(float(lower), point), max(float(upper), point))


@dataclass(frozen=True, eq=False)
class Usual:
    """The sample paths of a baseline: of each scope (paths, n, H), and summed over them (paths, H).

    Drawn around `base` and `ratio` (n, H), freed over archived; `freed_sum` is None where freed GB are not known.
    """

    base: Array
    ratio: Array | None
    archived: Array
    archived_sum: Array
    freed_sum: Array | None

    def stands_on(self, base: Array, ratio: Array | None) -> bool:
        """Return whether these are the paths around a point."""
        if ratio is None or self.ratio is None:
            return ratio is self.ratio and np.array_equal(base, self.base)
        return np.array_equal(base, self.base) and np.array_equal(ratio, self.ratio)


@dataclass(frozen=True, eq=False)
class Luck:
    """What every scenario of a view shares: residual paths, the doubt about effects, the doubt about the saved share.

    `factor` (paths, n, H) actual over predicted, floors added to both; `effect` and `saved` (paths, 1, 1) standard
    normal.
    """

    calibration: Calibration
    factor: Array
    effect: Array
    saved: Array

    @classmethod
    def of(cls, calibration: Calibration, months: int, seed: int) -> Luck:
        """Draw the luck of a view once; every question about it uses the same."""
        factor = np.exp(calibration.relative_paths(months, seed))
        normal = np.random.default_rng(seed + 1).standard_normal((2, len(factor), 1, 1))
        return cls(calibration, factor, normal[0], normal[1])

    def archived(self, point: Array) -> Array:
        """Return archived GB (paths, n, H) around a point (n, H)."""
        return self.calibration.apply(point, self.factor[..., : point.shape[-1]])

    def usual(self, base: Array, ratio: Array | None) -> Usual:
        """Draw the paths of a baseline."""
        archived = self.archived(base)
        freed = None if ratio is None else self.freed(archived, ratio).sum(axis=1)
        return Usual(base, ratio, archived, archived.sum(axis=1), freed)

    def moved(self, usual: Array, base: Array, point: Array, doubt: float | Array) -> Array:
        """Return paths of a scenario whose effect is itself in doubt: its log is scaled, its sign never turned.

        `usual` are the baseline's paths around its point `base`; `doubt` is one for all, or one per month (H,).
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            effect = np.where((base > 0) & (point > 0), np.log(point / base), 0.0)
        moved = self.archived(point)
        if not effect.any():
            return moved
        added = np.clip(effect, -MOST_DOUBTED, MOST_DOUBTED) * (np.maximum(1 + doubt * self.effect, 0.0) - 1)
        if (effect > 0).any():
            more = np.exp(added)
            more *= moved
            np.maximum(more, usual, out=more)
            moved = more if (effect > 0).all() else np.where(effect > 0, more, moved)
        if (effect < 0).any():
            fewer = np.minimum(usual * np.exp(np.minimum(effect, 0) + added), usual)
            moved = np.where(effect < 0, fewer, moved)
        return moved

    def freed(self, archived: Array, ratio: Array) -> Array:
        """Return freed GB (paths, n, H) from archived paths and the freed share (n, H); never more than archived."""
        doubtful = ratio * np.exp(self.calibration.saved_doubt * self.saved)
        return archived * np.minimum(doubtful, 1.0)
