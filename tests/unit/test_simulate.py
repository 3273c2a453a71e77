"""One what-if, start to end: what the answer says besides its numbers."""

from __future__ import annotations

import numpy as np
import pytest

from forecast_core import LeverError
from forecast_core.service.billing import break_even, footprint
from tests.builders import history
from tests.conftest import Ask

MONTHS = np.arange(700, 706)


def test_the_demo_company_is_answered_by_stock_and_flow(ask: Ask) -> None:
    asked = ask()
    assert asked.view.learned.race.champion.estimator.name == "stock_flow"
    assert all(item.available for item in asked.known.levers)


def test_out_of_bounds_is_refused_before_anything_is_asked(ask: Ask) -> None:
    asked = ask()
    with pytest.raises(LeverError, match="Months ahead is 61"):
        asked.service.simulate(asked.base.with_values(horizon_months=61))


def test_twice_as_often_gives_most_at_first(ask: Ask) -> None:
    asked = ask()
    twice = asked.base.with_values(archive_frequency_per_day=2 * asked.base.values["archive_frequency_per_day"])
    answer = asked.service.simulate(twice)
    effect = answer.frequency_effect_ratio
    assert effect[0] == effect.max() > 0
    assert (answer.backlog_files < answer.baseline_backlog_files)[1:].all()
    assert answer.used_up_month is not None
    assert answer.baseline_used_up_month is None or answer.used_up_month <= answer.baseline_used_up_month
    assert answer.archived_total.change.lower >= 0
    assert answer.trust.colour in ("amber", "red")


def test_switched_off_nothing_is_archived_not_even_in_the_band(ask: Ask) -> None:
    asked = ask()
    answer = asked.service.simulate(asked.base.with_values(archive_frequency_per_day=0))
    usual = answer.archived.baseline.point
    assert (answer.archived.scenario.point <= 1e-6 * usual).all()
    assert (answer.archived.scenario.upper <= 0.05 * usual).all()
    assert answer.money is not None
    assert answer.money.total.change.point < 0


def test_a_step_says_what_one_move_more_would_do(ask: Ask) -> None:
    asked = ask()
    answer = asked.service.simulate(asked.base)
    steps = {step.lever: step for step in answer.steps}
    assert set(steps) == set(asked.base.values) - {"start_month", "horizon_months"}
    for name in ("archive_frequency_per_day", "total_files", "avg_file_size_mb"):
        step = steps[name]
        there = asked.service.simulate(asked.base.with_values(**{name: asked.base.values[name] + step.step}))
        assert step.archived_gb == pytest.approx(there.archived.change.point[: step.months].sum(), rel=1e-9)
        assert step.savings_gb == pytest.approx(there.savings.change.point[: step.months].sum(), rel=1e-9)
    assert steps["recall_ratio_per_month"].saved_cost < 0
    assert steps["primary_cost_per_gb_month"].saved_cost > 0 == steps["primary_cost_per_gb_month"].archived_gb


def test_at_the_upper_bound_a_step_goes_down(ask: Ask) -> None:
    asked = ask()
    top = asked.known.by_name("total_files").upper
    answer = asked.service.simulate(asked.base.with_values(total_files=top, pct_pdf=1, pct_docx=0, pct_xlsx=0))
    steps = {step.lever: step for step in answer.steps}
    assert steps["total_files"].step < 0
    assert steps["total_files"].archived_gb < 0
    assert steps["pct_pdf"].step < 0
    assert steps["pct_docx"].step == 0


def test_prices_name_their_source(ask: Ask) -> None:
    asked = ask()
    book = asked.service.price_book
    cold = book.offer("azure_cold_lrs_eastus")
    colder = asked.base.with_values(archive_cost_per_gb_month=cold.first_stored, primary_cost_per_gb_month=0.123)
    money = asked.service.simulate(colder).money
    assert money is not None
    primary, archive = money.prices
    assert (archive.title, archive.source, archive.changed) == (cold.title, cold.prices[0].source, True)
    assert (primary.title, primary.value, primary.confidence, primary.changed) == ("Your price", 0.123, "yours", True)
    unmoved = asked.service.simulate(asked.base).money
    assert unmoved is not None
    assert [used.changed for used in unmoved.prices] == [False, False]
    assert unmoved.prices[0].title == book.default("primary").title
    assert unmoved.currency == book.currency


def test_a_price_moves_money_only(ask: Ask) -> None:
    asked = ask()
    answer = asked.service.simulate(asked.base.with_values(archive_cost_per_gb_month=0.5))
    assert not answer.archived.change.point.any()
    assert answer.money is not None
    assert answer.money.break_even == "never"
    assert answer.trust.colour == "green"
    (part,) = answer.contributions
    assert (part.lever, part.archived_gb) == ("archive_cost_per_gb_month", 0)
    assert part.saved_cost == pytest.approx(answer.money.total.change.point)


def test_what_was_never_measured_is_not_answered(ask: Ask) -> None:
    asked = ask("no_savings")
    answer = asked.service.simulate(
        asked.base.with_values(avg_file_size_mb=asked.base.values["avg_file_size_mb"] * 1.5)
    )
    assert (answer.savings, answer.savings_total, answer.money, answer.by_type) == (None, None, None, ())
    assert "savings_gb" in answer.money_note
    assert np.isnan(answer.contributions[0].savings_gb)
    assert answer.archived_total.change.point > 0


def test_caveats(ask: Ask) -> None:
    calendar = ask("calendar")
    size = calendar.base.values["avg_file_size_mb"]
    assert any("low evidence" in note for note in simulate_notes(calendar, avg_file_size_mb=size * 1.1))
    assert simulate_notes(calendar) == ()
    no_stock = ask("no_stock")
    assert any("backlog is used up" in note for note in simulate_notes(no_stock))
    demo = ask()
    assert any("mix hardly moved" in note for note in simulate_notes(demo, pct_pdf=0.1))
    bare = ask("bare")
    assert any("only prices and recall" in note for note in simulate_notes(bare, recall_ratio_per_month=0.1))
    assert bare.service.simulate(bare.base).trust.colour == "green"
    moved = no_stock.base.with_values(archive_frequency_per_day=1.0)
    assert no_stock.service.simulate(moved).trust.colour == "amber"


def simulate_notes(asked, **moved: float) -> tuple[str, ...]:
    return asked.service.simulate(asked.base.with_values(**moved)).notes


def test_the_past_is_what_was_measured(ask: Ask) -> None:
    asked = ask("ended")
    past = asked.service.simulate(asked.base).past
    assert np.array_equal(past.months, asked.view.history.months)
    assert np.array_equal(past.archived_gb[-1], asked.view.history.grid("archived_gb")[:, -1].sum())


def test_where_a_number_comes_from(ask: Ask) -> None:
    asked = ask()
    stamp = asked.service.simulate(asked.base).provenance
    assert (stamp.dataset_id, stamp.is_demo, str(stamp.data_to)) == ("demo", True, "2026-10")
    assert (stamp.model_name, stamp.coverage) == ("stock_flow", 0.8)
    assert 0.5 < stamp.measured_coverage <= 1
    assert stamp.months_judged > 100
    assert len(stamp.model_id) == 8


@pytest.mark.parametrize(
    ("change", "words", "month"),
    [
        ([0, 0, 0], "no change", None),
        ([-1, -2, -3], "never", None),
        ([0, 1, 2], "from the first month", 701),
        ([-2, -1, 1], "pays back", 702),
    ],
)
def test_break_even_in_words(change: list[float], words: str, month: int | None) -> None:
    expected = None if month is None else np.datetime64(month, "M")
    assert break_even(np.array(change, float), MONTHS[:3]) == (words, expected)


def test_the_archive_adds_what_it_was_seen_to_add() -> None:
    past = history()
    assert footprint(past) == 1
    frame = past.frame.assign(archive_added_gb=past.frame["archived_gb"] * 0.6)
    frame.loc[3, "archive_added_gb"] = np.nan
    assert footprint(type(past)(frame)) == pytest.approx(0.6)
