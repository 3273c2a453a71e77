"""Every question of one what-if, asked in one batch.

In:    a `View`, its `Ranges`, a checked scenario and its baseline.
Out:   `Batch`: baseline, scenario, the corners of the moved levers, one step of every lever, and the flows of all.
Never: predicts twice.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from forecast_core.estimators import Flows, Model, Plan
from forecast_core.scenario import LeverRange, Ranges, Scenario, corners, plan
from forecast_core.scenario.levers import HORIZON, MIX, START
from forecast_core.service.learned import View

SHARES = frozenset(lever.name for lever in MIX)
SHARE_STEP, PERCENT_STEP = 0.05, 0.005
SINGLE = ("age", "size class", "versions", "switch", "months")


@dataclass(frozen=True, eq=False)
class Batch:
    """Every question asked at once: 0 the baseline, 1 the scenario, then corners of moved levers, then single steps.

    `players` are the moved levers, the shares of the mix as one; `steps` are lever and size of each single step.
    """

    scenarios: tuple[Scenario, ...]
    flows: Flows
    plan: Plan
    players: tuple[tuple[str, ...], ...]
    steps: tuple[tuple[str, float], ...]

    @property
    def first_step(self) -> int:
        """Index of the first single step."""
        return 2 + 2 ** len(self.players)


def ask(view: View, known: Ranges, scenario: Scenario, base: Scenario) -> Batch:
    """Return the answered batch of a scenario."""
    return batch(known, scenario, base, lambda asked: plan(asked, base, view.now), view.model)


def batch(
    known: Ranges, scenario: Scenario, base: Scenario, plan_of: Callable[[Sequence[Scenario]], Plan], model: Model
) -> Batch:
    """Return the batch of a scenario, planned and answered as told."""
    players = _players(scenario.moved(base))
    steps = _steps(known, scenario)
    stepped = [_stepped(scenario, name, step) for name, step in steps]
    asked = (base, scenario, *_cornered(scenario, base, players), *stepped)
    question = plan_of(asked)
    return Batch(asked, model.predict(question), question, players, steps)


def _players(moved: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Group the shares of the mix into one player; every other moved lever stands for itself."""
    shares = tuple(name for name in moved if name in SHARES)
    single = tuple((name,) for name in moved if name not in shares)
    return (*single, shares) if shares else single


def _cornered(scenario: Scenario, base: Scenario, players: Sequence[tuple[str, ...]]) -> list[Scenario]:
    """Return the scenario at every corner: each player where it was moved to, or where it stood."""
    return [
        scenario.back_to(base, [name for index, player in enumerate(players) if index not in on for name in player])
        for on in corners(len(players))
    ]


def _steps(known: Ranges, scenario: Scenario) -> tuple[tuple[str, float], ...]:
    movable = (item for item in known.available() if item.lever not in (START, HORIZON))
    return tuple((item.lever.name, _one_step(item, scenario)) for item in movable)


def _one_step(item: LeverRange, scenario: Scenario) -> float:
    """Return about a tenth of today's value in round numbers, five points of a share; downwards at the upper bound."""
    value = scenario.values[item.lever.name]
    if item.lever.unit in SINGLE:
        step = item.step
    elif item.lever.unit == "percent":
        step = SHARE_STEP if item.lever in MIX else PERCENT_STEP
    else:
        reach = item.today if item.today > 0 else (item.upper - item.lower) / 4
        least = 10.0**-item.lever.digits
        power = 10.0 ** math.floor(math.log10(max(reach / 10, least)))
        step = max(factor * power for factor in (1, 2, 5) if factor * power <= max(reach / 10, least))
    return step if value + step <= item.upper else -step


def _stepped(scenario: Scenario, name: str, step: float) -> Scenario:
    """Return the scenario one step on; a share that would pass 100 % with the others goes down instead."""
    if name in SHARES:
        others = sum(scenario.values[other] for other in SHARES if other != name)
        if scenario.values[name] + step + others > 1:
            return scenario.with_values(**{name: max(scenario.values[name] - abs(step), 0.0)})
    return scenario.with_values(**{name: scenario.values[name] + step})
