"""How long learning and answering take and how large the model is, against the published forest in the same run.

In:    a history of 16 scopes and 36 months.
Out:   `Speed` per model.
Never: is asserted; times depend on the machine, ratios hardly.
"""

from __future__ import annotations

import json
import pickle
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from forecast_core.backtest import recorded_plan
from forecast_core.estimators import Estimator, Evidence, Model, Plan, StockFlowModel
from forecast_core.history import History
from tests.bench.accuracy.trials import Stand
from tests.bench.accuracy.worlds import Moves, World


@dataclass(frozen=True)
class Speed:
    """CPU seconds to learn and to answer one row (the smallest of several), rows a second in a batch, size in bytes."""

    fit_seconds: float
    row_seconds: float
    rows_a_second: float
    size_bytes: int


def speed_of(world: World, estimator: Estimator, month: int = 35, questions: int = 1000) -> Speed:
    """Measure one estimator."""
    stand = Stand(world, month)
    evidence = Evidence(stand.known)
    fit_seconds = _least(lambda: estimator.fit(evidence), 3)
    model = estimator.fit(evidence)
    one, row = _one_row(stand.known, model)
    batch = stand.plan(Moves(*np.ones((3, questions, 1))), 12)
    return Speed(
        fit_seconds,
        _least(lambda: one.predict(row), 25),
        float(np.prod(batch.shape)) / _least(lambda: model.predict(batch), 2),
        _size(model),
    )


def _one_row(history: History, model: Model) -> tuple[Model, Plan]:
    alone = history.only(history.scopes[:1])
    return model.update(Evidence(alone)), recorded_plan(alone, alone.last_month, 1)


def _least(work: Callable[[], object], times: int) -> float:
    """Return the least CPU time of several tries: what the machine does besides only adds."""
    spent = []
    for _ in range(times):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return min(spent)


def _size(model: Model) -> int:
    """JSON where the model has it, else the pickle that the published pipeline would be kept as."""
    return len(json.dumps(model.as_lists())) if isinstance(model, StockFlowModel) else len(pickle.dumps(model))
