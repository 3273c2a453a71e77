"""Levers set so that a goal is reached, at least cost.

In:    a goal, the levers that may move with their bounds, the scenario they start from.
Out:   `Found`: the setting, run again; other ways to the same.
Never: moves a lever that was not named, or beyond its bounds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast_core.errors import LeverError, LeverFault, ScenarioError
from forecast_core.scenario import LeverRange, Scenario, bounds_text
from forecast_core.scenario.levers import HORIZON, MIX, START
from forecast_core.scenario.search import Box, Way, seek
from forecast_core.service.measuring import Measuring

Array = NDArray[np.float64]
MOST_LEVERS = 5
WHOLE = ("age", "size class", "versions", "switch", "months")
AT_MOST: tuple[str, ...] = ("primary_gb",)
SHARES = tuple(lever.name for lever in MIX)


@dataclass(frozen=True)
class Goal:
    """What is to be reached over `months`: at least so much, or for what is on primary at most so much until a month.

    `cheapest` says what least cost means: the smallest change of the levers, or the most money left.
    """

    yardstick: str
    target: float
    cheapest: str = "change"
    until: int = 0


@dataclass(frozen=True)
class Setting:
    """One way: the scenario, what it comes to, and whether that reaches the goal; `lever` where only one moves."""

    scenario: Scenario
    value: float
    reached: bool
    lever: str = ""


@dataclass(frozen=True)
class Found:
    """What was found; `today` is what comes without moving anything. `tried` counts the settings looked at."""

    goal: Goal
    months: int
    best: Setting
    today: float
    was_there: bool
    alone: tuple[Setting, ...]
    as_good: tuple[Setting, ...]
    tried: int


def sought(measuring: Measuring, start: Scenario, goal: Goal, bounds: Mapping[str, tuple[float, float]]) -> Found:
    """Return the setting that reaches a goal; LeverError or ScenarioError for a question that cannot be asked."""
    names = tuple(bounds)
    box = _box(measuring, start, names, bounds)
    yardsticks: tuple[str, ...] = (goal.yardstick, "net") if goal.cheapest == "money" else (goal.yardstick,)

    def scenario(at: Array) -> Scenario:
        return start.with_values(**dict(zip(names, at.tolist(), strict=True)))

    def measure(settings: Array) -> tuple[Array, Array]:
        found = measuring.of([scenario(row) for row in settings], *yardsticks)
        return found[0], -found[1] if len(found) > 1 else box.change(settings)

    def setting(way: Way, lever: str = "") -> Setting:
        asked = scenario(way.at)
        (again,) = measuring.of([asked], goal.yardstick)
        return Setting(asked, float(again[0]), way.reached, lever)

    result = seek(measure, box, goal.target, at_most=goal.yardstick in AT_MOST)
    (today,) = measuring.of([start], goal.yardstick)
    return Found(
        goal=goal,
        months=measuring.months,
        best=setting(result.found),
        today=float(today[0]),
        was_there=result.was_there,
        alone=tuple(setting(way, name) for name, way in zip(names, result.alone, strict=False)),
        as_good=tuple(map(setting, result.as_good)),
        tried=result.tried,
    )


def movable(items: Sequence[LeverRange]) -> tuple[LeverRange, ...]:
    """Return the levers that a search may move."""
    return tuple(item for item in items if item.lever not in (START, HORIZON) and item.upper > item.lower)


def _box(measuring: Measuring, start: Scenario, names: Sequence[str], bounds: Mapping[str, tuple[float, float]]) -> Box:
    known = {item.lever.name: item for item in movable(measuring.ground.known.available())}
    if not 1 <= len(names) <= MOST_LEVERS:
        raise ScenarioError(f"{len(names)} levers were named.", allowed=f"1 to {MOST_LEVERS} levers")
    faults = [fault for name in names if (fault := _fault(name, known, bounds[name]))]
    if faults:
        raise LeverError(*faults, hint="Keep the bounds inside those of the lever.")
    items = [known[name] for name in names]
    fixed = sum(start.values.get(name, 0.0) for name in SHARES if name not in names)
    return Box(
        names=tuple(names),
        lower=np.array([min(bounds[name]) for name in names], float),
        upper=np.array([max(bounds[name]) for name in names], float),
        start=np.array([start.values[name] for name in names]),
        digits=np.array([item.lever.digits for item in items]),
        whole=np.array([item.lever.unit in WHOLE for item in items]),
        shares=tuple(place for place, name in enumerate(names) if name in SHARES),
        most=1.0 - fixed,
    )


def _fault(name: str, known: Mapping[str, LeverRange], asked: tuple[float, float]) -> LeverFault | None:
    if name not in known:
        return LeverFault(name[:40], f"{name[:40]} cannot be searched over here.", ", ".join(known))
    item, (lower, upper) = known[name], asked
    if item.lower - 1e-9 <= lower < upper <= item.upper + 1e-9:
        return None
    return LeverFault(name, f"{item.lever.title} between {lower:g} and {upper:g}.", bounds_text(item))
