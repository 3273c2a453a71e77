"""Did an input leave the way its own past points, and by enough to matter?

In:    a `Panel`, the month in question, where the model was last trained.
Out:   `Checked`: per scope and input what was expected, how far off it is, how surprising that is.
Never: calls growth or season a change; calls a surprise a change that nobody would notice in practice.

Two questions, one answer: has the input left the path the model was trained on (from the training on), and did
something happen this month (from last month on)? Twice the smaller p-value, times the number of inputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import special

from forecast_core.drift.expectation import Law, Span, Steps, law
from forecast_core.drift.inputs import Input, Panel, as_measured, which_shares

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
AMBER_P, RED_P = 0.05, 0.01
LEAST_PAST_MONTHS = 6
SHORT_MONTHS = 12
BAND = 0.9
Explained = Mapping[tuple[str, str], tuple[np.datetime64, ...]]


@dataclass(frozen=True)
class Materiality:
    """What is large enough to matter; these are settings, the levels of p are not.

    `amount` relative change of files, size or rate; `share` points of a share (0–1); `forecast` relative change of the
    next twelve months; `portfolio` share of all GB; `bias_amber`, `bias_red` relative error of the forecast.
    """

    amount: float = 0.10
    share: float = 0.03
    forecast: float = 0.10
    portfolio: float = 0.03
    bias_amber: float = 0.05
    bias_red: float = 0.10


USUAL = Materiality()


@dataclass(frozen=True, eq=False)
class Checked:
    """One month; arrays (n + 1, 7), values as they are measured, NaN where the past does not suffice.

    `effect` observed over expected on the transformed scale; `p` adjusted for two questions and all inputs;
    `from_training`, `from_last_month` the two p-values as they are; `noticeable` the smallest change that would be
    noticed: relative for amounts, points for shares; `past_months` known before.
    """

    month: np.datetime64
    scopes: tuple[str, ...]
    observed: Array
    expected: Array
    lower: Array
    upper: Array
    effect: Array
    error: Array
    p: Array
    from_training: Array
    from_last_month: Array
    noticeable: Array
    noticeable_red: Array
    past_months: NDArray[np.int64]
    inputs: tuple[Input, ...]
    materiality: Materiality = field(default=USUAL)

    @property
    def change(self) -> Array:
        """Return how far off: relative for amounts (.31 is 31 % above), points for shares."""
        return np.where(which_shares(self.inputs), self.observed - self.expected, np.expm1(self.effect))

    @property
    def matters(self) -> Flags:
        """Return where the change is large in practice."""
        shares = which_shares(self.inputs)
        least = np.where(shares, self.materiality.share, np.log1p(self.materiality.amount))
        return np.asarray(np.abs(np.where(shares, self.change, self.effect)) >= least)

    @property
    def noticed(self) -> Flags:
        """Return what is surprising and large: amber at least."""
        return np.asarray((self.p < AMBER_P) & self.matters)

    @property
    def striking(self) -> Flags:
        """Return what becomes red if it moves the forecast."""
        return np.asarray((self.p < RED_P) & self.matters)

    @property
    def can_tell(self) -> Flags:
        """Return whether a scope's past suffices to judge anything, (n + 1,)."""
        return np.asarray(np.isfinite(self.p).any(axis=1))


def check(
    panel: Panel,
    month: np.datetime64,
    trained: np.datetime64,
    explained: Explained | None = None,
    materiality: Materiality = USUAL,
) -> Checked:
    """Return the check of one month; `trained` is the last month that the model in use had learned from.

    `explained` are months from which a scope's input has a new level, because somebody said so.
    """
    at = int((month - panel.months[0]).astype(int))
    origin = min(int((trained - panel.months[0]).astype(int)), at - 1)
    steps = _steps(panel, explained or {})
    last = _law(panel, at - 1, at, steps)
    first = last if origin == at - 1 else _law(panel, origin, at, steps)
    shape = panel.values.shape[:2]
    observed = panel.series[:, at]
    p_first, p_last = (each.p_value(observed).reshape(shape) for each in (first, last))
    p_first = np.where(np.isfinite(p_first), p_first, p_last)
    watched = np.maximum(np.isfinite(p_last).sum(axis=1, keepdims=True), 1)
    p = np.minimum(2 * watched * np.minimum(p_first, p_last), 1.0)
    use_first = (p_first < p_last).ravel()
    expected, error = (np.where(use_first, *pair) for pair in _pairs(first, last))
    half = np.where(use_first, first.half_width(BAND), last.half_width(BAND))
    ends = (expected, expected - half, expected + half)
    measured = [as_measured(each.reshape(shape), panel.is_share) for each in ends]
    past = np.isfinite(panel.values[:, 0, :at]).sum(axis=1)
    return Checked(
        month=month,
        scopes=panel.scopes,
        observed=panel.raw[:, :, at],
        expected=measured[0],
        lower=measured[1],
        upper=measured[2],
        effect=(observed - expected).reshape(shape),
        error=error.reshape(shape),
        p=p,
        from_training=p_first,
        from_last_month=p_last,
        noticeable=_noticeable(last, panel, watched, AMBER_P, materiality),
        noticeable_red=_noticeable(last, panel, watched, RED_P, materiality),
        past_months=past,
        inputs=panel.inputs,
        materiality=materiality,
    )


def _law(panel: Panel, origin: int, at: int, steps: Steps) -> Law:
    found = law(panel.series, Span(origin, at), panel.groups, steps)
    count = np.isfinite(panel.series[:, : origin + 1]).sum(axis=1)
    return Law(found.mean, found.error, found.weight, np.where(count >= LEAST_PAST_MONTHS, found.freedom, np.nan))


def _pairs(first: Law, last: Law) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    return (first.expected, last.expected), (first.spread, last.spread)


def _steps(panel: Panel, explained: Explained) -> Steps:
    found = {}
    names = [item.name for item in panel.inputs]
    for (scope, name), months in explained.items():
        if scope in panel.scopes and name in names:
            row = panel.scopes.index(scope) * len(names) + names.index(name)
            found[row] = tuple(sorted(int((month - panel.months[0]).astype(int)) for month in months))
    return found


def _noticeable(found: Law, panel: Panel, watched: Array, level: float, materiality: Materiality) -> Array:
    """Return the smallest change that would be noticed next month."""
    shape, shares = panel.values.shape[:2], panel.is_share
    tail = level / (2 * watched * 2)
    far = special.stdtrit(found.freedom.reshape(shape), 1 - tail) * found.spread.reshape(shape)
    expected = found.expected.reshape(shape)
    points = as_measured(expected + far, shares) - as_measured(expected, shares)
    least = np.where(shares, materiality.share, materiality.amount)
    return np.maximum(np.where(shares, points, np.expm1(far)), least)
