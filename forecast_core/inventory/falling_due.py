"""Which month each cell of an age cube goes to the archive: exact, a cell has one due month.

In:    a `Grid`, the rule in force until a start month and the rule after it, how much of a cohort stays untouched.
Out:   `Due`: whole files and bytes gone already, due at once, due in each coming month, and what does not fall due.
Never: loses or doubles a byte; foresees a file that does not exist yet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast_core.inventory.grid import Grid, Whole
from forecast_core.inventory.policy import Policy

Array = NDArray[np.float64]
Keep = Callable[[Whole, Whole], Array]
NEITHER, AFTER_ONLY, BEFORE_ONLY, BOTH = range(4)
GONE, NEVER = 0, np.iinfo(np.int64).max


def keeps_all(ages: Whole, months: Whole) -> Array:
    """Return 1: nothing is touched or deleted before it falls due."""
    return np.ones((1, len(ages)))


@dataclass(frozen=True)
class Change:
    """`before` is in force and did its work until now; `after` takes over in month `start` (1: the first to come)."""

    before: Policy
    after: Policy
    start: int = 1


@dataclass(frozen=True, eq=False)
class Due:
    """Where every file and byte of the grid ends; the five add up to the grid, scope by scope.

    The leading axis is files, bytes.

    `gone`     (2, n) in the archive already: the rule in force took it
    `at_once`  (2, n, A) by age today: older than the new rule when that starts, so due in its first month
    `monthly`  (2, n, H) due in each coming month by reaching the age of the rule
    `left`     (2, n, H) touched or deleted before, booked in the month it would have fallen due
    `stays`    (2, n) not due within the horizon, or never
    """

    gone: Whole
    at_once: Whole
    monthly: Whole
    left: Whole
    stays: Whole

    def together(self) -> Due:
        """Return the sum of the scopes as one."""
        parts = (self.gone, self.at_once, self.monthly, self.left, self.stays)
        return Due(*(part.sum(axis=1, keepdims=True) for part in parts))


def due(grid: Grid, change: Change, months: int, keep: Keep = keeps_all) -> Due:
    """Return what falls due in the coming `months`; `keep(ages, months ahead)` is the share untouched, (n or 1, A)."""
    parts = by_rule(grid, change)
    _, _, count, oldest = parts.shape
    ages = np.arange(oldest)
    found = Due(
        gone=np.zeros((2, count), np.int64),
        at_once=np.zeros((2, count, oldest), np.int64),
        monthly=np.zeros((2, count, months), np.int64),
        left=np.zeros((2, count, months), np.int64),
        stays=np.zeros((2, count), np.int64),
    )
    for which, part in enumerate(parts):
        month, at_once = due_months(ages, change, which)
        found.gone[...] += part[..., month == GONE].sum(axis=-1)
        found.stays[...] += part[..., month > months].sum(axis=-1)
        coming = (month > GONE) & (month <= months)
        kept = _kept(part, ages, month, coming, keep)
        found.at_once[...] += np.where(coming & at_once, kept, 0)
        _add(found.monthly, kept, month, coming & ~at_once)
        _add(found.left, part - kept, month, coming)
    return found


def within(grid: Grid, change: Change, months: int) -> Whole:
    """Return files and bytes that fall due in the coming `months` if none is touched, by age today, (2, n, A)."""
    parts = by_rule(grid, change)
    ages = np.arange(parts.shape[-1])
    total = np.zeros_like(parts[0])
    for which, part in enumerate(parts):
        month, _ = due_months(ages, change, which)
        chosen = (month > GONE) & (month <= months)
        total[..., chosen] += part[..., chosen]
    return total


def within_by_kind(grid: Grid, change: Change, months: int) -> Whole:
    """Return the same by kind instead of scope, (2, kinds, A)."""
    ages = np.arange(grid.amounts.shape[-1])
    kind = 2 * grid.kinds_of(change.before) + grid.kinds_of(change.after)
    scope = 2 * grid.scopes_of(change.before) + grid.scopes_of(change.after)
    total = np.zeros((2, len(kind), len(ages)), np.int64)
    for group in np.unique(scope):
        there = grid.by_kind(scope == group)
        for which in np.unique(kind & group):
            month, _ = due_months(ages, change, int(which))
            chosen = np.outer((kind & group) == which, (month > GONE) & (month <= months))
            total += np.where(chosen, there, 0)
    return total


def first_due(grid: Grid, change: Change) -> int | None:
    """Return in how many months the first file falls due, None if none ever does."""
    parts = by_rule(grid, change)
    ages = np.arange(parts.shape[-1])
    found = []
    for which, part in enumerate(parts):
        month, _ = due_months(ages, change, which)
        coming = (month > GONE) & (month < NEVER) & part[0].any(axis=0)
        found += month[coming].tolist()
    return min(found, default=None)


def due_months(ages: Whole, change: Change, which: int) -> tuple[Whole, NDArray[np.bool_]]:
    """Return the due month of each age, 1 the first to come (GONE, NEVER), and whether it is late for the new rule."""
    early = change.before.age_months - ages
    own = change.after.age_months - ages
    month = np.maximum(own, change.start) if which in (AFTER_ONLY, BOTH) else np.full(len(ages), NEVER)
    late = np.full(len(ages), which in (AFTER_ONLY, BOTH)) & (own < change.start)
    if which in (BEFORE_ONLY, BOTH):
        by_before = early < change.start
        month, late = np.where(by_before, np.maximum(early, GONE), month), late & ~by_before
    return month, late


def by_rule(grid: Grid, change: Change) -> Whole:
    """Return files and bytes by which of the two rules takes them (NEITHER … BOTH), (4, 2, n, A)."""
    rules = (change.before, change.after)
    kind_before, kind_after = (grid.kinds_of(rule) for rule in rules)
    scope_before, scope_after = (grid.scopes_of(rule) for rule in rules)
    parts = np.zeros((4, 2, *grid.amounts.shape[2:]), np.int64)
    which_kind = 2 * kind_before + kind_after
    for which in np.unique(which_kind):
        taken = grid.taken(which_kind == which)
        rows = 2 * ((which >= BEFORE_ONLY) & scope_before) + ((which % 2 == 1) & scope_after)
        for target in np.unique(rows):
            parts[target][:, rows == target] += taken[:, rows == target]
    return parts


def _kept(part: Whole, ages: Whole, month: Whole, coming: NDArray[np.bool_], keep: Keep) -> Whole:
    """Round the share that stays untouched to whole files and bytes; nothing elsewhere."""
    share = keep(ages, np.where(coming, month, GONE))
    return np.where(coming, np.minimum(np.rint(part * share).astype(np.int64), part), 0)


def _add(total: Whole, values: Whole, month: Whole, chosen: NDArray[np.bool_]) -> None:
    """Add the chosen ages to their month; at most the start month takes more than one."""
    for age in np.flatnonzero(chosen):
        total[..., month[age] - 1] += values[..., age]
