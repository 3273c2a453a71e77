"""Records to a table of text: the one road of every file.

In:    records (row number, cells) from text or a workbook.
Out:   `Table`: cells as text under unique headers, faults of shape, rows that do not fit counted and named.
Never: converts a value, or loses a row without saying so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from forecast_core.errors import SourceError
from forecast_core.schema import Issue, Severity
from forecast_core.sources.header import SEARCHED_ROWS, Header, column_letter, find_header
from forecast_core.sources.limits import Limits
from forecast_core.sources.text import Record

CHUNK_ROWS = 50_000
NAMED_ROWS = 20


@dataclass(frozen=True, eq=False)
class Table:
    """Text cells (index: row number), the header's row number, faults of shape, rows left out."""

    cells: pd.DataFrame
    header_row: int
    issues: tuple[Issue, ...]
    set_aside: int


def tabulate(records: Iterator[Record], limits: Limits) -> Table:
    """Return the records as a table; SourceError when there is no header, no row, or more than the limits allow."""
    start = list(islice(records, SEARCHED_ROWS))
    if not any(any(cells) for _, cells in start):
        raise SourceError("The file holds no values.", hint="Check that the export finished.")
    header = find_header(start)
    names, issues = _unique(header)
    if len(names) > limits.max_columns:
        raise SourceError(
            f"The table has {len(names):,} columns.",
            allowed=f"up to {limits.max_columns:,}",
            hint="One row per scope and month, one column per quantity; is it turned on its side?",
        )
    rows = _Rows(width=len(names), limits=limits)
    rows.take(chain(start[header.data_starts :], records))
    if not rows.count and not rows.too_long:
        raise SourceError("There is a header but no row below it.", hint="Check that the export finished.")
    cells = rows.frame(names)
    blank = [name for name, found in zip(names, header.names, strict=True) if not found]
    kept, blank_issues = _blank_headers(cells, blank, header.row)
    return Table(kept, header.row, (*header.issues, *issues, *blank_issues, *rows.issues()), len(rows.too_long))


@dataclass
class _Rows:
    """Rows on their way to columns, packed chunk by chunk so that memory stays near the size of the text."""

    width: int
    limits: Limits
    count: int = 0
    too_long: list[tuple[int, int]] = field(default_factory=list)
    too_short: list[int] = field(default_factory=list)
    _chunks: list[list[pa.Array]] = field(default_factory=list)
    _numbers: list[int] = field(default_factory=list)

    def take(self, records: Iterable[Record]) -> None:
        fitting = self._fitting(records)
        while chunk := list(islice(fitting, CHUNK_ROWS)):
            self._check_length(chunk)
            self.count += len(chunk)
            self._numbers.extend(number for number, _ in chunk)
            columns = zip(*(cells for _, cells in chunk), strict=True)
            self._chunks.append([pc.utf8_trim_whitespace(pa.array(column, pa.large_string())) for column in columns])
            if self.count > self.limits.max_rows:
                raise SourceError(
                    f"The table has more than {self.limits.max_rows:,} rows.",
                    allowed=f"up to {self.limits.max_rows:,}",
                    hint="Gather the rows by month and scope first.",
                )

    def _fitting(self, records: Iterable[Record]) -> Iterator[Record]:
        for number, cells in records:
            if not any(cells):
                continue
            missing = self.width - len(cells)
            if missing < 0 and any(cell.strip() for cell in cells[self.width :]):
                self.too_long.append((number, len(cells)))
                continue
            if missing > 0:
                self.too_short.append(number)
                cells = cells + [""] * missing
            yield number, cells[: self.width]

    def _check_length(self, chunk: list[Record]) -> None:
        longest = self.limits.max_cell_characters
        for number, cells in chunk:
            if max(map(len, cells)) > longest:
                raise SourceError(
                    f"Row {number} holds a cell of more than {longest:,} characters.",
                    allowed=f"up to {longest:,} characters in a cell",
                    hint="A quotation mark may be missing, so that several rows became one cell.",
                )

    def frame(self, names: list[str]) -> pd.DataFrame:
        columns = {
            name: pd.Series(pa.chunked_array([chunk[at] for chunk in self._chunks], pa.large_string()), dtype="str")
            for at, name in enumerate(names)
        }
        return pd.DataFrame(columns).set_axis(pd.Index(self._numbers, dtype="int64", name="row"), axis=0)

    def issues(self) -> Iterator[Issue]:
        for number, cells in self.too_long[:NAMED_ROWS]:
            yield Issue(
                Severity.ERROR,
                "row_too_long",
                f"Row {number} has {cells} cells, the header {self.width}.",
                allowed=f"{self.width} cells",
                row=number,
                hint="A decimal comma or a delimiter inside a text needs quotation marks; or use semicolons.",
            )
        if len(self.too_long) > NAMED_ROWS:
            rest = len(self.too_long) - NAMED_ROWS
            yield Issue(
                Severity.ERROR,
                "row_too_long",
                f"Another {rest:,} rows have more cells than the header.",
                allowed=f"{self.width} cells",
                row=self.too_long[NAMED_ROWS][0],
                rows=rest,
                hint="A decimal comma or a delimiter inside a text needs quotation marks; or use semicolons.",
            )
        if self.too_short:
            yield Issue(
                Severity.WARNING,
                "row_too_short",
                f"{len(self.too_short):,} rows end early, first row {self.too_short[0]}; what is missing is unknown.",
                allowed=f"{self.width} cells",
                hint="Check that the export finished.",
                row=self.too_short[0],
                rows=len(self.too_short),
            )


def _unique(header: Header) -> tuple[list[str], list[Issue]]:
    names: list[str] = []
    issues: list[Issue] = []
    for position, found in enumerate(header.names):
        name = wanted = found or f"column {column_letter(position)}"
        times = 2
        while name in names:
            name, times = f"{wanted} ({times})", times + 1
        if name != wanted:
            issues.append(
                Issue(
                    Severity.WARNING,
                    "header_double",
                    f"The header {wanted!r} appears twice; the second is called {name!r}.",
                    hint="Give each column its own name.",
                    row=header.row,
                    column=name,
                )
            )
        names.append(name)
    return names, issues


def _blank_headers(cells: pd.DataFrame, blank: list[str], row: int) -> tuple[pd.DataFrame, list[Issue]]:
    """Columns without a header: left out when empty, named when they hold values."""
    filled = [name for name in blank if bool((cells[name] != "").any())]
    kept = cells.drop(columns=[name for name in blank if name not in filled])
    issues = [
        Issue(
            Severity.WARNING,
            "header_blank",
            f"Column {name.removeprefix('column ')} has values but no header.",
            allowed="one name per column",
            hint="Unmerge the header cells and name the column, or say what it is below.",
            row=row,
            column=name,
        )
        for name in filled
    ]
    return kept, issues
