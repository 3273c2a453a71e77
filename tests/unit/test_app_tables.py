"""Can every table be opened in a spreadsheet without harm, and does it hold what the picture shows?"""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import documents, examples, tables
from app.text import data as words
from forecast_core import Answer, Issue, Outlook, Ranges, Reading, Scenario, Service, Severity, checked


@given(st.text(min_size=1))
def test_no_cell_starts_a_formula(text: str) -> None:
    assert not str(tables.harmless(text)).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_numbers_stay_numbers() -> None:
    written = tables.to_csv({"=1+1": ["@SUM(A1)", "fine"], "gb": [-1.5, float("nan")]})
    assert list(csv.reader(io.StringIO(written))) == [["'=1+1", "gb"], ["'@SUM(A1)", "-1.5"], ["fine", ""]]


def test_tables_of_an_answer_have_a_row_per_month(faster: Answer) -> None:
    for table in (tables.flows(faster), tables.cumulative_money(faster), tables.by_type(faster)):
        assert table["month"][0] == "2026-11"
        assert {len(column) for column in table.values()} == {24}
    assert tables.flows(faster)["archived_scenario_gb"] == faster.archived.scenario.point.tolist()


def test_what_is_unknown_is_not_in_the_table(faster: Answer) -> None:
    bare = replace(faster, savings=None, money=None)
    assert "freed_scenario_gb" not in tables.flows(bare)
    assert tables.cumulative_money(bare) == {}


def test_tables_of_the_forecast(outlook: Outlook) -> None:
    assert len(tables.forecast(outlook)["month"]) == 24
    assert outlook.backtest is not None
    assert tables.backtest(outlook.backtest)["archived_measured_gb"] == outlook.backtest.actual.tolist()


def test_the_template_can_be_read_back(service: Service) -> None:
    found = service.inspect("template.csv", tables.to_csv(tables.template()).encode())
    assert found.rows_in == found.rows_used == 1
    assert all(item.column == item.header for item in found.recognised)


@pytest.fixture
def reading(service: Service) -> Reading:
    return service.inspect("mine.csv", b"month,archived_gb\n2026-01,5\n2026-02,abc\n2026-03,7\n")


def test_a_reading_in_words(reading: Reading) -> None:
    assert words.understood(reading) == "2 rows of mine.csv can be used: 1 scope, Jan 2026 to Mar 2026."
    assert words.counted(reading) == "3 rows in the file = 2 used + 1 set aside."
    assert words.faults(reading).startswith("Found: 1 set rows aside")
    assert words.consent(reading) == "I have seen that 1 row will not be used"
    assert words.recognised(reading) == "2 of 2 recognised"
    assert words.column_title("") == "not used"
    assert "row 3" in tables.issues(reading)["where"][0]


def test_a_reading_that_cannot_be_used(reading: Reading) -> None:
    empty = replace(reading, history=None, issues=(), rows_used=3)
    assert words.understood(empty) == "Nothing in mine.csv can be used yet."
    assert words.faults(empty) == "Nothing is wrong with it."
    assert words.consent(empty) == ""
    assert words.counted(replace(empty, aggregated_from_days=True)).endswith("Daily rows were gathered into months.")


def test_the_place_of_a_fault() -> None:
    assert (
        words.place(Issue(Severity.ERROR, "x", "wrong", row=14, column="pct_pdf", value="145"))
        == "row 14, pct_pdf: 145"
    )
    assert words.place(Issue(Severity.BLOCKING, "x", "empty")) == "whole file"


def test_old_data_say_so(service: Service) -> None:
    info = replace(service.datasets()[0], is_demo=False)
    assert words.stale(info, np.datetime64("2026-12")) == ""
    assert words.stale(info, np.datetime64("2027-03")) == "Data ended 4 months ago"
    assert words.stale(replace(info, is_demo=True), np.datetime64("2030-01")) == ""


def test_worked_questions_are_inside_the_bounds(service: Service, known: Ranges, unchanged: Scenario) -> None:
    asked = examples.examples(known, service.price_book)
    assert [example.title for example in asked] == [
        "Archive twice as often",
        "Files grow twice as fast",
        "Archive to a colder tier",
    ]
    for example in asked:
        assert checked(unchanged.with_values(**example.values), known).moved(unchanged)


def test_a_question_needs_its_lever(service: Service, known: Ranges) -> None:
    without = tuple(replace(item, available=False, reason="no column") for item in known.levers)
    assert examples.examples(replace(known, levers=without), service.price_book) == ()


def test_the_written_method_is_there() -> None:
    assert len(documents.titles()) == len(documents.texts()) == 6
    assert all(text and not text.startswith("# ") and "<!--" not in text for text in documents.texts())
