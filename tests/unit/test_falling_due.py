"""Which month a file goes: by hand."""

from __future__ import annotations

import numpy as np
import pytest

from forecast_core.inventory import (
    BYTES,
    FILES,
    Change,
    Grid,
    Policy,
    capacity,
    due,
    first_due,
    released,
    within,
    work_off,
)
from tests.cubes import cube, grid, one_scope

ALL_OF_IT = 2**61


def months(found: Grid, change: Change, horizon: int = 4) -> list[int]:
    """Return bytes archived in each month without a cap."""
    return released(due(found, change, horizon), change.start)[BYTES, 0].tolist()


def test_a_file_goes_when_it_was_untouched_for_so_many_months() -> None:
    found = one_scope({5: (1, 50), 6: (1, 60), 7: (1, 70), 3: (1, 30)})
    assert months(found, Change(Policy(), Policy(6))) == [60 + 70 + 50, 0, 30, 0]


def test_what_the_rule_in_force_took_is_gone() -> None:
    found = one_scope({5: (1, 50), 6: (1, 60), 7: (1, 70)})
    falling = due(found, Change(Policy(6), Policy(6)), 4)
    assert falling.gone[BYTES].tolist() == [130]
    assert falling.monthly[BYTES, 0].tolist() == [50, 0, 0, 0]


def test_a_stricter_rule_takes_what_is_late_at_once_and_says_so() -> None:
    found = one_scope({4: (2, 40), 6: (1, 60), 11: (1, 110), 12: (1, 120)})
    falling = due(found, Change(Policy(12), Policy(6)), 4)
    assert falling.gone[BYTES].tolist() == [120]
    assert falling.at_once[:, 0].sum(axis=-1).tolist() == [2, 170]
    assert falling.monthly[BYTES, 0].tolist() == [0, 40, 0, 0]


def test_the_old_rule_works_until_the_new_one_starts() -> None:
    found = one_scope({11: (1, 110), 10: (1, 100), 9: (1, 90)})
    assert months(found, Change(Policy(12), Policy(24), start=3)) == [110, 100, 0, 0]
    assert months(found, Change(Policy(12), Policy(6), start=2)) == [110, 190, 0, 0]


def test_sizes_types_scopes_and_versions_stay_out() -> None:
    rows = [("a", "pdf", 10, 9, 1, 1000), ("a", "docx", 20, 9, 1, 2000), ("b", "pdf", 30, 9, 1, 4000)]
    found = grid(rows)

    def taken(**said: object) -> int:
        return int(within(found, Change(Policy(), Policy(6, **said)), 1)[BYTES].sum())  # type: ignore[arg-type]

    assert taken() == 7000
    assert taken(smallest_class=20) == 6000
    assert taken(class_limit=30) == 3000
    assert taken(types_left_out=frozenset({"pdf"})) == 2000
    assert taken(scopes_left_out=frozenset({"b"})) == 3000
    versions = Grid.of(type(cube(rows)).of(cube(rows).cells.assign(version=[0, 1, 2]), cube(rows).taken_month))
    old = within(versions, Change(Policy(), Policy(6, keep_versions=1)), 1)
    assert old[FILES].sum() == 2


def test_a_library_with_nothing_due_names_the_first_month() -> None:
    found = one_scope({2: (1, 20), 1: (1, 10)})
    change = Change(Policy(), Policy(24))
    assert not released(due(found, change, 12), 1).any()
    assert first_due(found, change) == 22
    assert first_due(found, Change(Policy(), Policy(24, types_left_out=frozenset({"pdf"})))) is None
    assert first_due(found, Change(Policy(), Policy())) is None


def test_what_is_touched_before_is_rounded_to_whole_files_and_booked_as_left() -> None:
    falling = due(one_scope({5: (3, 100)}), Change(Policy(6), Policy(6)), 2, lambda ages, ahead: np.full((1, 6), 0.5))
    assert falling.monthly[:, 0, 0].tolist() == [2, 50]
    assert falling.left[:, 0, 0].tolist() == [1, 50]


def test_the_oldest_go_first_and_a_cohort_in_part_gives_its_share() -> None:
    falling = due(one_scope({8: (4, 400), 9: (2, 1001), 5: (1, 5)}), Change(Policy(), Policy(6)), 4)
    taken = work_off(falling, 1, np.full((1, 4), 3))
    assert taken.archived[FILES, 0].tolist() == [3, 3, 1, 0]
    assert taken.archived[BYTES, 0].tolist() == [1101, 300, 5, 0]
    assert taken.waiting[FILES, 0].tolist() == [4, 1, 0, 0]


def test_a_flush_goes_apart_from_the_cap() -> None:
    falling = due(one_scope({8: (5, 400), 5: (6, 60)}), Change(Policy(), Policy(6)), 3)
    taken = work_off(falling, 1, np.full((1, 3), 2), ramp_months=2)
    assert taken.archived[FILES, 0].tolist() == [2 + 2, 3 + 2, 2]


@pytest.mark.parametrize(("per_day", "files"), [(0.0, 0), (2.5, 77), (np.inf, ALL_OF_IT)])
def test_files_a_day_are_whole_files_a_month(per_day: float, files: int) -> None:
    found = int(capacity(np.array([per_day]), np.array([31.0]))[0])
    assert found == files if np.isfinite(per_day) else found > ALL_OF_IT
