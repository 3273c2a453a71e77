"""The whole field of the race on the monthly histories of the same libraries, at the same origins.

Every model is learned anew once a year and stands at every month between; it sees the months of all libraries.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from forecast_core.backtest import FIELD, recorded_plan
from forecast_core.errors import ModelError
from forecast_core.estimators import Estimator, Evidence, Model
from forecast_core.estimators.due_dates import BYTES_PER_GB
from forecast_core.history import History
from tests.bench.accuracy.real import real_history
from tests.bench.due_dates.judge import CASES, MOST_MONTHS, TOTALS, Tally
from tests.bench.due_dates.libraries import FIRST_ORIGIN_MONTHS, Library

REFIT_MONTHS = 12


def enter(tally: Tally, folder: Path, found: tuple[Library, ...]) -> list[str]:
    """Add every model of the field to a tally; return who could not run, and why."""
    faults = []
    for rule in (6, 12, 24):
        history = real_history(folder, rule)
        for estimator in FIELD:
            try:
                _judge(tally, history, estimator, rule, found)
            except ModelError as error:
                faults.append(f"{estimator.title}, rule {rule}: {error}")
    return faults


def _judge(tally: Tally, history: History, estimator: Estimator, rule: int, found: tuple[Library, ...]) -> None:
    for origin, scopes, said in _answers(history, estimator):
        for library in found:
            own = int((origin - library.first).astype(int))
            if library.name not in scopes or not FIRST_ORIGIN_MONTHS <= own < library.months - 1:
                continue
            months = min(MOST_MONTHS, library.months - 1 - own)
            came = library.archived(rule, own, months)
            flows = said[scopes.index(library.name)] * BYTES_PER_GB
            _add(tally, (estimator.title, library.name), rule, flows[:months], came)


def _answers(history: History, estimator: Estimator) -> Iterator[tuple[np.datetime64, tuple[str, ...], np.ndarray]]:
    model: Model | None = None
    scopes: tuple[str, ...] = ()
    for index, origin in enumerate(history.months[FIRST_ORIGIN_MONTHS:-1]):
        known = history.until(origin)
        if model is None or index % REFIT_MONTHS == 0 or known.scopes != scopes:
            model = estimator.fit(Evidence(known))
        else:
            model = model.update(Evidence(known))
        scopes = known.scopes
        yield origin, scopes, model.predict(recorded_plan(history, origin, MOST_MONTHS)).archived_gb[0]


def _add(tally: Tally, who: tuple[str, str], rule: int, said: np.ndarray, came: np.ndarray) -> None:
    for _, ahead in (case for case in CASES if case[0] == rule and case[1] <= len(came)):
        tally.add(("month", rule, ahead), *who, said[ahead - 1], came[ahead - 1])
    for _, span in (case for case in TOTALS if case[0] == rule and case[1] <= len(came)):
        tally.add(("total", rule, span), *who, said[:span].sum(), came[:span].sum())
