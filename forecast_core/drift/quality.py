"""Is the data itself sound? Plain rules, asked before any statistics.

In:    a history and the check of a month.
Out:   `Fault`s, each with the scope, the rule and the figures; scopes with a fault are on hold.
Never: lets a drift verdict stand on a row that breaks a rule; calls it drift when a unit was mixed up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast_core.drift.changes import RED_P, Checked
from forecast_core.history import History
from forecast_core.months import month_text
from forecast_core.schema import shares

Array = NDArray[np.float64]
UNIT_FACTORS = {
    "avg_file_size_mb": (8.0, 1000.0, 1024.0, 8192.0, 1024.0**2),  # bits, decimal, KB, kilobits, bytes
    "total_files": (1000.0, 1e6),  # counted in thousands or millions
}
LEAST_JUMP = 6.0
WITHIN = 0.2
WITHIN_ERRORS, WITHIN_AT_MOST = 3.0, 0.7
SEEN_MONTHS, SEEN_AT_LEAST = 3, 2
SAME_INPUTS = 3
USUALLY_SAME = 0.1
TOLERANCE = 0.01
GB_PER_MB = 1 / 1024
MOST_OF_STOCK = 1.5  # what arrives in a month may be archived in it
STOCK = ("total_files", "avg_file_size_mb", *shares())


@dataclass(frozen=True)
class Fault:
    """One broken rule: `value` is what was found, `usual` what was expected of it, NaN where that means nothing."""

    rule: str
    scope: str
    month: np.datetime64
    column: str = ""
    value: float = float("nan")
    usual: float = float("nan")
    factor: float = float("nan")


def faults(history: History, checked: Checked) -> tuple[Fault, ...]:
    """Return every fault of the month in question, by scope."""
    at = int((checked.month - history.months[0]).astype(int))
    found = [fault for rule in RULES for fault in rule(history, checked, at)]
    return tuple(sorted(found, key=lambda fault: (fault.scope, fault.rule, fault.column)))


def on_hold(found: tuple[Fault, ...]) -> frozenset[str]:
    """Return the scopes whose figures cannot be judged this month."""
    return frozenset(fault.scope for fault in found)


def _units(history: History, checked: Checked, at: int) -> Iterator[Fault]:
    """Yield sizes and counts that are about 8, 1,000 or 1,024 times what they were, or as small a part of it.

    A rate is a policy: it may be set to eight times what it was.
    """
    jumped = (np.abs(checked.effect) > np.log(LEAST_JUMP)) & (checked.p < RED_P)
    for row, column in np.argwhere(jumped[: len(history.scopes)]):
        name = checked.inputs[column].name
        factors = UNIT_FACTORS.get(name)
        if factors is None or not (history.grid(name)[row, max(at - 1, 0) : at + 1] > 0).all():
            continue
        effect, error = float(checked.effect[row, column]), checked.error[row, column]
        off = np.abs(abs(effect) - np.log(factors))
        if off.min() <= min(max(WITHIN_ERRORS * error, WITHIN), WITHIN_AT_MOST):
            factor = factors[int(off.argmin())] ** (1 if effect > 0 else -1)
            value, usual = checked.observed[row, column], checked.expected[row, column]
            yield Fault("unit", history.scopes[row], checked.month, name, float(value), float(usual), factor)


def _missing(history: History, checked: Checked, at: int) -> Iterator[Fault]:
    """Yield scopes that reported lately and do not now, and those that came back after a gap."""
    has_row = np.isfinite(history.grid("archived_gb"))
    for row in np.flatnonzero(~has_row[:, at] | ~has_row[:, at - 1] if at else []):
        scope = history.scopes[row]
        before = has_row[row, max(at - SEEN_MONTHS, 0) : at]
        if not has_row[row, at] and before.sum() >= SEEN_AT_LEAST:
            yield Fault("missing", scope, checked.month, value=float(before.sum()))
        elif has_row[row, at] and has_row[row, :at].any():
            gone = at - 1 - int(np.flatnonzero(has_row[row, :at])[-1])
            yield Fault("gap", scope, checked.month, value=float(gone))


def _doubles(history: History, checked: Checked, at: int) -> Iterator[Fault]:
    here = history.frame[history.frame["month"].to_numpy().astype("datetime64[M]") == checked.month]
    for scope, rows in here["scope"].value_counts().items():
        if rows > 1:
            yield Fault("double", str(scope), checked.month, value=float(rows))


def _stale(history: History, checked: Checked, at: int) -> Iterator[Fault]:
    """Yield scopes whose figures are last month's, to the last digit, where that is not usual."""
    if not at:
        return
    grids = np.stack([history.grid(name) for name in STOCK])[:, :, : at + 1]
    measured = np.isfinite(grids) & (grids != 0)
    same = ((np.diff(grids, axis=2) == 0) & measured[:, :, 1:]).sum(axis=0) >= SAME_INPUTS
    moved = np.nan_to_num(history.grid("archived_gb")[:, at]) > 0
    known = np.maximum(np.isfinite(grids[0, :, 1:]).sum(axis=1) - 1, 1)
    usual = same[:, :-1].sum(axis=1) / known
    for row in np.flatnonzero(same[:, -1] & moved & (usual < USUALLY_SAME)):
        yield Fault("stale", history.scopes[row], checked.month, value=float(measured[:, row, at].sum()))


def _shares(history: History, checked: Checked, at: int) -> Iterator[Fault]:
    parts = np.stack([history.grid(name)[:, at] for name in shares()])
    total = parts.sum(axis=0)
    for row, scope in enumerate(history.scopes):
        if total[row] > 1 + TOLERANCE or (parts[:, row] < 0).any():
            yield Fault("shares", scope, checked.month, value=float(total[row]), usual=1.0)


def _negative(history: History, checked: Checked, at: int) -> Iterator[Fault]:
    for name in ("total_files", "avg_file_size_mb", "archive_frequency_per_day", "archived_gb", "savings_gb"):
        for row in np.flatnonzero(history.grid(name)[:, at] < 0):
            yield Fault("negative", history.scopes[row], checked.month, name, float(history.grid(name)[row, at]))


def _unknown(history: History, checked: Checked, at: int) -> Iterator[Fault]:
    """Yield cells that are empty now and were known every time in the last months."""
    if at < SEEN_MONTHS:
        return
    rows = np.isfinite(history.grid("archived_gb"))[:, at]
    for name in (*STOCK, "savings_gb"):
        grid = history.grid(name)
        before = np.isfinite(grid[:, at - SEEN_MONTHS : at]).all(axis=1)
        for row in np.flatnonzero(rows & before & ~np.isfinite(grid[:, at])):
            yield Fault("unknown", history.scopes[row], checked.month, name)


def _too_much(history: History, checked: Checked, at: int) -> Iterator[Fault]:
    """Yield flows that cannot be: more freed than archived, far more archived than lay there a month before."""
    archived, freed = history.grid("archived_gb")[:, at], history.grid("savings_gb")[:, at]
    for row in np.flatnonzero(freed > archived * (1 + TOLERANCE) + 1e-9):
        yield Fault("freed", history.scopes[row], checked.month, "savings_gb", float(freed[row]), float(archived[row]))
    if not at:
        return
    had = (history.grid("total_files") * history.grid("avg_file_size_mb"))[:, at - 1] * GB_PER_MB
    for row in np.flatnonzero(archived > had * MOST_OF_STOCK + 1e-9):
        yield Fault(
            "archived", history.scopes[row], checked.month, "archived_gb", float(archived[row]), float(had[row])
        )


RULES: tuple[Callable[[History, Checked, int], Iterator[Fault]], ...] = (
    _units, _missing, _doubles, _stale, _shares, _negative, _unknown, _too_much,
)  # fmt: skip


def describe(fault: Fault) -> str:
    """Return a short name for logs: `unit avg_file_size_mb Finance 2027-03`."""
    return " ".join(filter(None, (fault.rule, fault.column, fault.scope, month_text(fault.month))))
