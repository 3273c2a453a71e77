"""Better, or lucky? The Diebold-Mariano test and the rule for a live challenger."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from forecast_core.backtest import challenged, contest

RNG = np.random.default_rng(4)
WEAK = RNG.uniform(0.8, 1.2, 12)


def test_the_statistic_by_hand() -> None:
    """HLN for one step: t = mean / sqrt(var / n) · sqrt((n − 1) / n), against Student's t with n − 1."""
    champion, challenger = np.array([1.0, 1.2, 0.9, 1.1]), np.array([0.8, 1.1, 0.85, 0.7])
    won = champion - challenger
    variance = float(((won - won.mean()) ** 2).mean()) / 4
    by_hand = stats.t.sf(np.sqrt(3 / 4) * won.mean() / np.sqrt(variance), 3)
    found = contest(champion, challenger)
    assert found.p == pytest.approx(by_hand)
    assert found.better == pytest.approx(won.sum() / champion.sum())
    assert found.months == 4 and found.is_early


def test_a_clear_win_counts_and_a_month_of_luck_does_not() -> None:
    assert contest(WEAK, WEAK * 0.8).is_won
    lucky = WEAK.copy()
    lucky[3] = 0.0
    found = contest(WEAK, lucky)
    assert found.better > 0.05 and not found.is_won


def test_noise_is_called_a_win_about_one_time_in_twenty() -> None:
    rng = np.random.default_rng(7)
    pairs = rng.exponential(1.0, (2000, 2, 12))
    alarms = np.mean([contest(one, other).p < 0.05 for one, other in pairs])
    assert 0.02 < alarms < 0.08


def test_overlapping_losses_are_not_independent() -> None:
    rng = np.random.default_rng(11)
    slow = 0.1 + np.convolve(rng.normal(0, 1, 30), np.ones(6) / 6, "valid")
    assert contest(slow + 5, np.full(len(slow), 5.0), steps=6).p != contest(slow + 5, np.full(len(slow), 5.0)).p


def test_the_same_model_twice_is_no_contest() -> None:
    found = contest(WEAK, WEAK)
    assert found.better == 0 and found.p == 1.0 and not found.is_won


def test_unknown_months_are_left_out() -> None:
    holed = WEAK.copy()
    holed[2] = np.nan
    assert contest(holed, WEAK * 0.8).months == 11
    assert contest(np.full(3, np.nan), np.ones(3)).months == 0


def test_a_live_challenger_needs_five_per_cent_and_significance() -> None:
    assert challenged(WEAK, WEAK * 0.9, None).replaces
    little = challenged(WEAK, WEAK * 0.97, None)
    assert not little.replaces and "5 % is asked" in little.reason
    wild = challenged(WEAK, WEAK + np.tile([-0.9, 0.7], 6), None)
    assert not wild.replaces and "may be luck" in wild.reason


@pytest.mark.parametrize(("months", "replaces"), [(0, False), (5, False), (6, True), (40, True)])
def test_a_champion_stays_six_months(months: int, replaces: bool) -> None:
    found = challenged(WEAK, WEAK * 0.5, months)
    assert found.replaces is replaces
    assert ("stays 6 months" in found.reason) is not replaces
