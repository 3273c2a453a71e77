"""Whatever is looked for: reached within a thousandth, inside the bounds, or the nearest there is."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast_core.scenario.choosing import Dimensions, choose
from forecast_core.scenario.search import TOLERANCE, Array, Box, Measure, seek

weights = st.lists(st.floats(0.2, 3.0), min_size=1, max_size=4)


def box(count: int, digits: int = 6) -> Box:
    names = tuple("abcd"[:count])
    return Box(
        names, np.zeros(count), np.full(count, 10.0), np.full(count, 2.0), np.full(count, digits), np.zeros(count, bool)
    )


def curved(weight: Array, asked: Box) -> Measure:
    """Return a rising, bending measure with the change of the levers as its cost."""

    def measure(settings: Array) -> tuple[Array, Array]:
        together = 0.1 * settings.prod(axis=1) ** (1 / len(weight))
        return (np.sqrt(settings) * weight).sum(axis=1) + together, asked.change(settings)

    return measure


@given(weights, st.floats(0.05, 1.4))
@settings(max_examples=25)
def test_a_target_is_met_or_the_nearest_is_named(weight: list[float], share: float) -> None:
    asked = box(len(weight))
    measure = curved(np.array(weight), asked)
    (here,), (most,) = measure(asked.start[None, :])[0], measure(asked.upper[None, :])[0]
    target = float(here + share * (most - here))
    found = seek(measure, asked, target).found
    again = float(measure(found.at[None, :])[0][0])
    assert again == found.value
    assert ((found.at >= asked.lower) & (found.at <= asked.upper)).all()
    if share <= 0.99:
        assert found.reached and abs(again - target) <= TOLERANCE * target
    elif share > 1.01:
        assert not found.reached and again == np.max([again, most * (1 - 1e-6)])


@given(weights, st.floats(0.1, 0.9))
@settings(max_examples=15)
def test_nothing_cheaper_is_found_by_chance(weight: list[float], share: float) -> None:
    asked = box(len(weight))
    measure = curved(np.array(weight), asked)
    (here,), (most,) = measure(asked.start[None, :])[0], measure(asked.upper[None, :])[0]
    target = float(here + share * (most - here))
    found = seek(measure, asked, target).found
    tried = np.random.default_rng(1).uniform(0, 10, (20_000, len(weight)))
    values, costs = measure(tried)
    reaching = values >= target
    assert found.cost <= costs[reaching].min() * 1.02 + 1e-6 if reaching.any() else True


@given(weights)
@settings(max_examples=10)
def test_the_other_ways_reach_the_target_too(weight: list[float]) -> None:
    asked = box(len(weight))
    measure = curved(np.array(weight), asked)
    (here,), (most,) = measure(asked.start[None, :])[0], measure(asked.upper[None, :])[0]
    target = float(0.5 * (here + most))
    result = seek(measure, asked, target)
    assert len(result.alone) == len(weight)
    for place, way in enumerate(result.alone):
        others = np.arange(len(weight)) != place
        assert np.allclose(way.at[others], asked.start[others])
    for way in result.as_good:
        assert abs(way.value - target) <= 2 * TOLERANCE * target
        assert way.cost >= result.found.cost * 0.98


def test_at_most_is_at_least_turned_round() -> None:
    asked = box(2)

    def measure(settings: Array) -> tuple[Array, Array]:
        return 100 - settings.sum(axis=1), asked.change(settings)

    found = seek(measure, asked, 90.0, at_most=True).found
    assert found.reached and abs(found.value - 90) < 0.1
    assert np.allclose(found.at, 5.0, atol=0.1)
    assert seek(measure, asked, 99.0, at_most=True).was_there
    assert not seek(measure, asked, 50.0, at_most=True).found.reached


def test_shares_never_add_up_to_more_than_there_is() -> None:
    asked = Box(
        ("p", "d"), np.zeros(2), np.ones(2), np.array([0.2, 0.3]), np.array([4, 4]), np.zeros(2, bool), (0, 1), 0.9
    )

    def measure(settings: Array) -> tuple[Array, Array]:
        return settings @ np.array([1.0, 2.0]), asked.change(settings)

    found = seek(measure, asked, 1.6).found
    assert found.reached and found.at.sum() <= 0.9


def test_whole_numbers_stay_whole() -> None:
    asked = Box(("a", "b"), np.zeros(2), np.array([24.0, 10.0]), np.array([3.0, 2.0]), np.array([0, 4]),
                np.array([True, False]))  # fmt: skip

    def measure(settings: Array) -> tuple[Array, Array]:
        assert (settings[:, 0] % 1 == 0).all()
        return settings[:, 0] * 2 + settings[:, 1], asked.change(settings)

    found = seek(measure, asked, 30.0).found
    assert found.reached and found.value >= 30 * (1 - TOLERANCE)


def test_the_best_policy_is_that_of_looking_at_them_all() -> None:
    lower, upper, whole = np.zeros(3), np.array([3.0, 20.0, 50.0]), np.array([True, True, False])

    def measure(policies: Array) -> tuple[Array, Array]:
        tier, age, rate = policies.T
        gain = 10 * tier - 0.02 * (age - 7) ** 2 + rate - 0.02 * rate**2 - 8 * (tier == 3)
        return gain, np.stack([rate - 20, age - 15], axis=1)

    told = []
    chosen = choose(measure, Dimensions(lower, upper, whole, np.array([[0.0, 12.0, 5.0]])), lambda *at: told.append(at))
    assert chosen.best is not None
    tiers, ages, rates = np.meshgrid(np.arange(4), np.arange(16), np.linspace(0, 20, 81), indexing="ij")
    every = np.stack([tiers.ravel(), ages.ravel(), rates.ravel()], axis=1)
    best = measure(every)[0].max()
    assert measure(chosen.best[None, :])[0][0] >= best - 0.05
    assert told[-1][0] >= 20


def test_limits_that_nothing_keeps_are_said() -> None:
    dimensions = Dimensions(np.zeros(1), np.ones(1), np.array([False]), np.array([[0.5]]))
    chosen = choose(lambda rows: (rows[:, 0], np.ones((len(rows), 1))), dimensions, lambda *_: None)
    assert chosen.best is None and len(chosen.policies) > 5
