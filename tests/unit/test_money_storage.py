"""The quick ledger of stored data, which answers every move of a lever."""

from __future__ import annotations

import numpy as np
import pytest

from forecast_core.money import pays_back, storage_ledger


def test_a_bill_by_hand() -> None:
    found = storage_ledger(
        np.array([100.0, 50, 0]), np.array([80.0, 40, 0]), np.array(0.1), np.array(0.2), np.array(0.01)
    )
    assert found.freed_stock_gb == pytest.approx([100, 140, 126])
    assert found.archive_stock_gb == pytest.approx([80, 112, 100.8])
    assert found.net_saved_cost == pytest.approx([19.2, 26.88, 24.192])
    assert found.cumulative_saved_cost == pytest.approx([19.2, 46.08, 70.272])


def test_prices_and_recall_may_change_from_month_to_month() -> None:
    flows = np.ones((2, 3))
    found = storage_ledger(flows, 0 * flows, np.array([[0.0], [1.0]]), np.array([1.0, 2.0, 3.0]), np.array(0.0))
    assert found.primary_saved_cost.tolist() == [[1, 4, 9], [1, 2, 3]]


@pytest.mark.parametrize(
    ("change", "month"),
    [([1, 2, 3], 0), ([0, 0, 0], 0), ([-1, -2, 1], 2), ([-1, 1, -1, 2], 3), ([1, -1], None), ([-1, -1e-12], 1)],
)
def test_break_even(change: list[float], month: int | None) -> None:
    assert pays_back(np.array(change, float)) == month
