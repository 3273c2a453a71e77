"""Every model on every world: next month, twelve months, moved levers, far outside, along a grid.

In:    worlds and estimators.
Out:   a `Tally`.
Never: shows a model more than the user of that month would have seen, but for the policy, which is a plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forecast_core.backtest import recorded_plan
from forecast_core.estimators import Estimator, Evidence, Model, Plan
from forecast_core.features import today
from forecast_core.history import History
from tests.bench.accuracy.tally import Tally
from tests.bench.accuracy.worlds import Moves, World

Array = NDArray[np.float64]
FACTORS = np.array([0.5, 0.75, 1.5, 2.0])
LEVERS = ("frequency", "files", "size")
GRID = np.geomspace(0.5, 2.0, 25)
DEAD = 1e-6
ONE_STEP_MONTHS = 6
EXTREME = 1.5
ORACLE = "oracle"


@dataclass(frozen=True, eq=False)
class Stand:
    """A world when `month` was its last closed month; only the scopes known by then."""

    world: World
    month: int

    @property
    def known(self) -> History:
        """What was known."""
        return self.world.history.until(self.world.history.months[self.month])

    @property
    def rows(self) -> list[int]:
        """Which scopes of the world are known."""
        return [self.world.history.scopes.index(scope) for scope in self.known.scopes]

    def plan(self, moves: Moves, months: int) -> Plan:
        """Return the questions as a plan: the frequency of the next month held, times each move."""
        base = recorded_plan(self.known, self.known.last_month, months)
        frequency = self.world.frequency[self.rows, self.month + 1] * self._own(moves.frequency)
        shape = (len(frequency), len(self.rows), months)

        def held(values: Array) -> Array:
            return np.broadcast_to(values[..., None], shape)

        return replace(
            base,
            frequency_per_day=held(frequency),
            files_ratio=held(self._own(moves.files)),
            size_ratio=held(self._own(moves.size)),
            growth_added=np.zeros(shape),
            mix=np.broadcast_to(base.mix, (*shape, 3)),
        )

    def truth(self, moves: Moves, months: int, draws: int = 40) -> Array:
        """Return what would come, (K, draws, n, months)."""
        return self.world.ahead(self.month, months, moves, draws)[:, :, self.rows]

    def _own(self, factor: Array) -> Array:
        return factor if factor.shape[1] == 1 else factor[:, self.rows]


def learn(stand: Stand, estimators: Sequence[Estimator]) -> dict[str, Model]:
    """Return every model learned on what was known."""
    return {estimator.name: estimator.fit(Evidence(stand.known)) for estimator in estimators}


def try_all(tally: Tally, world: World, training_months: Sequence[int], estimators: Sequence[Estimator]) -> None:
    """Put every model through every trial of a world."""
    for months in training_months:
        stand = Stand(world, months - 1)
        models = learn(stand, estimators)
        next_months(tally, stand, models)
        twelve_months(tally, stand, models)
        moved_levers(tally, stand, models)
        far_outside(tally, stand, models)
        along_a_grid(tally, stand, models)


def next_months(tally: Tally, stand: Stand, models: dict[str, Model]) -> None:
    """One month ahead from six months in a row, learned once; the oracle knows the hidden state but not the luck."""
    world, name, rows = stand.world, stand.world.name, stand.rows
    history = world.history.only(stand.known.scopes)
    for month in range(stand.month, stand.month + ONE_STEP_MONTHS):
        known = history.until(world.history.months[month])
        plan = recorded_plan(history, known.last_month, 1)
        archived, savings = world.archived_gb[rows, month + 1], world.savings_gb[rows, month + 1]
        for model_name, model in models.items():
            flows = model.update(Evidence(known)).predict(plan)
            tally.errors("one step archived", model_name, name, flows.archived_gb[0, :, 0], archived)
            tally.errors("one step savings", model_name, name, flows.savings_gb[0, :, 0], savings)
        oracle = Stand(world, month).world.ahead(month, 1, Moves.single(np.empty(0)), 200)[0, :, rows, 0].mean(axis=1)
        tally.errors("one step archived", ORACLE, name, oracle, archived)


def twelve_months(tally: Tally, stand: Stand, models: dict[str, Model]) -> None:
    """The sum of the next twelve months, the recorded policy known, per scope and of all."""
    world = stand.world
    actual = world.archived_gb[stand.rows, stand.month + 1 : stand.month + 13].sum(axis=1)
    history = world.history.only(stand.known.scopes)
    plan = recorded_plan(history, stand.known.last_month, 12)
    for model_name, model in models.items():
        total = model.predict(plan).archived_gb[0].sum(axis=1)
        tally.errors("12-month total, scope", model_name, world.name, total, actual)
        tally.errors("12-month total, all", model_name, world.name, total.sum(keepdims=True), actual.sum(keepdims=True))


def moved_levers(tally: Tally, stand: Stand, models: dict[str, Model], months: int = 24) -> None:
    """One lever moved: how wrong is the change, in the first month and for the frequency over 24 months."""
    moves = Moves.single(FACTORS)
    truth = stand.truth(moves, months).mean(axis=1)
    first, whole = truth[..., 0], truth.sum(axis=-1)
    for model_name, model in models.items():
        said = model.predict(stand.plan(moves, months)).archived_gb
        for index, lever in enumerate(LEVERS):
            which = slice(1 + index * len(FACTORS), 1 + (index + 1) * len(FACTORS))
            change, true = said[which, :, 0] - said[0, :, 0], first[which] - first[0]
            tally.errors("effect, one step", model_name, stand.world.name, change, true)
            tally.errors(f"effect, one step: {lever}", model_name, stand.world.name, change, true)
            if months > 1:
                change, true = (flow[which] - flow[0] for flow in (said.sum(axis=-1), whole))
                tally.errors(f"effect, {months} months: {lever}", model_name, stand.world.name, change, true)


def far_outside(tally: Tally, stand: Stand, models: dict[str, Model]) -> None:
    """Each lever, then all, at 1.5 × the largest value seen: by anyone in the panel, and by the scope itself."""
    for largest in ("panel", "own"):
        moves = _extremes(stand, largest)
        truth = stand.truth(moves, 1, 100).mean(axis=1)[1:, :, 0]
        for model_name, model in models.items():
            said = model.predict(stand.plan(moves, 1)).archived_gb[1:, :, 0]
            tally.errors(f"level at 1.5 × largest, {largest}", model_name, stand.world.name, said, truth)


def _extremes(stand: Stand, largest: str) -> Moves:
    known, now = stand.known, today(stand.known)
    levels = {
        "archive_frequency_per_day": stand.world.frequency[stand.rows, stand.month + 1],
        "total_files": now.total_files,
        "avg_file_size_mb": now.avg_file_size_mb,
    }
    factors = np.ones((3, 5, len(stand.world.frequency)))
    for index, (name, level) in enumerate(levels.items()):
        most = np.nanmax(known.grid(name), axis=1) if largest == "own" else np.nanmax(known.grid(name))
        factors[np.ix_([index], [1 + index, 4], stand.rows)] = EXTREME * most / level
    return Moves(*factors)


def along_a_grid(tally: Tally, stand: Stand, models: dict[str, Model]) -> None:
    """25 points from half to double: steps the wrong way, steps that do not move; the true sign is never negative."""
    moves = Moves.single(GRID)
    for model_name, model in models.items():
        said = model.predict(stand.plan(moves, 1)).archived_gb[1:, :, 0].reshape(len(LEVERS), len(GRID), -1)
        step = np.diff(said, axis=1) / np.maximum(said[:, :-1], 1e-12)
        tally.count("wrong-sign steps", model_name, stand.world.name, float((step < -DEAD).sum()), step.size)
        tally.count("dead steps", model_name, stand.world.name, float((np.abs(step) <= DEAD).sum()), step.size)
