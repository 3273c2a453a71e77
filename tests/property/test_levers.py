"""How an answer moves with a lever: the right way, every step, and never by a jump."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import Ask
from tests.property.moves import SIZES, estates_with, scenarios, sweep

MONTHS = 60
GROWTH = "growth_ratio_per_month"
PLACES = st.lists(st.floats(0, 1), min_size=6, max_size=12)


@pytest.mark.parametrize(("name", "lever"), estates_with([*SIZES, GROWTH]))
@settings(max_examples=4)
@given(data=st.data())
def test_more_never_archives_less(ask: Ask, name: str, lever: str, data: st.DataObject) -> None:
    """Cumulative archived and freed GB never fall when files, their size, the frequency or the growth rise."""
    asked = ask(name)
    start = data.draw(scenarios(asked.known))
    flows = asked.flows(sweep(asked.known, start, lever, data.draw(PLACES)), MONTHS)
    for grid in (flows.archived_gb, flows.savings_gb):
        total = grid[1:].sum(axis=1).cumsum(axis=1)
        if np.isfinite(total).all():
            assert (np.diff(total, axis=0) >= -1e-9 * total[:-1]).all()


@pytest.mark.parametrize(("name", "lever"), estates_with([*SIZES, GROWTH]))
def test_no_step_of_a_slider_is_dead(ask: Ask, name: str, lever: str) -> None:
    asked = ask(name)
    item = asked.known.by_name(lever)
    at = item.today + item.step * np.arange(-6, 7)
    at = [item.lever.rounded(value) for value in at if item.lower <= value <= item.upper]
    places = [*np.linspace(item.lower, item.upper - item.step, 9), *at]
    here = [asked.base.with_values(**{lever: min(value, item.upper - item.step)}) for value in places]
    there = [scenario.with_values(**{lever: scenario.values[lever] + item.step}) for scenario in here]
    total = asked.archived([*here, *there], 24)[:, -1]
    assert (total[len(here) :] > total[: len(here)]).all()


@pytest.mark.parametrize(("name", "lever"), estates_with(SIZES))
@settings(max_examples=4)
@given(data=st.data(), ratio=st.sampled_from([1 + 1e-4, 1.02, 1.5]))
def test_a_small_step_makes_a_small_change(ask: Ask, name: str, lever: str, data: st.DataObject, ratio: float) -> None:
    """Twice as much of anything archives at most twice as much: no jump anywhere, at any horizon."""
    asked = ask(name)
    item = asked.known.by_name(lever)
    start = data.draw(scenarios(asked.known))
    lower = max(item.lower, item.step)
    value = min(max(start.values[lever], lower), item.upper) / ratio
    here = start.with_values(**{lever: value})
    there = start.with_values(**{lever: value * ratio})
    before, after = asked.archived([here, there], MONTHS)
    moved = there.values[lever] / here.values[lever]
    if asked.base.values[lever] > 0 or lever != "archive_frequency_per_day":
        assert (after <= before * moved * (1 + 1e-9) + 1e-12 * after.max()).all()


@pytest.mark.parametrize(("name", "lever"), estates_with([GROWTH]))
def test_a_step_of_growth_makes_a_small_change(ask: Ask, name: str, lever: str) -> None:
    asked = ask(name)
    item = asked.known.by_name(lever)
    places = np.arange(item.lower, item.upper + 1e-9, item.step)
    total = asked.archived([asked.base.with_values(**{lever: float(value)}) for value in places], 24)[:, -1]
    assert (np.diff(total) <= 24 * item.step * total[1:] + 1e-12).all()


@pytest.mark.parametrize("name", ["demo", "sound", "no_types", "calendar"])
@pytest.mark.parametrize("lever", ["pct_pdf", "pct_docx", "pct_xlsx"])
def test_the_mix_moves_without_jumps(ask: Ask, name: str, lever: str) -> None:
    asked = ask(name)
    free = 1 - sum(asked.base.values[other] for other in ("pct_pdf", "pct_docx", "pct_xlsx") if other != lever)
    places = np.linspace(0, free, 101)
    total = asked.archived([asked.base.with_values(**{lever: float(value)}) for value in places], 12)[:, -1]
    assert np.isfinite(total).all()
    assert (np.abs(np.diff(np.log(total))) < 0.05).all()
