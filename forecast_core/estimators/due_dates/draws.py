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

from forecast_core.estimators.due_dates.arrivals import Arrivals, placed
from forecast_core.estimators.due_dates.model import Answered, DueDatesModel, Untouched
from forecast_core.estimators.due_dates.survival import SPREAD_LEVELS
from forecast_core.inventory import BYTES, FILES, GONE, NEITHER, by_rule, due_months

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
BLOCK_MONTHS = 6
# How far the log of the level of new content typically strays: 80 % of totals of real libraries (tests/bench/due_dates).
LEVEL_DOUBT = 1.4


@dataclass(frozen=True, eq=False)
class Chance:
    """Luck shared by every question about an estate, so that a change of rule is not blurred by other luck.

    `fate`  (paths, n) which of the 40 fates a scope's cohorts meet: a bulk change takes many months' files with it
    `block` (paths, n, H) 0 … 1, equal within six months: which recent months the coming ones are like
    `level` (paths, n, 1) by how much new content comes more or less than it did; half of it is common to all scopes
    """

    fate: Whole
    block: Array
    level: Array

    @classmethod
    def of(cls, paths: int, scopes: int, months: int, seed: int) -> Chance:
        """Draw the luck."""
        rng = np.random.default_rng(seed)
        blocks = rng.random((paths, scopes, -(-months // BLOCK_MONTHS)))
        common, own = ndtri(_even(rng, paths, 1)), ndtri(_even(rng, paths, scopes))
        spread = common if scopes == 1 else (common + own) * np.sqrt(0.5)
        return cls(
            (_even(rng, paths, scopes) * SPREAD_LEVELS).astype(np.int64),
            np.repeat(blocks, BLOCK_MONTHS, axis=2)[..., :months],
            np.exp(LEVEL_DOUBT * spread)[..., None],
        )


def _even(rng: np.random.Generator, paths: int, scopes: int) -> Array:
    """Return (paths, scopes) numbers, evenly spread over 0 … 1 in each column, in an order of chance."""
    levels = np.broadcast_to(((np.arange(paths) + 0.5) / paths)[:, None], (paths, scopes))
    return rng.permuted(levels, axis=0)


def draws(model: DueDatesModel, answer: Answered, chance: Chance) -> Array:
    """Return archived bytes (paths, n, H): what falls due under each luck, held back by the cap as in the answer."""
    months = answer.room.shape[-1]
    falling_due = _known(model, answer, chance.fate)
    for part in answer.arrivals:
        falling_due += _new(part, chance.block[..., :months]) * chance.level
    return _held_back(answer, falling_due)


def _known(model: DueDatesModel, answer: Answered, fate: Whole) -> Array:
    """Return bytes falling due of files that exist; the one-off backlog is certain."""
    change, months = answer.question.change, answer.room.shape[-1]
    untouched = Untouched(model.survival, answer.question.beliefs)
    total = np.zeros((*fate.shape, months))
    if change.start <= months:
        total[..., change.start - 1] += answer.due.at_once[BYTES].sum(axis=-1)
    ages = np.arange(model.grid.amounts.shape[-1])
    for which, part in enumerate(by_rule(model.grid, change)):
        month, late = due_months(ages, change, which)
        chosen = (month > GONE) & (month <= months) & ~late & part[BYTES].any(axis=0)
        for age in np.flatnonzero(chosen) if which != NEITHER else ():
            ahead = int(month[age])
            shares = untouched.spread(int(age), ahead)
            met = shares[np.arange(fate.shape[1]), fate]
            total[..., ahead - 1] += part[BYTES][:, age] * met
    return total


def _new(part: Arrivals, block: Array) -> Array:
    """Return bytes falling due of files to come: runs of the recent months, drawn again."""
    recent = part.recent[BYTES]
    seen = np.isfinite(recent).sum(axis=-1)
    start = (block * seen[:, None]).astype(np.int64)
    at = (start + np.arange(block.shape[-1]) % BLOCK_MONTHS) % seen[:, None]
    brought = recent[np.arange(len(recent))[:, None], at]
    return placed(brought * part.growth, part.month)


def _held_back(answer: Answered, falling_due: Array) -> Array:
    """Let no more bytes through than in the answer in months in which files had to wait."""
    archived, waiting = answer.taken.archived, answer.taken.waiting
    if not waiting[FILES].any():
        return falling_due
    room = np.where(waiting[FILES] > 0, archived[BYTES].astype(float), np.inf)
    taken, queue = np.empty_like(falling_due), np.zeros(falling_due.shape[:2])
    for month in range(falling_due.shape[-1]):
        queue = queue + falling_due[..., month]
        taken[..., month] = np.minimum(queue, room[:, month])
        queue = queue - taken[..., month]
    return taken
