"""Rows of a table of cells, as `archive-forecast scan` writes it, to cells of a cube.

In:    a frame of text, one column per declared name.
Out:   `Rows`: cells with whole numbers, the faults, how many rows are in them.
Never: guesses a size or a date; a row that cannot be read is set aside and counted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast_core.inventory.cube import KEYS, MEASURES, SNAPSHOT
from forecast_core.schema import BASES, Issue, Severity

NAMED_ROWS = 5
ONE_SCOPE = "Files"
ISO = "2027-03-14, 2027-03-14 09:30 or 2027-03-14T09:30:00Z"
CELL = [SNAPSHOT, "basis", *KEYS]


@dataclass(frozen=True, eq=False)
class Rows:
    """`cells` with the columns of a cube, `snapshot_month` and `basis`; `used` rows of text are in them."""

    cells: pd.DataFrame
    issues: tuple[Issue, ...]
    used: int


def cells_of_cube(rows: pd.DataFrame, taken: np.datetime64 | None) -> Rows:
    """Return the cells of a table of cells; without `snapshot_month` they stood so at the end of `taken`."""
    numbers = {name: _whole(rows[name], name, "a whole number") for name in ("size_from_bytes", *MEASURES)}
    month, no_month = _months(rows["modified_month"], "modified_month")
    values = {name: found for name, (found, _) in numbers.items()}
    good = month.notna() & np.logical_and.reduce([found.notna() for found in values.values()])
    issues = [*no_month, *(issue for _, found in numbers.values() for issue in found)]
    snapshot = pd.Series(pd.Timestamp(taken if taken is not None else month.max()), index=rows.index)
    if SNAPSHOT in rows:
        snapshot, no_snapshot = _months(rows[SNAPSHOT], SNAPSHOT)
        good, issues = good & snapshot.notna(), [*issues, *no_snapshot]
    basis = _text(rows, "basis", BASES[0])
    strange = ~basis.isin(BASES)
    if strange.any():
        issues.append(_fault("basis", rows["basis"], strange, "modified or accessed"))
    good &= ~strange
    if not good.any():
        return Rows(pd.DataFrame(), tuple(issues), 0)
    kept = rows[good]
    cells = pd.DataFrame(
        {
            SNAPSHOT: snapshot[good],
            "basis": basis[good],
            "scope": _text(kept, "scope", ONE_SCOPE),
            "file_type": kept["file_type"],
            "size_class": _classes(values["size_from_bytes"][good].to_numpy(np.int64)),
            "version": _versions(kept),
            "tier": _text(kept, "tier", ""),
            "modified_month": month[good],
            **{name: values[name][good].astype("int64") for name in MEASURES},
        }
    )
    return Rows(cells.groupby(CELL, sort=True, as_index=False)[list(MEASURES)].sum(), tuple(issues), int(good.sum()))


def _classes(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the size class of each; exact, which a logarithm of floats is not near a power of two."""
    return np.searchsorted(2 ** np.arange(63, dtype=np.int64), sizes, side="right") - 1


def _whole(texts: pd.Series, column: str, allowed: str) -> tuple[pd.Series, list[Issue]]:
    """Return whole numbers, NA where there is none, and the fault that names the first such rows."""
    plain = texts.str.replace(r"[ ,_](?=\d{3}\b)", "", regex=True)
    read = plain.where(plain.str.fullmatch(r"\d{1,18}"))
    bad = read.isna()
    return read.astype("Int64"), [_fault(column, texts, bad, allowed)] if bad.any() else []


def _months(texts: pd.Series, column: str) -> tuple[pd.Series, list[Issue]]:
    days = pd.to_datetime(texts.str.replace("/", "-"), format="ISO8601", utc=True, errors="coerce").dt.tz_localize(None)
    bad = days.isna()
    firsts = days.to_numpy().astype("datetime64[M]").astype("datetime64[s]")
    months = pd.Series(firsts, index=texts.index)
    return months, [_fault(column, texts, bad, ISO)] if bad.any() else []


def _fault(column: str, texts: pd.Series, bad: pd.Series, allowed: str) -> Issue:
    rows = texts.index[bad.to_numpy(bool)]
    named = ", ".join(f"{row}" for row in rows[:NAMED_ROWS]) + (" …" if len(rows) > NAMED_ROWS else "")
    value = str(texts.loc[rows[0]])
    return Issue(
        Severity.ERROR,
        f"{column}_unreadable",
        f"{column} cannot be read in {len(rows):,} rows ({named}); they are set aside.",
        allowed=allowed,
        hint="Correct the cells, or leave the rows out knowingly.",
        row=int(rows[0]),
        column=column,
        value=value,
        rows=len(rows),
    )


def _text(rows: pd.DataFrame, column: str, default: str) -> pd.Series:
    if column not in rows:
        return pd.Series(default, index=rows.index, dtype="str")
    return rows[column].where(rows[column] != "", default)


def _versions(rows: pd.DataFrame) -> pd.Series:
    if "version" not in rows:
        return pd.Series(0, index=rows.index)
    return pd.to_numeric(rows["version"], errors="coerce").fillna(0).clip(0, 999).astype("int64")
