"""Money follows GB and prices, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from forecast_core import Scenario
from forecast_core.money import StorageLedger, pays_back, storage_ledger
from tests.builders import Asked
from tests.conftest import Ask
from tests.property.moves import scenarios

PRICES = ("primary_cost_per_gb_month", "archive_cost_per_gb_month")
amounts = arrays(float, 24, elements=st.floats(0, 1e6, allow_subnormal=False))
prices = st.integers(0, 1000).map(lambda mills: mills / 1000)
ratios = st.floats(0, 0.2)


def bill(freed: np.ndarray, added: np.ndarray, recall: float, primary: float, archive: float) -> StorageLedger:
    return storage_ledger(freed, added, np.array([recall]), np.array([primary]), np.array([archive]))


@given(amounts, amounts, ratios, prices, prices)
def test_double_prices_double_the_money_and_zero_prices_cost_nothing(
    freed: np.ndarray, added: np.ndarray, recall: float, primary: float, archive: float
) -> None:
    once, twice = bill(freed, added, recall, primary, archive), bill(freed, added, recall, 2 * primary, 2 * archive)
    assert np.array_equal(twice.net_saved_cost, 2 * once.net_saved_cost)
    assert np.array_equal(twice.cumulative_saved_cost, 2 * once.cumulative_saved_cost)
    assert not bill(freed, added, recall, 0.0, 0.0).net_saved_cost.any()


@given(amounts, amounts, prices, prices)
def test_without_recall_the_stock_is_the_running_sum(
    freed: np.ndarray, added: np.ndarray, primary: float, archive: float
) -> None:
    found = bill(freed, added, 0.0, primary, archive)
    assert np.allclose(found.freed_stock_gb, np.cumsum(freed), rtol=1e-12)
    assert np.allclose(found.archive_stock_gb, np.cumsum(added), rtol=1e-12)


@given(amounts, amounts, ratios, prices, prices)
def test_two_sides_of_a_bill(
    freed: np.ndarray, added: np.ndarray, recall: float, primary: float, archive: float
) -> None:
    found = bill(freed, added, recall, primary, archive)
    assert np.array_equal(found.net_saved_cost, found.primary_saved_cost - found.archive_cost)
    assert np.allclose(np.diff(found.cumulative_saved_cost), found.net_saved_cost[1:], atol=1e-6)
    kept = np.concatenate([[0], found.freed_stock_gb[:-1]]) * (1 - recall) + freed
    assert np.array_equal(found.freed_stock_gb, kept)
    assert (found.freed_stock_gb <= np.cumsum(freed) * (1 + 1e-12)).all()


@given(arrays(float, st.integers(1, 60), elements=st.floats(-100, 100)))
def test_break_even_is_the_month_after_the_last_red_one(change: np.ndarray) -> None:
    month = pays_back(change)
    if month is None:
        assert change[-1] < 0
    else:
        assert (change[month:] >= -1e-9).all()
        assert month == 0 or change[month - 1] < 0


@pytest.mark.parametrize("name", ["demo", "calendar", "one_scope"])
@settings(max_examples=6)
@given(data=st.data())
def test_an_answer_priced_twice_as_high_is_worth_twice_as_much(ask: Ask, name: str, data: st.DataObject) -> None:
    asked = ask(name)
    start = data.draw(scenarios(asked.known, horizon=24)).with_values(start_month=asked.base.values["start_month"])
    primary, archive = data.draw(st.tuples(st.integers(0, 500), st.integers(0, 500)))
    priced = [_priced(asked, start, (primary * times / 1000, archive * times / 1000)) for times in (0, 1, 2)]
    assert not priced[0].any()
    assert np.allclose(priced[2], 2 * priced[1], rtol=1e-12)


def _priced(asked: Asked, start: Scenario, costs: tuple[float, float]) -> np.ndarray:
    answer = asked.service.simulate(start.with_values(**dict(zip(PRICES, costs, strict=True))))
    assert answer.money is not None
    return np.concatenate([answer.money.net_saved.scenario.point, answer.money.cumulative.scenario.upper])


def test_an_answer_is_the_ledger_of_its_own_gb(ask: Ask) -> None:
    asked = ask("sound")
    scenario = asked.base.with_values(recall_ratio_per_month=0.01, total_files=400_000)
    answer = asked.service.simulate(scenario)
    assert answer.money is not None
    assert answer.savings is not None
    values = answer.scenario.values
    by_hand = bill(
        answer.savings.scenario.point, answer.archived.scenario.point, 0.01, *(values[name] for name in PRICES)
    )
    assert np.allclose(answer.money.net_saved.scenario.point, by_hand.net_saved_cost, rtol=1e-12)
    assert answer.money.total.scenario.point == pytest.approx(float(by_hand.net_saved_cost.sum()), rel=1e-12)
