"""What must hold of every answer, on sound estates and on extreme ones."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast_core import ALL, Answer, Band, Interval, Quantity, Scenario
from forecast_core.forecast import Paths
from tests.builders import Asked
from tests.conftest import Ask
from tests.property.moves import ESTATES, SIZES, scenarios

EXACT = 1e-9
ROUNDED = 1e-4  # half of an odd number of files is rounded to whole files
THREE = ("baseline", "scenario", "change")


def quantities(answer: Answer) -> list[Quantity]:
    found = [answer.archived, answer.savings]
    money = [answer.money.net_saved, answer.money.cumulative] if answer.money else []
    return [item for item in (*found, *money) if item is not None]


def bands(answer: Answer) -> list[Band | Interval]:
    totals = [answer.archived_total, answer.savings_total, answer.money.total if answer.money else None]
    whole = [*quantities(answer), *(total for total in totals if total)]
    return [getattr(item, name) for item in whole for name in THREE]


@pytest.mark.parametrize("name", ESTATES)
@settings(max_examples=6)
@given(data=st.data())
def test_an_answer_keeps_its_promises(ask: Ask, name: str, data: st.DataObject) -> None:
    asked = ask(name)
    scenario = data.draw(scenarios(asked.known))
    answer = asked.service.simulate(scenario)
    assert len(answer.months) == scenario.values["horizon_months"]
    for band in bands(answer):
        assert np.isfinite([band.lower, band.point, band.upper]).all()
        assert np.all(band.lower <= band.point)
        assert np.all(band.point <= band.upper)
    for quantity in quantities(answer):
        assert np.allclose(quantity.change.point, quantity.scenario.point - quantity.baseline.point, rtol=0, atol=0)
    for band in (answer.archived.baseline, answer.archived.scenario):
        assert np.all(band.lower >= 0)
    if answer.savings:
        assert np.all(answer.savings.scenario.point <= answer.archived.scenario.point * (1 + EXACT))
        assert np.all(answer.savings.scenario.lower >= 0)
    _contributions_add_up(answer)
    _types_add_up(answer)


def _contributions_add_up(answer: Answer) -> None:
    names = {"mix" if lever.startswith("pct_") else lever for lever in answer.moved}
    assert {part.lever for part in answer.contributions} == names
    changes = {"archived_gb": answer.archived_total.change.point}
    if answer.savings_total and answer.money:
        changes |= {"savings_gb": answer.savings_total.change.point, "saved_cost": answer.money.total.change.point}
    for name, change in changes.items():
        whole = sum(getattr(part, name) for part in answer.contributions)
        largest = max([abs(change), *(abs(getattr(part, name)) for part in answer.contributions)])
        assert whole == pytest.approx(change, rel=0, abs=1e-7 * largest + 1e-9)


def _types_add_up(answer: Answer) -> None:
    if answer.by_type and answer.savings:
        for name in ("baseline", "scenario"):
            whole = sum(getattr(part, f"{name}_gb") for part in answer.by_type)
            assert np.allclose(whole, getattr(answer.savings, name).point, rtol=EXACT)


@pytest.mark.parametrize("name", ESTATES)
def test_the_baseline_against_itself_is_exactly_nothing(ask: Ask, name: str) -> None:
    asked = ask(name)
    answer = asked.service.simulate(asked.base)
    for quantity in quantities(answer):
        for item in fields(Band):
            assert np.all(getattr(quantity.change, item.name) == 0)
    assert answer.moved == answer.contributions == ()
    assert answer.trust.colour == "green"
    assert answer.money is None or (answer.money.break_even, answer.money.break_even_month) == ("no change", None)


@pytest.mark.parametrize("name", ESTATES)
@settings(max_examples=3)
@given(data=st.data())
def test_nothing_changes_before_the_start_month(ask: Ask, name: str, data: st.DataObject) -> None:
    asked = ask(name)
    start = data.draw(st.integers(1, 12))
    first = int(asked.known.by_name("start_month").today)
    scenario = data.draw(scenarios(asked.known, horizon=24)).with_values(start_month=first + start)
    answer = asked.service.simulate(scenario)
    for quantity in quantities(answer):
        assert np.all(quantity.change.point[:start] == 0)
        assert np.all(quantity.change.lower[:start] == 0)
        assert np.all(quantity.change.upper[:start] == 0)


@pytest.mark.parametrize("name", ["demo", "sound", "calendar", "no_types"])
@settings(max_examples=5)
@given(data=st.data())
def test_scopes_add_up_to_all(ask: Ask, name: str, data: st.DataObject) -> None:
    """A lever of ALL moves every scope in proportion; moved so by hand, the scopes say the same."""
    whole = ask(name, ALL)
    ratios = data.draw(st.fixed_dictionaries({lever: st.sampled_from([0.5, 1.0, 2.0]) for lever in SIZES}))
    total = whole.service.simulate(_scaled(whole, ratios))
    parts = [ask(name, scope) for scope in whole.view.history.scopes]
    answers = [part.service.simulate(_scaled(part, ratios)) for part in parts]
    assert np.allclose(
        sum(answer.archived.scenario.point for answer in answers), total.archived.scenario.point, ROUNDED
    )
    assert np.allclose(sum(answer.archived.baseline.point for answer in answers), total.archived.baseline.point, EXACT)
    if total.savings:
        assert np.allclose(
            sum(answer.savings.baseline.point for answer in answers), total.savings.baseline.point, EXACT
        )


def _scaled(asked: Asked, ratios: dict[str, float]) -> Scenario:
    return asked.base.with_values(**{lever: asked.base.values[lever] * ratio for lever, ratio in ratios.items()})


def test_all_is_the_live_scopes(ask: Ask) -> None:
    assert ask("ended", ALL).view.history.scopes == ("Live", "Young")
    ended = ask("ended", "Ended")
    assert str(ended.service.simulate(ended.base).months[0]) == "2025-11"


@settings(max_examples=40)
@given(seed=st.integers(0, 10_000), months=st.integers(1, 60), odd=st.floats(-3, 3))
def test_turning_a_comparison_round_turns_its_sign(seed: int, months: int, odd: float) -> None:
    """change(a, b) = −change(b, a), and every interval holds its point, even one far from its paths."""
    rng = np.random.default_rng(seed)
    one, other = rng.gamma(2, 5, (2, 50, months))
    points = one.mean(axis=0) + odd, other.mean(axis=0) - odd
    there, back = Paths(one, other, *points), Paths(other, one, *points[::-1])
    for forth, home in ((there.quantity(), back.quantity()), (there.total(), back.total())):
        assert np.all(forth.change.point == -home.change.point)
        assert np.allclose(forth.change.lower, -home.change.upper, atol=1e-9)
        assert np.allclose(forth.change.upper, -home.change.lower, atol=1e-9)
        assert np.all(forth.change.lower <= forth.change.point)
        assert np.all(forth.change.point <= forth.change.upper)


@settings(max_examples=40)
@given(seed=st.integers(0, 10_000), months=st.integers(1, 60))
def test_eighty_in_a_hundred_lies_inside_ninety_five(seed: int, months: int) -> None:
    rng = np.random.default_rng(seed)
    paths = Paths(*rng.gamma(2, 5, (2, 50, months)), *rng.gamma(2, 5, (2, months)))
    for narrow, wide in ((paths.quantity(0.8), paths.quantity(0.95)), (paths.total(0.8), paths.total(0.95))):
        for name in THREE:
            assert np.all(getattr(wide, name).lower <= getattr(narrow, name).lower)
            assert np.all(getattr(wide, name).upper >= getattr(narrow, name).upper)
            assert np.all(getattr(wide, name).point == getattr(narrow, name).point)


@pytest.mark.parametrize("name", ESTATES)
def test_an_outlook_keeps_its_promises(ask: Ask, name: str) -> None:
    asked = ask(name)
    found = asked.service.forecast(asked.known.dataset_id, asked.known.scope, 60)
    for band in (found.archived, found.savings, found.backtest.predicted if found.backtest else None):
        if band:
            assert np.all((band.lower <= band.point) & (band.point <= band.upper))
            assert np.all(band.lower >= 0)
    assert [ahead.months for ahead in found.ahead] == [1, 3, 12]
    totals = [ahead.archived.point for ahead in found.ahead]
    assert totals == sorted(totals)
    live = sum(line.ahead.archived.point for line in found.by_scope if line.live)
    assert live == pytest.approx(found.ahead[-1].archived.point, rel=1e-9) or name == "ended"
    assert np.allclose(found.archived.point, asked.flows([], 60).archived_gb[0].sum(axis=0), rtol=1e-12)
