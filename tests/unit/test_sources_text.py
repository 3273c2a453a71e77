"""Text files: encodings, delimiters, headers, rows that do not fit, and what is no table."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from forecast_core.errors import SourceError
from forecast_core.schema import Severity
from forecast_core.sources import Limits, read_table
from tests.unit.uploads import sound_rows, text_of

SMALL = "scope,month,archived_gb\nBüro,2027-01,1.5\nBüro,2027-02,2.5\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le-marked", "utf-16-be-marked", "utf-32"]
)
def test_encodings_give_the_same_table(encoding: str) -> None:
    marks = {"utf-16-le-marked": ("utf-16-le", b"\xff\xfe"), "utf-16-be-marked": ("utf-16-be", b"\xfe\xff")}
    codec, mark = marks.get(encoding, (encoding, b""))
    table = read_table("a.csv", mark + SMALL.encode(codec))
    assert list(table.cells.columns) == ["scope", "month", "archived_gb"]
    assert list(table.cells["scope"]) == ["Büro", "Büro"]
    assert [issue.code for issue in table.issues] == (["encoding"] if encoding == "cp1252" else [])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(delimiter: str, end: str) -> None:
    table = read_table("a.txt", SMALL.replace(",", delimiter).replace("\n", end).encode())
    assert table.cells.shape == (2, 3)
    assert dict(table.how)["delimiter"] == {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}[delimiter]


def test_semicolons_win_over_decimal_commas() -> None:
    text = "month;archived_gb;savings_gb\n2027-01;1,5;1,25\n2027-02;2,5;2,25\n"
    assert list(read_table("a.csv", text.encode()).cells["archived_gb"]) == ["1,5", "2,5"]


def test_delimiter_of_unknown_headers_is_the_even_one() -> None:
    text = "Zeitraum;Menge\n2027-01;1,5\n2027-02;2,5\n"
    assert list(read_table("a.csv", text.encode()).cells.columns) == ["Zeitraum", "Menge"]


def test_the_separator_line_of_excel_is_obeyed_and_counted() -> None:
    table = read_table("a.csv", b"sep=;\nmonth;archived_gb\n2027-01;1,5\n")
    assert list(table.cells.index) == [3]


def test_quotes_hold_delimiters_line_ends_and_quotes() -> None:
    text = 'scope,month,archived_gb\n"a, ""b""\nc",2027-01,1\nd,2027-02,2\n'
    table = read_table("a.csv", text.encode())
    assert list(table.cells["scope"]) == ['a, "b"\nc', "d"]
    assert list(table.cells.index) == [2, 3]


def test_an_open_quote_is_refused_with_its_row() -> None:
    with pytest.raises(SourceError, match="Row 3 .*quotation mark"):
        read_table("a.csv", b'scope,month,archived_gb\na,2027-01,1\n"b,2027-02,2\nc,2027-03,3\n')


def test_lines_above_the_header_are_told_and_rows_keep_their_number() -> None:
    table = read_table("a.csv", ("Storage report,,\nmade on,2027-03-01,\n\n" + SMALL).encode())
    assert list(table.cells.index) == [5, 6]
    (issue,) = table.issues
    assert (issue.code, issue.severity, issue.row) == ("preamble", Severity.FIXED, 4)


def test_units_below_the_header_are_read_with_it() -> None:
    table = read_table("a.csv", b"Month,Archived,Average file size\n,(TB),(KB)\n2027-01,1,2\n2027-02,1,2\n")
    assert list(table.cells.columns) == ["Month", "Archived (TB)", "Average file size (KB)"]
    assert [issue.code for issue in table.issues] == ["header_joined"]


def test_a_merged_header_is_named() -> None:
    """Excel writes a merged cell as one name and blanks beside it."""
    table = read_table("a.csv", b"scope,month,archived_gb,Shares,\nhr,2027-01,1,0.2,0.3\nhr,2027-02,1,0.2,0.3\n")
    assert list(table.cells.columns)[-2:] == ["Shares", "column E"]
    (issue,) = table.issues
    assert (issue.code, issue.column) == ("header_blank", "column E")
    assert "nmerge" in issue.hint


def test_a_header_twice_is_named() -> None:
    table = read_table("a.csv", b"month,archived_gb,note,note\n2027-01,1,a,b\n")
    assert list(table.cells.columns)[-1] == "note (2)"
    assert [issue.code for issue in table.issues] == ["header_double"]


def test_rows_too_long_are_set_aside_one_by_one_and_short_ones_kept() -> None:
    table = read_table("a.csv", b"scope,month,archived_gb\na,2027-01,1,5\nb,2027-02\nc,2027-03,2,\n")
    assert list(table.cells["scope"]) == ["b", "c"]
    assert table.set_aside == 1
    assert {(issue.code, issue.row) for issue in table.issues} == {("row_too_long", 2), ("row_too_short", 3)}


def test_many_rows_too_long_are_counted_in_full() -> None:
    table = read_table("a.csv", b"month,archived_gb\n" + b"2027-01,1,5\n" * 100 + b"2027-02,2\n")
    assert table.set_aside == 100
    assert sum(issue.rows for issue in table.issues) == 100


def test_blank_lines_are_no_rows() -> None:
    assert list(read_table("a.csv", b"month,archived_gb\n\n2027-01,1\n,\n2027-02,2\n\n").cells.index) == [3, 5]


def test_a_formula_is_just_text() -> None:
    table = read_table("a.csv", b"month,archived_gb\n2027-01,=cmd|' /C calc'!A0\n2027-02,@SUM(A1)\n")
    assert list(table.cells["archived_gb"]) == ["=cmd|' /C calc'!A0", "@SUM(A1)"]


def zip_of(name: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, "x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n\r\n", "empty"),
        (b"month,archived_gb\n", "no row below"),
        (b"month,archived_gb\n,\n", "no row below"),
        (b",,,\n,,,\n", "no values|split into columns"),
        (b"%PDF-1.7\n...", "PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "picture"),
        (b"\xff\xd8\xff\xe0" + bytes(40), "picture"),
        (gzip.compress(SMALL.encode(), mtime=0), "gzip"),
        (b"PAR1" + bytes(40), "Parquet"),
        (b"<!doctype html><html><table><tr><td>month</td></tr></table></html>", "web page"),
        (b'  {"month": "2027-01"}', "JSON"),
        (b'[{"month": "2027-01"}]', "JSON"),
        (zip_of("data.csv"), "ZIP"),
        (zip_of("word/document.xml"), "Word"),
        (zip_of("xl/workbook.bin"), "xlsb"),
        (b"PK\x03\x04 and then nothing", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1024), "damaged"),
        (b"month,archived_gb\n2027-01,\x00\n", "zero"),
        ("month,archived_gb\n2027-01,1\n".encode("utf-16-le"), "zero"),
        (b"\xff\xfeabc", "not valid"),
        (b"caf\x81,month\n1,2\n", "not valid"),
        (bytes(range(1, 9)) * 40, "not text"),
        (b"just a sentence without anything\nand another\n", "columns"),
        (b"1,2,3\n4,5,6\n", "header"),
    ],
)
def test_what_is_no_table_is_refused_in_plain_words(data: bytes, said: str) -> None:
    with pytest.raises(SourceError, match=said) as caught:
        read_table("upload", data)
    assert caught.value.hint


def test_a_file_of_200_mb_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(SourceError, match="201 MB") as caught:
        read_table("big.csv", bytes(201 * 2**20))
    assert caught.value.allowed == "up to 200 MB"


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(max_rows=10), "more than 10 rows"),
        (Limits(max_columns=5), "10 columns"),
        (Limits(max_cell_characters=6), "Row 2 holds a cell of more than 6 characters"),
    ],
)
def test_limits_name_themselves(limits: Limits, said: str) -> None:
    with pytest.raises(SourceError, match=said) as caught:
        read_table("a.csv", text_of(sound_rows()).encode(), limits)
    assert caught.value.allowed.startswith("up to")


def test_a_large_file_is_read_in_pieces() -> None:
    rows = 120_000
    body = "".join(f"site{at},2027-01,{at}.25\n" for at in range(rows))
    table = read_table("a.csv", ("scope,month,archived_gb\n" + body).encode())
    assert len(table.cells) == rows
    assert table.cells["archived_gb"].iloc[-1] == f"{rows - 1}.25"
    assert table.cells.index[-1] == rows + 1
