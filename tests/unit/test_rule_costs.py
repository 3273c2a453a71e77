"""The whole bill of a rule on a file inventory: files, sizes and scopes as counted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.text import money as words
from forecast_core import MoneyReport, Scenario, Service
from forecast_core.inventory import InventoryChoices
from forecast_core.scenario import baseline
from tests.unit.test_policy import MONTH, stored


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(tmp_path, MONTH)


@pytest.fixture
def base(service: Service) -> Scenario:
    return stored(service)


def reckoned(service: Service, scenario: Scenario, **terms: object) -> MoneyReport:
    return service.money(scenario, service.money_terms().changed(**terms))


def test_without_a_rule_there_is_nothing_to_pay_or_save(service: Service, base: Scenario) -> None:
    report = reckoned(service, base)
    assert report.total == 0
    assert (report.verdict.word, report.verdict.reason) == ("too early to say", "nothing archived")


def test_a_rule_is_billed_for_the_files_it_takes(service: Service, base: Scenario) -> None:
    scenario = base.with_values(rule_months=12, horizon_months=12)
    report = reckoned(service, scenario)
    writes = next(line for line in report.ledger.lines if line.name == "writes")
    freed = service.simulate(scenario).archived_total.scenario.point
    # 25 months of files are 12 to 36 months old today: 12 files of 4 MB each month, all due at once.
    assert writes.quantity[0] >= 24 * 12
    assert report.ledger.amount("primary")[-1] == pytest.approx(0.2 * freed, rel=1e-6)
    assert round(sum(bill.net for bill in report.by_scope), 2) == report.total
    assert [bill.scope for bill in report.by_scope] == ["HR", "IT"]


def test_scopes_have_what_falls_due_in_them(service: Service, base: Scenario) -> None:
    report = reckoned(service, base.with_values(rule_months=12, horizon_months=12))
    hr, it = (report.shared["primary"][row].sum() for row in (0, 1))
    assert hr / it == pytest.approx(3.0, rel=0.02)
    hr, it = (report.shared["writes"][row].sum() for row in (0, 1))
    assert it / hr == pytest.approx(5.0, rel=0.02)


def test_small_files_are_those_that_were_counted(service: Service, base: Scenario) -> None:
    report = reckoned(service, base.with_values(rule_months=12, horizon_months=12), account_month="2026-11")
    objects = next(line for line in report.ledger.lines if line.name == "writes").quantity.cumsum()
    padded = next(line for line in report.ledger.lines if line.name == "small_files").quantity
    # Ten of twelve files have 100,000 bytes, the others 1.5 million: only the ten are billed as 131,072.
    assert padded == pytest.approx(objects * (10 / 12) * (131_072 - 100_000) / 2**30, rel=0.02)
    assert "Spread of file sizes" not in {swing.title for swing in report.swings}
    assert any("as counted in the inventory" in note for note in report.notes)


def test_what_a_rule_leaves_out_is_not_billed(service: Service, base: Scenario) -> None:
    scenario = base.with_values(rule_months=12, horizon_months=12)
    whole, less = (reckoned(service, each) for each in (scenario, replace(scenario, left_out=("type:pdf",))))
    assert 0 < less.ledger.amount("primary").sum() < whole.ledger.amount("primary").sum()


def test_a_quota_counts_the_files_that_are_there(service: Service, base: Scenario) -> None:
    scenario = base.with_values(rule_months=12, horizon_months=12)
    report = reckoned(service, scenario, quota_gb=1_000.0)
    assert (report.verdict.word, report.verdict.reason) == ("not worth it", "under the quota")
    assert "Cash now: $0.00" in " ".join(words.below(report))


def test_a_real_inventory_is_billed_with_its_own_small_files(service: Service, real_data: Path) -> None:
    path = real_data / "real_libraries" / "inventory_w3c_wot.csv"
    reading = service.inspect_inventory(path.name, path.read_bytes(), InventoryChoices())
    info = service.accept(reading, "2026-11-20")
    base = baseline(service.ranges(info.id, service.scopes(info.id)[0]))
    report = reckoned(service, base.with_values(rule_months=12), archive="aws_deep_archive_us_east_1")
    index, writes = (next(line for line in report.ledger.lines if line.name == name) for name in ("index", "writes"))
    assert index.quantity[0] * 2**30 / 32_768 == pytest.approx(writes.quantity[0])
    assert writes.quantity[0] == round(writes.quantity[0]) > 100
    assert round(sum(bill.net for bill in report.by_scope), 2) == report.total
