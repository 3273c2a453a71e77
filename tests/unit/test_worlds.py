"""The simulated estates of the accuracy bench: no file appears or vanishes, and moving nothing changes nothing."""

from __future__ import annotations

import numpy as np
import pytest

from tests.bench.accuracy.estate import DAYS, Corner, Luck, live
from tests.bench.accuracy.worlds import Moves, stock_flow_world

CORNERS: tuple[Corner, ...] = ("exp", "hard", "hill")


@pytest.mark.parametrize("corner", CORNERS)
def test_a_month_conserves_files(corner: Corner) -> None:
    world = stock_flow_world(7, corner, scopes=5, months=14)
    before = world.estates[-1]
    after, month = live(before, world.frequency[:, -1] * 3, 5, Luck.draw(np.random.default_rng(0), (5,)))
    held = before.files + before.archive.sum(axis=-1)
    expected = held + month.files_created - month.files_deleted
    np.testing.assert_allclose(after.files + after.archive.sum(axis=-1), expected, rtol=1e-12)
    assert (month.files_archived > 0).all()
    assert (after.hot >= 0).all()
    assert (after.eligible >= 0).all()


@pytest.mark.parametrize("corner", CORNERS)
def test_nothing_is_archived_that_is_not_there_or_beyond_the_capacity(corner: Corner) -> None:
    estate = stock_flow_world(8, corner, scopes=4, months=14).estates[-1]
    luck = Luck.draw(np.random.default_rng(1), (4,))
    _, flood = live(estate, np.full(4, 1e9), 5, luck)
    _, trickle = live(estate, np.full(4, 1.0), 5, luck)
    assert (flood.files_archived <= estate.files).all()
    assert (trickle.files_archived <= 1.25 * DAYS).all()
    assert (trickle.savings_gb <= trickle.archived_gb).all()


def test_moving_nothing_is_the_identity() -> None:
    estate = stock_flow_world(9, scopes=3, months=14).estates[-1]
    same = estate.do(files=1.0, size=1.0)
    for name in ("hot", "eligible", "archive", "size_mb"):
        np.testing.assert_array_equal(getattr(same, name), getattr(estate, name))


def test_every_question_meets_the_same_luck() -> None:
    world = stock_flow_world(10, scopes=3, months=16)
    ones = np.ones((2, 1))
    same = world.ahead(12, 3, Moves(ones, ones, ones), draws=4)
    np.testing.assert_array_equal(same[0], same[1])
    doubled = world.ahead(12, 3, Moves(ones, ones, np.array([[1.0], [2.0]])), draws=4)
    np.testing.assert_allclose(doubled[1], 2 * doubled[0], rtol=1e-12)
    faster = world.ahead(12, 1, Moves(np.array([[1.0], [2.0]]), ones, ones), draws=4)
    assert (faster[1] > faster[0]).all()


def test_what_is_seen_is_what_is_but_for_small_errors() -> None:
    world = stock_flow_world(11, scopes=6, months=14, gaps=False)
    files = np.stack([estate.files for estate in world.estates], axis=1)
    np.testing.assert_allclose(world.history.grid("total_files"), files, rtol=0.03)
    np.testing.assert_array_equal(world.history.grid("archived_gb"), world.archived_gb)
    assert len(world.history.frame) == 6 * 14
