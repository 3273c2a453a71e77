"""What a series expects: as on paper, with gaps, with new levels, with too little past."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast_core.drift.expectation import Span, law
from tests.expectation_on_paper import expect


def walk(months: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return 0.03 * np.arange(months) + 0.1 * np.sin(np.arange(months) / 2) + rng.normal(0, 0.05, months).cumsum()


@given(
    seed=st.integers(0, 10_000),
    months=st.integers(8, 60),
    ahead=st.integers(1, 9),
    window=st.sampled_from([1, 3]),
    trend=st.booleans(),
    holes=st.sets(st.integers(0, 59), max_size=6),
)
def test_it_says_what_one_would_reckon_on_paper(
    seed: int, months: int, ahead: int, window: int, trend: bool, holes: set[int]
) -> None:
    window = min(window, ahead)
    values = walk(months + ahead, seed)
    values[[hole for hole in holes if hole < months - 1]] = np.nan
    known = np.flatnonzero(np.isfinite(values[:months]))
    span = Span(months - 1, months + ahead - 1, window, trend)
    found = law(values[None], span)
    observed = values[span.months()].mean()
    if not np.isfinite(found.freedom[0]):
        assert len(known) < 5
        return
    paper = expect(known.tolist(), values[known].tolist(), span.months().tolist(), float(observed), trend=trend)
    assert found.expected[0] == pytest.approx(paper.expected, abs=1e-8)
    assert found.half_width(0.95)[0] == pytest.approx(paper.half_width, rel=1e-6)
    assert found.p_value(np.array([observed]))[0] == pytest.approx(paper.p_value, abs=1e-7)


def test_series_of_a_group_share_what_they_know_of_memory_and_no_more() -> None:
    values = np.stack([walk(30, seed) for seed in range(6)])
    alone, together = law(values, Span(28, 29)), law(values, Span(28, 29), np.zeros(6, int))
    assert np.allclose(together.weight, together.weight[0])
    assert not np.allclose(alone.weight, alone.weight[0])
    assert np.allclose(alone.mean, together.mean)


def test_the_order_of_series_and_their_gaps_do_not_matter() -> None:
    values = np.stack([walk(40, seed) for seed in range(9)])
    values[::2, 5], values[1, :10], values[4, 20:25] = np.nan, np.nan, np.nan
    order = np.random.default_rng(1).permutation(9)
    assert np.allclose(law(values, Span(38, 39)).expected[order], law(values[order], Span(38, 39)).expected)


def test_a_new_level_counts_from_its_month() -> None:
    values = np.r_[np.zeros(24), np.ones(6)] + 0.01 * np.random.default_rng(2).standard_normal(30)
    span = Span(28, 29)
    plain, told = law(values[None], span), law(values[None], span, steps={0: (24,)})
    assert told.expected[0] == pytest.approx(1.0, abs=0.05)
    assert told.spread[0] < plain.spread[0] / 3


def test_a_level_that_has_no_month_yet_cannot_be_judged() -> None:
    found = law(walk(30, 1)[None], Span(28, 29), steps={0: (29,)})
    assert np.isnan(found.p_value(np.array([1.0]))[0])


@pytest.mark.parametrize("known", [0, 1, 4])
def test_too_little_past_has_no_law(known: int) -> None:
    values = np.r_[np.full(20 - known, np.nan), np.arange(known, dtype=float), 1.0]
    assert np.isnan(law(values[None], Span(19, 20)).freedom[0])


def test_a_constant_series_is_not_certain_of_itself_for_nothing() -> None:
    found = law(np.ones((1, 25)), Span(23, 24))
    assert found.p_value(np.array([1.0]))[0] > 0.99
    assert found.p_value(np.array([1.1]))[0] < 1e-6
