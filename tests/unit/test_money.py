"""The price book and the monthly bill."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from forecast_core.errors import PriceError
from forecast_core.money import PriceBook, ledger, pays_back
from forecast_core.sources.prices import read_price_book

ENTRY: dict[str, Any] = {
    "id": "tape", "title": "Tape", "role": "archive", "value": 0.01, "unit": "GB-month", "gb_bytes": 2**30,
    "source": "price list", "read": "2026-09", "confidence": "high", "default": True,
}  # fmt: skip
DISK = {**ENTRY, "id": "disk", "title": "Disk", "role": "primary", "value": 0.1}


def book(*entries: dict[str, Any]) -> PriceBook:
    return PriceBook.of({"name": "Test", "currency": "EUR", "entries": list(entries)})


def test_the_shipped_book_is_complete_and_dated() -> None:
    found = PriceBook.of(read_price_book())
    assert {price.role for price in found.prices} == {"primary", "archive"}
    assert len({price.id for price in found.prices}) == len(found.prices)
    for price in found.prices:
        assert price.source
        assert price.read[:2] == "20"
        assert 0 < price.cost_per_gb_month < 1
    assert found.default("primary").cost_per_gb_month > found.default("archive").cost_per_gb_month


def test_a_price_per_decimal_gb_is_converted_once() -> None:
    found = book(DISK, {**ENTRY, "gb_bytes": 10**9, "value": 1.0})
    assert found.price("tape").cost_per_gb_month == pytest.approx(1.073741824)
    assert found.price("disk").cost_per_gb_month == 0.1


@pytest.mark.parametrize("name", ["id", "title", "role", "value", "unit", "gb_bytes", "source", "read", "confidence"])
def test_an_entry_that_lacks_something_is_refused(name: str) -> None:
    with pytest.raises(PriceError, match=f"lacks {name}"):
        book(DISK, {key: value for key, value in ENTRY.items() if key != name})


def test_a_negative_price_is_refused_and_zero_is_a_price() -> None:
    with pytest.raises(PriceError, match="0 or more"):
        book(DISK, {**ENTRY, "value": -1})
    assert book(DISK, {**ENTRY, "value": 0.0}).price("tape").cost_per_gb_month == 0


def test_a_role_needs_exactly_one_default() -> None:
    with pytest.raises(PriceError, match="0 entries for the default archive price"):
        book(DISK)
    with pytest.raises(PriceError, match="2 entries for the default archive price"):
        book(DISK, ENTRY, {**ENTRY, "id": "other"})
    with pytest.raises(PriceError, match="price 'glass'"):
        book(DISK, ENTRY).price("glass")


def test_a_bill_by_hand() -> None:
    found = ledger(np.array([100.0, 50, 0]), np.array([80.0, 40, 0]), np.array(0.1), np.array(0.2), np.array(0.01))
    assert found.freed_stock_gb == pytest.approx([100, 140, 126])
    assert found.archive_stock_gb == pytest.approx([80, 112, 100.8])
    assert found.net_saved_cost == pytest.approx([19.2, 26.88, 24.192])
    assert found.cumulative_saved_cost == pytest.approx([19.2, 46.08, 70.272])


def test_prices_and_recall_may_change_from_month_to_month() -> None:
    flows = np.ones((2, 3))
    found = ledger(flows, 0 * flows, np.array([[0.0], [1.0]]), np.array([1.0, 2.0, 3.0]), np.array(0.0))
    assert found.primary_saved_cost.tolist() == [[1, 4, 9], [1, 2, 3]]


@pytest.mark.parametrize(
    ("change", "month"),
    [([1, 2, 3], 0), ([0, 0, 0], 0), ([-1, -2, 1], 2), ([-1, 1, -1, 2], 3), ([1, -1], None), ([-1, -1e-12], 1)],
)
def test_break_even(change: list[float], month: int | None) -> None:
    assert pays_back(np.array(change, float)) == month
