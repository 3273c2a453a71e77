"""Every fault is named with row, column, value, what is allowed and what to do; nothing is repaired in silence."""

from __future__ import annotations

import pandas as pd
import pytest

from forecast_core.history import Choices, issues_table
from forecast_core.history import rules as declared
from forecast_core.history.faults import Rule
from forecast_core.schema import Severity
from tests.unit.uploads import (
    codes,
    column_of,
    found,
    months,
    months_of,
    only,
    read_rows,
    read_text,
    sound_rows,
    text_of,
)

BAD_CELLS = [
    ("archived_gb", "-1", "negative"),
    ("savings_gb", "-0.5", "negative"),
    ("total_files", "-3", "negative"),
    ("archived_gb", "much", "not_a_number"),
    ("archived_gb", "inf", "not_a_number"),
    ("savings_gb", "=cmd|' /C calc'!A0", "not_a_number"),
    ("pct_pdf", "1.4", "share_out_of_range"),
    ("archived_gb", "1e12", "absurd_size"),
    ("month", "soon", "month_unreadable"),
    ("month", "", "month_missing"),
    ("month", "1899-01", "year_out_of_range"),
    ("month", "2101-01", "year_out_of_range"),
    ("month", "2027-04", "future_month"),
    ("pct_pdf", "0.62", "shares_above_one"),
    ("savings_gb", "99", "savings_above_archived"),
    ("scope", "", "scope_missing"),
    ("scope", "All", "scope_reserved"),
    ("scope", "x" * 300, "scope_too_long"),
]


@pytest.mark.parametrize(("column", "value", "code"), BAD_CELLS)
def test_a_bad_cell_sets_its_row_aside_and_says_so(column: str, value: str, code: str) -> None:
    rows = sound_rows()
    rows[4][column] = value
    reading = read_rows(rows)
    issue = only(reading, code)
    assert (issue.severity, issue.row) == (Severity.ERROR, 6)
    assert issue.column == column
    assert issue.hint
    assert (reading.rows_in, reading.rows_used, reading.rows_set_aside) == (14, 13, 1)
    assert len(months_of(reading)) == 13


def test_sound_rows_have_nothing_to_say() -> None:
    reading = read_rows(sound_rows())
    assert reading.issues == ()
    assert reading.rows_used == 14
    assert [item.column for item in reading.missing] == ["eligible_files"]
    assert not reading.aggregated_from_days


def test_every_fault_of_a_row_is_told_at_once() -> None:
    rows = sound_rows()
    rows[4] |= {"total_files": "-1", "pct_pdf": "0.9", "archived_gb": "x"}
    assert {issue.code for issue in read_rows(rows).issues if issue.row == 6} == {
        "negative",
        "shares_above_one",
        "not_a_number",
    }


def test_a_repeated_fault_is_told_once_with_its_number() -> None:
    rows = sound_rows(count=14) + [row for scope in "abc" for row in sound_rows(scope)]
    for row in rows[14:]:
        row["archived_gb"] = "?!"
    issue = only(read_rows(rows), "not_a_number")
    assert (issue.rows, issue.row) == (42, 16)
    assert "41 more rows" in issue.what


def test_the_unfinished_month_is_a_warning() -> None:
    rows = sound_rows()
    rows[-1]["month"] = "2027-03"
    reading = read_rows(rows)
    assert only(reading, "unfinished_month").severity is Severity.WARNING
    assert reading.rows_set_aside == 0


def test_gaps_are_listed_by_scope() -> None:
    rows = [*sound_rows("full"), *(row for row in sound_rows("holes") if row["month"] not in ("2025-03", "2025-07"))]
    issue = only(read_rows(rows), "gap")
    assert (issue.scope, issue.rows, issue.severity) == ("holes", 2, Severity.WARNING)
    assert "2025-03, 2025-07" in issue.what


def test_gaps_of_many_scopes_are_one_line() -> None:
    rows = [row for at in range(25) for row in sound_rows(f"s{at:02d}") if row["month"] != "2025-03"]
    issue = only(read_rows(rows), "gap")
    assert issue.rows == 25
    assert "24 more scopes" in issue.what


def test_equal_duplicates_are_used_once() -> None:
    rows = sound_rows()
    reading = read_rows([*rows, rows[3], rows[3]])
    assert only(reading, "duplicate_same").rows == 2
    assert (reading.rows_used, reading.rows_set_aside) == (14, 2)


def test_contradicting_duplicates_are_never_chosen_between() -> None:
    rows = sound_rows()
    reading = read_rows([*rows, {**rows[3], "archived_gb": "7"}])
    assert [issue.row for issue in found(reading, "duplicate_different")] == [5, 16]
    assert reading.rows_used == 13
    assert "2025-04" not in months_of(reading)


def test_several_series_in_one_file_are_not_mixed() -> None:
    both = [{**row, "rule": rule, "archived_gb": gb} for row in sound_rows() for rule, gb in (("6", "4"), ("12", "5"))]
    reading = read_rows(both)
    assert reading.history is None
    assert only(reading, "several_series").column == "rule"


def test_more_archived_than_the_stock_held_is_a_warning() -> None:
    rows = sound_rows()
    rows[5]["archived_gb"] = "500"
    reading = read_rows(rows)
    issue = only(reading, "more_than_stock")
    assert (issue.severity, issue.month, issue.value) == (Severity.WARNING, "2025-06", "500")
    assert reading.rows_set_aside == 0


def test_one_scope_in_kb_is_named_and_left_as_it_stands() -> None:
    rows = [row for scope in ("a", "b", "c") for row in sound_rows(scope)]
    kb = [{**row, "avg_file_size_mb": "2560"} for row in sound_rows("kb")]
    reading = read_rows([*rows, *kb])
    issue = only(reading, "unit_suspect")
    assert (issue.scope, issue.column, issue.severity) == ("kb", "avg_file_size_mb", Severity.WARNING)
    assert "1,024 times larger" in issue.what
    assert "KB" in issue.hint
    assert column_of(reading, "avg_file_size_mb")[-1] == 2560


def test_archived_gb_of_one_scope_in_mb_is_named() -> None:
    rows = [row for scope in ("a", "b", "c") for row in sound_rows(scope)]
    mb = [{**row, "archived_gb": "5500", "savings_gb": "100"} for row in sound_rows("mb")]
    issue = only(read_rows([*rows, *mb]), "unit_suspect")
    assert (issue.scope, issue.column) == ("mb", "archived_gb")
    assert "MB" in issue.hint


def test_scopes_of_different_size_are_no_unit_fault() -> None:
    rows = [
        {**row, "archived_gb": str(gb), "savings_gb": "0"} for gb in (0.01, 1, 90, 4000) for row in sound_rows(str(gb))
    ]
    assert "unit_suspect" not in codes(read_rows(rows))


def test_units_mixed_within_a_scope_are_named() -> None:
    rows = sound_rows()
    for row in rows[3:5]:
        row["avg_file_size_mb"] = "2560"
    issue = only(read_rows(rows), "unit_jump")
    assert (issue.rows, issue.month, issue.scope) == (2, "2025-04", "hr")


def test_few_months_are_a_warning() -> None:
    assert only(read_rows(sound_rows(count=5)), "few_months").severity is Severity.WARNING


def test_empty_archived_cells_are_unknown_not_zero() -> None:
    rows = sound_rows()
    rows[2]["archived_gb"] = rows[3]["archived_gb"] = ""
    reading = read_rows(rows)
    assert only(reading, "archived_unknown").rows == 2
    assert pd.isna(column_of(reading, "archived_gb")[2])
    assert reading.rows_set_aside == 0


def test_savings_are_never_set_equal_to_what_was_archived() -> None:
    rows = [{name: value for name, value in row.items() if name != "savings_gb"} for row in sound_rows()]
    reading = read_rows(rows)
    assert only(reading, "savings_unknown").severity is Severity.WARNING
    assert "savings_gb" in {item.column for item in reading.missing}
    assert all(pd.isna(value) for value in column_of(reading, "savings_gb"))


@pytest.mark.parametrize("header", ["note", "archived_gb", "month"])
def test_a_missing_column_blocks(header: str) -> None:
    reading = read_text(f"{header},x\n2027-01,1\n")
    assert reading.blocked
    assert reading.history is None
    assert (reading.rows_in, reading.rows_used) == (1, 0)
    assert "column_missing" in codes(reading)


def test_nothing_but_bad_rows_blocks() -> None:
    reading = read_text("month,archived_gb\nsoon,1\nlater,2\n")
    assert reading.blocked
    assert {"no_rows", "month_unreadable"} == codes(reading)


def test_nothing_but_unknown_flows_blocks() -> None:
    assert "no_flow" in codes(read_text("month,archived_gb\n2027-01,\n2027-02,-\n"))


def test_rows_the_reader_left_out_are_counted() -> None:
    reading = read_text("month,archived_gb\n2027-01,1,5\n2027-02,2\n")
    assert (reading.rows_in, reading.rows_used, reading.rows_set_aside) == (2, 1, 1)


def test_labels_of_the_next_period_move_to_their_month() -> None:
    rows = sound_rows(count=12)
    header = [name.replace("_gb", "_gb_next_period") for name in rows[0]]
    rows[-1]["archived_gb"] = rows[-1]["savings_gb"] = ""
    reading = read_text(text_of(rows, header=header))
    archived = column_of(reading, "archived_gb")
    assert months_of(reading) == months(12)
    assert pd.isna(archived[0])
    assert archived[1:] == [float(row["archived_gb"]) for row in rows[:-1]]
    assert column_of(reading, "total_files")[-1] == 10_077
    assert len(found(reading, "shifted")) == 2


def test_a_label_beyond_the_last_row_makes_a_row_of_its_own() -> None:
    reading = read_text(text_of(sound_rows(count=12)).replace("archived_gb", "archived_gb_next_period"))
    assert months_of(reading)[-1] == "2026-01"
    assert pd.isna(column_of(reading, "total_files")[-1])


def test_a_label_of_a_month_that_has_not_happened_is_not_used() -> None:
    text = "month,archived_gb_next_period\n2027-01,1\n2027-02,2\n2027-03,3\n"
    reading = read_text(text)
    assert "shifted_future" in codes(reading)
    assert months_of(reading)[-1] == "2027-03"


def test_plain_labels_win_over_those_of_the_next_period() -> None:
    reading = read_rows([{**row, "archived_gb_next_period": "99"} for row in sound_rows()])
    assert column_of(reading, "archived_gb")[0] == 3.5
    assert only(reading, "header_twice").column == "archived_gb"


def test_savings_above_archived_after_a_shift_are_unknown() -> None:
    rows = [{**row, "archived_gb": "3", "savings_gb": "2"} for row in sound_rows()]
    rows[4]["savings_gb"] = "9"
    header = [name.replace("savings_gb", "savings_gb_next_period") for name in rows[0]]
    reading = read_text(text_of(rows, header=header))
    assert only(reading, "savings_above_archived").severity is Severity.WARNING
    assert pd.isna(column_of(reading, "savings_gb")[5])


def daily(days: int = 60) -> list[dict[str, str]]:
    start = pd.Timestamp("2026-01-01")
    return [
        {**sound_rows(count=1)[0], "month": f"{start + pd.Timedelta(days=at):%Y-%m-%d}", "total_files": str(1000 + at),
         "archived_gb": "2", "savings_gb": "1", "archive_frequency_per_day": str(at % 2)}
        for at in range(days)
    ]  # fmt: skip


def test_days_are_gathered_by_the_kind_of_the_column() -> None:
    reading = read_rows(daily(59))
    assert reading.aggregated_from_days
    assert months_of(reading) == ["2026-01", "2026-02"]
    assert column_of(reading, "archived_gb") == [62, 56]
    assert column_of(reading, "total_files") == [1030, 1058]
    assert column_of(reading, "archive_frequency_per_day") == [pytest.approx(15 / 31), 0.5]
    assert "59 rows of single days were gathered into 2 months" in only(reading, "gathered").what
    assert reading.rows_used == 59
    assert "month_cut" not in codes(reading)


def test_days_that_end_within_a_month_are_told() -> None:
    assert only(read_rows(daily(50)), "month_cut").value == "2026-02-19"


def test_a_month_that_lost_a_day_is_told() -> None:
    rows = daily(59)
    rows[3]["archived_gb"] = "oops"
    reading = read_rows(rows)
    assert column_of(reading, "archived_gb") == [60, 56]
    assert only(reading, "month_incomplete").month == "2026-01"


def test_a_day_column_beside_the_month_tells_rows_apart() -> None:
    rows = [{**row, "month": f"{row['month'][:7]}-01", "date": row["month"]} for row in daily(59)]
    reading = read_rows(rows)
    assert column_of(reading, "archived_gb") == [62, 56]
    assert {item.header: item.column for item in reading.recognised}["date"] == "month"


def test_a_day_column_that_disagrees_is_told_and_not_used() -> None:
    rows = [{**row, "date": "2020-05-05"} for row in sound_rows()]
    reading = read_rows(rows)
    assert months_of(reading) == months(14)
    assert only(reading, "days_disagree").rows == 14


def with_files(factor: float, *, per_day: bool) -> list[dict[str, str]]:
    rows = sound_rows()
    for at, row in enumerate(rows):
        days = pd.Timestamp(row["month"]).days_in_month if per_day else 1
        frequency = 40 + 3 * (at % 7)
        row |= {"archive_frequency_per_day": str(frequency), "files_archived": f"{frequency * days * factor:.0f}"}
    return rows


@pytest.mark.parametrize("per_day", [True, False])
def test_a_frequency_that_follows_the_files_is_observed(per_day: bool) -> None:
    reading = read_rows(with_files(1.0 if per_day else 66.67, per_day=per_day))
    assert reading.history is not None
    assert reading.history.frequency_is_observed
    assert only(reading, "frequency_observed").severity is Severity.FIXED
    policy = read_rows(with_files(1.0, per_day=True), Choices(frequency="policy"))
    assert policy.history is not None
    assert not policy.history.frequency_is_observed


def test_a_frequency_that_does_not_follow_is_a_policy() -> None:
    rows = with_files(1.0, per_day=True)
    for at, row in enumerate(rows):
        row["files_archived"] = str(500 + 37 * at)
    reading = read_rows(rows)
    assert reading.history is not None
    assert not reading.history.frequency_is_observed
    observed = read_rows(rows, Choices(frequency="observed"))
    assert observed.history is not None
    assert observed.history.frequency_is_observed


def test_a_stock_that_counts_archived_files_is_converted_when_said() -> None:
    rows = [{**row, "total_files": "1000", "avg_file_size_mb": "2", "archived_gb": "0.5", "savings_gb": "0.5",
             "files_archived": "100"} for row in sound_rows(count=12)]  # fmt: skip
    plain, converted = read_rows(rows), read_rows(rows, Choices(stock_includes_archived=True))
    assert column_of(plain, "total_files")[:2] == [1000, 1000]
    assert column_of(converted, "total_files")[:2] == [900, 800]
    assert column_of(converted, "avg_file_size_mb")[0] == pytest.approx((2000 - 512) / 900)
    assert {"stock_converted", "stock_below_archived"} <= codes(converted)
    assert pd.isna(column_of(converted, "total_files")[10])
    blocked = read_rows(sound_rows(), Choices(stock_includes_archived=True))
    assert blocked.history is None
    assert only(blocked, "stock_needs_archived").column == "files_archived"


def test_one_scope_if_there_is_no_column_of_scopes() -> None:
    reading = read_text("month,archived_gb\n2026-01,1\n2026-02,2\n")
    assert reading.history is not None
    assert reading.history.scopes == ("estate",)
    assert {"total_files", "savings_gb", "pct_pdf"} <= {item.column for item in reading.missing}


def test_the_table_of_issues_is_sorted_worst_first() -> None:
    rows = sound_rows()
    rows[4]["archived_gb"] = "x"
    rows[2]["month"] = "2027-03"
    table = issues_table(read_rows(rows).issues)
    assert list(table["severity"])[:2] == ["error", "warning"]
    assert table["row"].dtype == "Int64"
    assert len(issues_table([])) == 0
    assert list(issues_table([]).columns) == list(table.columns)


def test_rules_have_their_own_codes_and_say_what_to_do() -> None:
    every = [rule for rule in vars(declared).values() if isinstance(rule, Rule)]
    names = [rule.code for rule in every]
    twice = {name for name in names if names.count(name) > 1}
    assert twice == {"savings_above_archived"}, "one for a row, one for a month"
    assert [rule.code for rule in every if rule.severity > Severity.FIXED and not rule.hint] == []
    assert [rule.code for rule in every if rule.severity is Severity.ERROR and not rule.allowed] == ["month_missing"][
        :0
    ] + ["absurd_size"]
