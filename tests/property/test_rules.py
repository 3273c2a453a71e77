"""A rule applied to files: nothing is lost, nothing comes early, and more is never less."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from forecast_core.inventory import BYTES, FILES, Change, Grid, Policy, due, released, within, within_by_kind, work_off
from tests.cubes import Cell, cells, grid, rules

MONTHS = 30
UNLIMITED = 2**61


def total(found: Grid) -> np.ndarray:
    return found.amounts.sum(axis=(1, 3))


def archived(found: Grid, change: Change, room: int = UNLIMITED, ramp: int = 0) -> np.ndarray:
    """Return files and bytes archived so far, (2, n, MONTHS)."""
    falling = due(found, change, MONTHS)
    rooms = np.full((len(found.scopes), MONTHS), room)
    return np.cumsum(work_off(falling, change.start, rooms, ramp).archived, axis=-1)


@given(cells(), rules(), rules(), st.integers(1, 40), st.floats(0, 1))
def test_every_byte_ends_somewhere_and_only_once(
    found: list[Cell], before: Policy, after: Policy, start: int, share: float
) -> None:
    estate = grid(found)
    falling = due(estate, Change(before, after, start), MONTHS, lambda ages, months: np.full((1, len(ages)), share))
    parts = (falling.gone, falling.at_once.sum(-1), falling.monthly.sum(-1), falling.left.sum(-1), falling.stays)
    assert np.array_equal(np.sum(parts, axis=0), total(estate))
    assert all((part >= 0).all() for part in parts)


@given(cells(), rules(), rules(), st.integers(1, 40))
def test_by_scope_and_by_kind_the_same_is_taken(found: list[Cell], before: Policy, after: Policy, start: int) -> None:
    estate, change = grid(found), Change(before, after, start)
    by_scope, by_kind = (view(estate, change, MONTHS).sum(axis=1) for view in (within, within_by_kind))
    assert np.array_equal(by_scope, by_kind)


@given(cells(), rules(), rules(), st.integers(1, 40), st.integers(0, 10**10), st.integers(0, 12))
def test_what_falls_due_is_archived_or_waits(
    found: list[Cell], before: Policy, after: Policy, start: int, room: int, ramp: int
) -> None:
    estate = grid(found)
    falling = due(estate, Change(before, after, start), MONTHS)
    taken = work_off(falling, start, np.full((len(estate.scopes), MONTHS), room), ramp)
    so_far = np.cumsum(released(falling, start), axis=-1)
    assert np.array_equal(np.cumsum(taken.archived, axis=-1) + taken.waiting, so_far)
    assert (taken.archived >= 0).all()
    assert (taken.waiting >= 0).all()


@given(cells(), rules(), st.integers(0, 59), st.integers(1, 20), st.integers(0, 10**10))
def test_a_higher_age_never_archives_more_by_any_month(
    found: list[Cell], rule: Policy, age: int, start: int, room: int
) -> None:
    estate = grid(found)
    young, old = (Change(Policy(), replace(rule, age_months=months), start) for months in (age, age + 1))
    assert (archived(estate, young, room) >= archived(estate, old, room)).all()


@given(cells(), rules(), rules(), st.integers(1, 20), st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_cap_only_delays(found: list[Cell], before: Policy, after: Policy, start: int, room: int, more: int) -> None:
    estate, change = grid(found), Change(before, after, start)
    tight, wide, open_ = (archived(estate, change, files) for files in (room, room + more, UNLIMITED))
    assert (tight <= wide).all()
    assert (wide <= open_).all()
    assert (np.diff(tight[FILES], axis=-1, prepend=0) <= room).all()


@given(cells(), rules(), st.integers(1, 12), st.integers(1, 12))
def test_a_ramp_ends_where_the_flush_does(found: list[Cell], rule: Policy, start: int, ramp: int) -> None:
    estate, change = grid(found), Change(Policy(), rule, start)
    at_once, slowly = archived(estate, change), archived(estate, change, ramp=ramp)
    assert (slowly <= at_once).all()
    assert np.array_equal(slowly[..., -1], at_once[..., -1])


@given(cells(), st.integers(0, 60), st.integers(0, 60), st.integers(1, 20))
def test_two_rules_in_sequence_are_the_later_one_once_it_has_caught_up(
    found: list[Cell], first: int, second: int, start: int
) -> None:
    """From its start month on, a stricter later rule has taken what it would have taken all along."""
    assume(second <= first)
    estate = grid(found)
    both = due(estate, Change(Policy(first), Policy(second), start), MONTHS)
    alone = due(estate, Change(Policy(), Policy(second)), MONTHS)
    in_sequence = both.gone[..., None] + np.cumsum(released(both, start), axis=-1)
    at_once = np.cumsum(released(alone, 1), axis=-1)
    assert np.array_equal(in_sequence[..., start - 1 :], at_once[..., start - 1 :])


@given(cells(), rules())
def test_the_same_rule_goes_on_without_a_break(found: list[Cell], rule: Policy) -> None:
    estate = grid(found)
    falling = due(estate, Change(rule, rule, 5), MONTHS)
    again = due(estate, Change(rule, rule, 1), MONTHS)
    assert not falling.at_once.any()
    assert np.array_equal(falling.monthly, again.monthly)
    assert np.array_equal(falling.gone, again.gone)


@given(cells(), rules(), st.integers(1, 5))
def test_scopes_do_not_touch_each_other(found: list[Cell], rule: Policy, start: int) -> None:
    estate = grid(found)
    whole = due(estate, Change(Policy(), rule, start), MONTHS).monthly
    for row, scope in enumerate(estate.scopes):
        alone = due(grid([cell for cell in found if cell[0] == scope]), Change(Policy(), rule, start), MONTHS)
        assert np.array_equal(alone.monthly[BYTES, 0], whole[BYTES, row])
