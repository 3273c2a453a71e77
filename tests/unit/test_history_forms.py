"""How people write numbers, dates, headers and units."""

from __future__ import annotations

import pandas as pd
import pytest

from forecast_core.errors import SchemaError
from forecast_core.history.choices import Choices
from forecast_core.history.dates import to_days
from forecast_core.history.numbers import prepare, to_numbers
from forecast_core.schema import named
from tests.unit.uploads import codes, column_of, found, months_of, only, read_rows, read_text, sound_rows, text_of

GB = 2**30
FEBRUARY_2024 = [
    "2024-02",
    "2024-2",
    "2024/02",
    "2024-02-01",
    "2024-02-01T10:30:00Z",
    "2024-02-01 10:30",
    "02/2024",
    "2.2024",
    "Feb-24",
    "Feb 2024",
    "01-Feb-24",
    "february 2024",
    "Februar 2024",
    "févr. 2024",
    "2024 Feb",
    "202402",
    "20240201",
    "01.02.2024",
    "1 Feb 2024",
    "Feb 1, 2024",
    "45323",
    "45323.5",
]


def number(text: str, mark: str = ".") -> float | None:
    read = to_numbers(prepare(pd.Series([text], dtype="str")), mark)
    return None if read.bad.iloc[0] else float(read.values.iloc[0])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("1 234,5", 1234.5),
        ("1\u00a0234\u202f567,5", 1234567.5),
        ("1'234.5", 1234.5),
        ("1,23,456.7", 123456.7),
        ("1.234.567", 1234567),
        ("0.123", 0.123),
        ("-.5", -0.5),
        ("+5,", 5),
        ("2.25e+16", 2.25e16),
        ("45 %", 0.45),
        ("1.5 GB", 1.5 * GB),
        ("200KB", 200 * 1024),
        ("12 bytes", 12),
    ],
)
def test_numbers_that_read_one_way(text: str, value: float) -> None:
    assert number(text, ".") == number(text, ",") == pytest.approx(value)


@pytest.mark.parametrize(("text", "dot", "comma"), [("1,234", 1234, 1.234), ("1.234", 1.234, 1234)])
def test_numbers_that_read_two_ways_follow_the_mark(text: str, dot: float, comma: float) -> None:
    assert (number(text, "."), number(text, ",")) == (dot, comma)


@pytest.mark.parametrize(
    "text",
    [
        "inf",
        "-Infinity",
        "1e999",
        "=1+1",
        "=cmd|' /C calc'!A0",
        "1_000",
        "(12)",
        "0x10",
        "1.2.3",
        "1 2",
        "١٢",
        "true",
        "1..2",
    ],
)
def test_what_is_no_number(text: str) -> None:
    assert number(text) is None


@pytest.mark.parametrize("text", ["", "-", "n/a", "N/A", "NULL", "NaN", "none", "–"])
def test_markers_of_the_unknown_are_not_faults(text: str) -> None:
    value = number(text)
    assert value is not None
    assert value != value


@pytest.mark.parametrize("text", FEBRUARY_2024)
def test_february_2024_in_many_forms(text: str) -> None:
    dates = to_days(pd.Series([text], dtype="str"))
    assert str(dates.days.iloc[0].date()) == "2024-02-01"
    assert not dates.bad.iloc[0]


@pytest.mark.parametrize(
    "text", ["2024-13", "2024-02-30", "Q1 2024", "soon", "99999999", "0", "13/13/2024", "2024-00-01", "Foo 2024"]
)
def test_what_is_no_month(text: str) -> None:
    dates = to_days(pd.Series([text], dtype="str"))
    assert dates.bad.iloc[0]
    assert dates.days.isna().iloc[0]


@pytest.mark.parametrize("text", ["März 24", "mars 2024", "Mrz 2024", "Maerz 2024"])
def test_march_in_three_languages(text: str) -> None:
    assert to_days(pd.Series([text], dtype="str")).days.dt.month.iloc[0] == 3


@pytest.mark.parametrize(
    ("texts", "days", "is_open"),
    [
        ("01/02/2024 01/03/2024", "2024-02-01 2024-03-01", False),
        ("02/01/2024 03/01/2024", "2024-02-01 2024-03-01", False),
        ("13/02/2024 01/03/2024", "2024-02-13 2024-03-01", False),
        ("02/13/2024 03/01/2024", "2024-02-13 2024-03-01", False),
        ("31/01/2024 29/02/2024", "2024-01-31 2024-02-29", False),
        ("01/01/2024 02/02/2024", "2024-01-01 2024-02-02", False),
        ("02/03/2024 04/05/2024", "", True),
    ],
)
def test_day_and_month_are_told_apart_by_the_column(texts: str, days: str, is_open: bool) -> None:
    dates = to_days(pd.Series(texts.split(), dtype="str"))
    assert bool(dates.open) is is_open
    if not is_open:
        assert [str(day.date()) for day in dates.days] == days.split()


def test_one_odd_cell_does_not_turn_months_into_days() -> None:
    texts = [f"01/{month:02d}/2024" for month in range(1, 13)]
    assert to_days(pd.Series([*texts, "02/13/2024"], dtype="str")).open


def test_an_open_order_of_dates_blocks_until_it_is_chosen() -> None:
    text = "date,archived_gb\n02/03/2026,1\n04/05/2026,2\n"
    reading = read_text(text)
    assert reading.history is None
    assert only(reading, "date_order").value == "02/03/2026"
    assert [(item.choice, item.options) for item in reading.questions] == [("date_order", ("dmy", "mdy"))]
    assert months_of(read_text(text, Choices(date_order="dmy"))) == ["2026-03", "2026-05"]
    assert months_of(read_text(text, Choices(date_order="mdy"))) == ["2026-02", "2026-04"]


@pytest.mark.parametrize(
    ("header", "column", "unit"),
    [
        ("Archived (TB)", "archived_gb", "tb"),
        ("archived_bytes", "archived_gb", "bytes"),
        ("VOLUME_GB", "archived_gb", "gb"),
        ("avgFileSizeKB", "avg_file_size_mb", ""),
        ("Durchschnittsgröße (KB)", "avg_file_size_mb", "kb"),
        ("Total Files", "total_files", ""),
        ("Tenant-ID", "scope", ""),
        ("Datum", "month", ""),
        ("PDF %", "pct_pdf", ""),
    ],
)
def test_headers_people_have(header: str, column: str, unit: str) -> None:
    found_name = named(header)
    if header == "avgFileSizeKB":
        assert found_name is None, "a unit needs a mark before it, or kbytes hide in words"
        return
    assert found_name is not None
    assert (found_name.column, found_name.unit) == (column, unit)


@pytest.mark.parametrize("header", ["note", "tenant_count", "pct_other", "cumulative_bytes", "size", ""])
def test_headers_nobody_declared(header: str) -> None:
    assert named(header) is None


def test_units_in_headers_are_converted_and_told_once() -> None:
    rows = [{**row, "archived_gb": "2", "savings_gb": "1"} for row in sound_rows()]
    header = [
        name.replace("archived_gb", "Archived (TB)").replace("avg_file_size_mb", "avg_file_size_kb") for name in rows[0]
    ]
    reading = read_text(text_of(rows, header=header))
    assert set(column_of(reading, "archived_gb")) == {2048.0}
    assert set(column_of(reading, "avg_file_size_mb")) == {2.5 / 1024}
    assert {issue.column for issue in found(reading, "unit_converted")} == {"archived_gb", "avg_file_size_mb"}


def test_units_can_be_chosen() -> None:
    reading = read_rows(sound_rows(), Choices(volume_unit="tb", size_unit="kb"))
    assert column_of(reading, "archived_gb")[0] == 3.5 * 1024
    assert column_of(reading, "avg_file_size_mb")[0] == 2.5 / 1024


def test_units_in_cells_are_converted() -> None:
    rows = [{**row, "archived_gb": f"{at} TB", "savings_gb": "0"} for at, row in enumerate(sound_rows())]
    reading = read_rows(rows)
    assert column_of(reading, "archived_gb")[:3] == [0, 1024, 2048]
    assert only(reading, "unit_in_cells").column == "archived_gb"


def test_a_unit_where_none_belongs_is_no_number() -> None:
    rows = sound_rows()
    rows[1]["total_files"], rows[2]["total_files"] = "5 GB", "40 %"
    assert [issue.row for issue in found(read_rows(rows), "not_a_number")] == [3, 4]


def test_percent_is_found_per_scope_and_told_once() -> None:
    percent = [{**row, "pct_pdf": "40", "pct_docx": "30", "pct_xlsx": "10"} for row in sound_rows("percent")]
    reading = read_rows([*sound_rows("fraction"), *percent])
    assert set(column_of(reading, "pct_pdf")) == {0.4}
    issue = only(reading, "percent")
    assert "1 of 2 scopes (percent)" in issue.what
    assert reading.rows_set_aside == 0


def test_percent_signs_and_the_choice_of_percent() -> None:
    signed = [{**row, "pct_pdf": "40 %", "pct_docx": "30%", "pct_xlsx": "10%"} for row in sound_rows()]
    for choice in ("auto", "percent"):
        reading = read_rows(signed, Choices(share_unit=choice))
        assert set(column_of(reading, "pct_pdf")) == {0.4}
        assert "percent_sign" in codes(reading)
    small = [{**row, "pct_pdf": "0.4", "pct_docx": "0.3", "pct_xlsx": "0.1"} for row in sound_rows()]
    assert column_of(read_rows(small, Choices(share_unit="percent")), "pct_pdf")[0] == pytest.approx(0.004)
    large = [{**row, "pct_pdf": "40", "pct_docx": "30", "pct_xlsx": "10"} for row in sound_rows()]
    assert "share_out_of_range" in codes(read_rows(large, Choices(share_unit="fraction")))


def test_decimal_commas() -> None:
    rows = [{name: value.replace(".", ",") for name, value in row.items()} for row in sound_rows()]
    reading = read_rows(rows, delimiter=";")
    assert column_of(reading, "archived_gb") == column_of(read_rows(sound_rows()), "archived_gb")
    assert {item.words for item in reading.recognised if item.column == "archived_gb"} == {"GB, decimal comma"}


def test_thousands_follow_the_other_columns() -> None:
    commas = [{name: value.replace(".", ",") for name, value in row.items()} for row in sound_rows()]
    rows = [{**row, "total_files": "12.345"} for row in commas]
    assert column_of(read_rows(rows, delimiter=";"), "total_files")[0] == 12_345


def test_a_mark_nobody_settles_is_guessed_aloud_and_can_be_chosen() -> None:
    text = "month;archived_gb\n" + "".join(f"{row['month']};1,234\n" for row in sound_rows())
    reading = read_text(text)
    assert column_of(reading, "archived_gb")[0] == 1234
    assert only(reading, "decimal_guessed").value == "1,234"
    assert [item.choice for item in reading.questions] == ["decimal"]
    assert column_of(read_text(text, Choices(decimal=",")), "archived_gb")[0] == 1.234


def test_both_marks_in_one_column_are_told() -> None:
    rows = sound_rows()
    rows[0]["archived_gb"] = "3,5"
    reading = read_rows(rows, delimiter=";")
    assert column_of(reading, "archived_gb")[0] == 3.5
    assert "13 cells" in only(reading, "decimal_mixed").what


def test_mapping_overrules_the_aliases() -> None:
    text = text_of([{**row, "Menge": "7"} for row in sound_rows()])
    reading = read_text(text, Choices(mapping=(("Menge", "archived_gb"), ("savings_gb", ""))))
    assert set(column_of(reading, "archived_gb")) == {7.0}
    assert {item.header: item.column for item in reading.recognised}["savings_gb"] is None
    with pytest.raises(SchemaError, match="no header 'gone'"):
        read_text(text, Choices(mapping=(("gone", "archived_gb"),)))


def test_two_headers_for_one_column_prefer_the_name_itself() -> None:
    rows = [{"volume_gb": "99", **row} for row in sound_rows()]
    reading = read_rows(rows)
    assert column_of(reading, "archived_gb")[0] == 3.5
    assert "'volume_gb' means the same" in only(reading, "header_twice").what


def test_choices_survive_json_and_refuse_what_they_do_not_know() -> None:
    choices = Choices(mapping=(("Menge", "archived_gb"),), date_order="dmy", stock_includes_archived=True)
    assert Choices.from_json(choices.to_json()) == choices
    for wrong in (
        {"date_order": "ymd"},
        {"colour": "red"},
        {"mapping": {"a": "b"}},
        {"mapping": "a"},
        {"stock_includes_archived": 3},
    ):
        with pytest.raises(SchemaError):
            Choices.from_json(wrong)
