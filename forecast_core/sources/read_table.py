"""One file to one table of text.

In:    a file name and its bytes.
Out:   `RawTable`: every cell as text, what was recognised on the way, faults of shape.
Never: trusts the name, converts a value, or evaluates a formula.
"""

from __future__ import annotations

import hashlib

from forecast_core.errors import SourceError
from forecast_core.schema import Issue, RawTable, Severity
from forecast_core.sources.excel import check_workbook, workbook_records
from forecast_core.sources.kind import kind_of
from forecast_core.sources.limits import Limits
from forecast_core.sources.table import tabulate
from forecast_core.sources.text import DELIMITERS, SAMPLE_BYTES, text_format, text_records


def read_table(name: str, data: bytes, limits: Limits = Limits()) -> RawTable:
    """Return the table in a file; SourceError says what the file is when it is none, or which limit it breaks."""
    if not isinstance(data, bytes):
        raise SourceError(f"{name} is not given as bytes.", hint="Read the file in binary mode.")
    kind = kind_of(data, limits)
    return (
        _from_text(name, data, limits) if kind == "text" else _from_workbook(name, data, limits, zipped=kind == "xlsx")
    )


def first_headers(data: bytes) -> tuple[str, ...]:
    """Return the headers of a text table, told from its beginning; none where it is no text table."""
    start = data[:SAMPLE_BYTES]
    start = start[: start.rfind(b"\n") + 1] if len(data) > SAMPLE_BYTES else start
    try:
        return tuple(_from_text("", start, Limits()).cells.columns) if kind_of(start, Limits()) == "text" else ()
    except SourceError:
        return ()


def _from_text(name: str, data: bytes, limits: Limits) -> RawTable:
    form = text_format(data)
    table = tabulate(text_records(data, form), limits)
    said = (
        ("encoding", form.encoding.removesuffix("-sig").upper().replace("CP", "Windows-")),
        ("delimiter", DELIMITERS[form.delimiter]),
        ("header", f"row {table.header_row}"),
    )
    guessed = Issue(
        Severity.FIXED,
        "encoding",
        "The text is not UTF-8; it was read as Windows-1252.",
        hint="If letters look wrong, save the file as CSV (UTF-8).",
    )
    issues = ((guessed,) if form.encoding == "cp1252" else ()) + table.issues
    return RawTable(name, _content_id(data), table.cells, "", said, issues, table.set_aside)


def _from_workbook(name: str, data: bytes, limits: Limits, *, zipped: bool) -> RawTable:
    formulas = check_workbook(data, limits) if zipped else ()
    sheet, records, others = workbook_records(data)
    table = tabulate(records, limits)
    said = (("sheet", sheet), ("header", f"row {table.header_row}"))
    left = Issue(
        Severity.WARNING,
        "sheets_not_read",
        f"Only the sheet {sheet!r} is read; not {', '.join(map(repr, others[:6]))}.",
        hint="Put all rows on one sheet if the others belong to it.",
    )
    issues = ((left,) if others else ()) + formulas + table.issues
    return RawTable(name, _content_id(data), table.cells, ".", said, issues, table.set_aside)


def _content_id(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
