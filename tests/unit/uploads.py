"""Small files as people upload them, for the tests of reading."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import numpy as np
import openpyxl

from forecast_core.history import Reading, read
from forecast_core.history.choices import Choices
from forecast_core.schema import COLUMNS, Issue
from forecast_core.sources import read_table

TODAY = np.datetime64("2027-03", "M")
HEADER = [item.name for item in COLUMNS[:10]]


def months(count: int, first: str = "2025-01") -> list[str]:
    start = np.datetime64(first, "M")
    return [str(start + step) for step in range(count)]


def sound_rows(scope: str = "hr", count: int = 14) -> list[dict[str, str]]:
    """Return rows without a fault."""
    steady = ["2.5", "0.4", "0.3", "0.1", "50"]
    cells = [
        [scope, month, f"{10_000 + 7 * at}", *steady, f"{3 + at % 5}.5", f"{2 + at % 5}.5"]
        for at, month in enumerate(months(count))
    ]
    return [dict(zip(HEADER, row, strict=True)) for row in cells]


def text_of(rows: Sequence[dict[str, str]], delimiter: str = ",", header: Sequence[str] | None = None) -> str:
    names = list(rows[0])
    lines = [delimiter.join(header or names), *(delimiter.join(row[name] for name in names) for row in rows)]
    return "\n".join(lines) + "\n"


def read_text(text: str, choices: Choices = Choices(), encoding: str = "utf-8") -> Reading:
    return read(read_table("upload.csv", text.encode(encoding)), TODAY, choices)


def read_rows(rows: Sequence[dict[str, str]], choices: Choices = Choices(), delimiter: str = ",") -> Reading:
    return read_text(text_of(rows, delimiter), choices)


def found(reading: Reading, code: str) -> list[Issue]:
    return [issue for issue in reading.issues if issue.code == code]


def only(reading: Reading, code: str) -> Issue:
    (issue,) = found(reading, code)
    return issue


def codes(reading: Reading) -> set[str]:
    return {issue.code for issue in reading.issues}


def column_of(reading: Reading, name: str) -> list[float]:
    assert reading.history is not None, [issue.what for issue in reading.issues]
    return [float(value) for value in reading.history.frame[name]]


def months_of(reading: Reading) -> list[str]:
    assert reading.history is not None, [issue.what for issue in reading.issues]
    return [f"{month:%Y-%m}" for month in reading.history.frame["month"]]


def workbook(*sheets: tuple[str, Iterable[Sequence[object]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
