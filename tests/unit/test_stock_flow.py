"""The stock-and-flow model: its equations, what it learns, and how it is kept."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from forecast_core.backtest import recorded_plan
from forecast_core.errors import ModelError, TooShortError
from forecast_core.estimators import Evidence, StockFlow, StockFlowModel
from forecast_core.estimators.stock_flow.parameters import Parameters, prior
from forecast_core.estimators.stock_flow.process import mix_factor, month_end_backlog, month_flow, saturation
from forecast_core.estimators.stock_flow.savings import SavingsRatio, fit_savings, type_shares
from forecast_core.history import History
from tests.builders import estate, history

CAPACITY = np.geomspace(0.01, 100, 9)


@pytest.fixture(scope="module")
def learned() -> tuple[History, StockFlowModel]:
    past = history()
    return past, StockFlow().fit(Evidence(past))


def centre(scopes: int = 1) -> Parameters:
    shared, _, own, _ = prior()
    return Parameters.unpack(shared, np.broadcast_to(own, (scopes, len(own))))


@pytest.mark.parametrize("sharpness", [0.5, 1.0, 2.0, 8.0])
def test_the_corner_lies_between_a_hyperbola_and_a_hard_minimum(sharpness: float) -> None:
    share = saturation(CAPACITY, np.array(sharpness))
    assert (share <= np.minimum(CAPACITY, 1)).all()
    assert (np.diff(share) > 0).all()
    if sharpness >= 1:
        assert (share >= CAPACITY / (1 + CAPACITY) * (1 - 1e-12)).all()
    assert saturation(np.array([0.0, np.inf]), np.array(sharpness)) == pytest.approx([0, 1], abs=1e-5)


def test_at_a_sharpness_of_one_it_is_the_hyperbola() -> None:
    assert np.allclose(saturation(CAPACITY, np.array(1.0)), CAPACITY / (1 + CAPACITY), rtol=1e-12)


def test_a_month_takes_no_more_than_backlog_or_capacity() -> None:
    params = centre(9)
    taken = month_flow(params, 1000 * CAPACITY, np.full(9, 1000.0), True)
    usable = np.exp(params.usable)
    assert (taken <= np.minimum(usable * 1000 * CAPACITY, 1000)).all()
    unlimited = month_flow(params, 1000 * CAPACITY, np.full(9, np.nan), False)
    assert np.allclose(unlimited, usable * 1000 * CAPACITY)


def test_a_backlog_never_turns_negative_and_ripens_from_the_rest() -> None:
    backlog, hot = np.array([100.0, 100, 0]), np.array([900.0, 0, 1000])
    left = month_end_backlog(backlog, hot, np.array([40.0, 100, 0]), np.array(0.1))
    assert left.tolist() == [0.995 * 60 + 90, 0, 100]


def test_the_mix_counts_against_the_centre() -> None:
    effect = np.array([0.5, 0.0, -0.5])
    assert mix_factor(effect, np.array([[0.33, 0.28, 0.17]])) == pytest.approx([1])
    assert mix_factor(effect, np.array([[0.43, 0.28, 0.17]])) == pytest.approx([np.exp(0.05)])


def test_kept_as_text_it_is_the_same_to_the_bit(learned: tuple[History, StockFlowModel]) -> None:
    past, model = learned
    text = json.dumps(model.as_lists())
    again = StockFlowModel.from_lists(json.loads(text))
    plan = recorded_plan(past, past.last_month, 24)
    assert np.array_equal(model.predict(plan).archived_gb, again.predict(plan).archived_gb)
    assert np.array_equal(model.predict(plan).savings_gb, again.predict(plan).savings_gb)
    assert json.dumps(again.as_lists()) == text
    assert len(text) < 20_000


def test_it_learns_a_noiseless_estate_well(learned: tuple[History, StockFlowModel]) -> None:
    """Standing at month 20 with what it then knew, it says the next months within a quarter."""
    past, _ = learned
    known = past.until(past.months[20])
    model = StockFlow().fit(Evidence(known))
    said = model.predict(recorded_plan(past, known.last_month, 5)).archived_gb[0]
    came = past.grid("archived_gb")[:, 21:26]
    assert np.abs(said - came).sum() / came.sum() < 0.25


def test_doubling_the_frequency_helps_at_once_and_less_and_less(learned: tuple[History, StockFlowModel]) -> None:
    past, model = learned
    plan = recorded_plan(past, past.last_month, 24)
    twice = replace(plan, frequency_per_day=plan.frequency_per_day * 2)
    gain = np.cumsum(model.predict(twice).archived_gb.sum(axis=1) / 1, axis=-1)[0]
    gain = gain / np.cumsum(model.predict(plan).archived_gb.sum(axis=1), axis=-1)[0] - 1
    assert (gain > 0).all()
    assert gain[23] < gain[5] < gain[0]


def test_size_moves_gb_in_proportion(learned: tuple[History, StockFlowModel]) -> None:
    past, model = learned
    plan = recorded_plan(past, past.last_month, 12)
    larger = model.predict(replace(plan, size_ratio=plan.size_ratio * 1.7))
    assert np.allclose(larger.archived_gb, 1.7 * model.predict(plan).archived_gb, rtol=1e-12)


def test_it_stands_where_newer_evidence_ends(learned: tuple[History, StockFlowModel]) -> None:
    past, model = learned
    earlier = model.update(Evidence(past.until(past.months[15])))
    assert np.array_equal(earlier.files, past.grid("total_files")[:, 15])
    assert earlier.params is not None
    assert np.array_equal(earlier.params.level, model.params.level)
    one = model.update(Evidence(past.only(["Legal"])))
    assert one.scopes == ("Legal",)
    assert one.files[0] == model.files[1]


def test_a_scope_never_seen_is_refused(learned: tuple[History, StockFlowModel]) -> None:
    with pytest.raises(ModelError, match="Elsewhere"):
        learned[1].update(Evidence(History.of(estate(["Elsewhere"], 24))))


def test_what_it_needs_is_said() -> None:
    with pytest.raises(ModelError, match="total_files or archive_frequency_per_day"):
        StockFlow().fit(Evidence(history("bare")))
    with pytest.raises(TooShortError, match="fewer than"):
        StockFlow().fit(Evidence(History.of(estate(["Only"], 3))))


def test_an_unknown_mix_is_an_average_mix(ask) -> None:
    """Where no shares were ever measured the levers still work."""
    asked = ask("no_mix")
    assert asked.view.effect is not None
    assert asked.known.by_name("archive_frequency_per_day").available
    assert not asked.known.by_name("pct_pdf").available
    assert asked.service.simulate(asked.base).savings is not None


def test_a_measured_backlog_is_used() -> None:
    """A history that says how much is eligible ends with just that share as its backlog."""
    rows = estate(["Only"], 24)
    past = History.of(rows.assign(eligible_files=0.25 * rows["total_files"]))
    model = StockFlow().fit(Evidence(past))
    guessed = StockFlow().fit(Evidence(History.of(rows)))
    assert 0.15 < model.eligible[0] < 0.35
    assert model.eligible[0] != guessed.eligible[0]


def test_each_type_frees_its_own_share() -> None:
    rng = np.random.default_rng(3)
    mix = rng.dirichlet([4, 3, 2, 2], (2, 60))[..., :3]
    truth = np.array([0.9, 0.5, 0.3, 0.1])
    archived = rng.uniform(5, 20, (2, 60))
    found = fit_savings(archived, archived * (type_shares(mix) @ truth), mix)
    assert np.argsort(found.by_type).tolist() == np.argsort(truth).tolist()
    pooled = (archived * (type_shares(mix) @ truth)).sum() / archived.sum()
    assert (np.abs(found.by_type - truth) < np.abs(pooled - truth) + 1e-9).all()
    by_scope = found.parts(mix.swapaxes(0, 1)).sum(axis=-1).T
    assert np.abs(by_scope - type_shares(mix) @ truth).mean() < 0.05


def test_savings_that_were_never_seen_stay_unknown() -> None:
    found = fit_savings(np.ones((1, 12)), np.full((1, 12), np.nan), np.full((1, 12, 3), 0.2))
    assert np.isnan(found.by_type).all()
    again = SavingsRatio.from_lists(found.as_lists())
    assert np.isnan(again.parts(np.full((1, 3), 0.2))).all()


def test_a_scope_that_frees_more_never_frees_more_than_all() -> None:
    ratio = SavingsRatio(np.full(4, 0.9), np.array([0.7, -0.7]))
    total = ratio.parts(np.full((2, 3), 0.25)).sum(axis=-1)
    assert total[0] == pytest.approx(1)
    assert total[1] == pytest.approx(0.9 * np.exp(-0.7))
