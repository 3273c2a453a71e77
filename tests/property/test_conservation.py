"""Nothing is archived that is not there."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast_core.estimators import Flows, Plan, StockFlowModel
from tests.builders import Asked
from tests.conftest import Ask
from tests.property.moves import ESTATES, scenarios

MONTHS = 60
EXACT = 1 + 1e-9


def moved(asked: Asked, data: st.DataObject) -> tuple[Plan, Flows]:
    asked_for = [data.draw(scenarios(asked.known)) for _ in range(3)]
    plan = asked.plan(asked_for, MONTHS)
    return plan, asked.view.model.predict(plan)


@pytest.mark.parametrize("name", ESTATES)
@settings(max_examples=6)
@given(data=st.data())
def test_freed_is_at_most_archived_and_archived_at_most_what_is_there(
    ask: Ask, name: str, data: st.DataObject
) -> None:
    _, flows = moved(ask(name), data)
    assert np.isfinite(flows.archived_gb).all()
    assert (flows.archived_gb >= 0).all()
    assert not (flows.savings_gb > flows.archived_gb * EXACT).any()
    assert not (flows.savings_gb < 0).any()
    assert not (flows.archived_gb > flows.stock_gb * EXACT).any()


@pytest.mark.parametrize("name", ESTATES)
@settings(max_examples=6)
@given(data=st.data())
def test_the_stock_is_what_was_left_plus_what_arrived(ask: Ask, name: str, data: st.DataObject) -> None:
    """In the structural model's own roll-out, files: arrivals are the same whatever is archived, nothing else comes."""
    asked = ask(name)
    model = asked.view.effect
    if not isinstance(model, StockFlowModel) or not model.limited:
        pytest.skip(f"{name} knows no stock")
    start = data.draw(scenarios(asked.known)).with_values(start_month=asked.base.values["start_month"])
    plan = asked.plan([start], MONTHS)
    flows = model.predict(plan)
    size_gb = model.size_gb[:, None] * plan.size_ratio
    stock = np.divide(flows.stock_gb, size_gb, out=np.zeros_like(size_gb), where=size_gb > 0)
    first = model.files * plan.files_ratio[..., 0]
    left = np.concatenate([first[..., None], (stock - flows.files_archived)[..., :-1]], axis=-1)
    arrived = stock - left
    known = (size_gb > 0).all(axis=-1)
    assert (flows.files_archived <= stock * EXACT + 1e-9)[known].all()
    assert (arrived >= -1e-6 * np.abs(left) - 1e-9)[known].all() or (plan.growth_added < 0).any()
    archived = np.cumsum(flows.files_archived, axis=-1)
    assert (archived <= (first[..., None] + np.cumsum(np.maximum(arrived, 0), axis=-1)) * EXACT + 1e-9)[known].all()


@pytest.mark.parametrize("name", ESTATES)
@settings(max_examples=6)
@given(data=st.data())
def test_all_that_is_archived_was_there_or_arrived(ask: Ask, name: str, data: st.DataObject) -> None:
    """The same in GB and for whoever answers: so far archived never exceeds today's stock plus arrivals."""
    asked = ask(name)
    model = asked.view.effect
    if not isinstance(model, StockFlowModel) or not model.limited:
        pytest.skip(f"{name} knows no stock")
    scenario = data.draw(scenarios(asked.known)).with_values(start_month=asked.base.values["start_month"])
    plan = asked.plan([scenario], MONTHS)
    flows, structural = asked.view.model.predict(plan), model.predict(plan)
    size_gb = model.size_gb[:, None] * plan.size_ratio
    first = (model.files * plan.files_ratio[..., 0] * size_gb[..., 0])[..., None]
    taken = structural.files_archived * size_gb
    left = np.concatenate([first, (structural.stock_gb - taken)[..., :-1]], axis=-1)
    arrived = np.maximum(structural.stock_gb - left, 0)
    there = first + np.cumsum(arrived, axis=-1)
    assert (np.cumsum(flows.archived_gb, axis=-1) <= there * EXACT + 1e-12).all()
