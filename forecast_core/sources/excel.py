"""Excel workbooks as records.

In:    the bytes of an .xlsx, .xlsm or .xls file.
Out:   records of the first visible sheet that looks like a history, cells as text; what a formula gave, as stored.
Never: evaluates a formula, or opens a workbook that unpacks to more than the limits allow.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from forecast_core.errors import SourceError
from forecast_core.schema import Issue, Severity
from forecast_core.sources.header import SEARCHED_ROWS
from forecast_core.sources.limits import Limits
from forecast_core.sources.text import Record, known_headers

Value = int | float | str | bool | time | date | datetime | timedelta
SEARCHED_SHEETS = 12
_CELL = re.compile(rb'r="([A-Z]{1,3})[0-9]')
_ROW = re.compile(rb'<row\b[^>]*?\br="([0-9]+)"')
_NO_RESULT = re.compile(rb"(?:</f>|<f\b[^>]*/>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")
_FAILED = re.compile(rb'<c\b[^>]*\bt="e"')


@dataclass
class _Extent:
    """What a sheet will unpack to, read from its XML before a cell is parsed."""

    columns: int = 0
    rows: int = 0
    without_result: int = 0
    failed: int = 0
    _letters: set[bytes] = field(default_factory=set)

    def add(self, piece: bytes) -> None:
        self._letters |= set(_CELL.findall(piece)) - self._letters
        self.columns = max((_position(letters) for letters in self._letters), default=0)
        self.rows = max([self.rows, *map(int, _ROW.findall(piece))])
        self.without_result += len(_NO_RESULT.findall(piece))
        self.failed += len(_FAILED.findall(piece))


def check_workbook(data: bytes, limits: Limits) -> tuple[Issue, ...]:
    """Return what to say about formulas; SourceError for a workbook too large to open or damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
            if unpacked > limits.max_unpacked_bytes:
                raise _too_large(
                    f"unpacks to {unpacked / 2**20:,.0f} MB", f"{limits.max_unpacked_bytes / 2**20:,.0f} MB"
                )
            sheets = [
                name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")
            ]
            found = [_extent(archive, name, limits) for name in sheets]
            if archive.testzip():
                raise zipfile.BadZipFile
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise _damaged() from error
    return tuple(_formula_issues(sum(item.without_result for item in found), sum(item.failed for item in found)))


def workbook_records(data: bytes) -> tuple[str, Iterator[Record], tuple[str, ...]]:
    """Return (sheet, its records, names of the sheets not read)."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.typ is SheetTypeEnum.WorkSheet and sheet.visible is SheetVisibleEnum.Visible
        ]
        chosen = _choose(book, names)
    except (CalamineError, ValueError, OSError) as error:
        raise _damaged() from error
    if chosen is None:
        raise SourceError("No visible sheet of the workbook holds values.", hint="Put the table on a visible sheet.")
    return chosen.name, _records(chosen), tuple(name for name in names if name != chosen.name)


def _choose(book: CalamineWorkbook, names: list[str]) -> CalamineSheet | None:
    """The first sheet with two headers we know, else the first that is not empty."""
    first: CalamineSheet | None = None
    for name in names[:SEARCHED_SHEETS]:
        sheet = book.get_sheet_by_name(name)
        start = [cells for _, cells in islice(_records(sheet), SEARCHED_ROWS)]
        if max(map(known_headers, start), default=0) > 1:
            return sheet
        first = first or (sheet if any(map(any, start)) else None)
    return first


def _records(sheet: CalamineSheet) -> Iterator[Record]:
    for number, row in enumerate(sheet.iter_rows(), 1):
        yield number, [_text(value) for value in row]


def _text(value: Value) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _extent(archive: zipfile.ZipFile, name: str, limits: Limits) -> _Extent:
    """Scan a sheet in pieces that end before a row begins; a corner far out would fill memory when opened."""
    extent, rest = _Extent(), b""
    with archive.open(name) as stream:
        while block := stream.read(1 << 22):
            piece, mark, tail = (rest + block).rpartition(b"<row")
            extent.add(piece)
            rest = mark + tail
    extent.add(rest)
    if extent.columns > limits.max_columns:
        raise _too_large(f"has {extent.columns:,} columns", f"{limits.max_columns:,} columns")
    if extent.rows * extent.columns > limits.max_cells:
        raise _too_large(f"spans {extent.rows:,} rows × {extent.columns:,} columns", f"{limits.max_cells:,} cells")
    return extent


def _position(letters: bytes) -> int:
    position = 0
    for letter in letters:
        position = position * 26 + letter - 64
    return position


def _formula_issues(without_result: int, failed: int) -> Iterator[Issue]:
    if without_result:
        yield Issue(
            Severity.WARNING,
            "formula_without_value",
            f"{without_result:,} cells hold a formula whose result was never stored; they are read as empty.",
            hint="Open the workbook in Excel, save it, and upload it again.",
            rows=without_result,
        )
    if failed:
        yield Issue(
            Severity.WARNING,
            "formula_failed",
            f"{failed:,} cells hold an Excel error such as #REF!; they are read as empty.",
            hint="Correct the formulas, save, and upload again.",
            rows=failed,
        )


def _too_large(what: str, allowed: str) -> SourceError:
    return SourceError(
        f"The workbook {what}.",
        allowed=f"up to {allowed}",
        hint="Delete what stands far below or right of the table, or save the table as CSV.",
    )


def _damaged() -> SourceError:
    return SourceError(
        "The workbook cannot be opened: it is damaged, protected by a password, or no workbook.",
        allowed="an unprotected .xlsx, .xlsm or .xls file",
        hint="Open it in Excel, save it without a password, or as CSV.",
    )
