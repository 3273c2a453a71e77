"""What each estimator would have said, month after month, and what came.

In:    a history, an estimator, how far ahead to look.
Out:   `Rolled`: predicted and actual flows by origin, scope and step.
Never: shows an estimator a month after the origin; the policy in force counts as a recorded plan, an observed rate
       does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast_core.errors import ModelError
from forecast_core.estimators import Estimator, Evidence, Flows, Model, Plan
from forecast_core.features import carried_forward, today
from forecast_core.history import History
from forecast_core.months import Months, months_between

Array = NDArray[np.float64]
FIRST_ORIGIN_MONTHS = 9
REFIT_MONTHS = 3
MOST_ORIGINS = 24


@dataclass(frozen=True, eq=False)
class Rolled:
    """Arrays of shape (origins, scopes, steps); NaN where the scope or the month is not known.

    `origins` is the last month that was known; step 0 is the month after it.
    """

    origins: Months
    predicted_archived: Array
    predicted_savings: Array
    actual_archived: Array
    actual_savings: Array

    def months_ahead(self, step: int) -> Months:
        """Return the month that each origin looked at."""
        return self.origins + 1 + step


def rolled_again(history: History, origins: Months, predicted_archived: Array, predicted_savings: Array) -> Rolled:
    """Return a backtest from what was said then, (origins, n, H); what came is in the history."""
    first, steps = months_between(history.months[0], origins[0]) + 1, predicted_archived.shape[2]
    actual = (_ahead(history.grid(name), first, len(origins), steps) for name in ("archived_gb", "savings_gb"))
    return Rolled(origins, predicted_archived, predicted_savings, *actual)


def recorded_plan(history: History, origin: np.datetime64, months: int) -> Plan:
    """Return the plan that was known at `origin`: everything as it stood, and the policy that was then recorded."""
    known = history.until(origin)
    now = today(known)
    scopes = len(known.scopes)
    held = np.where(np.isfinite(now.frequency_per_day), now.frequency_per_day, np.inf)
    frequency = np.repeat(held[:, None], months, axis=1)
    if not history.frequency_is_observed:
        frequency = _with_recorded_policy(frequency, history, known, origin)
    shape = (1, scopes, months)
    return Plan(
        last_month=origin.astype("datetime64[M]"),
        frequency_per_day=frequency[None],
        files_ratio=np.ones(shape),
        growth_added=np.zeros(shape),
        size_ratio=np.ones(shape),
        mix=np.broadcast_to(now.mix[None, :, None, :], (*shape, 3)),
    )


def _with_recorded_policy(frequency: Array, history: History, known: History, origin: np.datetime64) -> Array:
    future = history.only(known.scopes)
    start = months_between(future.months[0], origin) + 1
    recorded = carried_forward(future.grid("archive_frequency_per_day"))[:, start : start + frequency.shape[1]]
    frequency[:, : recorded.shape[1]] = np.where(np.isfinite(recorded), recorded, frequency[:, : recorded.shape[1]])
    return frequency


def roll(history: History, estimator: Estimator, steps: int, most_origins: int = MOST_ORIGINS) -> Rolled:
    """Return the rolling-origin backtest: learned anew every three months, standing at every month between.

    `steps` months ahead at most, less where the history ends sooner. ModelError if no origin could be judged.
    """
    total = len(history.months)
    first = max(FIRST_ORIGIN_MONTHS, total - most_origins)
    origins = history.months[first - 1 : total - 1]
    if not len(origins):
        raise ModelError(
            f"{total} months are too few to judge a model.", hint=f"At least {FIRST_ORIGIN_MONTHS + 1} are needed."
        )
    rows = [_placed(flows, known, history, steps) for flows, known in _answers(history, estimator, origins, steps)]
    predicted = np.stack([row[0] for row in rows]), np.stack([row[1] for row in rows])
    return Rolled(
        origins,
        *predicted,
        _ahead(history.grid("archived_gb"), first, len(origins), steps),
        _ahead(history.grid("savings_gb"), first, len(origins), steps),
    )


def _answers(history: History, estimator: Estimator, origins: Months, steps: int) -> Iterator[tuple[Flows, History]]:
    model: Model | None = None
    scopes: tuple[str, ...] = ()
    for index, origin in enumerate(origins):
        known = history.until(origin)
        if model is None or index % REFIT_MONTHS == 0 or known.scopes != scopes:
            model = estimator.fit(Evidence(known))
        else:
            model = model.update(Evidence(known))
        scopes = known.scopes
        yield model.predict(recorded_plan(history, origin, steps)), known


def _placed(flows: Flows, known: History, history: History, steps: int) -> tuple[Array, Array]:
    """Put the scopes known at an origin into the rows of the whole history."""
    where = [history.scopes.index(scope) for scope in known.scopes]
    placed = np.full((2, len(history.scopes), steps), np.nan)
    placed[0, where], placed[1, where] = flows.archived_gb[0], flows.savings_gb[0]
    return placed[0], placed[1]


def _ahead(grid: Array, first: int, origins: int, steps: int) -> Array:
    """Return the actual flows (origins, scopes, steps) after each origin."""
    padded = np.concatenate([grid, np.full((len(grid), steps), np.nan)], axis=1)
    return np.stack([padded[:, first + index : first + index + steps] for index in range(origins)])
