"""What matters most: each lever and assumption at both ends of a range, run again; and two levers against each other.

In:    a scenario, what is measured.
Out:   `Tornado`, the widest bar first; `LeverMap` of two levers.
Never: calls a range of ours a measurement: it says what the ends are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast_core.errors import PriceError, ScenarioError
from forecast_core.money import Case, knobs
from forecast_core.money.knobs import Knob
from forecast_core.scenario import LeverRange, Scenario
from forecast_core.scenario.levers import ARCHIVE_PRICE, HORIZON, MIX, PRIMARY_PRICE, RECALL
from forecast_core.service.measuring import YEAR, Measuring
from forecast_core.service.seeking import SHARES, movable

Array = NDArray[np.float64]
POINTS = 9
# How far each kind of lever is swung: times for amounts, plus and minus for shares and steps.
TIMES = {"archive_frequency_per_day": (0.5, 2.0), "touch_ratio": (0.5, 1.5), "footprint_ratio": (0.6, 1.1)}
USUAL_TIMES = (0.8, 1.25)
PLUS = {"growth_ratio_per_month": 0.01, "arrivals_growth_ratio_per_month": 0.02, "rule_months": 6, "smallest_class": 2,
        "class_limit": 2, **dict.fromkeys(SHARES, 0.1)}  # fmt: skip
FROM_NOTHING = {"recall_ratio_per_month": 0.02, "deleted_ratio_per_month": 0.01, "ramp_months": 12, "keep_versions": 2}
# With money these are swung as assumptions of the bill.
BILLED = (RECALL.name, PRIMARY_PRICE.name, ARCHIVE_PRICE.name)


@dataclass(frozen=True)
class Bar:
    """What the ends of a range come to; `decided` is whether it is a decision and not a belief. `unit` as levers."""

    name: str
    title: str
    unit: str
    decided: bool
    lower: float
    upper: float
    value_lower: float
    value_upper: float

    @property
    def width(self) -> float:
        """How far apart both ends are."""
        return abs(self.value_upper - self.value_lower)


@dataclass(frozen=True)
class Tornado:
    """Every bar, the widest first; `value` is what the scenario itself comes to over `months`."""

    yardstick: str
    value: float
    months: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, eq=False)
class LeverMap:
    """Two levers against each other: `values` (rows of `down`, columns of `across`); `here` is the scenario's own."""

    yardstick: str
    across: LeverRange
    down: LeverRange
    across_at: Array
    down_at: Array
    values: Array
    here: tuple[float, float]
    months: int


def tornado(measuring: Measuring, scenario: Scenario, yardstick: str) -> Tornado:
    """Return what each lever and assumption does to a scenario."""
    with_money = yardstick in ("net", "net_per_year")
    every = movable(measuring.ground.known.available())
    items = [item for item in every if not (with_money and item.lever.name in BILLED)]
    ranged = [(item, *_ends(item, scenario)) for item in items]
    asked = [scenario]
    for item, lower, upper in ranged:
        asked += [_moved(scenario, item, at) for at in (lower, upper)]
    (values,) = measuring.of(asked, yardstick)
    bars = [
        Bar(item.lever.name, item.lever.title, item.lever.unit, not item.lever.assumed, lower, upper,
            float(values[2 * place + 1]), float(values[2 * place + 2]))
        for place, (item, lower, upper) in enumerate(ranged)
    ]  # fmt: skip
    if with_money:
        bars += _billed(measuring, scenario, 1.0 if yardstick == "net" else YEAR / measuring.months)
    shown = sorted((bar for bar in bars if np.isfinite(bar.width)), key=lambda bar: -bar.width)
    return Tornado(yardstick, float(values[0]), measuring.months, tuple(shown))


def _ends(item: LeverRange, scenario: Scenario) -> tuple[float, float]:
    name, value = item.lever.name, scenario.values[item.lever.name]
    if name in FROM_NOTHING:
        ends = (0.0, max(FROM_NOTHING[name], 2 * value))
    elif name in PLUS:
        ends = (value - PLUS[name], value + PLUS[name])
    elif item.lever.unit == "switch":
        ends = (0.0, 1.0)
    else:
        low, high = TIMES.get(name, USUAL_TIMES)
        ends = (low * value, high * value)
    lower, upper = (item.lever.rounded(min(max(end, item.lower), item.upper)) for end in ends)
    return lower, upper


def _moved(scenario: Scenario, item: LeverRange, at: float) -> Scenario:
    """Return the scenario with one lever moved; the other shares give way where a share needs the room."""
    name = item.lever.name
    if name not in SHARES:
        return scenario.with_values(**{name: at})
    others = sum(scenario.values[lever.name] for lever in MIX if lever.name != name)
    return scenario.with_values(**{name: min(at, max(1.0 - others, 0.0))})


def _billed(measuring: Measuring, scenario: Scenario, scale: float) -> list[Bar]:
    """Return the assumptions of the bill at both ends, in the same measure."""
    asked = scenario.with_values(**{HORIZON.name: measuring.months})
    question = measuring.ground.flows((asked,), measuring.base)
    (case,) = measuring.ground.cases(question, (asked,), measuring.base, (measuring.terms, measuring.book))
    return [
        Bar(f"bill_{knob.name}", knob.title, knob.unit, False, knob.lower, knob.upper,
            *(scale * _turned(case, knob, end) for end in (knob.lower, knob.upper)))
        for knob in knobs(case)
    ]  # fmt: skip


def _turned(case: Case, knob: Knob, end: float) -> float:
    """Return the sum of a case with a knob turned, NaN where that is not priced."""
    try:
        return float(knob.turn(case, end).ledger.net.sum())
    except PriceError:
        return float("nan")


def heat(measuring: Measuring, scenario: Scenario, yardstick: str, levers: tuple[str, str]) -> LeverMap:
    """Return what two levers come to together, each at nine places between its bounds."""
    known = {item.lever.name: item for item in movable(measuring.ground.known.available())}
    if len(set(levers) & set(known)) != 2:
        raise ScenarioError("A map needs two levers that can move.", allowed=", ".join(known))
    across, down = (known[name] for name in levers)
    across_at, down_at = (_places(item, scenario.values[item.lever.name]) for item in (across, down))
    asked = [
        _moved(_moved(scenario, down, float(row)), across, float(column)) for row in down_at for column in across_at
    ]
    (values,) = measuring.of(asked, yardstick)
    return LeverMap(
        yardstick=yardstick,
        across=across,
        down=down,
        across_at=across_at,
        down_at=down_at,
        values=values.reshape(len(down_at), len(across_at)),
        here=(scenario.values[across.lever.name], scenario.values[down.lever.name]),
        months=measuring.months,
    )


def _places(item: LeverRange, here: float) -> Array:
    """Return places between the bounds, half of them below where the lever stands and half above, itself among them."""
    below, above = np.linspace(item.lower, here, POINTS // 2 + 1), np.linspace(here, item.upper, POINTS // 2 + 1)
    whole = np.concatenate([below, above[1:]])
    return np.unique([item.lever.rounded(float(at)) for at in whole])
