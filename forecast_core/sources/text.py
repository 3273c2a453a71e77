"""Delimited text as records: the encoding and the delimiter are told from the content.

In:    the bytes of a CSV, TSV, semicolon or bar file.
Out:   records (row number, cells), and how the bytes were read, in words.
Never: holds the whole text; a 200 MB file passes as a stream.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from forecast_core.errors import SourceError
from forecast_core.schema import named

Record = tuple[int, list[str]]

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
SAMPLE_BYTES = 1 << 16
SAMPLE_RECORDS = 60
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x19\x1b-\x1f]")
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


@dataclass(frozen=True)
class TextFormat:
    """How bytes become records: a Python codec name, a one-letter delimiter, lines before the first record."""

    encoding: str
    delimiter: str
    skipped_lines: int = 0


def text_format(data: bytes) -> TextFormat:
    """Return encoding and delimiter; SourceError when it is not text or has one column only."""
    encoding = encoding_of(data)
    sample = data[:SAMPLE_BYTES].decode(encoding, errors="ignore")
    if len(_CONTROL.findall(sample)) > len(sample) // 100:
        raise SourceError(
            "This is not text: it is full of control characters.", hint="Export the table as CSV (UTF-8)."
        )
    declared = _SEPARATOR_LINE.match(sample)
    if declared and declared.group(1) in DELIMITERS:
        return TextFormat(encoding, declared.group(1), skipped_lines=1)
    return TextFormat(encoding, _delimiter(sample, complete=len(data) <= SAMPLE_BYTES))


def text_records(data: bytes, how: TextFormat) -> Iterator[Record]:
    """Yield (row number, cells); SourceError names the row where a quotation mark is never closed."""
    lines = io.TextIOWrapper(io.BytesIO(data), encoding=how.encoding, newline="")
    for _ in range(how.skipped_lines):
        lines.readline()
    number = how.skipped_lines
    try:
        for cells in _reader(lines, how.delimiter, strict=True):
            number += 1
            yield number, cells
    except csv.Error as error:
        raise SourceError(
            f"Row {number + 1} cannot be split into cells: a quotation mark is not closed, or text follows it.",
            allowed='quotation marks in pairs, doubled inside a cell ("")',
            hint="Correct that row, or export the table again.",
        ) from error


def _reader(lines: Iterable[str], delimiter: str, *, strict: bool) -> Iterator[list[str]]:
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=strict)


def encoding_of(data: bytes) -> str:
    """Return the codec of these bytes; SourceError for bytes that are no text."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(data, encoding)
    if b"\0" in data:
        raise SourceError(
            f"Byte {data.index(0) + 1} of the file is zero: it is binary, or UTF-16 without its mark.",
            allowed="UTF-8, UTF-16 with a byte-order mark, Windows-1252",
            hint="Save it as CSV (UTF-8).",
        )
    return "utf-8" if _decodes(data, "utf-8") else _checked(data, "cp1252")


def _checked(data: bytes, encoding: str) -> str:
    if not _decodes(data, encoding):
        raise SourceError(
            f"The text is not valid {encoding.upper()}.",
            allowed="UTF-8, UTF-16 with a byte-order mark, Windows-1252",
            hint="Save it as CSV (UTF-8).",
        )
    return encoding


def _decodes(data: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    view = memoryview(data)
    try:
        for start in range(0, len(data), 1 << 20):
            decoder.decode(view[start : start + (1 << 20)])
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _delimiter(sample: str, *, complete: bool) -> str:
    """The one under which a line holds most headers we know; without any, the one with the most even rows."""
    lines = sample.splitlines(keepends=True)
    lines = lines if complete or len(lines) == 1 else lines[:-1]
    best = max(DELIMITERS, key=lambda mark: _evidence(lines, mark))
    if _evidence(lines, best)[2] < 2:
        raise SourceError(
            "No line can be split into columns.",
            allowed="comma, semicolon, tab or bar between the columns",
            hint="Check that this is the table and not a report about it.",
        )
    return best


def _evidence(lines: list[str], delimiter: str) -> tuple[int, float, int]:
    """Known headers in the best line, share of lines of the usual width, that width."""
    try:
        records = list(islice(_reader(lines, delimiter, strict=False), SAMPLE_RECORDS))
    except csv.Error:
        return 0, 0.0, 0
    records = [cells for cells in records if any(cells)]
    usual, count = Counter(len(cells) for cells in records).most_common(1)[0] if records else (0, 0)
    known = max((known_headers(cells) for cells in records if len(cells) > 1), default=0)
    return known, count / max(len(records), 1) * (usual > 1), max(map(len, records), default=0)


def known_headers(cells: Iterable[str]) -> int:
    """Return how many different columns of a history these cells name."""
    return len({found.column for found in map(named, cells) if found})
