"""What is known later changes nothing that was said before, and nothing given is ever changed."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast_core import Service
from forecast_core.backtest import roll
from forecast_core.estimators import NAIVE, Estimator, Evidence, Plan, StockFlow
from forecast_core.features import Examples, examples, known_frequency, today
from forecast_core.history import History
from forecast_core.schema import COLUMNS
from forecast_core.service.learned import learn
from tests.builders import NEXT, Asked, estate, history, store
from tests.conftest import Ask

FAST: tuple[Estimator, ...] = (StockFlow(), *NAIVE)
MEASURED = [item.name for item in COLUMNS if item.kind not in ("scope", "month")]
CUT = 16


def tampered(past: History, seed: int, *, columns: list[str]) -> History:
    """Return the history with every later value replaced by something else that is possible."""
    rng = np.random.default_rng(seed)
    frame = past.frame.copy()
    later = frame["month"].to_numpy().astype("datetime64[M]") > past.months[CUT]
    for name in columns:
        frame.loc[later, name] = frame.loc[later, name] * rng.uniform(0.2, 3, int(later.sum()))
    return History(frame, past.frequency_is_observed)


@settings(max_examples=5)
@given(seed=st.integers(0, 10_000))
def test_later_months_never_change_earlier_features(seed: int) -> None:
    for name in ("sound", "observed", "ended", "half_known"):
        past = history(name)
        other = tampered(past, seed, columns=MEASURED)
        _same_rows(examples(past), examples(other), until=CUT)
        _same_rows(examples(past), examples(past.until(past.months[CUT])), until=CUT)
        before, after = known_frequency(past), known_frequency(other)
        assert np.array_equal(before[:, : CUT + 1], after[:, : CUT + 1], equal_nan=True)


def _same_rows(one: Examples, other: Examples, until: int) -> None:
    mine, theirs = one.month <= until, other.month <= until
    assert mine.sum() == theirs.sum() > 0
    for item in fields(Examples):
        here, there = getattr(one, item.name)[mine], getattr(other, item.name)[theirs]
        assert np.array_equal(here, there, equal_nan=True), item.name


@pytest.mark.parametrize("estimator", FAST, ids=lambda item: item.name)
@pytest.mark.parametrize("name", ["sound", "observed"])
def test_no_value_after_the_origin_changes_what_was_said_at_it(name: str, estimator: Estimator) -> None:
    """An observed rate of a target month is not known either; a policy that is in force is, so it stays as it is."""
    past = history(name)
    columns = MEASURED if past.frequency_is_observed else [c for c in MEASURED if c != "archive_frequency_per_day"]
    said, again = roll(past, estimator, 3), roll(tampered(past, 1, columns=columns), estimator, 3)
    known = said.origins <= past.months[CUT]
    assert known.sum() >= 3
    assert np.array_equal(said.predicted_archived[known], again.predicted_archived[known])
    assert np.array_equal(said.predicted_savings[known], again.predicted_savings[known], equal_nan=True)
    assert not np.array_equal(said.actual_archived, again.actual_archived, equal_nan=True)


@pytest.mark.parametrize("estimator", FAST, ids=lambda item: item.name)
def test_a_planted_answer_helps_nobody(estimator: Estimator) -> None:
    """Next month's volume in a column of its own, or in one that nothing may learn from, changes no prediction."""
    frame = estate()
    answer = frame.groupby("scope")["archived_gb"].shift(-1).fillna(0)
    honest = roll(History.of(frame), estimator, 2)
    planted = roll(History.of(frame.assign(next_month=answer, files_archived=answer * 1000)), estimator, 2)
    assert np.array_equal(honest.predicted_archived, planted.predicted_archived)


def test_the_policy_of_a_month_is_known_in_it_but_an_observed_rate_is_not() -> None:
    policy, observed = history("sound"), History.of(estate(), frequency_is_observed=True)
    grid = policy.grid("archive_frequency_per_day")
    assert np.array_equal(known_frequency(policy)[:, 1:-1], grid[:, 1:])
    assert np.allclose(known_frequency(observed)[:, 12], grid[:, :12].mean(axis=1))
    assert np.allclose(today(observed).frequency_per_day, grid[:, -12:].mean(axis=1))


@settings(max_examples=5)
@given(seed=st.integers(0, 10_000))
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    rows = estate()
    shuffled = rows.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(History.of(rows).frame, History.of(shuffled).frame)


def test_the_names_of_scopes_do_not_matter(ask: Ask, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Other names sort the scopes otherwise; each of them still gets its own answer."""
    names = {"Finance": "z", "Legal": "y", "Sales": "x"}
    renamed = History.of(estate().replace({"scope": names}))
    folder = tmp_path_factory.mktemp("renamed")
    service, identity = Service(folder, NEXT), store(folder, "renamed", renamed)
    for old, new in names.items():
        before, after = ask("sound", old), Asked.of(service, identity, new)
        assert before.known.baseline_values() == pytest.approx(after.known.baseline_values(), rel=1e-9)
        here = before.archived([before.base.with_values(total_files=90_000)], 24)
        there = after.archived([after.base.with_values(total_files=90_000)], 24)
        assert np.allclose(here, there, rtol=1e-3)  # the fit stops at a gain of 1e-4


def test_nothing_given_is_changed(ask: Ask) -> None:
    frame = estate()
    before = frame.copy(deep=True)
    past = History.of(frame)
    kept = past.frame.copy(deep=True)
    learn(past)
    pd.testing.assert_frame_equal(frame, before)
    pd.testing.assert_frame_equal(past.frame, kept)
    for name in ("sound", "calendar"):
        asked = ask(name)
        plan = asked.plan([asked.base.with_values(total_files=90_000)], 24)
        frozen = Plan(**{item.name: _frozen(getattr(plan, item.name)) for item in fields(Plan)})
        asked.view.model.predict(frozen)
        values = dict(asked.base.values)
        asked.service.simulate(asked.base.with_values(total_files=150_000))
        assert dict(asked.base.values) == values


def _frozen(value: np.ndarray) -> np.ndarray:
    if isinstance(value, np.ndarray):
        value = value.copy()
        value.setflags(write=False)
    return value


def test_grids_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        history().grid("archived_gb")[0, 0] = 1


def test_the_same_question_has_the_same_answer(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Bit by bit, in two services that know nothing of each other; another seed draws other bands around it."""
    folder = tmp_path_factory.mktemp("twice")
    identity = store(folder, "twice", history("one_scope"))
    asked = [Asked.of(Service(folder, NEXT, seed), identity, "Only") for seed in (0, 0, 1)]
    one, two, other = (item.service.simulate(item.base.with_values(total_files=90_000)) for item in asked)
    assert one.archived_total == two.archived_total
    assert one.archived_total.scenario.point == other.archived_total.scenario.point
    assert one.archived_total.scenario.upper != other.archived_total.scenario.upper


def test_learning_needs_only_the_past(ask: Ask) -> None:
    """A model standing at an earlier month is the same as one that never saw more."""
    past = history("sound")
    model = StockFlow().fit(Evidence(past.until(past.months[CUT])))
    again = StockFlow().fit(Evidence(past)).update(Evidence(past.until(past.months[CUT])))
    assert np.array_equal(model.files, again.files)
    assert np.array_equal(model.size_gb, again.size_gb)
