"""Which model answers: hard gates first, then the smallest error on months it had not seen.

In:    a history, the field, how coverage is measured.
Out:   `Race`: the champion, every entrant with its score and gates or the reason why it could not run.
Never: prefers a model by name beyond the stated 5 %.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast_core.backtest.contest import Contest, contest
from forecast_core.backtest.gates import Gate, coverage_gate, lever_gates
from forecast_core.backtest.rolling import MOST_ORIGINS, Rolled, roll
from forecast_core.backtest.scores import Score, monthly_losses, score, usual_change
from forecast_core.errors import ModelError
from forecast_core.estimators import LINES, NAIVE, RATIO, TREES, Estimator, Evidence, StockFlow
from forecast_core.history import History
from forecast_core.months import months_between

Array = NDArray[np.float64]
Covers = Callable[[Rolled, History], float]
Each = Callable[[Callable[[Estimator], "Entrant"], Sequence[Estimator]], Iterable["Entrant"]]

STRUCTURAL = StockFlow()
ENTRANTS: tuple[Estimator, ...] = (STRUCTURAL, *NAIVE)
# The slowest first, so that several workers end together.
FIELD: tuple[Estimator, ...] = (*TREES, STRUCTURAL, *LINES, *NAIVE)
TOLERATED = 1.05
JUDGED_ORIGINS = 12
LEAST_FOLDS = 2
SMALL_SCOPES, SMALL_ROWS = 3, 36
COMPARED_ONLY = frozenset(estimator.name for estimator in TREES)
SAFE_ON_LITTLE = frozenset(estimator.name for estimator in (STRUCTURAL, RATIO, *NAIVE))


@dataclass(frozen=True, eq=False)
class Entrant:
    """One estimator in the race; `score` and `rolled` are None where it could not run, and `fault` says why.

    `coverage` is what its 80 % band held, NaN where it was not measured.
    """

    estimator: Estimator
    score: Score | None = None
    rolled: Rolled | None = None
    fault: str = ""
    gates: tuple[Gate, ...] = ()
    coverage: float = float("nan")

    @property
    def may_win(self) -> bool:
        """Whether it ran and passed every gate."""
        return self.score is not None and all(gate.passed for gate in self.gates)


@dataclass(frozen=True, eq=False)
class Race:
    """The champion and the field, best first; `structural` is who answers the levers (None if nobody can).

    `signal` is the best model against guessing each scope's mean so far, None where nothing could be judged.
    """

    champion: Entrant
    entrants: tuple[Entrant, ...]
    structural: Entrant | None
    signal: Contest | None = None

    @property
    def has_signal(self) -> bool:
        """Whether a model beats guessing the mean, or it is too early to say."""
        return self.signal is None or self.signal.is_early or self.signal.is_won

    def answered_by(self, entrant: Entrant) -> Race:
        """Return the same race with another champion."""
        return replace(self, champion=entrant, structural=_who_answers(entrant, self.able))

    @property
    def able(self) -> list[Entrant]:
        """Everyone who could run, best first."""
        return [entrant for entrant in self.entrants if entrant.score is not None]

    def named(self, name: str) -> Entrant | None:
        """Return the entrant of this name, None if it was not in the field."""
        return next((entrant for entrant in self.entrants if entrant.estimator.name == name), None)


def race(
    history: History,
    steps: int,
    entrants: Sequence[Estimator] = ENTRANTS,
    covers: Covers | None = None,
    each: Each = map,
) -> Race:
    """Return the race on a history; ModelError where nobody could run.

    `covers` measures the share of months inside an entrant's 80 % band; `each` runs the entrants, by default in turn.
    """

    def run(estimator: Estimator) -> Entrant:
        return _run(history, estimator, steps, covers)

    field = sorted(each(run, entrants), key=_rank)
    able = [entrant for entrant in field if entrant.score is not None]
    if not able:
        raise ModelError(f"No model can learn from this history: {field[0].fault}", hint="Add more months.")
    best = champion(able)
    return Race(best, tuple(field), _who_answers(best, able), _signal(history, able))


def champion(able: Sequence[Entrant]) -> Entrant:
    """Return stock and flow if it is within 5 % of the best that passed every gate, else that best.

    Where nobody passed, the band's promise is waived before arithmetic is: it can be shown with its measured coverage.
    """
    passed = [entrant for entrant in able if entrant.may_win] or [entrant for entrant in able if _only_band(entrant)]
    best = min(passed or able, key=_rank)
    for entrant in passed:
        if entrant.estimator.name == STRUCTURAL.name and _rank(entrant) <= TOLERATED * _rank(best):
            return entrant
    return best


def _only_band(entrant: Entrant) -> bool:
    return all(gate.passed for gate in entrant.gates if gate.name != "coverage")


def _who_answers(best: Entrant, able: Sequence[Entrant]) -> Entrant | None:
    """Return the champion if it answers levers, else stock and flow, else the best that keeps arithmetic."""
    if best.estimator.answers_levers:
        return best
    sound = [entrant for entrant in able if entrant.estimator.answers_levers and _only_band(entrant)]
    return min(sound, key=lambda entrant: (entrant.estimator.name != STRUCTURAL.name, _rank(entrant)), default=None)


def _rank(entrant: Entrant) -> float:
    if entrant.score is None or not np.isfinite(entrant.score.combined):
        return float("inf")
    return entrant.score.combined


def _run(history: History, estimator: Estimator, steps: int, covers: Covers | None) -> Entrant:
    entrant = Entrant(estimator)
    origins = JUDGED_ORIGINS if estimator.name in COMPARED_ONLY else MOST_ORIGINS
    try:
        gates = list(_gates_of(history, estimator))
        rolled = roll(history, estimator, steps, origins)
    except ModelError as error:
        return replace(entrant, fault=str(error))
    coverage = covers(rolled, history) if covers else float("nan")
    gates += [coverage_gate(coverage, rolled), _folds_gate(rolled)]
    found = score(rolled, JUDGED_ORIGINS, usual_change_gb=usual_change(history, rolled.origins[-JUDGED_ORIGINS:][0]))
    fault = next((gate.detail for gate in gates if not gate.passed), "")
    return replace(entrant, rolled=rolled, score=found, gates=tuple(gates), coverage=coverage, fault=fault)


def _gates_of(history: History, estimator: Estimator) -> tuple[Gate, ...]:
    """Return the gates before the backtest."""
    compared = estimator.name in COMPARED_ONLY
    small = len(history.scopes) < SMALL_SCOPES or len(history.frame) < SMALL_ROWS
    unsafe = small and estimator.name not in SAFE_ON_LITTLE
    gates = (
        Gate("steps", not compared, "answers in steps: for comparison only" if compared else ""),
        Gate("enough", not unsafe, "may not win with fewer than 3 scopes or 36 rows" if unsafe else ""),
    )
    if not estimator.answers_levers:
        return gates
    return (*gates, *lever_gates(estimator.fit(Evidence(history)), history))


def _folds_gate(rolled: Rolled) -> Gate:
    """A model is judged on two months at least."""
    judged = np.isfinite(rolled.predicted_archived[:, :, 0] * rolled.actual_archived[:, :, 0]).any(axis=1)
    enough = int(judged.sum()) >= LEAST_FOLDS
    return Gate("folds", enough, "" if enough else "was judged on fewer than two months")


def _signal(history: History, able: Sequence[Entrant]) -> Contest | None:
    """Return the best model, trees included, against guessing each scope's mean so far."""
    best = min(able, key=_rank)
    if best.rolled is None:
        return None
    guess = _mean_so_far(history, best.rolled)
    last = len(best.rolled.origins)
    return contest(monthly_losses(guess, last), monthly_losses(best.rolled, last))


def _mean_so_far(history: History, rolled: Rolled) -> Rolled:
    """Return what guessing each scope's mean of all months so far would have said one month ahead."""
    first = months_between(history.months[0], rolled.origins[0])

    def guess(column: str) -> Array:
        mean = pd.DataFrame(history.grid(column).T).expanding().mean().to_numpy()
        return mean[first : first + len(rolled.origins), :, None]

    return replace(
        rolled,
        predicted_archived=guess("archived_gb"),
        predicted_savings=guess("savings_gb"),
        actual_archived=rolled.actual_archived[:, :, :1],
        actual_savings=rolled.actual_savings[:, :, :1],
    )
