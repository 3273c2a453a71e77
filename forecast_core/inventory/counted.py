"""What was counted of a file list, as cells with months and as faults with their rows.

In:    `CountedFiles`, from an engine or a list; what a list says about its dates and sizes.
Out:   cells of a cube by last change and by last access; one issue per reason why rows were set aside.
Never: leaves a row out of both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecast_core.inventory.cube import KEYS, MEASURES, SNAPSHOT
from forecast_core.schema import CountedFiles, Issue, SetAside, Severity

if TYPE_CHECKING:
    from forecast_core.sources.engines.listed import Listed

CELL = [SNAPSHOT, "basis", *KEYS]
DATES = "2027-03-14, 2027-03-14T09:30:00Z, 14/03/2027 09:30, 3/14/2027 9:30 AM or seconds since 1970"
SIZES = "whole bytes, 0 or more, or a number with its unit such as 1.5 GB"
CORRECT = "Correct the cells, or leave the rows out knowingly."
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
        CORRECT,
    ),
    "size_empty": (Severity.ERROR, "size_unreadable", "size is empty; set aside: {n}.", SIZES, CORRECT),
    "modified": (
        Severity.ERROR,
        "modified_unreadable",
        "modified cannot be read; set aside: {n}.",
        DATES,
        CORRECT,
    ),
    "modified_empty": (Severity.ERROR, "modified_unreadable", "modified is empty; set aside: {n}.", DATES, CORRECT),
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
COLUMN_OF = {"impossible": "modified", "folders": "path"}


def cells_of(counted: CountedFiles, taken: np.datetime64) -> pd.DataFrame:
    """Return the cells as they stood at the end of `taken`."""
    cells = counted.cells
    parts = [_dated(cells, cells["modified_month"], "modified")]
    if cells["accessed_month"].notna().any():
        parts.append(_dated(cells, cells["accessed_month"].fillna(cells["modified_month"]), "accessed"))
    whole = (pd.concat(parts) if parts[1:] else parts[0]).assign(**{SNAPSHOT: pd.Timestamp(taken).as_unit("s")})
    if not whole.duplicated(CELL).any():
        return whole
    return whole.groupby(CELL, sort=True, as_index=False)[list(MEASURES)].sum()


def _dated(cells: pd.DataFrame, months: pd.Series, basis: str) -> pd.DataFrame:
    return cells.drop(columns="accessed_month").assign(modified_month=months, basis=basis)


def issues_of(counted: CountedFiles) -> Iterator[Issue]:
    """Yield why rows were set aside, and what is not known of the rest."""
    yield from map(_set_aside, counted.aside)
    unknown = counted.cells["accessed_month"].isna()
    if unknown.any() and not unknown.all():
        files = int(counted.cells.loc[unknown, "files"].sum())
        what = f"The last access is not known in {files:,} rows; there the last change counts."
        yield Issue(Severity.WARNING, "accessed_unknown", what, column="accessed", rows=files)


def _set_aside(part: SetAside) -> Issue:
    severity, code, what, allowed, hint = FAULTS[part.reason]
    return Issue(
        severity,
        code,
        what.format(n=_rows(part.files)),
        allowed,
        hint,
        row=part.row,
        column=COLUMN_OF.get(part.reason, code.partition("_")[0]) if severity is Severity.ERROR else None,
        value=part.value or None,
        rows=part.files,
    )


def issues_of_list(found: Listed) -> Iterator[Issue]:
    """Yield what a list says besides: what was converted, rows that fit no header, dates in an order unknown."""
    yield from _conversions(found)
    for issue in issues_of(found.counted):
        if issue.code == "modified_unreadable" and issue.value and found.votes.either and not found.order:
            hint = "Whether the first number is the day or the month cannot be told; say so below."
            yield replace(issue, code="date_order", allowed="", hint=hint)
        else:
            yield issue
    if found.tally.misfits:
        yield Issue(
            Severity.ERROR,
            "row_misfit",
            f"Does not fit the header; set aside: {_rows(found.tally.misfits)} ({'; '.join(found.tally.first)}).",
            allowed="one cell per header",
            hint="A delimiter inside a path needs quotation marks around it.",
            rows=found.tally.misfits,
        )


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"


def _conversions(found: Listed) -> Iterator[Issue]:
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
    if found.listing.form.zone != "UTC":
        what = f"Dates are those of {found.listing.form.zone}; near the end of a month a file may count a month off."
        yield Issue(Severity.FIXED, "zone", what, column="modified")
