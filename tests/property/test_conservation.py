"""Nothing is archived that is not there, and no file is lost or made."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast_core.estimators import StockFlowModel
from tests.conftest import Ask
from tests.property.moves import ESTATES, WITHOUT, scenarios
from tests.reference import roll_out

MONTHS = 60
EXACT = 1 + 1e-9
NOTHING = 1e-9


@pytest.mark.parametrize("name", ESTATES)
@settings(max_examples=6)
@given(data=st.data())
def test_freed_is_at_most_archived_and_archived_at_most_what_is_there(ask: Ask, name: str, data: st.DataObject) -> None:
    asked = ask(name)
    flows = asked.flows([data.draw(scenarios(asked.known)) for _ in range(3)], MONTHS)
    assert np.isfinite(flows.archived_gb).all()
    assert (flows.archived_gb >= 0).all()
    assert not (flows.savings_gb > flows.archived_gb * EXACT).any()
    assert not (flows.savings_gb < 0).any()
    assert not (flows.archived_gb > flows.stock_gb * EXACT).any()
    assert not (flows.backlog_files < 0).any()


@pytest.mark.parametrize("name", [name for name in ESTATES if name not in WITHOUT["total_files"]])
@settings(max_examples=3)
@given(data=st.data())
def test_stock_is_the_stock_before_plus_flows(ask: Ask, name: str, data: st.DataObject) -> None:
    """The readable roll-out loses no file, and the fast one says the same, month by month.

    So far archived is never more than what was there plus what arrived, and what arrives does not depend on archiving.
    """
    asked = ask(name)
    model = asked.view.effect
    assert isinstance(model, StockFlowModel)
    start = asked.base.values["start_month"]
    scenario = data.draw(scenarios(asked.known)).with_values(start_month=start)
    plan = asked.plan([scenario], MONTHS)
    flows = model.predict(plan)
    scope = data.draw(st.integers(0, plan.shape[1] - 1))
    months = roll_out(model, plan, scope, question=1)
    for month, following in zip(months, months[1:], strict=False):
        assert following.before == pytest.approx(month.after, rel=1e-9, abs=1e-9)
        assert month.archived <= month.backlog * EXACT + NOTHING
        assert month.backlog <= month.before * EXACT + NOTHING
    first, arrived = months[0].before, np.cumsum([month.arrived for month in months])
    assert (np.cumsum([month.archived for month in months]) <= (first + arrived) * EXACT + NOTHING).all()
    for name, fast in (
        ("archived", flows.files_archived),
        ("stock_gb", flows.stock_gb),
        ("backlog", flows.backlog_files),
    ):
        slow = np.array([getattr(month, name) for month in months])
        assert np.allclose(fast[1, scope], slow, rtol=1e-8, atol=NOTHING)
    gb = np.array([month.archived_gb for month in months])
    assert np.allclose(flows.archived_gb[1, scope], gb, rtol=1e-8, atol=NOTHING)


@pytest.mark.parametrize("name", ["calendar", "bursts", "no_frequency"])
@settings(max_examples=10)
@given(data=st.data())
def test_a_level_from_elsewhere_is_bounded_by_the_same_stock(ask: Ask, name: str, data: st.DataObject) -> None:
    asked = ask(name)
    assert asked.view.learned.is_levelled
    plan = asked.plan([data.draw(scenarios(asked.known))], MONTHS)
    flows, structural = asked.view.model.predict(plan), asked.view.effect.predict(plan)
    ever = structural.stock_gb + np.cumsum(structural.archived_gb, axis=-1) - structural.archived_gb
    assert (np.cumsum(flows.archived_gb, axis=-1) <= np.maximum.accumulate(ever, axis=-1) * EXACT).all()
