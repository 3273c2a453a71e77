"""What is learned once per data set, and the view of it that a question stands on.

In:    a history.
Out:   `Learned`: champion, calibration, guard, scores; `View`: the same for one scope or for ALL.
Never: learns anything per question.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from forecast_core.backtest import Guard, Race, Rolled, race, recorded_plan
from forecast_core.errors import ModelError
from forecast_core.estimators import Evidence, LevelledModel, Model
from forecast_core.features import Today, pool_growth, today
from forecast_core.forecast import COVERAGE, Luck, Usual
from forecast_core.history import History
from forecast_core.intervals import Calibration, calibrate, measured_coverage
from forecast_core.scenario.levers import MOST_MONTHS
from forecast_core.service.judging import Judged
from forecast_core.shelf import Manifest

Array = NDArray[np.float64]
JUDGED_MONTHS = 24
CHECKED_MONTHS = 12
HELD = 0.95


@dataclass(frozen=True, eq=False)
class Learned:
    """Everything that questions about a data set share; `effect` answers the levers, None if nobody can.

    `judged` has what was found of each model when the whole field was trained; `published` is the version it was read
    from, None where it was learned here.
    """

    history: History
    race: Race
    model: Model
    effect: Model | None
    calibration: Calibration
    guard: Guard | None
    coverage: float
    months_judged: int
    model_id: str
    pool: float
    judged: Mapping[str, Judged] = field(default_factory=dict)
    published: Manifest | None = None

    @property
    def is_levelled(self) -> bool:
        """Whether the level comes from one model and the effect of levers from another."""
        return isinstance(self.model, LevelledModel)


def held_by(rolled: Rolled, history: History) -> float:
    """Return the share of judged months inside the band that is shown."""
    return measured_coverage(rolled, history, COVERAGE)[0]


def learn(history: History) -> Learned:
    """Race the quick field, calibrate the champion, learn it on everything; ModelError where nobody can."""
    return learned_of(history, race(history, JUDGED_MONTHS, covers=held_by))


def learned_of(history: History, found: Race) -> Learned:
    """Calibrate the champion of a race and learn it on everything; ModelError where it cannot."""
    evidence = Evidence(history)
    effect = found.structural.estimator.fit(evidence) if found.structural else None
    best = found.champion.estimator
    model = effect if found.structural is found.champion else best.fit(evidence)
    if model is None:
        raise ModelError("No model could be learned.", hint="Add more months.")
    if effect is not None and effect is not model:
        model, effect = _levelled(model, effect, history)
    rolled = found.champion.rolled
    if rolled is None:
        raise ModelError("The champion was never judged.", hint="Add more months.")
    coverage, judged = measured_coverage(rolled, history, COVERAGE)
    return Learned(
        history=history,
        race=found,
        model=model,
        effect=effect,
        calibration=calibrate(rolled, history),
        guard=Guard.of(history),
        coverage=coverage,
        months_judged=judged,
        model_id=_model_id(history, best.name),
        pool=pool_growth(history),
    )


def _levelled(level: Model, effect: Model, history: History) -> tuple[Model, Model | None]:
    """Return the level with the effect, or the level alone where it archives what its own stock cannot hold.

    Such a history contradicts itself: what it archives does not come from the stock it reports, so no lever of that
    stock can be answered.
    """
    unchanged = recorded_plan(history, history.last_month, CHECKED_MONTHS)
    both = LevelledModel(level, effect)
    wanted = level.predict(unchanged).archived_gb.sum()
    return (both, effect) if both.predict(unchanged).archived_gb.sum() >= HELD * wanted else (level, None)


def _model_id(history: History, name: str) -> str:
    """Eight digits that change with the data or the model."""
    return hashlib.sha256(f"{name}\n{history.sha256}".encode()).hexdigest()[:8]


@dataclass(frozen=True, eq=False)
class View:
    """What a question about `scope` stands on; `history` holds its scopes only, up to its own last month."""

    scope: str
    history: History
    model: Model
    effect: Model | None
    now: Today
    luck: Luck
    learned: Learned
    kept: list[Usual] = field(default_factory=list)

    def usual(self, base: Array, ratio: Array | None) -> Usual:
        """Return the sample paths of the baseline, kept: every scenario of one horizon has the same."""
        for found in self.kept:
            if found.stands_on(base, ratio):
                return found
        drawn = self.luck.usual(base, ratio)
        self.kept[:] = [drawn]
        return drawn


def view(learned: Learned, scope: str, seed: int) -> View:
    """Return the view of a scope or of ALL; NotFoundError for a scope that does not exist."""
    history = learned.history.asked(scope)
    evidence = Evidence(history)
    calibration = learned.calibration.take(history.scopes)
    return View(
        scope=scope,
        history=history,
        model=learned.model.update(evidence),
        effect=learned.effect.update(evidence) if learned.effect else None,
        now=today(history, learned.pool),
        luck=Luck.of(calibration, MOST_MONTHS, seed),
        learned=learned,
    )


def sum_or_nan(grid: np.ndarray) -> np.ndarray:
    """Return the sum over scopes, (T,), NaN where no scope has a value."""
    return np.where(np.isfinite(grid).any(axis=0), np.nansum(grid, axis=0), np.nan)
