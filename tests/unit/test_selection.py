"""Who answers: the gates, the rule, and what it does on worlds where the answer is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forecast_core.backtest import (
    FIELD,
    Entrant,
    Gate,
    Race,
    Rolled,
    behaviour,
    by_span,
    monthly_losses,
    race,
    roll,
    score,
)
from forecast_core.backtest.gates import coverage_gate
from forecast_core.backtest.scores import by_scope, usual_change
from forecast_core.backtest.selection import COMPARED_ONLY, STRUCTURAL, champion
from forecast_core.estimators import (
    LAST_MONTH,
    LINES,
    LOGLOG_RIDGE,
    MEAN_OF_YEAR,
    NAIVE,
    RATIO,
    TREES,
    TWEEDIE_GLM,
    Estimator,
    Evidence,
)
from forecast_core.history import History
from forecast_core.service.learned import held_by
from tests.bench.accuracy.foreign import foreign_history
from tests.bench.accuracy.worlds import stock_flow_world
from tests.builders import estate, history

QUICK = (STRUCTURAL, *LINES, *NAIVE)


def raced(past: History, entrants: tuple[Estimator, ...] = QUICK) -> Race:
    return race(past, 6, entrants, held_by)


def test_on_the_published_formula_a_linear_model_wins() -> None:
    found = raced(foreign_history("seed_iid", 100))
    assert found.champion.estimator in LINES
    best = min(entrant.score.combined for entrant in found.able if entrant.score)
    assert found.champion.score is not None and found.champion.score.combined <= 1.05 * best
    assert found.structural is found.champion


@pytest.mark.parametrize("seed", [100, 101])
def test_on_a_stock_and_flow_world_stock_and_flow_wins(seed: int) -> None:
    found = raced(stock_flow_world(seed, "exp", 10, 48).history)
    assert found.champion.estimator is STRUCTURAL
    assert found.champion.may_win


def test_with_one_scope_and_24_rows_no_glm_may_win() -> None:
    found = raced(History.of(estate(["Only"], 24)))
    barred = [entrant.estimator for entrant in found.entrants if not entrant.may_win and entrant.score]
    assert {LOGLOG_RIDGE, TWEEDIE_GLM} <= set(barred)
    assert RATIO not in barred
    assert found.champion.estimator not in (LOGLOG_RIDGE, TWEEDIE_GLM)
    assert all("fewer than 3 scopes" in entrant.fault for entrant in found.able if entrant.estimator is TWEEDIE_GLM)


def test_where_the_calendar_rules_a_naive_rule_answers_and_says_so() -> None:
    found = raced(history("calendar"))
    assert found.champion.estimator in NAIVE
    assert found.structural is not None and found.structural.estimator is STRUCTURAL


def test_trees_race_but_never_answer() -> None:
    found = raced(history(), FIELD)
    assert [entrant.estimator.name for entrant in found.entrants].count("seed_forest") == 1
    for entrant in found.entrants:
        if entrant.estimator in TREES:
            assert entrant.score is not None and not entrant.may_win
            assert entrant.fault == "answers in steps: for comparison only"
    assert {estimator.name for estimator in TREES} == COMPARED_ONLY


def entrant(estimator: Estimator, error: float, *gates: Gate) -> Entrant:
    months = np.datetime64("2026-01", "M") + np.arange(4)
    said, came = np.full((4, 1, 1), 10 * (1 + error)), np.full((4, 1, 1), 10.0)
    rolled = Rolled(months, said, said / 2, came, came / 2)
    return Entrant(estimator, score(rolled), rolled, gates=gates)


def test_a_gate_comes_before_any_score() -> None:
    turned = entrant(TWEEDIE_GLM, 0.01, Gate("direction", False, "archives less"))
    assert champion([turned, entrant(LAST_MONTH, 0.5)]).estimator is LAST_MONTH


def test_the_bands_promise_is_waived_before_arithmetic_is() -> None:
    wide = entrant(MEAN_OF_YEAR, 0.4, Gate("coverage", False, "held 99 %"))
    turned = entrant(TWEEDIE_GLM, 0.01, Gate("direction", False, "archives less"))
    assert champion([turned, wide]).estimator is MEAN_OF_YEAR


@pytest.mark.parametrize(
    ("coverage", "passed"), [(0.8, True), (0.71, True), (0.5, False), (0.999, False), (np.nan, True)]
)
def test_a_band_must_keep_its_promise(coverage: float, passed: bool) -> None:
    many = np.ones((24, 40, 6))
    months = np.datetime64("2024-01", "M") + np.arange(24)
    assert coverage_gate(coverage, Rolled(months, many, many, many, many)).passed is passed


def test_few_months_are_given_the_doubt_that_few_months_have() -> None:
    few = np.ones((6, 1, 1))
    months = np.datetime64("2026-01", "M") + np.arange(6)
    assert coverage_gate(0.6, Rolled(months, few, few, few, few)).passed


def test_a_forest_stands_still_and_turns_but_stock_and_flow_does_not() -> None:
    past = history()
    ours = behaviour(STRUCTURAL.fit(Evidence(past)), past)
    assert ours.wrong_share == 0 and ours.dead_share < 0.01
    forest = behaviour(TREES[0].fit(Evidence(past)), past)
    assert forest.wrong_share > 0.02 and forest.dead_share > 0.2
    assert [sweep.lever for sweep in ours.sweeps] == ["frequency_per_day", "files_ratio", "size_ratio"]


def test_noise_holds_no_signal_and_a_trend_does() -> None:
    rng = np.random.default_rng(3)
    rows = estate(["A", "B", "C", "D"], 36)
    noise = rows.assign(archived_gb=rng.uniform(1, 100, len(rows)))
    noise = noise.assign(savings_gb=noise["archived_gb"] * 0.5)
    assert not raced(History.of(noise)).has_signal
    assert raced(history()).has_signal


def test_too_few_months_are_too_few_to_say() -> None:
    found = raced(History.of(estate(["A", "B", "C"], 13)))
    assert found.signal is not None and found.signal.is_early and found.has_signal


def test_the_losses_add_up_to_the_score() -> None:
    rolled = roll(history(), LAST_MONTH, 3)
    assert monthly_losses(rolled, 12).sum() == pytest.approx(score(rolled, 12).combined)
    bare = replace(rolled, actual_savings=np.full_like(rolled.actual_savings, np.nan))
    assert monthly_losses(bare, 12).sum() == pytest.approx(score(bare, 12).combined)


def test_mase_and_r2_by_hand() -> None:
    found = score(entrant(LAST_MONTH, 0.1).rolled, usual_change_gb=np.array([0.5]))  # type: ignore[arg-type]
    assert found.mase == pytest.approx(1.0 / 0.5)
    assert np.isnan(found.r2), "nothing varies here"
    assert found.mae_savings_gb == pytest.approx(0.5)
    past = History.of(estate(["Only"], 24))
    archived = past.grid("archived_gb")[0]
    assert usual_change(past, past.months[9])[0] == pytest.approx(np.abs(np.diff(archived[:10])).mean())


def test_spans_judge_the_same_months() -> None:
    rolled = roll(history(), LAST_MONTH, 24)
    spans = by_span(rolled)
    assert [(span.first, span.last) for span in spans][:4] == [(1, 1), (2, 3), (4, 6), (7, 12)]
    assert spans[0].months == 12 * 3
    assert spans[0].wape_archived == pytest.approx(score(rolled, 12).wape_archived)
    assert by_scope(rolled).shape == (3,)
