"""What a series' own past expects of a coming month: trend, season, memory, and how sure.

In:    transformed series with gaps, the last month that counts as past, the months asked about.
Out:   `Law`: a mixture of Student's t per series; p-values, expected values, half-widths.
Never: compares with the past's values as they were; growth and season are no drift.

Generalised least squares of level, trend and season with first-order memory. How strong the memory is, nobody knows
from a few years: every strength of a grid answers, weighted by its restricted likelihood, pooled over the series that
share a group.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
MEMORY = np.array([0.0, 0.3, 0.6, 0.8, 0.9, 0.97])
LEAST_FREEDOM = 3
MOST_MONTHS = 60
ONE_WAVE_MONTHS, TWO_WAVES_MONTHS = 24, 36
LEAST_SQUARES = 1e-12  # a series that never moved still has a law

Steps = Mapping[int, tuple[int, ...]]


@dataclass(frozen=True, eq=False)
class Law:
    """Arrays (S, 6), one column per strength of memory; `freedom` (S,) is NaN where the past does not suffice."""

    mean: Array
    error: Array
    weight: Array
    freedom: Array

    @property
    def expected(self) -> Array:
        """Return the expected value of each series, (S,)."""
        return (self.weight * self.mean).sum(axis=1)

    @property
    def spread(self) -> Array:
        """Return the typical error of the expected value, (S,), doubt about the memory included."""
        apart = self.mean - self.expected[:, None]
        return np.sqrt((self.weight * (self.error**2 + apart**2)).sum(axis=1))

    def p_value(self, observed: Array) -> Array:
        """Return how likely something as far off is, two-sided, (S,); NaN where either is unknown."""
        distance = np.abs(observed[:, None] - self.mean) / self.error
        return 2 * (self.weight * special.stdtr(self.freedom[:, None], -distance)).sum(axis=1)

    def half_width(self, share: float) -> Array:
        """Return half the width of the band that holds `share` (0–1), (S,)."""
        return special.stdtrit(self.freedom, (1 + share) / 2) * self.spread


@dataclass(frozen=True, eq=False)
class Span:
    """Series know months up to `origin`; asked is the mean of the `window` months that end with `target`."""

    origin: int
    target: int
    window: int = 1
    trend: bool = True

    def months(self) -> Whole:
        """Return the months asked about."""
        return np.arange(self.target - self.window + 1, self.target + 1)


def law(values: Array, span: Span, groups: Whole | None = None, steps: Steps | None = None) -> Law:
    """Return what each series expects.

    Parameters
    ----------
    values : ndarray of shape (S, T)
        Transformed so that noise is even; NaN where a month is unknown.
    groups : ndarray of shape (S,), optional
        Series of one group share what they know about memory; each by itself unless given.
    steps : mapping of series to months, optional
        Months from which a new level holds, because somebody explained it.
    """
    first = max(span.origin + 1 - MOST_MONTHS, 0)
    past = values[:, first : span.origin + 1]
    count = len(values)
    mean, square, likelihood = np.full((3, count, len(MEMORY)), np.nan)
    factor, freedom = np.full((count, len(MEMORY)), np.nan), np.full(count, np.nan)
    for rows, known, levels in _patterns(past, steps or {}):
        kit = _kit(known + first, span, levels)
        if kit is None:
            continue
        here = past[np.ix_(rows, known)]
        centre = here.mean(axis=1, keepdims=True)
        mean[rows] = (here - centre) @ kit.weights.T + centre
        square[rows] = np.maximum(kit.squares(here - centre), LEAST_SQUARES)
        likelihood[rows] = kit.constant - 0.5 * kit.freedom * np.log(square[rows])
        factor[rows], freedom[rows] = kit.factor, kit.freedom
    error = np.sqrt(square / freedom[:, None] * factor)
    return Law(mean, error, _weights(likelihood, groups), freedom)


def _weights(likelihood: Array, groups: Whole | None) -> Array:
    if groups is not None:
        pooled = np.zeros((int(groups.max(initial=0)) + 1, likelihood.shape[1]))
        np.add.at(pooled, groups, np.nan_to_num(likelihood))
        likelihood = np.where(np.isfinite(likelihood), pooled[groups], np.nan)
    weight = np.exp(likelihood - likelihood.max(axis=1, keepdims=True))
    return weight / weight.sum(axis=1, keepdims=True)


def _patterns(past: Array, steps: Steps) -> Iterator[tuple[Whole, Whole, tuple[int, ...]]]:
    """Yield series that know the same months and had the same steps: they share one solution."""
    known = np.isfinite(past)
    bits = np.packbits(known, axis=1)
    _, which = np.unique(bits, axis=0, return_inverse=True)
    order = np.argsort(which, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(which[order])) + 1):
        months = np.flatnonzero(known[rows[0]])
        stepped = [row for row in rows.tolist() if row in steps]
        for row in stepped:
            yield np.array([row]), months, steps[row]
        plain = np.setdiff1d(rows, stepped) if stepped else rows
        if len(plain):
            yield plain, months, ()


@dataclass(frozen=True, eq=False)
class _Kit:
    """The solution for one pattern of known months, one row per strength of memory."""

    weights: Array
    residual: Array
    factor: Array
    constant: Array
    freedom: int

    def squares(self, values: Array) -> Array:
        """Return the residual sum of squares, (k, 6)."""
        return np.stack([((values @ maker.T) ** 2).sum(axis=1) for maker in self.residual], axis=1)


def _kit(known: Whole, span: Span, levels: tuple[int, ...]) -> _Kit | None:
    """Return the solution; None where the past does not suffice or a new level has no month yet."""
    asked = span.months()
    if not len(known) or any(known[-1] < month <= span.target for month in levels):
        return None
    middle, levels = float(known.mean()), tuple(month for month in levels if known[0] < month <= known[-1])
    design = _design(known, middle, _waves(len(known), span), span, levels)
    ahead = _design(asked, middle, _waves(len(known), span), span, levels).mean(axis=0)
    count, columns = design.shape
    freedom = count - columns
    if freedom < LEAST_FREEDOM:
        return None
    whiten, log_volume = _whitening(np.diff(known))
    left, upper = np.linalg.qr(whiten @ design)
    solve = np.linalg.solve(upper, np.swapaxes(left, 1, 2) @ whiten)
    kept = _power(asked - known[-1]).mean(axis=1)
    beyond = ahead - kept[:, None] * design[-1]
    weights = np.einsum("gp,gpn->gn", beyond, solve)
    weights[:, -1] += kept
    learned = np.linalg.solve(np.swapaxes(upper, 1, 2), beyond[..., None])[..., 0]
    apart = _power(np.abs(np.subtract.outer(asked, asked)).ravel()).mean(axis=1)
    diagonal = np.abs(np.diagonal(upper, axis1=1, axis2=2))
    return _Kit(
        weights=weights,
        residual=whiten - left @ (np.swapaxes(left, 1, 2) @ whiten),
        factor=np.maximum(apart - kept**2 + (learned**2).sum(axis=1), 1e-9),
        constant=log_volume - np.log(np.maximum(diagonal, 1e-300)).sum(axis=1),
        freedom=freedom,
    )


def _waves(count: int, span: Span) -> int:
    if not span.trend or count < ONE_WAVE_MONTHS:
        return 0
    return 1 if count < TWO_WAVES_MONTHS else 2


def _design(months: Whole, middle: float, waves: int, span: Span, levels: tuple[int, ...]) -> Array:
    columns: list[Array] = [np.ones(len(months))]
    if span.trend:
        columns.append((months - middle) / 12.0)
    for wave in range(1, waves + 1):
        angle = 2 * np.pi * wave * months / 12
        columns += [np.cos(angle), np.sin(angle)]
    columns += [(months >= month).astype(float) for month in levels]
    return np.stack(columns, axis=1)


def _power(months: Whole) -> Array:
    """Return what is left of a deviation after so many months, (6, len)."""
    return np.power(MEMORY[:, None], months[None, :].astype(float))


def _whitening(gaps: Whole) -> tuple[Array, Array]:
    """Return the matrices that take the memory out, (6, n, n), and the log of how much they stretch."""
    kept = _power(gaps)
    scale = 1 / np.sqrt(1 - kept**2)
    count = len(gaps) + 1
    out = np.zeros((len(MEMORY), count, count))
    out[:, 0, 0] = 1.0
    later = np.arange(1, count)
    out[:, later, later] = scale
    out[:, later, later - 1] = -kept * scale
    return out, np.log(scale).sum(axis=1)
