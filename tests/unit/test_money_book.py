"""The price book: what ships is whole, layers lie on top of each other, terms travel in a link."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from forecast_core.errors import LeverError, PriceError, ScenarioError
from forecast_core.money import Price, PriceBook, Terms, checked_terms, stored_at, terms_of, yours
from forecast_core.money.offers import ITEMS
from forecast_core.money.prices import CONFIDENCES
from forecast_core.money.units import UNITS
from forecast_core.sources.prices import read_price_books
from tests.unit.money_cases import BOOK, TERMS

MONTH = np.datetime64("2026-11", "M")


@pytest.mark.parametrize("price", BOOK.prices, ids=lambda price: price.id)
def test_every_shipped_price_says_where_it_comes_from(price: Price) -> None:
    assert price.source
    assert price.read
    assert price.confidence in CONFIDENCES
    assert price.unit in UNITS
    assert price.item in ITEMS
    assert price.currency in ("USD", "EUR")
    assert price.unknown or all(value >= 0 for _, value in price.bands)
    assert price.note or price.unknown or price.bands[0][1] > 0, "a price of zero says why"


def test_providers_tiers_and_the_marked_placeholder_are_there() -> None:
    assert {offer.provider for offer in BOOK.offers} == {"azure", "aws", "google", "microsoft365", "on_premises"}
    azure = {(offer.region, offer.tier) for offer in BOOK.offers if offer.provider == "azure"}
    assert {("eastus", tier) for tier in ("hot", "cool", "cold", "archive")} <= azure
    assert [price.id for price in BOOK.prices if price.unconfirmed] == ["on_premises_nas.stored"]


def test_a_gib_hour_is_a_730th_of_a_month() -> None:
    assert BOOK.offer("gcs_standard_us_central1").stored(MONTH).per_unit == pytest.approx(0.0200, abs=2e-6)


def test_prices_read_more_than_six_months_ago_are_stale() -> None:
    used = [BOOK.offer(name).stored(MONTH) for name in ("azure_cool_lrs_westeurope", "azure_cool_lrs_eastus")]
    assert BOOK.stale(MONTH, used) == (used[0],)
    assert BOOK.stale(np.datetime64("2027-04", "M"), used) == tuple(used)


def test_a_discount_leaves_what_is_free_free_and_other_providers_alone() -> None:
    cheaper = BOOK.discounted("azure", 0.25)
    assert cheaper.offer("azure_cool_lrs_eastus").stored(MONTH).per_unit == pytest.approx(0.75 * 0.0152)
    assert cheaper.offer("azure_cool_lrs_eastus").stored(MONTH).layer == "yours"
    assert cheaper.offer("m365_archive").stored(MONTH).per_unit == 0.05
    with pytest.raises(PriceError, match="discount"):
        BOOK.discounted("azure", 1.5)


def test_your_own_price_lies_on_top_and_fills_a_gap() -> None:
    mine = BOOK.valued("azure_cool_lrs_eastus", "stored", 0.01).valued("azure_cool_lrs_eastus2", "write", 0.11)
    assert mine.offer("azure_cool_lrs_eastus").stored(MONTH).source == "entered by you"
    assert mine.offer("azure_cool_lrs_eastus2").tariff("write").at(MONTH).per_unit == pytest.approx(0.11 / 1e4)
    with pytest.raises(PriceError, match="0 or more"):
        BOOK.valued("azure_cool_lrs_eastus", "stored", float("nan"))


def test_a_price_moved_by_a_lever_holds_from_its_month_on() -> None:
    moved = stored_at(BOOK, {"gcs_standard_us_central1": 0.03}, np.datetime64("2027-03", "M"))
    tariff = moved.offer("gcs_standard_us_central1").tariff("stored")
    assert tariff.at(np.datetime64("2027-02", "M")).per_unit == pytest.approx(0.0200, abs=2e-6)
    assert tariff.at(np.datetime64("2027-03", "M")).per_unit == pytest.approx(0.03)


def test_a_printed_gb_may_be_read_as_decimal() -> None:
    other = yours(BOOK, replace(TERMS, decimal=(("azure_cool_lrs_eastus", "stored"),)))
    assert other.offer("azure_cool_lrs_eastus").stored(MONTH).per_unit == pytest.approx(0.0152 * 2**30 / 1e9)
    with pytest.raises(PriceError, match="cannot be per"):
        BOOK.in_unit("azure_cool_lrs_eastus", "stored", "hour")


def test_a_rate_of_yours_converts_and_is_named_with_its_date() -> None:
    euros = yours(BOOK, replace(TERMS, currency="EUR", currency_rate=0.9, currency_dated="2026-11-02"))
    price = euros.offer("azure_cool_lrs_eastus").stored(MONTH)
    assert (euros.currency, price.currency) == ("EUR", "EUR")
    assert price.per_unit == pytest.approx(0.9 * 0.0152)
    assert "2026-11-02" in price.note
    assert euros.offer("azure_hot_lrs_austriaeast").stored(MONTH).per_unit == 0.0168, "was in EUR before"
    with pytest.raises(PriceError, match="rate"):
        BOOK.converted("EUR", 0.0, "2026-11-02")


def test_a_placeholder_is_confirmed_by_the_user_only() -> None:
    assert BOOK.offer("on_premises_nas").stored(MONTH).unconfirmed
    assert not BOOK.confirmed(["on_premises_nas"]).offer("on_premises_nas").stored(MONTH).unconfirmed


def test_an_offer_that_is_not_there_is_an_error() -> None:
    with pytest.raises(PriceError, match="exactly one"):
        BOOK.offer("nowhere")


def _raw() -> list[dict[str, Any]]:
    return copy.deepcopy(read_price_books())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"source": ""}, "source"),
        ({"unit": "GB per year"}, "unit"),
        ({"confidence": "certain"}, "confidence"),
        ({"value": -1}, "below 0"),
        ({"value": "cheap"}, "no number"),
        ({"item": "magic"}, "magic"),
        ({"bands": [[10, 0.1]]}, "bands"),
    ],
)
def test_a_faulty_entry_is_named(change: dict[str, Any], said: str) -> None:
    raw = _raw()
    raw[0]["offers"][1]["prices"][0].update(change)
    with pytest.raises(PriceError, match=said):
        PriceBook.of(raw)


def test_a_tier_without_rules_or_with_unknown_ones_is_named() -> None:
    raw = _raw()
    raw[0]["offers"][0]["tier"] = "lukewarm"
    with pytest.raises(PriceError, match="lukewarm"):
        PriceBook.of(raw)
    raw = _raw()
    raw[0]["tiers"]["standard"] = {"maximum": 1}
    with pytest.raises(PriceError, match="maximum"):
        PriceBook.of(raw)


# ── terms ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_terms_travel_in_a_link_whole() -> None:
    terms = replace(TERMS, quota_gb=25_000.0, own=(("m365_archive", "stored", 0.04),), confirmed=("on_premises_nas",))
    assert terms_of(terms.to_text()) == terms


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"primary":"a"}', '{"primary":"a","archive":"b","account_month":"2026-01","x":1}']
)
def test_a_broken_link_is_an_error_with_a_way_out(text: str) -> None:
    with pytest.raises(ScenarioError, match="cannot be read"):
        terms_of(text)


def test_every_term_out_of_bounds_is_named_at_once() -> None:
    bad = replace(TERMS, held_ratio=2.0, quota_gb=-1.0, egress="moon", account_month="soon", currency="EUR")
    with pytest.raises(LeverError) as caught:
        checked_terms(bad)
    assert {fault.lever for fault in caught.value.faults} == {
        "held_ratio",
        "quota_gb",
        "egress",
        "account_month",
        "currency_rate",
    }


def test_terms_change_by_name() -> None:
    assert Terms("a", "b", "2026-01").changed(quota_gb=5.0).quota_gb == 5.0
    with pytest.raises(LeverError):
        Terms("a", "b", "2026-01").changed(quota_gb="many")


def test_the_next_colder_tier_is_in_the_same_place() -> None:
    cold = BOOK.colder("azure_cool_lrs_eastus")
    assert cold is not None
    assert cold.id == "azure_cold_lrs_eastus"
    assert BOOK.colder("azure_archive_lrs_eastus") is None


def test_a_role_needs_exactly_one_default() -> None:
    raw = _raw()
    for entry in raw[1]["offers"]:
        entry.pop("default_for", None)
    with pytest.raises(PriceError, match="0 entries for the default archive offer"):
        PriceBook.of(raw)
