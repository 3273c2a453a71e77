"""Bands that keep their promise: residuals, paths, luck."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forecast_core.backtest import Rolled, roll
from forecast_core.estimators import MEAN_OF_YEAR
from forecast_core.forecast import Luck, Paths, band, interval
from forecast_core.history import History
from forecast_core.intervals import Calibration, bounds, calibrate, known_at, marginal, measured_coverage
from tests.builders import estate, history


@pytest.fixture(scope="module")
def judged() -> tuple[Rolled, History]:
    past = history()
    return roll(past, MEAN_OF_YEAR, 12), past


@pytest.fixture(scope="module")
def learned(judged: tuple[Rolled, History]) -> Calibration:
    return calibrate(*judged)


def invented(spread: float, seed: int, origins: int = 60, scopes: int = 6) -> tuple[Rolled, History]:
    """Return a backtest whose log errors are normal with a known spread, and a history it could be of."""
    rng = np.random.default_rng(seed)
    past = History.of(estate([f"s{index}" for index in range(scopes)], origins + 26))
    predicted = np.full((origins, scopes, 1), 10.0)
    actual = predicted * np.exp(rng.normal(0, spread, predicted.shape))
    months = past.last_month - origins + np.arange(origins)
    return Rolled(months, predicted, predicted * 0.5, actual, actual * 0.5), past


@pytest.mark.parametrize("spread", [0.1, 0.3, 0.6])
def test_a_band_is_as_wide_as_the_errors_were(spread: float) -> None:
    rolled, past = invented(spread, 1)
    lower, upper = marginal(calibrate(rolled, past), np.full((6, 1), 10.0), 0.8)
    width = np.log(upper / lower).mean()
    assert width == pytest.approx(2 * 1.2816 * spread, rel=0.35)


def test_it_holds_what_it_promises_on_months_it_has_not_seen() -> None:
    rolled, past = invented(0.3, 2)
    share, judged = measured_coverage(rolled, past, 0.8)
    assert judged == 54 * 6
    assert 0.72 < share < 0.92
    assert measured_coverage(rolled, past, 0.95)[0] > share


def test_a_band_at_an_origin_knows_nothing_later(judged: tuple[Rolled, History]) -> None:
    rolled, past = judged
    later = rolled.actual_archived.copy()
    ahead = np.arange(later.shape[2])[None, None, :] + np.arange(len(later))[:, None, None]
    later[np.broadcast_to(ahead >= 8, later.shape)] *= 5
    one, other = (calibrate(known_at(item, 8), past) for item in (rolled, replace(rolled, actual_archived=later)))
    assert np.array_equal(one.quantiles, other.quantiles)
    assert np.array_equal(one.scale, other.scale)


def test_further_ahead_is_less_sure(learned: Calibration) -> None:
    scale = learned.scale_at(60)
    assert (np.diff(scale) > 0).all()
    assert np.array_equal(scale[:12], learned.scale)
    assert scale[59] > scale[11]


def test_paths_follow_the_law_of_each_month(learned: Calibration) -> None:
    paths = learned.relative_paths(12, seed=0, paths=4000)
    assert paths.shape == (4000, 3, 12)
    point = np.full((3, 12), 50.0)
    drawn = bounds(learned.apply(point, np.exp(paths)), 0.8)
    exact = marginal(learned, point, 0.8)
    for here, there in zip(drawn, exact, strict=True):
        assert np.allclose(here, there, rtol=0.08)


def test_months_of_a_path_and_scopes_of_a_month_hang_together(learned: Calibration) -> None:
    paths = learned.relative_paths(12, seed=0, paths=4000)
    assert np.corrcoef(paths[:, 0, 0], paths[:, 0, 11])[0, 1] > 0.05
    assert np.corrcoef(paths[:, 0, 3], paths[:, 1, 3])[0, 1] > 0.1


def test_a_total_is_surer_than_its_months_added_up_but_not_as_if_they_were_independent(learned: Calibration) -> None:
    paths = learned.apply(np.full((3, 12), 50.0), np.exp(learned.relative_paths(12, seed=0, paths=2000)))
    one = paths[:, 0]
    total = np.ptp(bounds(one.sum(axis=1), 0.8))
    monthly = np.subtract(*bounds(one, 0.8)[::-1])
    assert np.sqrt((monthly**2).sum()) < total < monthly.sum()


def test_the_same_seed_draws_the_same_luck(learned: Calibration) -> None:
    assert np.array_equal(learned.relative_paths(6, 7), learned.relative_paths(6, 7))
    assert not np.array_equal(learned.relative_paths(6, 7), learned.relative_paths(6, 8))


def test_some_scopes_keep_their_own_scale(learned: Calibration) -> None:
    part = learned.take(("Sales", "Finance"))
    assert part.scopes == ("Sales", "Finance")
    assert part.scope_scale.tolist() == [learned.scope_scale[2], learned.scope_scale[0]]
    assert part.floor_gb.tolist() == [learned.floor_gb[2], learned.floor_gb[0]]


def test_few_residuals_lean_on_the_prior() -> None:
    past = History.of(estate(["Short"], 11))
    found = calibrate(roll(past, MEAN_OF_YEAR, 12), past)
    assert np.isfinite(found.quantiles).all()
    assert np.isfinite(found.scale).all()
    assert 0.05 < found.scale[0] < 0.3
    assert np.isnan(measured_coverage(roll(past, MEAN_OF_YEAR, 12), past, 0.8)[0])


def test_a_wild_scope_has_a_wider_band() -> None:
    rolled, past = invented(0.1, 3)
    rng = np.random.default_rng(5)
    actual = rolled.actual_archived.copy()
    actual[:, 0] = 10 * np.exp(rng.normal(0, 0.5, actual[:, 0].shape))
    found = calibrate(replace(rolled, actual_archived=actual), past)
    assert found.scope_scale[0] > 1.5 * found.scope_scale[1:].max()


def test_freed_is_doubted_only_where_it_was_measured(learned: Calibration, judged: tuple[Rolled, History]) -> None:
    unknown = np.full_like(judged[0].actual_savings, np.nan)
    assert calibrate(replace(judged[0], actual_savings=unknown), judged[1]).saved_doubt == 0
    noisy = judged[0].actual_savings * np.random.default_rng(0).uniform(0.5, 1.5, unknown.shape)
    assert calibrate(replace(judged[0], actual_savings=noisy), judged[1]).saved_doubt > 0.2
    assert learned.saved_doubt < 0.01


@pytest.fixture(scope="module")
def luck(learned: Calibration) -> Luck:
    return Luck.of(learned, 12, seed=0)


def test_no_change_has_the_luck_of_the_baseline(luck: Luck) -> None:
    point = np.full((3, 12), 20.0)
    assert np.array_equal(luck.moved(luck.archived(point), point, point, 0.5), luck.archived(point))


def test_more_doubt_makes_a_wider_change_but_never_turns_its_sign(luck: Luck) -> None:
    base, more = np.full((3, 12), 20.0), np.full((3, 12), 30.0)
    widths = []
    for doubt in (0.0, 0.3, 0.8):
        change = (luck.moved(luck.archived(base), base, more, doubt) - luck.archived(base)).sum(axis=(1, 2))
        widths.append(float(np.ptp(bounds(change, 0.8))))
        assert bounds(change, 0.8)[0] >= 0
    assert widths == sorted(widths)


def test_freed_paths_never_exceed_archived_ones(luck: Luck) -> None:
    archived = luck.archived(np.full((3, 12), 20.0))
    assert (luck.freed(archived, np.full((3, 12), 0.99)) <= archived).all()


def test_a_band_is_widened_to_hold_its_point() -> None:
    paths = np.random.default_rng(0).normal(5, 0.1, (200, 4))
    found = band(np.array([5.0, 9.0, 1.0, 5.0]), paths)
    assert (found.lower <= found.point).all()
    assert found.upper[1] == 9
    assert found.lower[2] == 1
    alone = interval(9.0, paths[:, 0])
    assert alone.lower < 5.2 < alone.upper == 9
    both = Paths(paths, paths, found.point, found.point)
    assert both.total().baseline.point == pytest.approx(20)
