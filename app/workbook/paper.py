"""The sheets of a workbook: formats, cells, names."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

PAPER_A4 = 9
MONTH_WIDTH = 13
FIRST_MONTH = 3  # columns of months begin here, after title, unit and total
INK, SOFT, INPUT, RULE = "#1b2430", "#5b6470", "#fff6d6", "#c9d1d9"
FORMATS: dict[str, dict[str, Any]] = {
    "text": {},
    "soft": {"font_color": SOFT},
    "aside": {"font_color": SOFT, "indent": 1},
    "title": {"bold": True, "font_size": 14},
    "answer": {"bold": True, "font_size": 18, "text_wrap": True, "valign": "top"},
    "head": {"bold": True, "bottom": 1, "bottom_color": RULE},
    "headright": {"bold": True, "bottom": 1, "bottom_color": RULE, "align": "right"},
    "bold": {"bold": True},
    "number": {"num_format": "#,##0.00"},
    "fine": {"num_format": "#,##0.00####"},
    "count": {"num_format": "#,##0"},
    "percent": {"num_format": "0.00%"},
    "month": {"num_format": "mmm yyyy", "align": "right"},
    "money": {"num_format": "#,##0.00;[Red]-#,##0.00"},
    "total": {"num_format": "#,##0.00;[Red]-#,##0.00", "bold": True, "top": 1, "top_color": RULE},
    "price": {"num_format": "0.00000###"},
}
INPUTS = ("number", "percent", "month", "price", "count", "fine")


class Book:
    """A workbook being written."""

    def __init__(self) -> None:
        self._stream = io.BytesIO()
        # No text is ever read for what it might be: neither a formula, nor a number, nor an address.
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False,
                   "strings_to_urls": False, "nan_inf_to_errors": False}  # fmt: skip
        self._book = xlsxwriter.Workbook(self._stream, options)
        base = {"font_name": "Arial", "font_size": 10, "font_color": INK}
        self._formats = {name: self._book.add_format({**base, **given}) for name, given in FORMATS.items()}
        for name in INPUTS:
            entered = {**base, **FORMATS[name], "bg_color": INPUT, "border": 1, "border_color": RULE}
            self._formats[f"{name} input"] = self._book.add_format(entered)

    def format(self, name: str) -> Format:
        """Return a format by its name."""
        return self._formats[name]

    def sheet(self, name: str, widths: Sequence[float] = ()) -> Sheet:
        """Return a new sheet; on paper it is as wide as one page."""
        made = self._book.add_worksheet(name)
        made.hide_gridlines(2)
        made.set_landscape()
        made.set_paper(PAPER_A4)
        made.fit_to_pages(1, 0)
        made.set_footer("&L&A&RPage &P of &N")
        for column, width in enumerate(widths):
            made.set_column(column, column, width)
        return Sheet(self, made, name)

    def name(self, name: str, place: str) -> str:
        """Give a cell a name and return it."""
        self._book.define_name(name, f"={place}")
        return name

    def told(self, title: str, author: str, comment: str) -> None:
        """Say in the file's properties what it is."""
        self._book.set_properties(
            {"title": title, "author": author, "comments": comment, "company": "Archive Forecast"}
        )

    def bytes(self) -> bytes:
        """Return the finished file."""
        self._book.set_calc_mode("auto")
        self._book.close()
        return self._stream.getvalue()


class Sheet:
    """One sheet; rows and columns count from 0."""

    def __init__(self, book: Book, sheet: Worksheet, name: str) -> None:
        self.book, self.sheet, self.name = book, sheet, name
        self.row = 0

    def at(self, row: int, column: int, *, fixed: bool = True) -> str:
        """Return the address of a cell for formulas on any sheet."""
        return f"'{self.name}'!{xl_rowcol_to_cell(row, column, row_abs=fixed, col_abs=fixed)}"

    def text(self, row: int, column: int, text: str, style: str = "text") -> None:
        """Write text as text."""
        self.sheet.write_string(row, column, text, self.book.format(style))

    def number(self, row: int, column: int, value: float | None, style: str = "number") -> str:
        """Write a number, nothing where it is not known; return its address."""
        if value is not None and np.isfinite(value):
            self.sheet.write_number(row, column, float(value), self.book.format(style))
        return self.at(row, column)

    def formula(self, row: int, column: int, formula: str, value: float | None, style: str = "number") -> str:
        """Write a formula with the value it has now; return its address.

        Without a value the cell is left to the spreadsheet: LibreOffice believes what a file says a formula comes to,
        and reckons again only where it says nothing.
        """
        shown = "" if value is None or not np.isfinite(value) else float(value)
        self.sheet.write_formula(row, column, f"={formula}", self.book.format(style), shown)
        return self.at(row, column)

    def months(self, row: int, months: Sequence[str]) -> None:
        """Write the months over their columns and keep them in sight."""
        self.sheet.set_column(FIRST_MONTH, FIRST_MONTH + len(months), MONTH_WIDTH)
        for at, month in enumerate(months):
            self.formula(row, FIRST_MONTH + at, month, None, "month")
        self.sheet.freeze_panes(row + 1, FIRST_MONTH)

    def lines(self, texts: Sequence[str], style: str = "text", column: int = 0) -> None:
        """Write lines of text below each other, from the current row on."""
        for text in texts:
            self.text(self.row, column, text, style)
            self.row += 1


def month_cells(sheet: Sheet, row: int, count: int) -> list[str]:
    """Return the addresses of a row of months."""
    return [sheet.at(row, FIRST_MONTH + month) for month in range(count)]
