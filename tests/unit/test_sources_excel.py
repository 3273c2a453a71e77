"""Excel workbooks: typed cells, formulas, sheets, and files made to fill memory."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import openpyxl
import pytest

from forecast_core.errors import SourceError
from forecast_core.sources import Limits, read_table
from tests.unit.uploads import saved, workbook

ROWS = [["scope", "month", "archived_gb"], ["hr", date(2027, 1, 1), 1.5], ["hr", date(2027, 2, 1), 20]]


def test_typed_cells_become_text() -> None:
    table = read_table("a.xlsx", workbook(("data", ROWS)))
    assert table.cells.to_numpy().tolist() == [["hr", "2027-01-01", "1.5"], ["hr", "2027-02-01", "20"]]
    assert list(table.cells.index) == [2, 3]
    assert table.decimal == "."
    assert dict(table.how) == {"sheet": "data", "header": "row 1"}


def test_the_name_does_not_matter() -> None:
    assert len(read_table("renamed.csv", workbook(("data", ROWS))).cells) == 2


def test_the_sheet_that_looks_like_a_history_is_read_and_the_others_are_named() -> None:
    table = read_table("a.xlsx", workbook(("cover", [["Report", "2027"], ["by", "IT"]]), ("rows", ROWS)))
    assert dict(table.how)["sheet"] == "rows"
    (issue,) = table.issues
    assert issue.code == "sheets_not_read"
    assert "'cover'" in issue.what


def test_a_hidden_sheet_is_not_read() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(("rows", ROWS), ("notes", [["a", "b"], ["c", "d"]]))))
    book["rows"].sheet_state = "hidden"
    with pytest.raises(SourceError, match="no row below"):
        read_table("a.xlsx", saved(openpyxl_active(book, "notes", keep_rows=1)))


def openpyxl_active(book: openpyxl.Workbook, name: str, keep_rows: int) -> openpyxl.Workbook:
    book.active = book[name]
    book[name].delete_rows(keep_rows + 1, 10)
    return book


def test_row_numbers_are_those_of_the_sheet() -> None:
    table = read_table("a.xlsx", workbook(("data", [["My report"], [], *ROWS])))
    assert list(table.cells.index) == [4, 5]


def test_merged_header_cells_over_two_rows_are_joined() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (
        ["month", "share", None, "archived"],
        [None, "pdf", "docx", "gb"],
        ["2027-01", 0.2, 0.3, 5],
        ["2027-02", 0, 0, 4],
    ):
        sheet.append(row)
    sheet.merge_cells("B1:C1")
    table = read_table("a.xlsx", saved(book))
    assert list(table.cells.columns) == ["month", "share pdf", "share docx", "archived gb"]
    assert [issue.code for issue in table.issues] == ["header_joined"]


def test_a_formula_without_a_stored_result_reads_as_empty_and_is_told() -> None:
    rows = [*ROWS, ["hr", date(2027, 3, 1), "=C2+C3"], ["hr", date(2027, 4, 1), "=SUM(C2:C3)"]]
    table = read_table("a.xlsx", workbook(("data", rows)))
    assert list(table.cells["archived_gb"]) == ["1.5", "20", "", ""]
    (issue,) = table.issues
    assert (issue.code, issue.rows) == ("formula_without_value", 2)


def test_an_excel_error_is_told() -> None:
    table = read_table("a.xlsx", workbook(("data", [*ROWS, ["hr", date(2027, 3, 1), "#REF!"]])))
    assert [(issue.code, issue.rows) for issue in table.issues] == [("formula_failed", 1)]


def test_a_cell_far_out_is_refused_before_it_fills_memory() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(("data", ROWS))))
    book["data"]["ALL1048576"] = 1
    with pytest.raises(SourceError, match="1,048,576 rows × 1,000 columns"):
        read_table("a.xlsx", saved(book))
    book["data"]["XFD5"] = 1
    with pytest.raises(SourceError, match="16,384 columns"):
        read_table("a.xlsx", saved(book))


def test_a_zip_bomb_is_refused_by_what_it_unpacks_to() -> None:
    stream = io.BytesIO(workbook(("data", ROWS)))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", bytes(30 * 2**20))
    assert len(stream.getvalue()) < 100_000
    with pytest.raises(SourceError, match="unpacks to 30 MB"):
        read_table("a.xlsx", stream.getvalue(), Limits(max_unpacked_bytes=20 * 2**20))


def test_a_damaged_workbook_is_refused() -> None:
    data = bytearray(workbook(("data", ROWS)))
    data[len(data) // 3] ^= 0xFF
    with pytest.raises(SourceError, match="damaged"):
        read_table("a.xlsx", bytes(data[: len(data) // 2]))


@pytest.mark.parametrize("rows", [[], [["scope", "month", "archived_gb"]]])
def test_an_empty_workbook_is_refused(rows: list[list[str]]) -> None:
    with pytest.raises(SourceError, match="No visible sheet|no row below"):
        read_table("a.xlsx", workbook(("data", rows)))
