"""What moved the result, and what one more step of each lever would do.

In:    an answered `Batch` and a `Bill`.
Out:   contributions of the moved levers, adding up to the change; single steps.
Never: predicts; everything was asked in the batch.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forecast_core.scenario import shapley
from forecast_core.service.answers import Contribution, Step
from forecast_core.service.asking import SHARES, Batch
from forecast_core.service.billing import Bill

Array = NDArray[np.float64]
MIX_NAME = "mix"
STEP_MONTHS = 12


def explained(batch: Batch, bill: Bill, measured: bool) -> tuple[tuple[Contribution, ...], tuple[Step, ...]]:
    """Return what each moved lever adds over the horizon, and what one more step of each adds over the next year.

    `measured` tells whether freed GB are known at all.
    """
    so_far = _so_far(batch, bill, measured)
    months = min(STEP_MONTHS, len(bill.months))
    return _contributions(batch, so_far[..., -1]), _single_steps(batch, so_far[..., months - 1], months)


def _contributions(batch: Batch, results: Array) -> tuple[Contribution, ...]:
    if not batch.players:
        return ()
    at_corners = results[2 : batch.first_step]
    parts = shapley(at_corners, len(batch.players))
    names = [MIX_NAME if SHARES & set(player) else player[0] for player in batch.players]
    return tuple(Contribution(name, *map(float, part)) for name, part in zip(names, parts, strict=True))


def _single_steps(batch: Batch, results: Array, months: int) -> tuple[Step, ...]:
    here, there = results[1], results[batch.first_step :]
    steps = []
    for (name, _), stepped, row in zip(batch.steps, batch.scenarios[batch.first_step :], there - here, strict=True):
        moved = stepped.values[name] - batch.scenarios[1].values[name]
        archived, freed, saved = map(float, row)
        steps.append(Step(name, moved, archived, freed, saved, months))
    return tuple(steps)


def _so_far(batch: Batch, bill: Bill, measured: bool) -> Array:
    """Return archived GB, freed GB and money of every question up to each month, (questions, 3, H)."""
    archived, freed = batch.flows.archived_gb.sum(axis=1), batch.flows.savings_gb.sum(axis=1)
    money = freed = freed if measured else np.full_like(archived, np.nan)
    if measured:
        money = bill.ledger(batch.scenarios, freed, archived).cumulative_saved_cost
    return np.stack([np.cumsum(archived, axis=-1), np.cumsum(freed, axis=-1), money], axis=1)
