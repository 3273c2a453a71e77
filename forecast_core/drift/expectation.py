"""What a series' own past expects of a coming month: trend, season, memory, and how sure.

In:    transformed series with gaps, the last month that counts as past, the months asked about.
Out:   `Law`: a mixture of Student's t per series; p-values, expected values, half-widths.
Never: compares with the past's values as they were; growth and season are no drift.

Generalised least squares of level, trend and season with first-order memory. How strong the memory is, nobody knows
from a few years: every strength of a grid answers, weighted by its restricted likelihood, pooled over the series that
share a group.
"""

from __future__ import annotations

from collections import defaultdict
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
AT_ONCE = 4096

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
    for rows, known, levels in _alike(past, steps or {}):
        shape = _shape(known + first, span, levels)
        if shape is not None:
            here = np.stack([past[np.ix_(each, months)] for each, months in zip(rows, known, strict=True)])
            mean[rows], square[rows] = shape.fitted(here)
            likelihood[rows] = shape.constant[:, None] - 0.5 * shape.freedom * np.log(square[rows])
            factor[rows], freedom[rows] = shape.factor[:, None], shape.freedom
    error = np.sqrt(square / freedom[:, None] * factor)
    return Law(mean, error, _weights(likelihood, groups), freedom)


def _weights(likelihood: Array, groups: Whole | None) -> Array:
    if groups is not None:
        pooled = np.zeros((int(groups.max(initial=0)) + 1, likelihood.shape[1]))
        np.add.at(pooled, groups, np.nan_to_num(likelihood))
        likelihood = np.where(np.isfinite(likelihood), pooled[groups], np.nan)
    weight = np.exp(likelihood - likelihood.max(axis=1, keepdims=True))
    return weight / weight.sum(axis=1, keepdims=True)


def _alike(past: Array, steps: Steps) -> Iterator[tuple[Whole, Whole, tuple[int, ...]]]:
    """Yield what is solved together: rows (P, k) of P patterns of known months (P, n), and the new levels they had.

    The patterns know the same number of months, and as many rows follow each of them.
    """
    known = np.isfinite(past)
    for row, levels in steps.items():
        yield np.array([[row]]), np.flatnonzero(known[row])[None], levels
    plain = np.setdiff1d(np.arange(len(past)), list(steps))
    if not len(plain):
        return
    _, which, many = np.unique(np.packbits(known[plain], axis=1), axis=0, return_inverse=True, return_counts=True)
    members = np.split(plain[np.argsort(which, kind="stable")], np.cumsum(many)[:-1])
    alike: dict[tuple[int, int], list[Whole]] = defaultdict(list)
    for rows in members:
        for part in np.array_split(rows, -(-len(rows) // AT_ONCE)):
            alike[int(known[part[0]].sum()), len(part)].append(part)
    for (_, size), parts in alike.items():
        for start in range(0, len(parts), max(AT_ONCE // size, 1)):
            group = np.stack(parts[start : start + max(AT_ONCE // size, 1)])
            yield group, np.stack([np.flatnonzero(known[rows[0]]) for rows in group]), ()


@dataclass(frozen=True, eq=False)
class _Shape:
    """What the known months alone decide, for P patterns of n months and the 6 strengths of memory.

    `design` (P, n, p) of the known months, `white` (P, 6, n, p) without memory, `inverse` (P, 6, p, p) of its squares;
    `ahead` (P, p) of the months asked about, `kept` (P, 6) what is left there of the last deviation.
    """

    design: Array
    white: Array
    inverse: Array
    memory: Array
    scale: Array
    ahead: Array
    kept: Array
    factor: Array
    constant: Array
    freedom: int

    def fitted(self, values: Array) -> tuple[Array, Array]:
        """Return the expected value and the residual sum of squares of each row (P, k, n), both (P, k, 6)."""
        centre = values.mean(axis=2, keepdims=True)
        apart = values - centre
        white = _without_memory(apart[:, None], self.memory[:, :, None], self.scale[:, :, None])
        slopes = (white @ self.white) @ self.inverse
        square = ((white - slopes @ np.swapaxes(self.white, 2, 3)) ** 2).sum(axis=3)
        left = apart[:, None, :, -1] - (slopes @ self.design[:, None, -1, :, None])[..., 0]
        mean = (slopes @ self.ahead[:, None, :, None])[..., 0] + self.kept[..., None] * left
        return np.swapaxes(mean, 1, 2) + centre, np.maximum(np.swapaxes(square, 1, 2), LEAST_SQUARES)


def _shape(known: Whole, span: Span, levels: tuple[int, ...]) -> _Shape | None:
    """Return what months `known` (P, n) decide; None where they do not suffice or a new level has no month yet."""
    count = known.shape[1]
    if not count or any(known[0, -1] < month <= span.target for month in levels):
        return None
    levels = tuple(month for month in levels if known[0, 0] < month <= known[0, -1])
    asked = np.broadcast_to(span.months(), (len(known), span.window))
    middle, waves = known.mean(axis=1, keepdims=True), _waves(count, span)
    design = _design(known, middle, waves, span, levels)
    freedom = count - design.shape[2]
    if freedom < LEAST_FREEDOM:
        return None
    memory = _power(np.diff(known))
    scale = 1 / np.sqrt(1 - memory**2)
    rows = np.swapaxes(design, 1, 2)[:, None]
    white = np.swapaxes(_without_memory(rows, memory[:, :, None], scale[:, :, None]), 2, 3)
    squares = np.swapaxes(white, 2, 3) @ white
    inverse = np.asarray(np.linalg.inv(squares))
    ahead = _design(asked, middle, waves, span, levels).mean(axis=1)
    kept = _power(asked - known[:, -1:]).mean(axis=2)
    beyond = ahead[:, None] - kept[..., None] * design[:, None, -1]
    months = span.months()
    apart = _power(np.abs(np.subtract.outer(months, months)).reshape(1, -1)).mean(axis=2)
    learned = np.einsum("kgp,kgpq,kgq->kg", beyond, inverse, beyond)
    return _Shape(
        design=design,
        white=white,
        inverse=inverse,
        memory=memory,
        scale=scale,
        ahead=ahead,
        kept=kept,
        factor=np.maximum(apart - kept**2 + learned, 1e-9),
        constant=np.log(scale).sum(axis=2) - 0.5 * np.linalg.slogdet(squares)[1],
        freedom=freedom,
    )


def _waves(count: int, span: Span) -> int:
    if not span.trend or count < ONE_WAVE_MONTHS:
        return 0
    return 1 if count < TWO_WAVES_MONTHS else 2


def _design(months: Whole, middle: Array, waves: int, span: Span, levels: tuple[int, ...]) -> Array:
    """Return level, trend, season and new levels of months (P, n): (P, n, p)."""
    columns: list[Array] = [np.ones(months.shape)]
    if span.trend:
        columns.append(np.asarray((months - middle) / 12.0, float))
    for wave in range(1, waves + 1):
        angle = 2 * np.pi * wave * months / 12
        columns += [np.cos(angle), np.sin(angle)]
    columns += [(months >= month).astype(float) for month in levels]
    return np.stack(columns, axis=2)


def _power(months: Whole) -> Array:
    """Return what is left of a deviation after so many months (P, n): (P, 6, n)."""
    return np.power(MEMORY[None, :, None], months[:, None, :].astype(float))


def _without_memory(values: Array, memory: Array, scale: Array) -> Array:
    """Return values (…, n) as they would be without memory: each month less what the one before left."""
    later = (values[..., 1:] - memory * values[..., :-1]) * scale
    return np.concatenate([np.broadcast_to(values[..., :1], (*later.shape[:-1], 1)), later], axis=-1)
