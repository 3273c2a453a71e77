"""The scheme on many panels at once, and the usual test beside it.

In:    a `World`.
Out:   flags by panel, scope and watched month.
Never: knows what was put into the world, but for the effect of inputs on the flow, which a perfect model would know.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from forecast_core.drift.accuracy import accuracy
from forecast_core.drift.changes import USUAL, check
from forecast_core.drift.inputs import FILES, FREQUENCY, NAMES, SIZE, Panel, all_of, transformed
from tests.bench.drift.worlds import FREQUENCY_POWER, WATCHED, XLSX_EFFECT, World

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
FIRST = np.datetime64("2020-01", "M")
XLSX = NAMES.index("pct_xlsx")
FIRST_ERROR = 12
RIDGE = 0.02


@dataclass(frozen=True, eq=False)
class Watched:
    """Flags (R, S + 1, H); the last scope is ALL. `page` (R, H) is what the page would be red for."""

    amber: Flags
    red: Flags
    page_red: Flags
    worst: NDArray[np.int64]

    @property
    def scopes(self) -> Watched:
        """Return the same without ALL."""
        return Watched(self.amber[:, :-1], self.red[:, :-1], self.page_red, self.worst[:, :-1])


def panel_of(world: World) -> Panel:
    """Return all panels of a world as one: each learns by itself, and so does its ALL row."""
    inputs = world.inputs
    raw = np.concatenate([inputs, all_of(inputs)[:, None]], axis=1)
    panels, rows = raw.shape[:2]
    inside = np.r_[np.zeros(rows - 1, int), 1]
    learns = (2 * np.arange(panels)[:, None] + inside).reshape(-1, 1) * len(NAMES) + np.arange(len(NAMES))
    flat = raw.reshape(panels * rows, len(NAMES), -1)
    months = FIRST + np.arange(world.months)
    names = tuple(str(row) for row in range(len(flat)))
    return Panel(names, months, flat, transformed(flat), learns.ravel(), names)


def watch(world: World, months: int = WATCHED) -> Watched:
    """Return what the monthly check says in each watched month."""
    panel = panel_of(world)
    shape = (len(world.inputs), world.inputs.shape[1] + 1)
    found = []
    for month in range(world.trained, world.trained + months):
        checked = check(panel, panel.months[month], panel.months[world.trained - 1])
        effect = np.where(checked.noticed, checked.effect, 0.0)
        moved = effect[:, FILES] + effect[:, SIZE] + FREQUENCY_POWER * effect[:, FREQUENCY]
        points = np.where(checked.noticed[:, XLSX], checked.observed[:, XLSX] - checked.expected[:, XLSX], 0.0)
        ratio = np.expm1(moved + XLSX_EFFECT * np.nan_to_num(points))
        red = checked.striking.any(axis=1) & (np.abs(ratio) >= USUAL.forecast)
        worst = np.nan_to_num(checked.p, nan=2.0).argmin(axis=1)
        parts = (checked.noticed.any(axis=1), red, worst, np.where(red, np.abs(ratio), 0.0))
        found.append([part.reshape(shape) for part in parts])
    amber, red, worst, moved = (np.stack(each, axis=2) for each in zip(*found, strict=True))
    here = slice(world.trained, world.trained + months)
    gb = world.archived[:, :, here] / world.archived[:, :, here].sum(axis=1, keepdims=True)
    page = red[:, -1] | ((moved[:, :-1] * gb).sum(axis=1) >= USUAL.portfolio)
    return Watched(amber, red, page, worst)


def kolmogorov(world: World, window: int = 3, level: float = 0.05) -> float:
    """Return how often the usual test (any input, latest months against the training rows) would raise an alarm."""
    alarms = []
    for panel in world.inputs:
        training = panel[:, :, : world.trained]
        for month in range(world.trained, world.months):
            latest = panel[:, :, month - window + 1 : month + 1]
            values = (
                stats.ks_2samp(training[:, index].ravel(), latest[:, index].ravel(), method="asymp").pvalue
                for index in range(len(NAMES))
            )
            alarms.append(min(values) < level)
    return float(np.mean(alarms))


@dataclass(frozen=True, eq=False)
class Forecasts:
    """Errors log(actual / said) and 1 where outside the 90 % range, (R, S + 1, N); NaN before the first forecast."""

    errors: Array
    outside: Array

    @cached_property
    def flat(self) -> tuple[Array, Array]:
        """Both with panels and scopes in one axis."""
        return self.errors.reshape(-1, self.errors.shape[2]), self.outside.reshape(-1, self.outside.shape[2])


def forecasts(world: World) -> Forecasts:
    """Return the errors of a ridge on logarithms, one month ahead: learned anew each month, kept after the training."""
    x, y = _design(world), np.log(world.archived)
    said = np.full_like(y, np.nan)
    for month in range(FIRST_ERROR, world.months):
        known = min(month, world.trained)
        said[:, :, month] = _ridge(x[:, :, :known], y[:, :, :known], x[:, :, month])
    total = np.log(np.exp(said).sum(axis=1, keepdims=True))
    errors = np.concatenate([y - said, np.log(world.archived.sum(axis=1, keepdims=True)) - total], axis=1)
    usual = errors[:, :, FIRST_ERROR : world.trained]
    middle, count = usual.mean(axis=2, keepdims=True), usual.shape[2]
    half = stats.t.ppf(0.95, count - 1) * usual.std(axis=2, ddof=1, keepdims=True) * np.sqrt(1 + 1 / count)
    outside = np.where(np.isfinite(errors), (np.abs(errors - middle) > half).astype(float), np.nan)
    return Forecasts(errors, outside)


def _design(world: World) -> Array:
    """Return (R, S, N, 5): level, log GB on primary, log frequency, share of xlsx, month."""
    inputs = world.inputs
    gb = np.log(inputs[:, :, FILES] * inputs[:, :, SIZE])
    month = np.arange(world.months) * np.pi / 6
    shape = gb.shape
    waves = (np.broadcast_to(wave, shape) for wave in (np.cos(month), np.sin(month)))
    parts = (np.ones(shape), gb, np.log(inputs[:, :, FREQUENCY]), inputs[:, :, XLSX], *waves)
    return np.stack(parts, axis=-1)


def _ridge(x: Array, y: Array, new: Array) -> Array:
    """Return what is said of `new`, (R, S): slopes common to a panel, drawn to 1 for GB and 0 for the rest."""
    middle, level = x.mean(axis=2, keepdims=True), y.mean(axis=2, keepdims=True)
    flat = (x - middle)[..., 1:].reshape(len(x), -1, x.shape[3] - 1)
    goal = np.zeros(x.shape[3] - 1)
    goal[0] = 1.0
    left = (y - level).reshape(len(x), -1) - flat @ goal
    size = np.array([0.1, 0.1, 0.05, 1.0, 1.0])
    penalty = RIDGE / size**2
    gram = np.swapaxes(flat, 1, 2) @ flat + np.diag(penalty)
    slopes = goal + np.linalg.solve(gram, (np.swapaxes(flat, 1, 2) @ left[..., None]))[..., 0]
    return level[..., 0] + np.einsum("rsp,rp->rs", (new - middle[:, :, 0])[..., 1:], slopes)


def accurate(world: World, said: Forecasts, months: int = WATCHED) -> tuple[Flags, Flags, Flags]:
    """Return amber, red and "range broke" flags, each (R, S + 1, H)."""
    panels, rows = said.errors.shape[:2]
    out = np.zeros((3, panels, rows, months), bool)
    for panel in range(panels):
        for month in range(months):
            found = accuracy(said.errors[panel], said.outside[panel], world.trained + month, world.trained - 1)
            out[:, panel, :, month] = found.is_amber, found.is_red, found.range_broke
    return out[0], out[1], out[2]
