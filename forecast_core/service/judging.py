"""Everything a statistician would ask of one model of the race.

In:    a history and an entrant that was raced on it.
Out:   `Judged`: errors by months ahead and by scope, bands, behaviour under levers, cost, how true its effects are.
Never: ranks; the rule for that is the backtest's.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from forecast_core.backtest import Behaviour, Entrant, SpanScore, behaviour, by_scope, by_span, recorded_plan
from forecast_core.errors import ModelError
from forecast_core.estimators import Evidence, Model, model_to_lists
from forecast_core.history import History
from forecast_core.intervals import Held, held

Array = NDArray[np.float64]
Clock = Callable[[], float]
PROMISES = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
TIMED_ANSWERS = 5
FACTORS = (0.5, 0.75, 1.5, 2.0)
EFFECT_MONTHS = 24
UNKNOWN = float("nan")


@dataclass(frozen=True, eq=False)
class Truth:
    """What really comes under moves of the levers, because the equations are known: only for the demo company.

    `moves` (K, 3) factors of files per day, files, size, the first one changes nothing; `archived_gb` (K, n, months).
    """

    moves: Array
    archived_gb: Array


@dataclass(frozen=True, eq=False)
class Judged:
    """One model, beyond its score.

    `by_scope` (n,) WAPE one month ahead; `effect_error` Σ|wrong change| / Σ|true change| of next month over all levers,
    `effect_error_24` the same of the frequency over 24 months: 1 is as wrong as ignoring the lever; NaN where the truth
    is not known. Seconds are of one thread; `size_bytes` of the model as it is stored.
    """

    spans: tuple[SpanScore, ...] = ()
    by_scope: Array = field(default_factory=lambda: np.empty(0))
    bands: tuple[Held, ...] = ()
    behaviour: Behaviour | None = None
    fit_seconds: float = UNKNOWN
    answer_seconds: float = UNKNOWN
    size_bytes: int = 0
    effect_error: float = UNKNOWN
    effect_error_24: float = UNKNOWN


def standard_moves() -> Array:
    """Return the moves that effects are judged on, (13, 3): nothing, then each lever alone at each factor."""
    moves = np.ones((1 + 3 * len(FACTORS), 3))
    for lever in range(3):
        moves[1 + lever * len(FACTORS) : 1 + (lever + 1) * len(FACTORS), lever] = FACTORS
    return moves


def judge(history: History, entrant: Entrant, clock: Clock, truth: Truth | None = None) -> tuple[Judged, Model | None]:
    """Return what is to be said of an entrant and its model learned on everything; None where it could not learn.

    `clock` tells seconds. Rules that cannot answer levers and trees answer for themselves here, however badly.
    """
    if entrant.rolled is None:
        return Judged(), None
    bands = held(entrant.rolled, history, PROMISES)
    told = Judged(by_span(entrant.rolled), by_scope(entrant.rolled), bands)
    started = clock()
    try:
        model = entrant.estimator.fit(Evidence(history))
    except ModelError:
        return told, None
    told = replace(told, fit_seconds=clock() - started, size_bytes=size_bytes(model))
    told = replace(told, answer_seconds=_answer_seconds(model, history, clock), behaviour=behaviour(model, history))
    if truth is not None:
        at_once, in_two_years = _effect_errors(model, history, truth)
        told = replace(told, effect_error=at_once, effect_error_24=in_two_years)
    return told, model


def size_bytes(model: Model) -> int:
    """Return how large the model is where it is stored: JSON where it is plain numbers, else a compressed dump."""
    try:
        return len(json.dumps(model_to_lists(model)))
    except ModelError:
        import joblib  # slow to import, and who answers needs none of it

        stream = io.BytesIO()
        joblib.dump(model, stream, compress=3)
        return stream.tell()


def _answer_seconds(model: Model, history: History, clock: Clock) -> float:
    """Return the quickest of a few answers for one scope and one month."""
    one = history.only(history.live_scopes[:1])
    standing = model.update(Evidence(one))
    question = recorded_plan(one, one.last_month, 1)
    times = []
    for _ in range(TIMED_ANSWERS):
        started = clock()
        standing.predict(question)
        times.append(clock() - started)
    return min(times)


def _effect_errors(model: Model, history: History, truth: Truth) -> tuple[float, float]:
    months = truth.archived_gb.shape[2]
    base = recorded_plan(history, history.last_month, months).questions(np.zeros(len(truth.moves), np.int64))
    frequency, files, size = (truth.moves[:, lever, None, None] for lever in range(3))
    plan = replace(
        base,
        frequency_per_day=base.frequency_per_day * frequency,
        files_ratio=base.files_ratio * files,
        size_ratio=base.size_ratio * size,
    )
    said, true = model.predict(plan).archived_gb, truth.archived_gb
    often = slice(1, 1 + len(FACTORS))
    at_once = _wrong(said[1:, :, 0] - said[:1, :, 0], true[1:, :, 0] - true[:1, :, 0])
    return at_once, _wrong((said[often] - said[:1]).sum(axis=2), (true[often] - true[:1]).sum(axis=2))


def _wrong(said: Array, true: Array) -> float:
    return float(np.abs(said - true).sum() / np.abs(true).sum())
