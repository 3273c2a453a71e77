"""One month looked at: data, inputs, forecast, accuracy, and what it all comes to.

In:    a data set's history or inventory, what was learned of it, frozen forecasts, explained alarms, prices.
Out:   `Month`, the raw findings of one month.
Never: remembers or tells anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from forecast_core.drift.accuracy import Bias, accuracy
from forecast_core.drift.changes import BAND, LEAST_PAST_MONTHS, Checked, Explained, Materiality, check
from forecast_core.drift.estate import Vanished, estate_panel, largest_loss, vanished
from forecast_core.drift.expectation import Span, law
from forecast_core.drift.inputs import FILES, Panel, as_measured
from forecast_core.drift.quality import Fault, faults, on_hold
from forecast_core.drift.track import Said
from forecast_core.drift.verdict import (
    Colour,
    Finding,
    Overall,
    Stake,
    Tile,
    from_accuracy,
    from_faults,
    from_inputs,
    overall,
    ranked,
)
from forecast_core.history import ALL, History
from forecast_core.inventory import Cubes
from forecast_core.scenario import Prices
from forecast_core.service.learned import Learned
from forecast_core.service.watch.errors import past_forecasts
from forecast_core.service.watch.stakes import stakes, total

Array = NDArray[np.float64]
FIRST_CHECK = LEAST_PAST_MONTHS
REFERENCE_MONTHS = 12
MOST_SERIES, SHOWN_STEPS = 2000, 24
Counts = Literal["forecast", "stock"]  # what the GB at risk are GB of
BYTES_PER_GB = 2**30


@dataclass(frozen=True, eq=False)
class Month:
    """Everything found in one month."""

    month: np.datetime64
    trained: np.datetime64
    panel: Panel
    checked: Checked
    findings: tuple[Finding, ...]
    overall: Overall
    forecast: Tile
    moved: Stake
    yearly_gb: Mapping[str, float]
    bias: Bias | None
    growth: float
    vanished: Vanished | None = None
    counts: Counts = "forecast"

    @cached_property
    def path(self) -> Array:
        """What the past up to the training expects of each month since, and its 90 % band: (3, n + 1, inputs, T)."""
        origin = self._at(self.trained)
        return self._expected([(origin, at) for at in range(origin + 1, len(self.panel.months))])

    @cached_property
    def steps(self) -> Array:
        """What the past up to the month before expects of each of the last months, as `path`."""
        total = len(self.panel.months)
        return self._expected([(at - 1, at) for at in range(max(total - SHOWN_STEPS, FIRST_CHECK), total)])

    def _at(self, month: np.datetime64) -> int:
        return int((month - self.panel.months[0]).astype(int))

    def _expected(self, asked: list[tuple[int, int]]) -> Array:
        """Return expected values and bands of (origin, month); of a very large panel only the last month."""
        panel, shape = self.panel, (3, *self.panel.raw.shape)
        out = np.full(shape, np.nan)
        for origin, at in asked if len(panel.series) <= MOST_SERIES else asked[-1:]:
            seen = law(panel.series, Span(origin, at), panel.groups)
            middle, half = seen.expected, seen.half_width(BAND)
            ends = np.stack([middle, middle - half, middle + half]).reshape(3, *shape[1:3])
            out[..., at] = as_measured(ends, panel.is_share)
        return out

    def from_training(self, row: int, column: int) -> bool:
        """Return which question the verdict stands on: the path since the training, or the step since last month."""
        first, last = self.checked.from_training[row, column], self.checked.from_last_month[row, column]
        return bool(first <= last or np.isnan(last))

    def since(self, scope: str, what: str) -> np.datetime64:
        """Return the first of the months in a row, up to this one, that were outside the band on the same side."""
        names = [item.name for item in self.panel.inputs]
        if scope not in self.panel.scopes or what not in names:
            return self.month
        row, column = self.panel.scopes.index(scope), names.index(what)
        expected = self.path if self.from_training(row, column) else self.steps
        value, lower, upper = self.panel.raw[row, column], *expected[1:, row, column]
        side = np.where(value > upper, 1, np.where(value < lower, -1, 0))
        other = np.flatnonzero(side[:-1] != side[-1])
        return self.panel.months[int(other[-1]) + 1 if len(other) and side[-1] else -1]


@dataclass(frozen=True, eq=False)
class Asked:
    """What a month is judged by; `trained` is None where the model that answers was never published."""

    month: np.datetime64
    trained: np.datetime64 | None
    explained: Explained
    materiality: Materiality
    prices: Prices


def reference(first: np.datetime64, asked: Asked) -> np.datetime64:
    """Return the month up to which the past counts as usual: the training, or a year ago where there was none since."""
    if asked.trained is not None and asked.trained < asked.month:
        return asked.trained
    since = max(asked.month - REFERENCE_MONTHS, first + FIRST_CHECK - 1)
    return min(since, asked.month - 1)


def of_history(
    history: History, learned: Learned, said: Iterable[Said], asked: Asked, also: tuple[Finding, ...] = ()
) -> Month:
    """Return what is found in a month of a history; later months are not looked at. `also` was found elsewhere."""
    past = history.until(asked.month)
    trained = reference(past.months[0], asked)
    panel, checked, found = _checked(past, trained, asked)
    held = on_hold(found)
    gb, moved = stakes(learned, past, checked, asked.prices)
    bias = _accuracy(learned, past, said, trained, asked)
    quality = tuple(replace(each, stake=_all_of(each.scope, gb)) for each in from_faults(found))
    inputs = from_inputs(checked, moved, held)
    late = from_accuracy(bias, (*past.scopes, ALL), asked.month, gb, _price(asked)) if bias else ()
    late = tuple(each for each in late if each.scope not in held)
    findings = ranked((*also, *quality, *inputs, *late))
    can = {"inputs": bool(checked.can_tell.any()), "accuracy": bool(bias is not None and bias.can_tell.any())}
    everything = total({scope: stake for scope, stake in moved.items() if scope not in held}, gb)
    return Month(
        month=asked.month,
        trained=trained,
        panel=panel,
        checked=checked,
        findings=findings,
        overall=overall(findings, gb, can, asked.materiality),
        forecast=_forecast_tile(everything, inputs, can["inputs"], asked.materiality),
        moved=everything,
        yearly_gb=gb,
        bias=bias,
        growth=_growth(panel, trained),
    )


def _checked(past: History, trained: np.datetime64, asked: Asked) -> tuple[Panel, Checked, tuple[Fault, ...]]:
    """Return panel, check and faults; scopes with a fault are taken out of ALL and the check is made again."""
    panel = Panel.of(past)
    checked = check(panel, asked.month, trained, asked.explained, asked.materiality)
    found = faults(past, checked)
    if found and len(past.scopes) > 1:
        panel = Panel.of(past, on_hold(found))
        checked = check(panel, asked.month, trained, asked.explained, asked.materiality)
    return panel, checked, found


def _accuracy(
    learned: Learned, past: History, said: Iterable[Said], trained: np.datetime64, asked: Asked
) -> Bias | None:
    """Return the state of the forecasts; None where only one month is known."""
    if len(past.months) < 2:
        return None
    told = past_forecasts(learned, past, said)
    at, origin = len(past.months) - 1, int((trained - past.months[0]).astype(int))
    return accuracy(told.errors, told.outside(origin), at, origin, asked.materiality)


def _all_of(scope: str, gb: Mapping[str, float]) -> Stake:
    """A scope on hold puts its whole forecast at risk."""
    return Stake(gb.get(scope, 0.0), 1.0)


def _price(asked: Asked) -> float:
    """Return what a GB archived evenly over a year saves in it, stored data only."""
    return (asked.prices.primary - asked.prices.archive) * (REFERENCE_MONTHS + 1) / 2


def _forecast_tile(moved: Stake, inputs: tuple[Finding, ...], can_tell: bool, materiality: Materiality) -> Tile:
    """Return the colour of "Has the forecast moved?": a consequence of the inputs, never an alarm of its own."""
    if not can_tell:
        return Tile("grey")
    colour: Colour = "amber" if abs(moved.ratio) >= materiality.forecast else "green"
    return Tile(colour, tuple(dict.fromkeys(each.scope for each in inputs)))


def _growth(panel: Panel, trained: np.datetime64) -> float:
    """Return how many more files there are now than on average up to the training, relative; NaN if unknown."""
    files = panel.raw[-1, FILES]
    before = files[: int((trained - panel.months[0]).astype(int)) + 1]
    known = before[np.isfinite(before)]
    return float(files[-1] / known.mean() - 1) if len(known) and known.mean() > 0 else float("nan")


def of_inventory(cubes: Cubes, asked: Asked, forecast_gb: Mapping[str, float]) -> Month:
    """Return what is found in a month of an inventory that was taken month by month.

    Where the rule in force takes nothing, what is at risk are GB that lie there.
    """
    past = cubes.until(asked.month)
    counts: Counts = "forecast" if forecast_gb.get(ALL, 0.0) > 0 else "stock"
    gb = dict(forecast_gb) if counts == "forecast" else _stock(past)
    panel = estate_panel(past)
    trained = reference(panel.months[0], asked)
    checked = check(panel, asked.month, trained, asked.explained, asked.materiality)
    lost = vanished(past.cubes[-2], past.cubes[-1]) if len(past.cubes) > 1 else ()
    moved = {
        scope: _in_proportion(gb.get(scope, 0.0), float(checked.effect[row, FILES]))
        for row, scope in enumerate(checked.scopes)
        if checked.noticed[row, FILES]
    }
    findings = tuple(replace(each, signal="estate") for each in from_inputs(checked, moved))
    can = {"inputs": bool(checked.can_tell.any()), "accuracy": False}
    everything = total(moved, gb)
    return Month(
        month=asked.month,
        trained=trained,
        panel=panel,
        checked=checked,
        findings=ranked(findings),
        overall=overall(findings, gb, can, asked.materiality),
        forecast=_forecast_tile(everything, findings, can["inputs"], asked.materiality),
        moved=everything,
        yearly_gb=gb,
        bias=None,
        growth=_growth(panel, trained),
        vanished=largest_loss(lost),
        counts=counts,
    )


def _stock(cubes: Cubes) -> dict[str, float]:
    size = cubes.last.cells.groupby("scope")["bytes"].sum() / BYTES_PER_GB
    return {**{str(scope): float(gb) for scope, gb in size.items()}, ALL: float(size.sum())}


def _in_proportion(gb: float, effect: float) -> Stake:
    """Return what files that were not expected move, everything else being equal."""
    return Stake(gb * float(-np.expm1(-effect)), float(np.expm1(effect)))
