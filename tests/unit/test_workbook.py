"""The workbook: it says what the app says, nothing in it can be run, and it tells how far it is.

That LibreOffice comes to the same whatever is changed is tested in `tests/deploy/test_workbook.py`.
"""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from app.text.stamp import Stamp
from app.workbook import workbook
from forecast_core import NO_RULE_MONTHS, InventoryChoices, Scenario, Service, baseline
from tests.unit.test_policy import content

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
EVIL = '=HYPERLINK("http://evil","x")'


def stamp(service: Service, scenario: Scenario) -> Stamp:
    return Stamp(service.stamp(scenario.dataset_id, scenario.scope), scenario.id, NOW, EVIL)


@pytest.fixture(scope="module")
def made(service: Service, unchanged: Scenario) -> bytes:
    return workbook(service.lab.recipe(unchanged, service.money_terms()), stamp(service, unchanged))


def test_the_file_says_what_the_app_says_before_anybody_opens_it(
    service: Service, unchanged: Scenario, made: bytes
) -> None:
    net = service.money(unchanged, service.money_terms()).ledger.net.sum()
    book = openpyxl.load_workbook(io.BytesIO(made), data_only=True)
    assert book.sheetnames[0] == "Decision"
    rows = {row[0]: row[1:4] for row in book["Decision"].iter_rows(values_only=True) if row[0]}
    assert rows["Net"] == (pytest.approx(net),) * 2 + (0,)
    assert rows["Data to"][0] == "Oct 2026" and rows["Scenario"][0] == unchanged.id
    assert rows["Made"][0] == "2026-11-02 09:30 UTC"
    prices = [row for row in book["Prices"].iter_rows(min_row=4, values_only=True) if row[0]]
    assert all(row[6] and row[7] for row in prices), "every price has its source and date"


def test_no_text_is_a_formula(made: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(made))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == EVIL]
    assert cells and all(cell.data_type == "s" for cell in cells)
    assert [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.hyperlink] == []


def test_no_formula_claims_a_value_that_nobody_computed(made: bytes) -> None:
    """LibreOffice believes the value in the file; a stand-in zero would stay there and spoil what follows from it."""
    formulas = openpyxl.load_workbook(io.BytesIO(made))["Estate"]
    values = openpyxl.load_workbook(io.BytesIO(made), data_only=True)["Estate"]
    known = [values[cell.coordinate].value for row in formulas.iter_rows() for cell in row if cell.data_type == "f"]
    assert any(value is None for value in known) and 0 not in known


def test_on_an_inventory_the_sheet_says_that_only_the_money_is_live(tmp_path: Path) -> None:
    service = Service(tmp_path / "data", np.datetime64("2026-11", "M"))
    choices = InventoryChoices(rule_months=NO_RULE_MONTHS)
    info = service.accept(service.inspect_inventory("estate.csv", content(), choices), "2026-11-20")
    start = baseline(service.ranges(info.id, "ALL")).with_values(rule_months=12.0)
    told: list[tuple[int, int, str]] = []
    recipe = service.lab.recipe(start, replace(service.money_terms(), one_off_cost=0.1))
    found = workbook(recipe, stamp(service, start), lambda *at: told.append(at))
    book = openpyxl.load_workbook(io.BytesIO(found), data_only=True)
    assert "cannot be written as formulas" in book["Decision"]["A3"].value
    assert "not live here" in str([row[3] for row in book["Levers"].iter_rows(values_only=True)])
    assert [at[0] for at in told] == [0, 1, 2, 3, 4]
