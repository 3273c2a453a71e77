"""What a file is, told from its first bytes and never from its name.

In:    the bytes of an upload.
Out:   "text", "xlsx" or "xls"; SourceError in plain words for anything else.
Never: parses the file.
"""

from __future__ import annotations

import io
import zipfile
from typing import Literal

from forecast_core.errors import SourceError
from forecast_core.sources.limits import Limits

Kind = Literal["text", "xlsx", "xls"]

ALLOWED = "text with one row per month (CSV, TSV, semicolons, bars) or an Excel workbook (.xlsx, .xlsm, .xls)"
_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "a PDF document", "Export the table behind it as CSV or Excel."),
    (b"\x89PNG", "a picture", "A picture of a table cannot be read; export the table itself."),
    (b"\xff\xd8\xff", "a picture", "A picture of a table cannot be read; export the table itself."),
    (b"GIF8", "a picture", "A picture of a table cannot be read; export the table itself."),
    (b"\x1f\x8b", "a gzip archive", "Unpack it and upload the file inside."),
    (b"7z\xbc\xaf", "a 7-Zip archive", "Unpack it and upload the file inside."),
    (b"Rar!", "a RAR archive", "Unpack it and upload the file inside."),
    (b"PAR1", "a Parquet file", "Write it as CSV and upload that."),
    (b"Obj\x01", "an Avro file", "Write it as CSV and upload that."),
    (b"ORC", "an ORC file", "Write it as CSV and upload that."),
    (b"SQLite format 3", "a SQLite database", "Export the table as CSV."),
    (b"{\\rtf", "a rich-text document", "Save the table as CSV or Excel."),
)
_MARKUP = (
    (b"<", "a web page or XML", "Export as CSV or Excel instead of saving the page."),
    (b"{", "JSON", "Write it as a table with one row per month."),
    (b"[", "JSON", "Write it as a table with one row per month."),
)
_ZIPS = (
    ("word/", "a Word document"),
    ("ppt/", "a PowerPoint document"),
    ("content.xml", "an OpenDocument file"),
    ("xl/workbook.bin", "a binary Excel workbook (.xlsb)"),
)


def kind_of(data: bytes, limits: Limits) -> Kind:
    """Return how to read the file; SourceError names what it is when it is nothing we read, is empty or too large."""
    if len(data) > limits.max_bytes:
        raise SourceError(
            f"The file has {len(data) / 2**20:,.0f} MB.",
            allowed=f"up to {limits.max_bytes / 2**20:,.0f} MB",
            hint="Gather the rows by month and scope first, or split the file by scope.",
        )
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise SourceError("The file is empty.", allowed=ALLOWED, hint="Check that the export finished.")
    for signature, what, hint in _SIGNATURES:
        if data.startswith(signature):
            raise _refused(what, hint)
    for sign, what, hint in _MARKUP:
        if start.startswith(sign):
            raise _refused(what, hint)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "xls"
    return _zip_kind(data) if data.startswith(b"PK\x03\x04") else "text"


def _zip_kind(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise SourceError(
            "The workbook is damaged or not complete.", allowed=ALLOWED, hint="Save it again and repeat the upload."
        ) from error
    for sign, what in _ZIPS:
        if any(name.startswith(sign) for name in names):
            raise _refused(what, "Save the table as .xlsx or CSV.")
    if "xl/workbook.xml" not in names:
        raise _refused("a ZIP archive", "Unpack it and upload the file inside.")
    return "xlsx"


def _refused(what: str, hint: str) -> SourceError:
    return SourceError(f"This is {what}, not a table.", allowed=ALLOWED, hint=hint)
