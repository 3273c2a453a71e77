"""From a file list or a table of cells, as read, to checked age cubes.

In:    a `RawTable` as a reader found it; what the user says about it.
Out:   `InventoryReading`: what was recognised, every fault with its row, the `Inventory` if there is one.
Never: repairs in silence: every row is used, or counted and named.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from forecast_core.inventory.contents import NOT_MEASURED, Contents
from forecast_core.inventory.cube import SNAPSHOT, Cubes
from forecast_core.inventory.policy import NO_RULE_MONTHS
from forecast_core.inventory.rows import Rows, cells_of_cube, cells_of_files
from forecast_core.months import month_text, parse_month
from forecast_core.schema import (
    BASES,
    CUBE_COLUMNS,
    FILE_COLUMNS,
    NEEDED_OF_CUBE,
    NEEDED_OF_FILES,
    FileColumn,
    Issue,
    RawTable,
    Severity,
    plain,
)


@dataclass(frozen=True)
class InventoryChoices:
    """What the file does not say.

    `taken`        month at whose end the list stood so (`2027-03`); "" for the newest change in it
    `rule_months`  age rule in force today, whose files are in the archive already; 121: none, all are on primary
    `folders`      how many levels of folders make a scope where a file list names none; 0: all files are one
    `history_id`   data set with the monthly history of the same estate; "" for none
    """

    taken: str = ""
    rule_months: int = NO_RULE_MONTHS
    history_id: str = ""
    folders: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return the choices as they are stored."""
        return asdict(self)


@dataclass(frozen=True, eq=False)
class Inventory:
    """Cubes by last change and, where it is known, by last access; `contents` what an archive could make smaller."""

    modified: Cubes
    accessed: Cubes | None = None
    contents: Contents = Contents()

    @classmethod
    def of(cls, frame: pd.DataFrame, contents: Contents = NOT_MEASURED) -> Inventory:
        """Return the inventory of stored cells."""
        by_basis = {basis: frame[frame["basis"] == basis].drop(columns="basis") for basis in BASES}
        accessed = by_basis["accessed"]
        return cls(Cubes.of(by_basis["modified"]), Cubes.of(accessed) if len(accessed) else None, contents)

    def frame(self) -> pd.DataFrame:
        """Return every cell with its month end and its basis: what is stored."""
        parts = [self.modified.frame().assign(basis="modified")]
        if self.accessed is not None:
            parts.append(self.accessed.frame().assign(basis="accessed"))
        return pd.concat(parts, ignore_index=True)


@dataclass(frozen=True, eq=False)
class InventoryReading:
    """A file list as understood; `rows_in` = `rows_used` + `rows_set_aside`.

    `headers` are (header, column); `inventory` is None when nothing can be used.
    """

    name: str
    content_id: str
    is_file_list: bool
    headers: tuple[tuple[str, str], ...]
    issues: tuple[Issue, ...]
    rows_in: int
    rows_used: int
    inventory: Inventory | None
    choices: InventoryChoices
    origin: str = ""

    @property
    def rows_set_aside(self) -> int:
        """Rows that were not used; every one is named or counted by an issue."""
        return self.rows_in - self.rows_used


def is_inventory(headers: Iterable[str]) -> bool:
    """Return whether these are the headers of a file list or of an age cube."""
    found = list(headers)
    return _has(found, CUBE_COLUMNS, NEEDED_OF_CUBE) or _has(found, FILE_COLUMNS, NEEDED_OF_FILES)


def read_inventory(
    table: RawTable, this_month: np.datetime64, choices: InventoryChoices = InventoryChoices()
) -> InventoryReading:
    """Return what was understood of a file list or a table of cells."""
    as_cells = _has(table.cells.columns, CUBE_COLUMNS, NEEDED_OF_CUBE)
    columns = CUBE_COLUMNS if as_cells else FILE_COLUMNS
    headers = _headers(table.cells.columns, columns)
    cells = table.cells[list(headers.values())].set_axis(list(headers), axis=1)
    taken = parse_month(choices.taken) if choices.taken else None
    rows = cells_of_cube(cells, taken) if as_cells else cells_of_files(cells, taken, choices.folders)
    issues = sorted((*table.issues, *rows.issues, *_dated(rows, this_month)), key=lambda issue: -issue.severity)
    usable = rows.used > 0 and not any(issue.severity is Severity.BLOCKING for issue in issues)
    return InventoryReading(
        name=table.name,
        content_id=table.content_id,
        is_file_list=not as_cells,
        headers=tuple((found, name) for name, found in headers.items()),
        issues=tuple(issues),
        rows_in=len(table.cells) + table.set_aside,
        rows_used=rows.used,
        inventory=Inventory.of(rows.cells, rows.contents) if usable else None,
        choices=choices,
    )


def _dated(rows: Rows, this_month: np.datetime64) -> list[Issue]:
    if not rows.used:
        return [Issue(Severity.BLOCKING, "no_rows", "No row can be used.", hint="Mend the faults below first.")]
    newest = rows.cells[SNAPSHOT].max()
    last = newest.to_numpy().astype("datetime64[M]")
    found = []
    if last > this_month:
        what = f"The newest change is of {month_text(last)}, after the current month {month_text(this_month)}."
        hint = "Check the clock of the source, or say when it was taken."
        found.append(Issue(Severity.WARNING, "future", what, hint=hint))
    gone = sorted(set(rows.cells["scope"]) - set(rows.cells.loc[rows.cells[SNAPSHOT] == newest, "scope"]))
    if gone:
        names = ", ".join(gone[:6])
        what = f"{len(gone)} scopes are not in the newest month {month_text(last)} and are left out: {names}."
        hint = "Upload each with its own last month, if it still exists."
        found.append(Issue(Severity.WARNING, "scope_ended", what, hint=hint, rows=len(gone)))
    return found


def _headers(found: Iterable[str], columns: tuple[FileColumn, ...]) -> dict[str, str]:
    """Return by column the header it is read from: its own name before an alias, aliases in their order."""
    by_plain = {plain(header): header for header in reversed(list(found))}
    wanted = {column.name: [plain(name) for name in (column.name, *column.aliases)] for column in columns}
    return {
        name: by_plain[next(alias for alias in aliases if alias in by_plain)]
        for name, aliases in wanted.items()
        if any(alias in by_plain for alias in aliases)
    }


def _has(found: Iterable[str], columns: tuple[FileColumn, ...], needed: tuple[str, ...]) -> bool:
    return set(needed) <= set(_headers(found, columns))
