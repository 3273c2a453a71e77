"""Every estimator keeps the same small promise; the naive rules and the published forest on their own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.ensemble import RandomForestRegressor
from sklearn.multioutput import MultiOutputRegressor
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from forecast_core.backtest import recorded_plan
from forecast_core.errors import ModelError, TooShortError
from forecast_core.estimators import (
    LAST_MONTH,
    MEAN_OF_YEAR,
    NAIVE,
    SAME_MONTH_LAST_YEAR,
    Estimator,
    Evidence,
    Flows,
    LevelledModel,
    Plan,
    SeedForest,
    StockFlow,
)
from forecast_core.features import PUBLISHED_FEATURES, examples
from forecast_core.history import History
from tests.builders import EXTREMES, estate, history

ALL_OF_THEM: tuple[Estimator, ...] = (StockFlow(), *NAIVE, SeedForest())
CHEAP = (StockFlow(), *NAIVE)


def asked(past: History, months: int = 14, questions: int = 1) -> Plan:
    plan = recorded_plan(past, past.last_month, months)
    return plan.questions(np.zeros(questions, np.int64))


def sound(flows: Flows, shape: tuple[int, int, int]) -> None:
    assert flows.archived_gb.shape == flows.savings_gb.shape == shape
    assert np.isfinite(flows.archived_gb).all()
    assert (flows.archived_gb >= 0).all()
    assert not (flows.savings_gb < 0).any()
    assert not (flows.savings_gb > flows.archived_gb * (1 + 1e-12)).any()
    for grid in (flows.stock_gb, flows.files_archived, flows.backlog_files):
        assert grid.shape == shape


@pytest.mark.parametrize("estimator", ALL_OF_THEM, ids=lambda item: item.name)
def test_an_answer_has_the_shape_of_its_plan(estimator: Estimator) -> None:
    past = history()
    sound(estimator.fit(Evidence(past)).predict(asked(past, 14, 3)), (3, 3, 14))


@pytest.mark.parametrize("name", EXTREMES)
@pytest.mark.parametrize("estimator", CHEAP, ids=lambda item: item.name)
def test_no_estate_breaks_the_promise(estimator: Estimator, name: str) -> None:
    """An estimator either says why it cannot learn from an estate or answers soundly."""
    past = history(name)
    try:
        model = estimator.fit(Evidence(past))
    except ModelError as error:
        assert str(error)
        return
    sound(model.predict(asked(past, 60)), (1, len(past.scopes), 60))


@pytest.mark.parametrize("estimator", ALL_OF_THEM, ids=lambda item: item.name)
def test_it_has_a_name_for_code_and_one_for_people(estimator: Estimator) -> None:
    assert estimator.name.isidentifier()
    assert estimator.title[0].isupper()
    assert estimator.answers_levers == isinstance(estimator, StockFlow)


@pytest.mark.parametrize("estimator", ALL_OF_THEM, ids=lambda item: item.name)
def test_without_a_history_nothing_is_learned(estimator: Estimator) -> None:
    with pytest.raises(ModelError, match="monthly history"):
        estimator.fit(Evidence())


@pytest.mark.parametrize("estimator", NAIVE, ids=lambda item: item.name)
def test_a_rule_that_moves_on_is_a_rule_that_starts_there(estimator: Estimator) -> None:
    past = history()
    earlier = Evidence(past.until(past.months[15]))
    moved, fresh = estimator.fit(earlier).update(Evidence(past)), estimator.fit(Evidence(past))
    plan = asked(past)
    assert np.array_equal(moved.predict(plan).archived_gb, fresh.predict(plan).archived_gb)


def test_rules_that_anyone_can_apply_by_hand() -> None:
    past = history("one_scope")
    archived = past.grid("archived_gb")[0]
    plan = asked(past, 14)
    last, mean, season = (
        rule.fit(Evidence(past)).predict(plan).archived_gb[0, 0]
        for rule in (LAST_MONTH, MEAN_OF_YEAR, SAME_MONTH_LAST_YEAR)
    )
    assert (last == archived[-1]).all()
    assert np.allclose(mean, archived[-12:].mean())
    assert season.tolist() == [*archived[-12:], *archived[-12:-10]]


def test_rules_on_a_short_or_broken_past() -> None:
    rows = estate(["Only"], 24)
    rows.loc[rows.index[-1], "archived_gb"] = np.nan
    past = History.of(rows)
    known = rows["archived_gb"].to_numpy()
    assert LAST_MONTH.fit(Evidence(past)).predict(asked(past)).archived_gb[0, 0, 0] == known[-2]
    season = SAME_MONTH_LAST_YEAR.fit(Evidence(past)).predict(asked(past)).archived_gb[0, 0]
    assert season[11] == pytest.approx(np.nanmean(known[-12:]))
    short = past.until(past.months[4])
    flat = SAME_MONTH_LAST_YEAR.fit(Evidence(short)).predict(asked(short)).archived_gb[0, 0]
    assert np.allclose(flat, known[:5].mean())


def test_the_forest_is_the_published_one() -> None:
    pipeline = SeedForest().fit(Evidence(history("one_scope"))).pipeline
    assert isinstance(pipeline, Pipeline)
    scaler, forest = (step for _, step in pipeline.steps)
    assert isinstance(scaler, StandardScaler)
    assert isinstance(forest, MultiOutputRegressor)
    assert isinstance(forest.estimator, RandomForestRegressor)
    assert (forest.estimator.n_estimators, scaler.n_features_in_, len(forest.estimators_)) == (200, 9, 2)


def test_the_forest_sees_the_nine_features_of_the_coming_month() -> None:
    past = history()
    model = SeedForest().fit(Evidence(past))
    plan = asked(past, 2)
    rows = model.features(replace(plan, size_ratio=plan.size_ratio * 2))
    assert rows.shape == (1, 3, 2, len(PUBLISHED_FEATURES))
    named = dict(zip(PUBLISHED_FEATURES, rows[0, 0, 0], strict=True))
    assert named["total_files"] == past.grid("total_files")[0, -1]
    assert named["avg_file_size_mb"] == 2 * past.grid("avg_file_size_mb")[0, -1]
    assert named["archive_frequency_per_day"] == past.grid("archive_frequency_per_day")[0, -1]
    learned = examples(past)
    assert learned.features.shape[1] == len(named)


def test_the_forest_needs_all_nine_features() -> None:
    with pytest.raises(TooShortError, match="nine features"):
        SeedForest().fit(Evidence(history("no_stock")))


@pytest.fixture(scope="module")
def levelled() -> tuple[LevelledModel, Plan]:
    past = history("calendar")
    model = LevelledModel(SAME_MONTH_LAST_YEAR.fit(Evidence(past)), StockFlow().fit(Evidence(past)))
    return model, asked(past, 24, 2)


def test_unmoved_it_says_exactly_what_the_level_says(levelled: tuple[LevelledModel, Plan]) -> None:
    model, plan = levelled
    flows, level = model.predict(plan), model.level.predict(plan)
    assert np.allclose(flows.archived_gb, level.archived_gb, rtol=1e-12)
    assert np.allclose(flows.savings_gb, level.savings_gb, rtol=1e-12)
    sound(flows, plan.shape)


def test_moved_it_changes_in_the_ratio_of_the_other_model(levelled: tuple[LevelledModel, Plan]) -> None:
    model, plan = levelled
    sizes = plan.size_ratio.copy()
    sizes[1] *= 0.5
    flows = model.predict(replace(plan, size_ratio=sizes))
    assert np.allclose(flows.archived_gb[1], 0.5 * flows.archived_gb[0], rtol=1e-9)
    frequency = plan.frequency_per_day.copy()
    frequency[1] *= 2
    faster = replace(plan, frequency_per_day=frequency)
    total, effect = (found.archived_gb.sum(axis=-1) for found in (model.predict(faster), model.effect.predict(faster)))
    assert np.allclose(total[1] / total[0], effect[1] / effect[0], rtol=1e-9)


def test_switched_off_it_stops(levelled: tuple[LevelledModel, Plan]) -> None:
    model, plan = levelled
    frequency = plan.frequency_per_day.copy()
    frequency[1, :, 6:] = 0
    flows = model.predict(replace(plan, frequency_per_day=frequency))
    assert np.array_equal(flows.archived_gb[1, :, :6], flows.archived_gb[0, :, :6])
    assert np.allclose(flows.archived_gb[1, :, 6:], 0, atol=1e-6)


def test_it_moves_on_with_both_models(levelled: tuple[LevelledModel, Plan]) -> None:
    past = history("calendar")
    model = levelled[0].update(Evidence(past.only(["North"])))
    assert model.predict(asked(past.only(["North"]))).archived_gb.shape == (1, 1, 14)
