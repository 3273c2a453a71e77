"""From a file list or a table of cells, as read, to checked age cubes.

In:    a `RawTable` as a reader found it; what the user says about it.
Out:   `InventoryReading`: what was recognised, every fault with its row, the `Inventory` if there is one.
Never: repairs in silence: every row is used, or counted and named.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from forecast_core.errors import SourceError
from forecast_core.inventory.contents import NOT_MEASURED, Contents
from forecast_core.inventory.counted import cells_of, issues_of, issues_of_list
from forecast_core.inventory.cube import SNAPSHOT, Cubes
from forecast_core.inventory.policy import NO_RULE_MONTHS
from forecast_core.inventory.rows import cells_of_cube
from forecast_core.months import month_text, parse_month
from forecast_core.schema import BASES, CUBE_COLUMNS, NEEDED_OF_CUBE, CountedFiles, Issue, RawTable, Severity, plain
from forecast_core.sources import Limits, first_headers, read_table
from forecast_core.sources.listing import Listing, Source, listing_of
from forecast_core.sources.listing.unpack import packed
from forecast_core.sources.text import SAMPLE_BYTES

AS_FORM = -1
NO_ROWS = Issue(Severity.BLOCKING, "no_rows", "No row can be used.", hint="Mend the faults below first.")


@dataclass(frozen=True)
class InventoryChoices:
    """What the file does not say.

    `taken`        month at whose end the list stood so (`2027-03`); "" for the newest change in it
    `rule_months`  age rule in force today, whose files are in the archive already; 121: none, all are on primary
    `folders`      how many levels of folders make a scope; 0: the scopes the list names, or one; −1: as its form has it
    `date_order`   "dmy" or "mdy" where 03/04/2027 is written; "auto": what the other rows tell
    `mapping`      (beginning of a path or a scope, scope): the longest that fits names the scope
    `history_id`   data set with the monthly history of the same estate; "" for none
    """

    taken: str = ""
    rule_months: int = NO_RULE_MONTHS
    history_id: str = ""
    folders: int = AS_FORM
    date_order: str = "auto"
    mapping: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the choices as they are stored; of a mapping, which names folders, only that it was another one."""
        told: dict[str, Any] = {"taken": self.taken, "rule_months": self.rule_months, "history_id": self.history_id}
        told["folders"] = max(self.folders, 0)
        if self.date_order != "auto":
            told["date_order"] = self.date_order
        if self.mapping:
            told["mapping"] = hashlib.sha256(repr(self.mapping).encode()).hexdigest()[:12]
        return told


class _Hash(io.TextIOBase):
    """Hashes a text as it is written, so that it is never held."""

    def __init__(self) -> None:
        self.sha256 = hashlib.sha256()

    def write(self, text: str, /) -> int:
        self.sha256.update(text.encode())
        return len(text)


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

    def after(self, earlier: Inventory) -> Inventory:
        """Return this inventory with the other month ends of an earlier one of the same estate."""
        new, old = self.frame(), earlier.frame()
        kept = old[~old[SNAPSHOT].isin(new[SNAPSHOT])]
        return Inventory.of(pd.concat([kept, new], ignore_index=True), self.contents)

    @property
    def content_id(self) -> str:
        """Return what tells it from others: a hash of all that is kept."""
        found = _Hash()
        self.frame().to_csv(found, index=False)
        found.write(repr(self.contents))
        return found.sha256.hexdigest()

    def frame(self) -> pd.DataFrame:
        """Return every cell with its month end and its basis: what is stored."""
        parts = [self.modified.frame().assign(basis="modified")]
        if self.accessed is not None:
            parts.append(self.accessed.frame().assign(basis="accessed"))
        return pd.concat(parts, ignore_index=True)


@dataclass(frozen=True, eq=False)
class InventoryReading:
    """A file list as understood; `rows_in` = `rows_used` + `rows_set_aside`, and the same in bytes, exactly.

    `headers` are (header, column); `inventory` is None when nothing can be used; `how` is what was recognised, in
    words; `asks_…` what the file does not settle; `folders` how many levels were taken for scopes.
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
    how: tuple[tuple[str, str], ...] = ()
    bytes_in: int = 0
    bytes_used: int = 0
    asks_date_order: bool = False
    asks_folders: bool = False
    folders: int = 0
    origin: str = ""

    @property
    def rows_set_aside(self) -> int:
        """Rows that were not used; every one is named or counted by an issue."""
        return self.rows_in - self.rows_used


def is_inventory(source: Source, limits: Limits = Limits()) -> bool:
    """Return whether this is a file list or an age cube; SourceError where it is packed and cannot be opened."""
    return listing_of(source, limits) is not None or _is_cube(first_headers(packed(source).start(SAMPLE_BYTES)))


def read_inventory(
    source: Source,
    this_month: np.datetime64,
    choices: InventoryChoices = InventoryChoices(),
    limits: Limits = Limits(),
) -> InventoryReading:
    """Return what was understood of a file list or a table of cells; SourceError where it is neither."""
    listing = listing_of(source, limits)
    if listing is not None:
        return _read_list(listing, this_month, choices)
    with packed(source).stream() as stream:
        table = read_table(source.name, stream.read(limits.max_bytes + 1), limits)
    if not _is_cube(table.cells.columns):
        raise SourceError(
            f"{source.name} is no list of files that is known; its columns are {', '.join(table.cells.columns[:8])}.",
            allowed="columns with the path, the size and the last change of each file",
            hint="The forms that are read are listed in docs/inventories.md.",
        )
    return _read_cells(table, this_month, choices)


def read_counted(
    counted: CountedFiles, this_month: np.datetime64, choices: InventoryChoices, said: Iterable[Issue] | None = None
) -> InventoryReading:
    """Return files that were counted as an inventory; `said` is what its list said, with what is set aside.

    It stands as at the newest change, or as now where that is in the future.
    """
    newest = _newest(counted, this_month)
    taken = parse_month(choices.taken) if choices.taken else min(newest, this_month)
    issues = list(said if said is not None else issues_of(counted))
    if not counted.files:
        issues.append(NO_ROWS)
    elif newest > this_month and not choices.taken:
        issues.append(_future(newest, this_month, "Such files count as new. "))
    contents = Contents(counted.duplicate_ratio, counted.compressed_ratio)
    kept = Inventory.of(cells_of(counted, taken), contents) if counted.files else None
    return InventoryReading(
        name=counted.name,
        content_id=kept.content_id if kept else hashlib.sha256(counted.name.encode()).hexdigest(),
        is_file_list=True,
        headers=(),
        issues=_sorted(issues),
        rows_in=counted.files + sum(part.files for part in counted.aside),
        rows_used=counted.files,
        inventory=kept,
        choices=choices,
        bytes_in=counted.bytes + sum(part.bytes for part in counted.aside),
        bytes_used=counted.bytes,
    )


def _newest(counted: CountedFiles, this_month: np.datetime64) -> np.datetime64:
    months = counted.cells["modified_month"]
    newest: np.datetime64 = months.max().to_numpy().astype("datetime64[M]") if len(months) else this_month
    return newest


def _read_list(listing: Listing, this_month: np.datetime64, choices: InventoryChoices) -> InventoryReading:
    from forecast_core.sources.engines.listed import Wanted, count_list  # with DuckDB, which only a list needs

    folders = choices.folders if choices.folders >= 0 else listing.form.scopes
    found = count_list(listing, Wanted(this_month, choices.date_order, folders, choices.mapping))
    shown = found.listing
    rows = found.counted.files + sum(part.files for part in found.counted.aside) + found.tally.misfits
    said = (*shown.issues, *issues_of_list(found), *_promised(shown, rows))
    reading = read_counted(found.counted, this_month, choices, said)
    return replace(
        reading,
        headers=listing.headers,
        rows_in=rows,
        how=shown.how,
        asks_date_order=bool(found.votes.either) and not found.votes.order,
        asks_folders="scope" not in listing.roles,
        folders=folders,
    )


def _read_cells(table: RawTable, this_month: np.datetime64, choices: InventoryChoices) -> InventoryReading:
    headers = _headers(table.cells.columns)
    cells = table.cells[list(headers.values())].set_axis(list(headers), axis=1)
    rows = cells_of_cube(cells, parse_month(choices.taken) if choices.taken else None)
    issues = _sorted((*table.issues, *rows.issues, *_dated(rows.cells, rows.used, this_month)))
    usable = rows.used > 0 and not any(issue.severity is Severity.BLOCKING for issue in issues)
    volume = int(rows.cells["bytes"].sum()) if rows.used else 0
    return InventoryReading(
        name=table.name,
        content_id=table.content_id,
        is_file_list=False,
        headers=tuple((found, name) for name, found in headers.items()),
        issues=issues,
        rows_in=len(table.cells) + table.set_aside,
        rows_used=rows.used,
        inventory=Inventory.of(rows.cells) if usable else None,
        choices=choices,
        how=(("format", "age cube"), *table.how),
        bytes_in=volume,
        bytes_used=volume,
    )


def _promised(listing: Listing, rows: int) -> list[Issue]:
    """Return where the files hold another number of objects than the manifest says."""
    run = listing.run
    if run is None or run.objects is None:
        return []
    if rows == run.objects:
        return []
    what = f"The manifest counts {run.objects:,} objects; the files hold {rows:,} rows."
    hint = "Some rows twice is known of Azure; fewer rows mean that a file is missing."
    severity = Severity.WARNING if rows > run.objects else Severity.ERROR
    return [Issue(severity, "manifest_count", what, hint=hint, rows=abs(run.objects - rows))]


def _sorted(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    return tuple(sorted(issues, key=lambda issue: -issue.severity))


def _dated(cells: pd.DataFrame, used: int, this_month: np.datetime64) -> list[Issue]:
    if not used:
        return [NO_ROWS]
    newest = cells[SNAPSHOT].max()
    last = newest.to_numpy().astype("datetime64[M]")
    found = [_future(last, this_month)] if last > this_month else []
    gone = sorted(set(cells["scope"]) - set(cells.loc[cells[SNAPSHOT] == newest, "scope"]))
    if gone:
        names = ", ".join(gone[:6])
        what = f"{len(gone)} scopes are not in the newest month {month_text(last)} and are left out: {names}."
        hint = "Upload each with its own last month, if it still exists."
        found.append(Issue(Severity.WARNING, "scope_ended", what, hint=hint, rows=len(gone)))
    return found


def _future(last: np.datetime64, this_month: np.datetime64, more: str = "") -> Issue:
    what = f"The newest change is of {month_text(last)}, after the current month {month_text(this_month)}."
    hint = f"{more}Check the clock of the source, or say when it was taken."
    return Issue(Severity.WARNING, "future", what, hint=hint)


def _headers(found: Iterable[str]) -> dict[str, str]:
    """Return by column the header it is read from: its own name before an alias, aliases in their order."""
    by_plain = {plain(header): header for header in reversed(list(found))}
    wanted = {column.name: [plain(name) for name in (column.name, *column.aliases)] for column in CUBE_COLUMNS}
    return {
        name: by_plain[next(alias for alias in aliases if alias in by_plain)]
        for name, aliases in wanted.items()
        if any(alias in by_plain for alias in aliases)
    }


def _is_cube(found: Iterable[str]) -> bool:
    return set(NEEDED_OF_CUBE) <= set(_headers(found))
