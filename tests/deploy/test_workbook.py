"""The workbook in LibreOffice: its formulas come to what the app says, whatever is changed in it."""

from __future__ import annotations

import io
import math
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from app.text.stamp import Stamp
from app.workbook import workbook
from app.workbook.levers import day
from forecast_core import NO_RULE_MONTHS, InventoryChoices, Scenario, Service, Terms, baseline
from forecast_core.scenario.levers import BY_NAME
from tests.unit.test_policy import content

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
EVIL = '=HYPERLINK("http://evil","x")'
Question = tuple[Terms, dict[str, float]]


def stamp(service: Service, scenario: Scenario) -> Stamp:
    return Stamp(service.stamp(scenario.dataset_id, scenario.scope), scenario.id, NOW, EVIL)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return Service(tmp_path_factory.mktemp("data"), np.datetime64("2026-11", "M"))


@pytest.fixture(scope="module")
def unchanged(service: Service) -> Scenario:
    return baseline(service.ranges(service.demo_id, "ALL"))


@pytest.fixture(scope="module")
def questions(service: Service, unchanged: Scenario) -> dict[str, Question]:
    terms, here = service.money_terms(), unchanged.values
    later = here["start_month"] + 5
    return {
        "volumes": (terms, {"archive_frequency_per_day": 12_000.0, "growth_ratio_per_month": 0.03, "total_files": 3.1e6,
                            "avg_file_size_mb": 2.2, "recall_ratio_per_month": 0.02, "start_month": later}),
        "mix": (terms, {"pct_pdf": 0.5, "pct_docx": 0.2, "pct_xlsx": 0.05, "archive_frequency_per_day": 3000.0}),
        "terms": (
            replace(terms, archive="azure_archive_lrs_eastus", read_ratio_per_month=0.01, rearchived_ratio=0.5,
                    skip_below_kb=64.0, held_ratio=0.1, one_off_cost=500.0, running_cost_per_month=20.0,
                    egress="internet", private_endpoints=1.0),
            {"recall_ratio_per_month": 0.04},
        ),
        "quota": (
            replace(terms, primary="sharepoint_extra", archive="m365_archive", quota_gb=3000.0,
                    trimmed_gb_per_month=5.0),
            {"recall_ratio_per_month": 0.01, "growth_ratio_per_month": 0.02},
        ),
        "prices": (
            replace(terms, archive="azure_cold_lrs_eastus", discount_ratio=0.1, currency="EUR", currency_rate=0.9,
                    currency_dated="2026-11-02"),
            {"primary_cost_per_gb_month": 0.25, "archive_cost_per_gb_month": 0.004, "start_month": later},
        ),
        "ages": (replace(terms, archive="aws_intelligent_us_east_1"), {"recall_ratio_per_month": 0.03}),
    }  # fmt: skip


def changed(made: bytes, values: dict[str, float], target: Path) -> None:
    """Enter values in the yellow cells, as somebody with a spreadsheet would, and save without any result."""
    book = openpyxl.load_workbook(io.BytesIO(made))
    for name, value in values.items():
        sheet, cell = book.defined_names[f"set_{BY_NAME[name].code}"].attr_text.replace("'", "").split("!")
        entered = day(np.datetime64(int(value), "M")) if name == "start_month" else value
        book[sheet][cell.replace("$", "")] = entered
    book.save(target)


def recalculated(folder: Path) -> Path:
    """Let LibreOffice open every workbook of a folder and save what it comes to."""
    office, out = shutil.which("soffice"), folder / "out"
    home = f"-env:UserInstallation=file://{folder}/profile"
    files = [str(path) for path in sorted(folder.glob("*.xlsx"))]
    subprocess.run(
        [str(office), home, "--headless", "--convert-to", "xlsx", "--outdir", str(out), *files],
        check=True, capture_output=True, stdin=subprocess.DEVNULL, start_new_session=True, timeout=300,
    )  # fmt: skip
    return out


def sums(path: Path) -> dict[str, float]:
    rows = openpyxl.load_workbook(path, data_only=True)["Decision"].iter_rows(min_row=5, values_only=True)
    return {str(row[0]): float(row[1]) for row in rows if isinstance(row[1], int | float)}


def needs_office(in_ci: bool) -> None:
    if shutil.which("soffice") is None:
        (pytest.fail if in_ci else pytest.skip)("needs LibreOffice Calc (Debian: libreoffice-calc-nogui)")


def test_libreoffice_comes_to_the_apps_ledger_whatever_is_changed(
    service: Service, unchanged: Scenario, questions: dict[str, Question], tmp_path: Path, in_ci: bool
) -> None:
    needs_office(in_ci)
    for name, (terms, values) in questions.items():
        made = workbook(service.lab.recipe(unchanged, terms), stamp(service, unchanged))
        changed(made, values, tmp_path / f"{name}.xlsx")
    untouched = workbook(service.lab.recipe(unchanged, service.money_terms()), stamp(service, unchanged))
    (tmp_path / "untouched.xlsx").write_bytes(untouched)
    out = recalculated(tmp_path)
    estate = openpyxl.load_workbook(out / "untouched.xlsx", data_only=True)["Estate"]
    assert not any(cell.value is None for row in estate["D5:O8"] for cell in row), (
        "LibreOffice fills what the file leaves open"
    )
    compared = openpyxl.load_workbook(out / "untouched.xlsx", data_only=True)["Decision"].iter_rows(values_only=True)
    assert all(abs(row[3]) < 0.005 for row in compared if isinstance(row[3], int | float))
    for name, (terms, values) in questions.items():
        report = service.money(unchanged.with_values(**values), terms)
        found = sums(out / f"{name}.xlsx")
        assert found["Net"] == pytest.approx(float(report.ledger.net.sum()), abs=0.01), name
        assert found["Worth today"] == pytest.approx(report.verdict.worth.value.point, abs=0.01), name
        lines: dict[str, float] = {}
        for line in report.ledger.lines:
            lines[line.title] = lines.get(line.title, 0.0) + float(line.amount.sum())
        for title, amount in lines.items():
            assert found.get(title, 0.0) == pytest.approx(amount, abs=0.01), (name, title)


def test_on_an_inventory_the_money_is_live(tmp_path: Path, in_ci: bool) -> None:
    service = Service(tmp_path / "data", np.datetime64("2026-11", "M"))
    choices = InventoryChoices(rule_months=NO_RULE_MONTHS)
    info = service.accept(service.inspect_inventory("estate.csv", content(), choices), "2026-11-20")
    start = baseline(service.ranges(info.id, "ALL")).with_values(rule_months=12.0)
    terms = replace(service.money_terms(), one_off_cost=0.1)
    made = workbook(service.lab.recipe(start, terms), stamp(service, start))
    needs_office(in_ci)
    values = {"recall_ratio_per_month": 0.03, "archive_cost_per_gb_month": 0.02}
    changed(made, values, tmp_path / "rule.xlsx")
    report = service.money(start.with_values(**values), terms)
    found = sums(recalculated(tmp_path) / "rule.xlsx")
    assert math.isclose(found["Net"], float(report.ledger.net.sum()), abs_tol=0.01)
