"""Which model answers: hard gates first, then the smallest error on months it had not seen.

In:    the models' scores and their behaviour under moved levers.
Out:   `Race`: the champion, every entrant with its score or the reason why it could not run.
Never: prefers a model by name beyond the stated 5 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from forecast_core.backtest.rolling import Rolled, recorded_plan, roll
from forecast_core.backtest.scores import Score, score
from forecast_core.errors import ModelError
from forecast_core.estimators import NAIVE, Estimator, Evidence, Model, Plan, StockFlow
from forecast_core.history import History

STRUCTURAL = StockFlow()
ENTRANTS: tuple[Estimator, ...] = (STRUCTURAL, *NAIVE)
TOLERATED = 1.05
JUDGED_ORIGINS = 12
LEVER_GRID = np.array([0.1, 0.25, 0.5, 0.8, 1.0, 1.25, 2.0, 4.0, 10.0])
GRID_MONTHS = 12


@dataclass(frozen=True, eq=False)
class Entrant:
    """One estimator in the race; `score` and `rolled` are None where it could not run, and `fault` says why."""

    estimator: Estimator
    score: Score | None = None
    rolled: Rolled | None = None
    fault: str = ""


@dataclass(frozen=True, eq=False)
class Race:
    """The champion and the field, best first; `structural` is who answers the levers (None if nobody can)."""

    champion: Entrant
    entrants: tuple[Entrant, ...]
    structural: Entrant | None


def race(history: History, steps: int, entrants: Sequence[Estimator] = ENTRANTS) -> Race:
    """Return the race on a history; ModelError where nobody could run."""
    field = sorted((_run(history, estimator, steps) for estimator in entrants), key=_rank)
    able = [entrant for entrant in field if entrant.score is not None]
    if not able:
        raise ModelError(f"No model can learn from this history: {field[0].fault}", hint="Add more months.")
    structural = next((entrant for entrant in able if entrant.estimator.answers_levers), None)
    return Race(champion(able), tuple(field), structural)


def champion(able: Sequence[Entrant]) -> Entrant:
    """Return stock and flow if it is within 5 % of the best, else the best."""
    best = min(able, key=_rank)
    for entrant in able:
        if entrant.estimator.name == STRUCTURAL.name and _rank(entrant) <= TOLERATED * _rank(best):
            return entrant
    return best


def _rank(entrant: Entrant) -> float:
    if entrant.score is None or not np.isfinite(entrant.score.combined):
        return float("inf")
    return entrant.score.combined


def _run(history: History, estimator: Estimator, steps: int) -> Entrant:
    entrant = Entrant(estimator)
    try:
        if estimator.answers_levers:
            fault = lever_faults(estimator.fit(Evidence(history)), history)
            if fault:
                return replace(entrant, fault=fault)
        rolled = roll(history, estimator, steps)
    except ModelError as error:
        return replace(entrant, fault=str(error))
    return replace(entrant, rolled=rolled, score=score(rolled, JUDGED_ORIGINS))


def lever_faults(model: Model, history: History) -> str:
    """Return "" or what the model does wrong on a grid of lever moves over every scope."""
    base = recorded_plan(history, history.last_month, GRID_MONTHS)
    for lever in ("frequency_per_day", "files_ratio", "size_ratio"):
        flows = model.predict(_swept(base, lever))
        total = flows.archived_gb.sum(axis=-1)
        if not np.isfinite(flows.archived_gb).all():
            return f"is not finite when {lever} moves"
        if (np.diff(total, axis=0) < -1e-9 * np.maximum(total[:-1], 1e-9)).any():
            return f"archives less when {lever} grows"
        if (flows.archived_gb > flows.stock_gb * (1 + 1e-9)).any():
            return "archives more than there is"
        if (flows.savings_gb > flows.archived_gb * (1 + 1e-9)).any():
            return "frees more than it archives"
    return ""


def _swept(base: Plan, lever: str) -> Plan:
    """Return one question per point of the grid, everything but the lever as it is."""
    repeated = base.questions(np.zeros(len(LEVER_GRID), np.int64))
    moved: dict[str, Any] = {lever: getattr(repeated, lever) * LEVER_GRID[:, None, None]}
    return replace(repeated, **moved)
