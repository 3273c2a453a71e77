"""How sure are we: possible futures of what falls due.

In:    an answered question, luck drawn once.
Out:   bytes archived in each month, (paths, n, H), under each luck.
Never: lets more fall due than there is; draws a month of new content apart from its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from forecast_core.estimators.due_dates.arrivals import Arrivals
from forecast_core.estimators.due_dates.model import Answered, DueDatesModel, Untouched
from forecast_core.estimators.due_dates.survival import SPREAD_LEVELS
from forecast_core.inventory import BYTES, FILES, GONE, NEITHER, by_rule, due_months

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
BLOCK_MONTHS = 6
# How far the log of the level of new content strays, so that 4 in 5 totals of real libraries are inside the band.
LEVEL_DOUBT = 1.4


@dataclass(frozen=True, eq=False)
class Chance:
    """Luck shared by every question about an estate, so that a change of rule is not blurred by other luck.

    `fate`  (paths, n) which of the 40 fates a scope's cohorts meet: a bulk change takes many months' files with it
    `block` (H / 6, paths, n) 0 … 1: which recent months each coming half-year is like
    `level` (paths, n) by how much new content comes more or less than it did; half of it is common to all scopes
    """

    fate: Whole
    block: Array
    level: Array

    @classmethod
    def of(cls, paths: int, scopes: int, months: int, seed: int) -> Chance:
        """Draw the luck."""
        rng = np.random.default_rng(seed)
        blocks = rng.random((-(-months // BLOCK_MONTHS), paths, scopes))
        common, own = ndtri(_even(rng, paths, 1)), ndtri(_even(rng, paths, scopes))
        spread = common if scopes == 1 else (common + own) * np.sqrt(0.5)
        fate = (_even(rng, paths, scopes) * SPREAD_LEVELS).astype(np.int64)
        return cls(fate, blocks, np.exp(LEVEL_DOUBT * spread))


def _even(rng: np.random.Generator, paths: int, scopes: int) -> Array:
    """Return (paths, scopes) numbers, evenly spread over 0 … 1 in each column, in an order of chance."""
    levels = np.broadcast_to(((np.arange(paths) + 0.5) / paths)[:, None], (paths, scopes))
    return rng.permuted(levels, axis=0)


def draws(model: DueDatesModel, answer: Answered, chance: Chance) -> Array:
    """Return archived bytes (paths, n or 1, H): what falls due under each luck, held back by the cap as answered."""
    falling_due = _known(model.standing(answer.question), answer, chance.fate)
    for part in answer.arrivals:
        _add_new(falling_due, part, chance)
    if len(answer.room) < falling_due.shape[-1]:
        falling_due = falling_due.sum(axis=-1, keepdims=True)
    _hold_back(falling_due, answer)
    return np.moveaxis(falling_due, 0, -1)


def _known(model: DueDatesModel, answer: Answered, fate: Whole) -> Array:
    """Return bytes falling due of files that exist, (H, paths, n); the one-off backlog is certain."""
    change, months = answer.question.change, answer.room.shape[-1]
    untouched = Untouched(model.survival, answer.question.beliefs)
    total = np.zeros((months, *fate.shape))
    if change.start <= months:
        total[change.start - 1] += answer.due.at_once[BYTES].sum(axis=-1)
    ages, scopes = np.arange(model.grid.amounts.shape[-1]), np.arange(fate.shape[1])
    for which, part in enumerate(by_rule(model.grid, change)):
        month, late = due_months(ages, change, which)
        chosen = (month > GONE) & (month <= months) & ~late & part[BYTES].any(axis=0)
        for age in np.flatnonzero(chosen) if which != NEITHER else ():
            shares = untouched.spread(int(age), int(month[age]))
            total[month[age] - 1] += (part[BYTES][:, age, None] * shares)[scopes, fate]
    return total


def _add_new(falling_due: Array, part: Arrivals, chance: Chance) -> None:
    """Add bytes falling due of files to come: half-years of the recent months, drawn again."""
    recent = part.recent[BYTES]
    seen, scopes = np.isfinite(recent).sum(axis=-1), np.arange(len(recent))
    for arrives, falls_due in enumerate(part.month):
        if falls_due <= len(falling_due):
            start = (chance.block[arrives // BLOCK_MONTHS] * seen).astype(np.int64)
            like = (start + arrives % BLOCK_MONTHS) % seen
            falling_due[falls_due - 1] += recent[scopes, like] * part.growth[:, arrives] * chance.level


def _hold_back(falling_due: Array, answer: Answered) -> None:
    """Let no more bytes through than in the answer in months in which files had to wait; the rest waits."""
    archived, waiting = answer.taken.archived, answer.taken.waiting
    if not waiting[FILES].any():
        return
    room = np.where(waiting[FILES] > 0, archived[BYTES].astype(float), np.inf)
    queue = np.zeros(falling_due.shape[1:])
    for month, due_now in enumerate(falling_due):
        queue += due_now
        np.minimum(queue, room[:, month], out=due_now)
        queue -= due_now
