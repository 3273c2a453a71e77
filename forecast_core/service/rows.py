"""Rows of the published contract: a scope at the end of a month, asked for its next month.

In:    rows as numbers and text; the scopes of a data set.
Out:   `Row`, checked; `RowPrediction`, `Predictions`.
Never: repairs a value; stops at the first fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast_core.backtest import Trust
from forecast_core.errors import FieldFault, RowsError
from forecast_core.forecast import Interval
from forecast_core.months import parse_month
from forecast_core.schema import column, shares
from forecast_core.service.answers import Provenance

Array = NDArray[np.float64]
FEATURES = ("total_files", "avg_file_size_mb", *shares(), "archive_frequency_per_day")
TARGETS = ("archived_gb_next_period", "savings_gb_next_period")
MOST_ROWS = 10_000
FIRST_YEAR, LAST_YEAR = 1970, 2199
ROUNDING = 1e-6
MONTH_RULE = f"a month as 2027-03, from {FIRST_YEAR} to {LAST_YEAR}"


@dataclass(frozen=True)
class Row:
    """Where a scope stands at the end of `month` (`2027-03`) and how often it archives after; "" is the mean scope."""

    month: str
    total_files: float
    avg_file_size_mb: float
    pct_pdf: float
    pct_docx: float
    pct_xlsx: float
    archive_frequency_per_day: float
    scope: str = ""


@dataclass(frozen=True)
class RowPrediction:
    """What a row brings in `month`, the one after its own; `savings` is None where they were never measured."""

    month: np.datetime64
    scope: str
    archived: Interval
    savings: Interval | None
    trust: Trust


@dataclass(frozen=True)
class Predictions:
    """One prediction per row, in their order; `notes` say what of the rows could not be used, and whose mean it is."""

    rows: tuple[RowPrediction, ...]
    notes: tuple[str, ...]
    provenance: Provenance


def checked_rows(rows: Sequence[Row], scopes: Sequence[str]) -> None:
    """Do nothing where every row can be asked; RowsError lists every fault of every row at once."""
    if not 1 <= len(rows) <= MOST_ROWS:
        raise RowsError(FieldFault(0, "instances", str(len(rows)), f"1 to {MOST_ROWS} rows in one call"))
    faults = [fault for place, row in enumerate(rows) for fault in _faults(place, row, scopes)]
    if faults:
        raise RowsError(*faults)


def _faults(place: int, row: Row, scopes: Sequence[str]) -> Iterator[FieldFault]:
    if not _is_month(row.month):
        yield FieldFault(place, "month", row.month[:40], MONTH_RULE)
    for name in FEATURES:
        value, known = getattr(row, name), column(name)
        if not known.lower <= value <= known.upper:
            yield FieldFault(place, name, f"{value:g}", f"{known.lower:g} to {known.upper:g} {known.unit}".rstrip())
    total = row.pct_pdf + row.pct_docx + row.pct_xlsx
    if total > 1 + ROUNDING and max(row.pct_pdf, row.pct_docx, row.pct_xlsx) <= 1:
        yield FieldFault(place, "+".join(shares()), f"{total:g}", "together at most 1")
    if row.scope and row.scope not in scopes:
        yield FieldFault(place, "scope", row.scope[:60], f"one of {', '.join(scopes[:20])}; or left out")


def _is_month(text: str) -> bool:
    try:
        parse_month(text)
    except ValueError:
        return False
    return FIRST_YEAR <= int(text[:4]) <= LAST_YEAR


def as_arrays(rows: Sequence[Row]) -> tuple[NDArray[np.datetime64], Array]:
    """Return months (K,) and features (K, 6) in the order of `FEATURES`."""
    months = np.array([row.month for row in rows], dtype="datetime64[M]")
    return months, np.array([[getattr(row, name) for name in FEATURES] for row in rows], float)
