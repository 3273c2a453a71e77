"""What a model must not do, whatever its score.

In:    a model, the history it stands on; its measured coverage.
Out:   `Gate`s, each passed or not and why; `Behaviour` of a model on a lever.
Never: weighs one fault against another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecast_core.backtest.rolling import Rolled, recorded_plan
from forecast_core.estimators import Flows, Model, Plan
from forecast_core.history import History

Array = NDArray[np.float64]
LEVERS = ("frequency_per_day", "files_ratio", "size_ratio")
GATE_GRID = np.array([0.1, 0.25, 0.5, 0.8, 1.0, 1.25, 2.0, 4.0, 10.0])
GATE_MONTHS = 12
SWEEP_GRID = np.geomspace(0.5, 2.0, 41)
SLACK = 1e-9
DEAD = 1e-6
LEAST_COVERAGE, MOST_COVERAGE = 0.70, 0.92
PROMISED = 0.80
OVERLAP = 3.0


@dataclass(frozen=True)
class Gate:
    """One hard rule; `detail` says what was found where it was not passed."""

    name: str
    passed: bool
    detail: str = ""


@dataclass(frozen=True, eq=False)
class Sweep:
    """A model's answer while one lever moves from half to double: next month's archived GB of all scopes, (points,)."""

    lever: str
    factors: Array
    archived_gb: Array


@dataclass(frozen=True, eq=False)
class Behaviour:
    """How a model follows its levers: shares of the steps that go the wrong way or do not move, over every scope."""

    wrong_share: float
    dead_share: float
    sweeps: tuple[Sweep, ...]


def lever_gates(model: Model, history: History) -> tuple[Gate, ...]:
    """Return the gates of a model that answers levers, tried on every scope."""
    base = recorded_plan(history, history.last_month, GATE_MONTHS)
    answers = {lever: model.predict(_swept(base, lever, GATE_GRID)) for lever in LEVERS}
    found = {
        "finite": _first(answers, _not_finite, "is not finite when {} moves"),
        "direction": _first(answers, _backwards, "archives less when {} grows"),
        "stock": _first(answers, _too_much, "archives more than there is when {} moves"),
        "freed": _first(answers, _frees_more, "frees more than it archives when {} moves"),
        "empty": _from_nothing(model, history),
    }
    return tuple(Gate(name, not detail, detail) for name, detail in found.items())


def coverage_gate(coverage: float, rolled: Rolled) -> Gate:
    """Return whether the 80 % band held 70 to 92 % of the months, give or take one standard error of that count.

    Months of one path and paths of neighbouring origins are not independent, so few of them count.
    """
    paths = np.isfinite(rolled.predicted_archived * rolled.actual_archived).any(axis=2).sum()
    error = float(np.sqrt(PROMISED * (1 - PROMISED) / max(paths / OVERLAP, 1)))
    if np.isnan(coverage) or LEAST_COVERAGE - error <= coverage <= MOST_COVERAGE + error:
        return Gate("coverage", True)
    return Gate("coverage", False, f"its 80 % band held {coverage:.0%} of the months")


def behaviour(model: Model, history: History) -> Behaviour:
    """Return how a model follows each lever, half to double, one month ahead."""
    base = recorded_plan(history, history.last_month, 1)
    sweeps, steps = [], []
    for lever in LEVERS:
        archived = model.predict(_swept(base, lever, SWEEP_GRID)).archived_gb[..., 0]
        sweeps.append(Sweep(lever, SWEEP_GRID, archived.sum(axis=1)))
        live = archived[:, archived[0] > 0]
        steps.append((np.diff(live, axis=0) / np.maximum(live[:-1], 1e-12)).ravel())
    every = np.concatenate(steps)
    if not len(every):
        return Behaviour(0.0, 1.0, tuple(sweeps))
    return Behaviour(float((every < -DEAD).mean()), float((np.abs(every) <= DEAD).mean()), tuple(sweeps))


def _from_nothing(model: Model, history: History) -> str:
    """A scope without files archives nothing; where no stock was ever measured, nothing can be said."""
    if not history.knows("total_files"):
        return ""
    base = recorded_plan(history, history.last_month, 1)
    empty = model.predict(replace(base, files_ratio=np.zeros_like(base.files_ratio)))
    return "archives from an empty scope" if float(np.abs(empty.archived_gb).sum()) > 0 else ""


def _first(answers: dict[str, Flows], wrong: Callable[[Flows], bool], says: str) -> str:
    return next((says.format(lever) for lever, flows in answers.items() if wrong(flows)), "")


def _not_finite(flows: Flows) -> bool:
    return not np.isfinite(flows.archived_gb).all()


def _backwards(flows: Flows) -> bool:
    total = flows.archived_gb.sum(axis=-1)
    return bool((np.diff(total, axis=0) < -SLACK * np.maximum(total[:-1], SLACK)).any())


def _too_much(flows: Flows) -> bool:
    return bool((flows.archived_gb > flows.stock_gb * (1 + SLACK)).any())


def _frees_more(flows: Flows) -> bool:
    return bool((flows.savings_gb > flows.archived_gb * (1 + SLACK)).any())


def _swept(base: Plan, lever: str, grid: Array) -> Plan:
    """Return one question per point of the grid, everything but the lever as it is."""
    repeated = base.questions(np.zeros(len(grid), np.int64))
    moved: dict[str, Any] = {lever: getattr(repeated, lever) * grid[:, None, None]}
    return replace(repeated, **moved)
