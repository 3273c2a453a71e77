"""The header of a table: which row it is, one name per column.

In:    the first records of a file.
Out:   `Header`: names, the record where the data begins, what had to be said about it.
Never: reads values; a column is never dropped because its name is strange.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from forecast_core.errors import SourceError
from forecast_core.schema import Issue, Severity
from forecast_core.sources.text import Record, known_headers

SEARCHED_ROWS = 50
_DIGIT = re.compile(r"[0-9]")


@dataclass(frozen=True)
class Header:
    """Names as found ("" where the cell was blank); `data_starts` is an index into the records searched."""

    names: tuple[str, ...]
    data_starts: int
    row: int
    issues: tuple[Issue, ...]


def find_header(records: Sequence[Record]) -> Header:
    """Return the header; SourceError when no row looks like one."""
    at = _best_row(records)
    number, cells = records[at]
    issues = _preamble(records[:at], number)
    joined = _joined(cells, records[at + 1 : at + 3])
    if joined:
        issues.append(
            Issue(
                Severity.FIXED,
                "header_joined",
                f"The header has two rows; rows {number} and {number + 1} were read as one.",
                row=number,
                value="; ".join(joined[:6]),
            )
        )
        return Header(tuple(joined), at + 2, number, tuple(issues))
    return Header(tuple(cell.strip() for cell in cells), at + 1, number, tuple(issues))


def column_letter(position: int) -> str:
    """Return the letters a spreadsheet shows above column `position` (0 = A).

    >>> column_letter(27)
    'AB'
    """
    head, tail = divmod(position, 26)
    return (column_letter(head - 1) if head else "") + chr(65 + tail)


def _best_row(records: Sequence[Record]) -> int:
    scores = [known_headers(cells) for _, cells in records]
    if max(scores, default=0) > 1:
        return scores.index(max(scores))
    for at, (_, cells) in enumerate(records):
        filled = [cell for cell in cells if cell.strip()]
        if len(filled) > 1 and not any(_DIGIT.match(cell.strip()) for cell in filled):
            return at
    raise SourceError(
        f"No header row was found in the first {SEARCHED_ROWS} rows.",
        allowed="a row with the names of the columns, such as scope, month, total_files, archived_gb",
        hint="Add a first row that names each column.",
    )


def _preamble(above: Sequence[Record], number: int) -> list[Issue]:
    said = [f"row {row}" for row, cells in above if any(cell.strip() for cell in cells)]
    if not said:
        return []
    what = f"The header is row {number}; what stands above it is not used ({', '.join(said[:4])})."
    return [Issue(Severity.FIXED, "preamble", what, row=number, rows=len(said))]


def _joined(cells: list[str], below: Sequence[Record]) -> list[str]:
    """Names of a header in two rows (merged cells above, or units below); empty when the second row is data."""
    if len(below) < 2 or any(_DIGIT.search(cell) for cell in below[0][1]) or not any(below[0][1]):
        return []
    width = max(len(cells), len(below[0][1]))
    upper = cells + [""] * (width - len(cells))
    lower = below[0][1] + [""] * (width - len(below[0][1]))
    names: list[str] = []
    for position, (above, name) in enumerate(zip(upper, lower, strict=True)):
        merged = "" if above.strip() or not name.strip() else _left_of(upper, position)
        names.append(f"{above or merged} {name}".strip())
    return names if known_headers(names) >= max(known_headers(cells), 1) else []


def _left_of(cells: list[str], position: int) -> str:
    return next((cell for cell in reversed(cells[:position]) if cell.strip()), "")
