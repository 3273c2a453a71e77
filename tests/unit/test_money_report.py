"""The report of the Money page: its sums, its words, its pictures, on the demo company and on odd estates."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest

from app import money_tables as tables
from app.charts import money as charts
from app.tables import to_csv
from app.text import bills
from app.text import money as words
from forecast_core import ALL, MoneyReport, PriceError, Scenario, Service, Terms
from forecast_core.service.cost_cases import ask_history
from forecast_core.service.costs import money_report
from tests.builders import EXTREMES, NEXT, Asked, store
from tests.conftest import Ask
from tests.unit.test_history_real import read_real

UNDER = 20_000.0


@pytest.fixture(scope="module")
def terms(service: Service) -> Terms:
    return service.money_terms()


@pytest.fixture(scope="module")
def report(service: Service, unchanged: Scenario, terms: Terms) -> MoneyReport:
    return service.money(unchanged, terms)


@pytest.fixture(scope="module")
def reports(service: Service, unchanged: Scenario, terms: Terms, report: MoneyReport) -> dict[str, MoneyReport]:
    """Return reports that differ in every way the page can differ."""
    dear = terms.changed(archive="azure_archive_lrs_eastus", one_off_cost=4_000.0, running_cost_per_month=20.0)
    own = (("azure_cool_lrs_eastus", "stored", 0.012),)
    variants = {
        "under the quota": terms.changed(quota_gb=UNDER),
        "above the quota": terms.changed(quota_gb=3_000.0, trimmed_gb_per_month=5.0),
        "crossing it": terms.changed(quota_gb=UNDER, active_gb=19_950.0),
        "in place": terms.changed(quota_gb=3_000.0, archive="m365_archive", way="file"),
        "project": dear.changed(
            private_endpoints=1.0, egress="internet", read_ratio_per_month=0.02, discount_ratio=0.1
        ),
        "urgent": dear.changed(high_priority=True, read_ratio_per_month=0.02),
        "loss": terms.changed(one_off_cost=90_000.0),
        "placeholder": terms.changed(primary="on_premises_nas"),
        "small files": terms.changed(
            primary="azure_hot_lrs_eastus", archive="azure_cold_lrs_eastus", mean_file_mb=0.05, size_spread=2.0
        ),
        "euros": terms.changed(currency="EUR", currency_rate=0.9, currency_dated="2026-11-02"),
        "own prices": terms.changed(own=own, decimal=(("azure_cool_lrs_eastus", "retrieval"),)),
    }
    found = {name: service.money(unchanged, variant) for name, variant in variants.items()}
    twice = 2 * unchanged.values["archive_frequency_per_day"]
    moved = unchanged.with_values(archive_frequency_per_day=twice, recall_ratio_per_month=0.02)
    found["moved"] = service.money(moved, terms)
    return {"as it is": report, **found}


# ── sums ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_lines_months_and_scopes_add_up_to_the_total_to_the_cent(reports: dict[str, MoneyReport]) -> None:
    for name, report in reports.items():
        assert round(sum(step.amount for step in report.waterfall), 2) == report.total, name
        assert round(sum(line.net for line in report.by_scope), 2) == report.total, name
        for step in report.waterfall:
            assert round(float(report.cents[step.name].sum()), 2) == step.amount, (name, step.name)
            assert round(sum(line.amounts[step.name] for line in report.by_scope), 2) == step.amount, (name, step.name)


def test_the_total_is_the_ledger_rounded_once(reports: dict[str, MoneyReport]) -> None:
    for report in reports.values():
        assert report.total == pytest.approx(float(report.ledger.net.sum()), abs=0.005)
        assert report.cumulative.point[-1] == pytest.approx(float(report.ledger.net.sum()))


def test_stored_data_alone_is_what_the_simulator_says(
    service: Service, unchanged: Scenario, report: MoneyReport
) -> None:
    answer = service.simulate(unchanged)
    assert answer.money is not None
    assert report.storage_only == pytest.approx(answer.money.total.scenario.point)


def test_the_band_holds_its_point_and_every_price_is_named(reports: dict[str, MoneyReport]) -> None:
    for report in reports.values():
        assert (report.net.lower <= report.net.point).all() and (report.net.point <= report.net.upper).all()
        used = {price for line in report.ledger.lines if np.any(line.amount) for price in line.prices}
        assert used <= {use.price for use in report.prices}


def test_a_moved_price_is_the_price_of_the_ledger(service: Service, unchanged: Scenario, terms: Terms) -> None:
    moved = service.money(unchanged.with_values(archive_cost_per_gb_month=0.01), terms)
    assert "entered by you" in {use.price.source for use in moved.prices}
    cold = unchanged.with_values(archive_cost_per_gb_month=0.0036)
    listed = service.money(cold, terms.changed(archive="azure_cold_lrs_eastus"))
    assert "entered by you" not in {use.price.source for use in listed.prices}


def test_the_change_against_today_is_nothing_without_a_move(
    report: MoneyReport, reports: dict[str, MoneyReport]
) -> None:
    assert report.change is None
    change = reports["moved"].change
    assert change is not None
    assert change.lower <= change.point <= change.upper


def test_a_report_is_kept_until_the_question_changes(service: Service, unchanged: Scenario, terms: Terms) -> None:
    assert service.money(unchanged, terms) is service.money(unchanged, terms)
    assert service.money(unchanged, terms) is not service.money(unchanged, terms.changed(one_off_cost=1.0))


@pytest.mark.parametrize("name", sorted(EXTREMES))
def test_odd_estates_get_a_report_or_a_reason(ask: Ask, name: str) -> None:
    asked = ask(name)
    try:
        report = asked.service.money(asked.base, asked.service.money_terms())
    except PriceError as error:
        assert error.what.startswith("Not priced")
        assert error.hint
        return
    assert np.isfinite(report.ledger.net).all()
    assert round(sum(line.net for line in report.by_scope), 2) == report.total
    archive = asked.service.price_book.offer(report.terms.archive)
    assert "nan" not in " ".join([words.headline(report, archive), *words.below(report)])


# ── words ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def said(report: MoneyReport, service: Service) -> str:
    archive = service.price_book.offer(report.terms.archive)
    return " ".join([words.headline(report, archive), *words.below(report), words.change(report), words.gap(report)])


@pytest.mark.parametrize(
    ("name", "verdict", "text"),
    [
        ("as it is", "worth it", "is worth it: we expect"),
        ("under the quota", "not worth it", "The pool stays under its quota"),
        ("above the quota", "worth it", "Cash now"),
        ("crossing it", "worth it", "Purchase avoided from"),
        ("in place", "not worth it", "not worth it"),
        ("loss", "not worth it", "not paid back within 24 months"),
        ("placeholder", "too early to say", "only a placeholder"),
        ("moved", "worth it", "Against today's settings this scenario is worth"),
        ("euros", "worth it", "€"),
    ],
)
def test_the_verdict_is_said_with_its_reason(
    reports: dict[str, MoneyReport], service: Service, name: str, verdict: str, text: str
) -> None:
    found = reports[name]
    assert found.verdict.word == verdict or (name == "crossing it" and found.verdict.word != "too early to say")
    assert text in said(found, service)
    assert "nan" not in said(found, service)


def test_small_files_are_named_where_only_they_lose(reports: dict[str, MoneyReport], service: Service) -> None:
    found = reports["small files"]
    text = said(found, service)
    assert found.verdict.word in ("worth it for", "not worth it")
    assert ("for files from" in text) == (found.verdict.word == "worth it for")


def test_every_line_leads_to_price_source_date_and_formula(reports: dict[str, MoneyReport]) -> None:
    for report in reports.values():
        for line in report.ledger.lines:
            assert line.formula
            for price in line.prices:
                text = " ".join(bills.origin(price, stale=True))
                assert price.source in text and price.read in text and price.confidence in text and "check it" in text


def test_quantity_times_price_is_the_amount_and_the_bill_adds_up(reports: dict[str, MoneyReport]) -> None:
    for report in reports.values():
        for tier in report.tiers:
            if tier.ledger is None:
                continue
            table = bills.bill(tier.ledger, report.currency)
            *lines, net = (round(100 * number(text)) for text in table["Amount"])
            assert sum(lines) == net
            for line in tier.ledger.lines:
                if len(line.prices) == 1 and len(line.prices[0].bands) == 1:
                    product = float(line.quantity.sum()) * line.prices[0].per_unit
                    assert abs(float(line.amount.sum())) == pytest.approx(product, abs=1e-6)
                    shown = float(bills.quantity(line).split(" ")[0].replace(",", ""))
                    assert shown * line.prices[0].per_unit == pytest.approx(product, abs=0.005, rel=1e-5)


def number(text: str) -> float:
    return float(text.translate(str.maketrans({"−": "-", "$": "", "€": "", ",": ""})))


def test_an_event_and_its_cost_add_up_to_the_cent(reports: dict[str, MoneyReport]) -> None:
    for report in reports.values():
        for found in report.stresses:
            table = bills.before_and_after(found, report.currency)
            for side in ("Without", "With", "Change"):
                *lines, net = (round(100 * number(text)) for text in table[side])
                assert sum(lines) == net
            if found.month is not None:
                *lines, cost = (round(100 * number(text)) for text in bills.event(found, report.currency)["Amount"])
                assert sum(lines) == cost == round(100 * found.cost)


def test_every_number_of_the_sentence_has_its_formula(reports: dict[str, MoneyReport]) -> None:
    for name, report in reports.items():
        table = bills.sentence(report)
        assert all(table["How it comes about"]) and all(table["Value"])
        assert ("Cash now" in table["Number"]) == (report.pool is not None), name
        net = dict(zip(table["Number"], table["Value"], strict=True))["Worth today"]
        rate = report.terms.interest_ratio_per_year
        by_hand = sum(amount / (1 + rate) ** ((at + 1) / 12) for at, amount in enumerate(report.ledger.net))
        assert number(net) == pytest.approx(by_hand, abs=0.01)


def test_a_saving_of_nothing_keeps_its_line_its_price_and_its_formula(reports: dict[str, MoneyReport]) -> None:
    report = reports["under the quota"]
    step = report.waterfall[0]
    assert (step.name, step.amount) == ("primary", 0.0)
    assert "max(0, before − quota)" in step.formula
    table = tables.line(report, "primary")
    assert {"GB active before", "GB active after", "GB quota", "price stored"} <= set(table)
    before, after, quota = (np.array(table[name]) for name in ("GB active before", "GB active after", "GB quota"))
    freed = np.maximum(before - quota, 0) - np.maximum(after - quota, 0)
    assert table["quantity stored"] == freed.tolist()
    assert "Nothing is saved" in words.waterfall(report)


def test_prices_are_stale_by_the_clock_and_not_by_the_age_of_the_data(ask: Ask) -> None:
    asked = ask()
    terms, book = asked.service.money_terms(), asked.service.price_book
    stamp = asked.service.money(asked.base, terms).provenance
    for month, stale in (("2027-03", False), ("2027-04", True)):
        today = np.datetime64(month, "M")
        cases = ask_history(asked.view, (asked.base, asked.base), terms, book)
        report = money_report(cases, (asked.base, asked.base), stamp, today)
        assert all(use.is_stale == stale for use in report.prices)
        assert ("read more than six months ago" in " ".join(words.below(report))) == stale


def test_a_real_history_whose_model_tells_no_files_is_priced_on_the_files_it_measured(
    real_data: Path, tmp_path: Path
) -> None:
    past = read_real(real_data, "real_libraries/history_rule12.csv").history
    assert past is not None
    real = Service(tmp_path, NEXT)
    asked = Asked.of(real, store(tmp_path, "real", past), ALL)
    report = real.money(asked.base, real.money_terms())
    assert -report.ledger.amount("writes").sum() > 0
    assert any("as large as those archived so far" in note for note in report.notes)
    sums = past.frame.groupby("scope")[["archived_gb", "files_archived"]].sum()
    means = 1024 * sums["archived_gb"] / sums["files_archived"]
    assert means.min() <= report.mean_file_mb <= means.max()
    assert round(sum(line.net for line in report.by_scope), 2) == report.total
    assert report.verdict.reason == "too small"


def test_stress_tests_say_cost_rest_and_wait(reports: dict[str, MoneyReport]) -> None:
    texts = [words.stress(found, "USD") for found in reports["project"].stresses]
    assert "up to 15 hours" in texts[0] and "getting" in texts[1] and "more over the whole time" in texts[2]


def test_flips_and_tiers_are_said(report: MoneyReport, reports: dict[str, MoneyReport]) -> None:
    assert all("becomes the better one" in text for text in words.flips(report))
    alone = replace(report)
    vars(alone)["flips"] = ()
    assert words.flips(alone) == ["No single assumption turns the order of the first tiers."]
    table = words.tiers(report.tiers, "USD", report.terms.archive)
    assert any(cell.endswith("(chosen)") for cell in table["Tier"])
    assert all(text.startswith("Not priced") for text in words.not_priced(report.tiers))


def test_carbon_is_one_digit_and_names_its_factors(report: MoneyReport) -> None:
    text = words.carbon(report)
    assert "about 10 kg" in text and "0.65 Wh" in text and "order of magnitude" in text
    assert "about nothing" in words.carbon(replace(report, carbon_kg=0.0))


# ── pictures and tables ────────────────────────────────────────────────────────────────────────────────────────────
def test_pictures_are_valid_plain_and_say_what_they_show(reports: dict[str, MoneyReport]) -> None:
    for report in reports.values():
        for draw in (charts.waterfall, charts.by_month, charts.sensitivity):
            picture = draw(report)
            go.Figure(picture.figure)
            assert json.loads(json.dumps(picture.figure, allow_nan=False)) == picture.figure
            assert picture.title and picture.subtitle and picture.alt.startswith(picture.title)


def test_the_bars_of_the_waterfall_end_where_the_net_ends(report: MoneyReport) -> None:
    (bars,) = charts.waterfall(report).figure["data"]
    last = bars["base"][-2] if report.waterfall[-1].amount < 0 else bars["base"][-2] + bars["x"][-2]
    assert last == pytest.approx(report.total)
    assert bars["base"][-1] + bars["x"][-1] == pytest.approx(report.total)


def test_the_table_of_months_adds_up_and_every_table_can_be_downloaded(reports: dict[str, MoneyReport]) -> None:
    for report in reports.values():
        table = tables.ledger(report)
        assert round(sum(table["Net"]), 2) == report.total
        rows = [
            tables.waterfall(report),
            table,
            tables.swings(report),
            tables.tiers(report),
            tables.scopes_by_month(report),
        ]
        rows += [tables.line(report, step.name) for step in report.waterfall]
        for each in rows:
            assert to_csv(each).count("\n") == len(next(iter(each.values()))) + 1
        assert words.scopes(report)["Net"][-1] == words.exact(report.total, report.currency)
