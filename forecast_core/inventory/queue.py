"""Files wait their turn: the oldest first, so many a day; the one-off backlog may go on its own.

In:    what falls due, files per month, from which month on.
Out:   `Taken`: whole files and bytes archived in each month, and waiting at its end.
Never: takes a file before it is due, or one twice; a cap only delays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast_core.inventory.falling_due import Due
from forecast_core.inventory.grid import FILES, Whole

Array = NDArray[np.float64]
NO_LIMIT = 2**62


@dataclass(frozen=True, eq=False)
class Taken:
    """(2, n, H): files and bytes `archived` in the month and `waiting` at its end."""

    archived: Whole
    waiting: Whole


def capacity(frequency_per_day: Array, days: Array) -> Whole:
    """Return whole files a month; a frequency without limit takes everything."""
    files = np.nan_to_num(np.floor(frequency_per_day * days + 1e-9), posinf=NO_LIMIT)
    return np.minimum(files, NO_LIMIT).astype(np.int64)


def work_off(due: Due, start: int, room: Whole, ramp_months: int = 0) -> Taken:
    """Return what is archived with `room` (n, H) for files each month; the new rule starts in month `start`.

    `ramp_months` 0: the backlog of the start waits in the same queue, oldest first; R ≥ 1: it goes apart from the cap,
    in equal parts over R months.
    """
    oldest_first = due.at_once[..., ::-1]
    if ramp_months:
        alone, none = np.zeros_like(due.monthly), oldest_first[..., :0]
        parts = _serve(_line(oldest_first, alone, start), _ramp(due, start, ramp_months))
        taken = parts + _serve(_line(none, due.monthly, start), room)
    else:
        taken = _serve(_line(oldest_first, due.monthly, start), room)
    return Taken(taken, np.cumsum(released(due, start) - taken, axis=-1))


def released(due: Due, start: int) -> Whole:
    """Return files and bytes that may be taken from each month on, (2, n, H): all of it is, without a cap."""
    ready = due.monthly.copy()
    if start <= ready.shape[-1]:
        ready[..., start - 1] += due.at_once.sum(axis=-1)
    return ready


@dataclass(frozen=True, eq=False)
class _Line:
    """Items in the order they are served: `ends` (2, n, I + 1) running totals; `ready` (H,) items released by then."""

    ends: Whole
    ready: Whole


def _line(backlog: Whole, monthly: Whole, start: int) -> _Line:
    """What fell due before the start goes first, then the backlog, then what falls due later."""
    items = np.concatenate([monthly[..., : start - 1], backlog, monthly[..., start - 1 :]], axis=-1)
    ends = np.concatenate([np.zeros_like(items[..., :1]), np.cumsum(items, axis=-1)], axis=-1)
    months = np.arange(1, monthly.shape[-1] + 1)
    return _Line(ends, months + np.where(months >= start, backlog.shape[-1], 0))


def _serve(line: _Line, room: Whole) -> Whole:
    """Return files and bytes taken in each month, (2, n, H)."""
    ready = line.ends[FILES][:, line.ready]
    served = np.zeros_like(ready)
    so_far = np.zeros(len(ready), np.int64)
    for month in range(ready.shape[1]):
        so_far = so_far + np.minimum(room[:, month], ready[:, month] - so_far)
        served[:, month] = so_far
    return np.diff(np.stack([served, _bytes_of(line, served)]), axis=-1, prepend=0)


def _bytes_of(line: _Line, served: Whole) -> Whole:
    """Return the bytes of the first `served` files; of an item served in part, its share rounded down.

    A function of the running total alone, so that the way there does not matter.
    """
    volume = np.zeros_like(served)
    for row, (files, sizes) in enumerate(zip(*line.ends, strict=True)):
        whole = np.minimum(np.searchsorted(files, served[row], side="right") - 1, line.ready)
        after = np.minimum(whole + 1, len(files) - 1)
        part, item = served[row] - files[whole], files[after] - files[whole]
        share = np.divide(part, item, out=np.zeros(len(part)), where=part > 0)
        volume[row] = sizes[whole] + np.floor(share * (sizes[after] - sizes[whole])).astype(np.int64)
    return volume


def _ramp(due: Due, start: int, ramp_months: int) -> Whole:
    """Return how many files of the backlog go in each month, (n, H): equal parts, all of it by the last."""
    total = due.at_once[FILES].sum(axis=-1)
    step = np.clip(np.arange(1, due.monthly.shape[-1] + 1) - start + 1, 0, ramp_months)
    return np.diff(total[:, None] * step // ramp_months, axis=-1, prepend=0)
