"""Comparisons: differences future by future, never band less band."""

from __future__ import annotations

import json

import numpy as np
import plotly.graph_objects as go
import pytest

from app import lab_tables
from app.charts import compare
from app.text import scenarios as words
from forecast_core import Comparison, Scenario, ScenarioError, Service

NAMES = ("Baseline", "Twice", "Cold tier")


@pytest.fixture(scope="module")
def found(service: Service, unchanged: Scenario) -> Comparison:
    terms = service.money_terms()
    twice = unchanged.with_values(archive_frequency_per_day=2 * unchanged.values["archive_frequency_per_day"])
    return service.lab.compare(
        [(unchanged, terms), (twice, terms), (twice, terms.changed(archive="azure_cold_lrs_eastus"))]
    )


def test_each_side_is_what_the_money_page_says(found: Comparison, service: Service) -> None:
    for side in found.sides:
        report = service.money(side.scenario, side.terms)
        assert side.futures["net"].total.point == pytest.approx(float(report.ledger.net.sum()), abs=1e-6)
        assert side.futures["net"].band.lower == pytest.approx(report.net.lower)


def test_a_difference_is_taken_future_by_future(found: Comparison) -> None:
    one, other = (side.futures["net"] for side in found.sides[:2])
    pair = found.against["net"][1, 0]
    by_path = (other.paths - one.paths).sum(axis=1)
    assert pair.difference.point == pytest.approx(other.point.sum() - one.point.sum())
    assert pair.difference.lower == pytest.approx(np.quantile(by_path, 0.1), rel=0.05)
    width = pair.difference.upper - pair.difference.lower
    apart = (other.total.upper - other.total.lower) + (one.total.upper - one.total.lower)
    assert width < 0.5 * apart, "common futures make a difference surer than the two bands"


def test_the_other_way_round_is_the_opposite(found: Comparison) -> None:
    for pairs in found.against.values():
        for (one, other), pair in pairs.items():
            back = pairs[other, one]
            assert pair.better + back.better == pytest.approx(1)
            assert pair.difference.point == pytest.approx(-back.difference.point)
            assert pair.difference.lower == pytest.approx(-back.difference.upper)


def test_what_is_the_same_in_every_future_is_called_so(found: Comparison) -> None:
    pair = found.against["savings_gb"][1, 2]
    assert pair.better == 0.5 and words.is_even(pair)
    assert words.against(pair, "savings_gb", "USD") == "the same"


def test_levers_that_differ_come_first(found: Comparison, service: Service) -> None:
    assert found.differing == ("archive_frequency_per_day",)
    assert words.levers(found, NAMES)["Lever"] == ["Archived per day"]
    titles = {offer.id: offer.title for offer in service.price_book.offers}
    terms = words.terms(found, NAMES, titles)
    assert terms["Term of money"] == ["Archive tier"]
    assert terms["Cold tier"] == [titles["azure_cold_lrs_eastus"]]


def test_the_sentence_names_who_is_ahead_in_how_many_futures(found: Comparison) -> None:
    said = words.leader(found, NAMES, "net")
    assert said.startswith("“Cold tier” is better than “Twice” in every future: $")
    assert "more saved after every fee over 24 months (" in said


def test_another_scope_cannot_be_compared(service: Service, unchanged: Scenario) -> None:
    terms = service.money_terms()
    scope = service.scopes(service.demo_id)[1]
    other = Scenario(service.demo_id, scope, service.ranges(service.demo_id, scope).baseline_values())
    with pytest.raises(ScenarioError, match="share no future"):
        service.lab.compare([(unchanged, terms), (other, terms)])
    for few_or_many in ([], [(unchanged, terms)], [(unchanged, terms)] * 7):
        with pytest.raises(ScenarioError):
            service.lab.compare(few_or_many)


def test_horizons_are_brought_together(service: Service, unchanged: Scenario) -> None:
    terms = service.money_terms()
    both = service.lab.compare([(unchanged.with_values(horizon_months=6), terms), (unchanged, terms)])
    assert len(both.months) == 24
    assert words.is_even(both.against["net"][0, 1])
    assert words.leader(both, ("A", "B"), "net") == "“A” and “B” are alike in what is saved after every fee."


def test_currencies_are_not_mixed(service: Service, unchanged: Scenario) -> None:
    terms = service.money_terms()
    euro = terms.changed(currency="EUR", currency_rate=0.9, currency_dated="2026-11-02")
    both = service.lab.compare([(unchanged, terms), (unchanged, euro)])
    assert both.measures == ("savings_gb", "archived_gb")
    assert "different currencies" in words.missing(both)


def test_pictures_and_tables_are_whole(found: Comparison) -> None:
    for measure in found.measures:
        for shown in (
            compare.course(found, NAMES, measure),
            compare.differences(found, NAMES, measure, 0),
        ):
            go.Figure(shown.figure)
            assert json.loads(json.dumps(shown.figure, allow_nan=False)) == shown.figure
            assert shown.title and shown.subtitle and shown.alt.startswith(shown.title)
        assert len(lab_tables.course(found, NAMES, measure)["month"]) == 24
        assert len(lab_tables.differences(found, NAMES, measure)["less"]) == 6
    assert compare.differences(found, NAMES, "net", 0).title == "“Cold tier” is ahead of “Baseline” in every future"
    assert "None is clearly ahead" in compare.differences(found, NAMES, "net", 2).title


def test_names_are_told_apart() -> None:
    assert words.distinct(["A", "B", "A", "A"]) == ["A", "B", "A (2)", "A (3)"]
