"""Lines, ratios and trees: what they may see, what they never do, and that they come back from JSON to the bit."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from forecast_core.backtest import FIELD, recorded_plan
from forecast_core.backtest.gates import lever_gates
from forecast_core.errors import ModelError, TooShortError
from forecast_core.estimators import (
    LINES,
    MONOTONE_BOOSTING,
    TREES,
    Estimator,
    Evidence,
    model_from_lists,
    model_to_lists,
)
from forecast_core.features import PUBLISHED_FEATURES
from forecast_core.history import History
from tests.builders import LAST, estate, history

RIVALS = (*LINES, *TREES)
MONTHS = 6
NAMES = [estimator.name for estimator in FIELD]


def said(estimator: Estimator, past: History, origin: np.datetime64) -> np.ndarray:
    """What would have been said at `origin`, shown no more than was known then."""
    return estimator.fit(Evidence(past.until(origin))).predict(recorded_plan(past, origin, MONTHS)).archived_gb


@pytest.mark.parametrize("estimator", FIELD, ids=NAMES)
def test_a_planted_future_column_helps_nobody(estimator: Estimator) -> None:
    """A column that holds next month's answer changes nothing that is said."""
    frame = estate(months=24)
    planted = frame.assign(
        archived_gb_next=frame.groupby("scope")["archived_gb"].shift(-1),
        eligible_files=np.nan,
        files_archived=frame.groupby("scope")["archived_gb"].shift(-1),
    )
    origin = LAST - 6
    assert np.array_equal(said(estimator, History.of(frame), origin), said(estimator, History.of(planted), origin))


@pytest.mark.parametrize("estimator", FIELD, ids=NAMES)
def test_what_comes_later_changes_nothing_that_was_said(estimator: Estimator) -> None:
    frame = estate(months=24)
    origin = LAST - 6
    later = frame["month"].to_numpy().astype("datetime64[M]") > origin
    doubled = frame.assign(
        **{name: frame[name].where(~later, frame[name] * 2) for name in ("archived_gb", "savings_gb", "total_files")}
    )
    assert np.array_equal(said(estimator, History.of(frame), origin), said(estimator, History.of(doubled), origin))


@pytest.mark.parametrize("estimator", FIELD, ids=NAMES)
def test_an_observed_rate_of_the_month_is_not_an_input(estimator: Estimator) -> None:
    """Where the frequency is what was taken, the rate of the coming months may be anything."""
    frame = estate(months=24)
    origin = LAST - 6
    later = frame["month"].to_numpy().astype("datetime64[M]") > origin
    rate = frame["archive_frequency_per_day"]
    other = frame.assign(archive_frequency_per_day=rate.where(~later, rate * 5))
    first, second = (said(estimator, History.of(rows, frequency_is_observed=True), origin) for rows in (frame, other))
    assert np.array_equal(first, second)


@pytest.mark.parametrize("estimator", RIVALS, ids=[estimator.name for estimator in RIVALS])
@pytest.mark.parametrize(
    "name", ["sound", "ended", "observed", "half_known", "vast", "tiny", "emptied", "bursts", "paused"]
)
def test_an_answer_is_finite_and_keeps_arithmetic(estimator: Estimator, name: str) -> None:
    past = history(name)
    flows = estimator.fit(Evidence(past)).predict(recorded_plan(past, past.last_month, 24))
    assert np.isfinite(flows.archived_gb).all() and (flows.archived_gb >= 0).all()
    assert (flows.savings_gb <= flows.archived_gb * (1 + 1e-12)).all()
    if np.isfinite(flows.stock_gb).all():
        assert (flows.archived_gb <= flows.stock_gb * (1 + 1e-12)).all()


@pytest.mark.parametrize("estimator", LINES, ids=[estimator.name for estimator in LINES])
@pytest.mark.parametrize("name", ["sound", "one_scope", "heavy", "vast", "bursts", "observed"])
def test_a_line_passes_the_gates(estimator: Estimator, name: str) -> None:
    past = history(name)
    failed = [gate.detail for gate in lever_gates(estimator.fit(Evidence(past)), past) if not gate.passed]
    assert failed == []


@pytest.mark.parametrize("estimator", LINES, ids=[estimator.name for estimator in LINES])
def test_what_is_taken_is_gone(estimator: Estimator) -> None:
    """Ten times the frequency for five years archives no more than the stock and what arrives."""
    past = history()
    model = estimator.fit(Evidence(past))
    base = recorded_plan(past, past.last_month, 60)
    plain = model.predict(base)
    much = model.predict(replace(base, frequency_per_day=base.frequency_per_day * 10))
    assert (much.archived_gb.sum(axis=-1) >= plain.archived_gb.sum(axis=-1) * (1 - 1e-12)).all()
    gain = much.archived_gb.cumsum(axis=-1) - plain.archived_gb.cumsum(axis=-1)
    assert (gain <= plain.stock_gb * 1.001).all()


@pytest.mark.parametrize("estimator", LINES, ids=[estimator.name for estimator in LINES])
def test_a_line_comes_back_from_json_to_the_bit(estimator: Estimator) -> None:
    past = history()
    model = estimator.fit(Evidence(past))
    back = model_from_lists(json.loads(json.dumps(model_to_lists(model))), past)
    plan = recorded_plan(past, past.last_month, 12)
    assert np.array_equal(model.predict(plan).archived_gb, back.predict(plan).archived_gb)
    assert np.array_equal(model.predict(plan).savings_gb, back.predict(plan).savings_gb)


def test_trees_are_never_plain_numbers_and_unknown_kinds_are_refused() -> None:
    past = history()
    with pytest.raises(ModelError, match="cannot be published as plain numbers"):
        model_to_lists(MONOTONE_BOOSTING.fit(Evidence(past)))
    with pytest.raises(ModelError, match="unknown kind"):
        model_from_lists({"kind": "pickle"}, past)


@pytest.mark.parametrize("estimator", RIVALS, ids=[estimator.name for estimator in RIVALS])
def test_a_rival_needs_the_nine_features(estimator: Estimator) -> None:
    assert len(PUBLISHED_FEATURES) == 9
    with pytest.raises(TooShortError):
        estimator.fit(Evidence(history("no_stock")))


@pytest.mark.parametrize("estimator", (*LINES, MONOTONE_BOOSTING), ids=lambda estimator: estimator.name)
def test_a_scope_that_was_never_seen_has_no_answer(estimator: Estimator) -> None:
    model = estimator.fit(Evidence(history()))
    with pytest.raises(ModelError, match="never seen the scope"):
        model.update(Evidence(History.of(estate(["Stranger"]))))


def test_boosting_never_turns() -> None:
    past = history()
    base = recorded_plan(past, past.last_month, 1)
    model = MONOTONE_BOOSTING.fit(Evidence(past))
    more = [replace(base, frequency_per_day=base.frequency_per_day * factor) for factor in (0.5, 1.0, 2.0)]
    low, same, high = (model.predict(plan).archived_gb for plan in more)
    assert (low <= same).all() and (same <= high).all()
