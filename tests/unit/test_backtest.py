"""What would have been said: rolling origins, scores, the race, the guard."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from forecast_core.backtest import Guard, Rolled, Trust, race, recorded_plan, roll, score, wape
from forecast_core.backtest.gates import lever_gates
from forecast_core.backtest.selection import Entrant, champion
from forecast_core.errors import ModelError
from forecast_core.estimators import LAST_MONTH, MEAN_OF_YEAR, NAIVE, Evidence, Flows, Model, Plan, StockFlow
from forecast_core.history import History
from tests.builders import LAST, estate, history


def test_last_month_is_judged_against_the_month_that_came() -> None:
    past = history("one_scope")
    archived = past.grid("archived_gb")
    rolled = roll(past, LAST_MONTH, 3)
    assert [str(origin) for origin in rolled.origins[[0, -1]]] == ["2025-07", "2026-09"]
    first = int((rolled.origins[0] - past.months[0]).astype(int))
    for index in range(len(rolled.origins)):
        assert (rolled.predicted_archived[index, 0] == archived[0, first + index]).all()
    assert np.array_equal(rolled.actual_archived[:, 0, 0], archived[0, first + 1 :])
    assert np.isnan(rolled.actual_archived[-1, 0, 1:]).all()
    assert rolled.months_ahead(0)[-1] == LAST


def test_only_the_last_origins_are_judged_where_there_are_many() -> None:
    past = History.of(estate(["Long"], 48))
    assert len(roll(past, LAST_MONTH, 1).origins) == 24
    assert len(roll(past, LAST_MONTH, 1, most_origins=5).origins) == 5


def test_too_few_months_to_judge() -> None:
    with pytest.raises(ModelError, match="too few to judge"):
        roll(History.of(estate(["Short"], 9)), LAST_MONTH, 1)


def test_a_scope_is_judged_from_its_first_month_on() -> None:
    past = history("ended")
    rolled = roll(past, LAST_MONTH, 1)
    ended, young = past.scopes.index("Ended"), past.scopes.index("Young")
    assert np.isnan(rolled.predicted_archived[0, young, 0])
    assert np.isfinite(rolled.predicted_archived[-1, young, 0])
    assert np.isfinite(rolled.predicted_archived[-1, ended, 0])
    assert np.isnan(rolled.actual_archived[-1, ended, 0])


def test_the_recorded_policy_is_part_of_the_plan_but_an_observed_rate_is_not() -> None:
    origin = LAST - 4
    policy = recorded_plan(history("sound"), origin, 6).frequency_per_day[0]
    grid = history("sound").grid("archive_frequency_per_day")
    assert np.array_equal(policy[:, :4], grid[:, -4:])
    assert np.array_equal(policy[:, 4:], np.repeat(grid[:, -5:-4], 2, axis=1))
    observed = recorded_plan(History.of(estate(), frequency_is_observed=True), origin, 6).frequency_per_day[0]
    assert np.array_equal(observed, np.repeat(observed[:, :1], 6, axis=1))
    assert np.isinf(recorded_plan(history("no_frequency"), origin, 2).frequency_per_day).all()


def rolled_of(predicted: np.ndarray, actual: np.ndarray) -> Rolled:
    """One scope, one step; savings are half of what was archived."""
    months = np.datetime64("2026-01", "M") + np.arange(len(predicted))
    predicted, actual = (np.asarray(grid, float)[:, None, None] for grid in (predicted, actual))
    return Rolled(months, predicted, predicted / 2, actual, actual / 2)


def test_scores_by_hand() -> None:
    found = score(rolled_of([8, 12, 10], [10, 10, 20]))
    assert found.wape_archived == pytest.approx(14 / 40)
    assert found.bias == pytest.approx(-10 / 40)
    assert found.mae_gb == pytest.approx(14 / 3)
    assert found.months == 3
    assert found.combined == pytest.approx(14 / 40)
    assert score(rolled_of([8, 12, 10], [10, 10, 20]), last_origins=1).wape_archived == pytest.approx(0.5)


def test_what_never_came_cannot_be_scored() -> None:
    empty = score(rolled_of([1, 1], [np.nan, np.nan]))
    assert np.isnan([empty.wape_archived, empty.bias, empty.mae_gb]).all()
    assert empty.months == 0
    assert np.isnan(wape(np.ones(3), np.zeros(3)))


def test_savings_weigh_three_tenths() -> None:
    rolled = rolled_of([10, 10], [10, 10])
    worse = replace(rolled, predicted_savings=rolled.predicted_savings * 2)
    assert score(worse).combined == pytest.approx(0.3)


def entrant(estimator, error: float) -> Entrant:
    return Entrant(estimator, score(rolled_of([10 + 10 * error], [10])))


def test_stock_and_flow_answers_within_five_per_cent_of_the_best() -> None:
    close = [entrant(StockFlow(), 0.104), entrant(LAST_MONTH, 0.1), entrant(MEAN_OF_YEAR, 0.2)]
    assert champion(close).estimator.name == "stock_flow"
    assert champion([entrant(StockFlow(), 0.106), *close[1:]]).estimator is LAST_MONTH
    assert champion([entrant(LAST_MONTH, 0.1), entrant(MEAN_OF_YEAR, 0.0999)]).estimator is MEAN_OF_YEAR


def test_the_field_is_sorted_and_the_champion_is_in_it() -> None:
    found = race(history(), 2)
    ranks = [item.score.combined for item in found.entrants if item.score]
    assert ranks == sorted(ranks)
    assert found.champion in found.entrants
    assert found.structural is not None
    assert found.structural.estimator.name == "stock_flow"


def test_who_cannot_run_says_why() -> None:
    found = race(history("bare"), 2)
    assert found.structural is None
    out = [item for item in found.entrants if item.score is None]
    assert [item.estimator.name for item in out] == ["stock_flow"]
    assert "total_files" in out[0].fault
    with pytest.raises(ModelError, match="No model can learn"):
        race(History.of(estate(["Short"], 4)), 2)


@dataclass(frozen=True)
class Bent:
    """A sound model with one rule broken on purpose."""

    model: Model
    how: str

    def update(self, evidence: Evidence) -> Bent:
        return Bent(self.model.update(evidence), self.how)

    def predict(self, plan: Plan) -> Flows:
        flows = self.model.predict(plan)
        if self.how == "against":
            return replace(flows, archived_gb=flows.archived_gb / plan.frequency_per_day**2)
        if self.how == "infinite":
            return replace(flows, archived_gb=np.where(plan.size_ratio > 5, np.inf, flows.archived_gb))
        if self.how == "too much":
            return replace(flows, stock_gb=flows.archived_gb * 0.5)
        return replace(flows, savings_gb=flows.archived_gb * 1.1)


@pytest.mark.parametrize(
    ("how", "fault"),
    [
        ("against", "archives less when frequency_per_day grows"),
        ("infinite", "is not finite when size_ratio moves"),
        ("too much", "archives more than there is when frequency_per_day moves"),
        ("frees", "frees more than it archives when frequency_per_day moves"),
    ],
)
def test_a_hard_gate_finds_what_is_broken(how: str, fault: str) -> None:
    past = history()
    model = StockFlow().fit(Evidence(past))
    assert all(gate.passed for gate in lever_gates(model, past))
    assert fault in [gate.detail for gate in lever_gates(Bent(model, how), past)]


@dataclass(frozen=True)
class Broken:
    """An estimator whose levers turn the wrong way."""

    name: str = "broken"
    title: str = "Broken"
    answers_levers: bool = True

    def fit(self, evidence: Evidence) -> Bent:
        return Bent(StockFlow().fit(evidence), "against")


def test_a_model_that_fails_a_gate_is_judged_but_does_not_answer() -> None:
    found = race(history(), 2, (Broken(), *NAIVE))
    assert found.structural is None
    assert found.champion.estimator in NAIVE
    broken = found.named("broken")
    assert broken is not None and broken.score is not None and not broken.may_win
    assert broken.fault == "archives less when frequency_per_day grows"


@pytest.fixture(scope="module")
def guard() -> Guard:
    found = Guard.of(history())
    assert found is not None
    return found


def asked(guard: Guard, **factor: float) -> tuple[np.ndarray, np.ndarray]:
    """Return what is asked of the first scope and where it stands: in the middle of what it has seen."""
    stands = np.sqrt(guard.largest[:1] * guard.smallest[:1])
    moved = stands * np.array([[factor.get(name, 1.0) for name in ("files", "size", "frequency")]])
    return moved, stands


def test_unmoved_is_green(guard: Guard) -> None:
    moved, stands = asked(guard)
    assert guard.check(("Finance",), moved, stands) == Trust("green")
    assert Trust("green").words == "inside your experience"


def test_beyond_the_largest_ever_seen_says_how_far(guard: Guard) -> None:
    largest, stands = guard.largest[:1], asked(guard)[1]
    slightly, far = stands.copy(), stands.copy()
    slightly[0, 2], far[0, 2] = largest[0, 2] * 1.2, largest[0, 2] * 3.2
    amber, red = guard.check(("Finance",), slightly, stands), guard.check(("Finance",), far, stands)
    assert (amber.colour, amber.words) == ("amber", "at the edge")
    assert (red.colour, red.words) == ("red", "outside: a guess")
    assert red.reason == "Files archived per day would be 3.2 × the largest ever seen."


def test_below_the_smallest_and_at_zero(guard: Guard) -> None:
    stands = asked(guard)[1]
    few, none = stands.copy(), stands.copy()
    few[0, 0] = guard.smallest[0, 0] / 5
    none[0, 2] = 0
    assert guard.check(("Finance",), few, stands).reason == "Files on primary would be 5.0 × smaller than ever seen."
    assert guard.check(("Finance",), none, stands).reason == "Files archived per day was never zero."


def test_the_worst_scope_is_named(guard: Guard) -> None:
    stands = np.sqrt(guard.largest * guard.smallest)
    moved = stands.copy()
    moved[1, 1] = guard.largest[1, 1] * 4
    found = guard.check(guard.scopes, moved, stands)
    assert found == Trust("red", "Average file size would be 4.0 × the largest ever seen in Legal.")


def test_a_short_or_bare_history_has_no_guard() -> None:
    assert Guard.of(history("no_stock")) is None
    assert Guard.of(History.of(estate(["Short"], 5))) is None
