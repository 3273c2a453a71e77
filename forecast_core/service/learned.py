"""What is learned once per data set, and the view of it that a question stands on.

In:    a history.
Out:   `Learned`: champion, calibration, guard, scores; `View`: the same for one scope or for ALL.
Never: learns anything per question.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from forecast_core.backtest import Guard, Race, race, recorded_plan
from forecast_core.errors import ModelError
from forecast_core.estimators import Evidence, LevelledModel, Model
from forecast_core.features import Today, pool_growth, today
from forecast_core.forecast import COVERAGE, Luck
from forecast_core.history import History
from forecast_core.intervals import Calibration, calibrate, measured_coverage
from forecast_core.scenario.levers import MOST_MONTHS

JUDGED_MONTHS = 24
CHECKED_MONTHS = 12
HELD = 0.95


@dataclass(frozen=True, eq=False)
class Learned:
    """Everything that questions about a data set share; `effect` answers the levers, None if nobody can."""

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

    @property
    def is_levelled(self) -> bool:
        """Whether the level comes from one model and the effect of levers from another."""
        return isinstance(self.model, LevelledModel)


def learn(history: History) -> Learned:
    """Race the models, calibrate the champion, learn it on everything; ModelError where nobody can."""
    found = race(history, JUDGED_MONTHS)
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
    content = history.frame.to_csv(index=False, float_format="%.9g", lineterminator="\n")
    return hashlib.sha256(f"{name}\n{content}".encode()).hexdigest()[:8]


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
