"""What was counted of a file list, as cells with months and as faults with their rows.

In:    `Gathered`.
Out:   cells of a cube by last change and by last access; one issue per reason why rows were set aside.
Never: leaves a row out of both.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecast_core.inventory.cube import KEYS, MEASURES, SNAPSHOT
from forecast_core.schema import Issue, Severity

if TYPE_CHECKING:
    from forecast_core.inventory.gather import Gathered

CELL = [SNAPSHOT, "basis", *KEYS]
DATES = "2027-03-14, 2027-03-14T09:30:00Z, 14/03/2027 09:30, 3/14/2027 9:30 AM or seconds since 1970"
SIZES = "whole bytes, 0 or more, or a number with its unit such as 1.5 GB"
ORDERS = {"dmy": "day/month/year", "mdy": "month/day/year"}
FAULTS: dict[str, tuple[Severity, str, str, str, str]] = {
    "folders": (Severity.FIXED, "folders", "Folders: {n}. Only files count.", "", ""),
    "deleted": (Severity.FIXED, "deleted", "Deleted objects or marks of a deletion, not counted: {n}.", "", ""),
    "duplicate": (Severity.FIXED, "duplicates", "A file named a second time, counted once: {n}.", "", ""),
    "size": (
        Severity.ERROR,
        "size_unreadable",
        "size cannot be read; set aside: {n}.",
        SIZES,
        "Correct the cells, or leave the rows out knowingly.",
    ),
    "modified": (
        Severity.ERROR,
        "modified_unreadable",
        "modified cannot be read; set aside: {n}.",
        DATES,
        "Correct the cells, or leave the rows out knowingly.",
    ),
    "impossible": (
        Severity.ERROR,
        "modified_impossible",
        "Changed before 1970 or more than a year from now; set aside: {n}.",
        "1970-01 to a year from now",
        "Such dates are written where none is known; correct them at the source.",
    ),
    "path": (
        Severity.ERROR,
        "path_too_long",
        "A path of more than 32,767 characters; set aside: {n}.",
        "up to 32,767 characters",
        "A quotation mark may be missing, so that several rows became one.",
    ),
}
COLUMN_OF = {"size": "size", "modified": "modified", "impossible": "modified", "path": "path", "folders": "path"}


def cells_of(found: Gathered, taken: np.datetime64 | None) -> pd.DataFrame:
    """Return the cells as they stood at the end of `taken`, of the newest change where it is not given."""
    counted = found.cells
    last = taken if taken is not None else np.datetime64(int(counted["modified_index"].max()) - 1970 * 12, "M")
    parts = [_dated(counted, counted["modified_index"], "modified")]
    if counted["accessed_index"].notna().any():
        opened = counted["accessed_index"].fillna(counted["modified_index"]).astype("int64")
        parts.append(_dated(counted, opened, "accessed"))
    whole = pd.concat(parts).assign(**{SNAPSHOT: pd.Timestamp(last).as_unit("s")})
    return whole.groupby(CELL, sort=True, as_index=False)[list(MEASURES)].sum()


def _dated(counted: pd.DataFrame, index: pd.Series, basis: str) -> pd.DataFrame:
    months = (index.to_numpy(np.int64) - 1970 * 12).astype("datetime64[M]").astype("datetime64[s]")
    return counted.assign(modified_month=months, basis=basis).drop(columns=["modified_index", "accessed_index"])


def issues_of(found: Gathered) -> Iterator[Issue]:
    """Yield what was converted, and why rows were set aside."""
    yield from _conversions(found)
    for fault, files, _, row, value in found.aside.itertuples(index=False):
        severity, code, what, allowed, hint = FAULTS[str(fault)]
        if fault == "modified" and found.votes.either and not found.order:
            hint = "Whether the first number is the day or the month cannot be told; say so below."
            allowed, code = "", "date_order"
        yield Issue(
            severity,
            code,
            what.format(n=_rows(int(files))),
            allowed,
            hint,
            row=int(row),
            column=COLUMN_OF.get(str(fault)),
            value=str(value) if severity is Severity.ERROR and value else None,
            rows=int(files),
        )
    if found.tally.misfits:
        yield Issue(
            Severity.ERROR,
            "row_misfit",
            f"Does not fit the header; set aside: {_rows(found.tally.misfits)} ({'; '.join(found.tally.first)}).",
            allowed="one cell per header",
            hint="A delimiter inside a path needs quotation marks around it.",
            rows=found.tally.misfits,
        )
    unknown = found.cells["accessed_index"].isna()
    if unknown.any() and not unknown.all():
        files = int(found.cells.loc[unknown, "files"].sum())
        what = f"The last access is not known in {files:,} rows; there the last change counts."
        yield Issue(Severity.WARNING, "accessed_unknown", what, column="accessed", rows=files)


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"


def _conversions(found: Gathered) -> Iterator[Issue]:
    votes = found.votes
    if votes.either and found.order:
        other = votes.month_first if found.order == "dmy" else votes.day_first
        said = f"Dates such as 03/04/2027 were read as {ORDERS[found.order]}"
        what = f"{said}; {other:,} rows speak against it." if other else f"{said}."
        yield Issue(Severity.FIXED, "date_order", what, column="modified", rows=votes.either)
    if votes.sized:
        what = "Sizes are written with a unit, so they were rounded by the export; totals are as exact as that."
        hint = "Export sizes in bytes for exact totals."
        yield Issue(Severity.WARNING, "size_rounded", what, hint=hint, column="size", rows=votes.sized)
    if found.listing is not None and found.listing.form.zone != "UTC":
        what = f"Dates are those of {found.listing.form.zone}; near the end of a month a file may count a month off."
        yield Issue(Severity.FIXED, "zone", what, column="modified")
