"""Files that really exist: understood, or refused with a sentence that helps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from forecast_core.history import Reading, read
from forecast_core.history.choices import Choices
from forecast_core.schema import Severity
from forecast_core.sources import read_table
from tests.unit.uploads import codes, only

NOW = np.datetime64("2026-11", "M")


def read_real(folder: Path, name: str, choices: Choices = Choices()) -> Reading:
    path = folder / name
    reading = read(read_table(path.name, path.read_bytes()), NOW, choices)
    assert reading.rows_in == reading.rows_used + reading.rows_set_aside
    return reading


def test_the_published_training_data(real_data: Path) -> None:
    reading = read_real(real_data, "seed/training_data.csv")
    assert reading.history is not None
    assert (reading.rows_in, reading.rows_used) == (36, 36)
    taken = {item.header: item.column for item in reading.recognised if item.column}
    assert taken["volume_gb"] == "archived_gb"
    assert taken["storage_saved_gb"] == "savings_gb"
    assert taken["period"] == "month"
    assert reading.history.frequency_is_observed
    assert not reading.history.has_stock
    assert {"total_files", "eligible_files"} == {item.column for item in reading.missing}
    assert codes(reading) == {"frequency_observed"}


def test_the_published_daily_data_names_its_faults_and_still_answers(real_data: Path) -> None:
    reading = read_real(real_data, "seed/archive-data.csv")
    assert reading.history is not None
    assert reading.rows_in == 1000
    assert only(reading, "savings_above_archived").rows == 216
    assert only(reading, "shares_above_one").rows == 141
    assert only(reading, "more_than_stock").severity is Severity.WARNING
    assert reading.aggregated_from_days
    assert len(reading.history.scopes) == 3
    assert len(reading.history.months) == 33
    assert not reading.history.frequency_is_observed
    frame = reading.history.frame
    assert (frame["savings_gb"] <= frame["archived_gb"]).all()


@pytest.mark.parametrize("rule", ["06", "12", "24"])
def test_the_real_libraries(real_data: Path, rule: str) -> None:
    reading = read_real(real_data, f"real_libraries/history_rule{rule}.csv")
    assert reading.history is not None
    assert (reading.rows_in, reading.rows_used) == (639, 639)
    assert len(reading.history.scopes) == 8
    assert reading.history.frequency_is_observed
    assert reading.history.has_stock
    assert codes(reading) <= {"frequency_observed", "header_twice", "more_than_stock"}


def test_an_archive_that_counts_bytes_only(real_data: Path) -> None:
    reading = read_real(real_data, "archive_series/sra_monthly.csv")
    assert reading.history is not None
    assert reading.rows_used == 181
    assert only(reading, "archived_unknown").rows == 11
    assert not reading.history.knows("savings_gb")
    assert reading.history.grid("archived_gb")[0, -1] == pytest.approx(219695.647)


def test_two_rules_in_one_file_are_refused_until_one_is_kept(real_data: Path) -> None:
    reading = read_real(real_data, "debian_docs/debian_doc_series.csv")
    assert reading.history is None
    issue = only(reading, "several_series")
    assert (issue.column, issue.value) == ("rule_months", "12, 24")


@pytest.mark.parametrize(
    "name",
    [
        "archive_series/t_archive_space_usage.csv",
        "archive_series/datasets_files_published_monthly.csv",
        "archive_series/files_monthly.csv",
        "archive_series/filetypes.csv",
        "real_libraries/inventory_w3c_wot.csv",
        "formats/export_headers.csv",
    ],
)
def test_files_that_are_no_history_say_what_is_missing(real_data: Path, name: str) -> None:
    reading = read_real(real_data, name)
    assert reading.history is None
    missing = [issue for issue in reading.issues if issue.code == "column_missing"]
    assert "how many GB were archived" in missing[0].what
    assert all(issue.hint for issue in missing)


def test_irregular_dates_are_months_once_the_volume_is_named(real_data: Path) -> None:
    choices = Choices(mapping=(("data_mb", "archived_gb"),), volume_unit="mb")
    reading = read_real(real_data, "archive_series/t_archive_space_usage.csv", choices)
    assert reading.history is not None
    assert reading.rows_used == 55
    assert {"gap", "gathered", "unit_converted"} <= codes(reading)
