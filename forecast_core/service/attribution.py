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


def contributions(batch: Batch, bill: Bill, measured: bool) -> tuple[Contribution, ...]:
    """Return what each moved lever adds over the horizon; `measured` tells whether freed GB are known at all."""
    if not batch.players:
        return ()
    at_corners = _results(batch, bill, slice(2, batch.first_step), len(bill.months), measured)
    parts = shapley(at_corners, len(batch.players))
    names = [MIX_NAME if SHARES & set(player) else player[0] for player in batch.players]
    return tuple(Contribution(name, *map(float, part)) for name, part in zip(names, parts, strict=True))


def single_steps(batch: Batch, bill: Bill, measured: bool) -> tuple[Step, ...]:
    """Return what one more step of each lever adds over the next year."""
    months = min(STEP_MONTHS, len(bill.months))
    here = _results(batch, bill, slice(1, 2), months, measured)[0]
    there = _results(batch, bill, slice(batch.first_step, None), months, measured)
    steps = []
    for (name, _), stepped, row in zip(batch.steps, batch.scenarios[batch.first_step :], there - here, strict=True):
        moved = stepped.values[name] - batch.scenarios[1].values[name]
        archived, freed, saved = map(float, row)
        steps.append(Step(name, moved, archived, freed, saved, months))
    return tuple(steps)


def _results(batch: Batch, bill: Bill, rows: slice, months: int, measured: bool) -> Array:
    """Return archived GB, freed GB and money of some questions over the first months, (questions, 3)."""
    archived = batch.flows.archived_gb[rows].sum(axis=1)[:, :months]
    if not measured:
        unknown = np.full(len(archived), np.nan)
        return np.column_stack([archived.sum(axis=1), unknown, unknown])
    freed = batch.flows.savings_gb[rows].sum(axis=1)[:, :months]
    money = bill.ledger(batch.scenarios[rows], freed, archived).cumulative_saved_cost[:, -1]
    return np.column_stack([archived.sum(axis=1), freed.sum(axis=1), money])
