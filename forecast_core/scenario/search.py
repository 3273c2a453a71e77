"""Settings that reach a goal at least cost, and what else would do as well.

In:    a measure of settings, a cost of settings, the box they may move in, a target.
Out:   `Sought`: the setting found, or the nearest there is; other ways to the same.
Never: knows what is measured; says reached of a setting that was not measured as it is given out.

Everything is tried in batches: a row is a setting, a column a lever, each from 0 to 1 between its bounds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
# Settings (K, k) in their own units → what is measured (K,) and what it costs (K,).
Measure = Callable[[Array], tuple[Array, Array]]
SPREAD, CROSSINGS, STARTS = 5, 8, 2
HALVINGS, STEP, POLISH = 40, 1e-3, 20
CLOSE = 1e-7
TOLERANCE = 1e-3
TRACED, TRACE_STEP = 20, 0.05
GENERATIONS, MEMBERS = 40, 12


@dataclass(frozen=True, eq=False)
class Box:
    """Levers that may move: bounds, where they stand, decimals that count (k,); `whole` are whole numbers only.

    `shares` are places of levers that may not add up to more than `most`.
    """

    names: tuple[str, ...]
    lower: Array
    upper: Array
    start: Array
    digits: NDArray[np.int64]
    whole: NDArray[np.bool_]
    shares: tuple[int, ...] = ()
    most: float = 1.0

    def settings(self, units: Array) -> Array:
        """Return settings of places in the box (…, k), inside the bounds and rounded as levers are."""
        raw = self.lower + np.clip(units, 0, 1) * (self.upper - self.lower)
        if self.shares:
            total = raw[..., self.shares].sum(axis=-1, keepdims=True)
            given = np.where(total > self.most, raw[..., self.shares] * self.most / np.maximum(total, 1e-12), np.inf)
            raw[..., self.shares] = np.minimum(raw[..., self.shares], given)
        scale = 10.0**self.digits
        rounded = np.round(raw * scale) / scale
        if self.shares:
            floor = np.floor(raw[..., self.shares] * scale[list(self.shares)] + 1e-9)
            rounded[..., self.shares] = floor / scale[list(self.shares)]
        return np.where(self.whole, np.round(rounded), np.clip(rounded, self.lower, self.upper))

    def units(self, settings: Array) -> Array:
        """Return the places of settings in the box."""
        return (settings - self.lower) / np.maximum(self.upper - self.lower, 1e-300)

    def change(self, settings: Array) -> Array:
        """Return how far settings (K, k) are from where the levers stand, (K,): the cost where no other is given."""
        return np.asarray(((self.units(settings) - self.units(self.start)) ** 2).sum(axis=-1))


@dataclass(frozen=True, eq=False)
class Way:
    """A setting (k,), what is measured there, what it costs, and whether that reaches the target."""

    at: Array
    value: float
    cost: float
    reached: bool


@dataclass(frozen=True, eq=False)
class Sought:
    """What was found. `was_there` says that nothing had to move.

    `alone` has for each lever the way of moving only that one; `as_good` the ends of the flattest direction: settings
    as far from the one found as possible that reach the target at little more cost.
    """

    found: Way
    was_there: bool
    alone: tuple[Way, ...]
    as_good: tuple[Way, ...]
    tried: int


@dataclass(eq=False)
class _Goal:
    """The target as something to be raised: `sign` −1 turns at most into at least."""

    measure: Measure
    box: Box
    target: float
    sign: float
    tried: int = 0
    cache: dict[bytes, tuple[float, float]] = field(default_factory=dict)

    def at(self, units: Array) -> tuple[Array, Array]:
        """Return above or below the target (positive: reached) and cost of places (K, k)."""
        if not units.size:  # scipy asks so where no member of a generation keeps the limits
            return np.zeros(0), np.zeros(0)
        settings = self.box.settings(np.atleast_2d(units))
        fresh = [row for row in np.unique(settings, axis=0) if row.tobytes() not in self.cache]
        if fresh:
            values, costs = self.measure(np.array(fresh))
            self.tried += len(fresh)
            for row, value, cost in zip(fresh, values, costs, strict=True):
                self.cache[row.tobytes()] = (float(value), float(cost))
        known = np.array([self.cache[row.tobytes()] for row in settings])
        return self.sign * (known[:, 0] - self.target), known[:, 1]

    def smooth(self, units: Array) -> tuple[Array, Array]:
        """The same without rounding, for slopes."""
        raw = self.box.lower + np.atleast_2d(units) * (self.box.upper - self.box.lower)
        values, costs = self.measure(raw)
        self.tried += len(raw)
        return self.sign * (values - self.target), costs

    def way(self, units: Array) -> Way:
        """Return a place as it is given out."""
        over, cost = self.at(units)
        allowed = TOLERANCE * max(abs(self.target), 1e-9)
        value = self.target + self.sign * float(over[0])
        return Way(self.box.settings(np.atleast_2d(units))[0], value, float(cost[0]), float(over[0]) >= -allowed)


def seek(measure: Measure, box: Box, target: float, *, at_most: bool = False) -> Sought:
    """Return the setting that reaches the target at least cost, or the nearest one; within 0.1 % where it can be met.

    A goal that is reached already moves nothing.
    """
    goal = _Goal(measure, box, target, -1.0 if at_most else 1.0)
    start = np.clip(box.units(box.start), 0, 1)
    here = goal.way(start)
    if here.reached:
        return Sought(here, True, (), (), goal.tried)
    places = _spread(box)
    over, _ = goal.at(places)
    best = _highest(goal, places[int(np.argmax(over))])
    if not best.reached:
        return Sought(best, False, tuple(_alone(goal, start)), (), goal.tried)
    found = _least_whole(goal) if box.whole.any() else _least(goal, start, places[over >= 0])
    others = _flattest(goal, box.units(found.at)) if not box.whole.any() else ()
    return Sought(found, False, tuple(_alone(goal, start)), others, goal.tried)


def _spread(box: Box) -> Array:
    """Return places all over the box, its corners among them."""
    from scipy.stats import qmc  # slow to import, as the searches below

    count = len(box.names)
    corners = np.array(list(product((0.0, 1.0), repeat=count)))
    return np.vstack([corners, qmc.Sobol(count, scramble=False).random_base2(SPREAD)])


def _highest(goal: _Goal, start: Array) -> Way:
    """Return the way that reaches most, from the best place on."""
    if goal.box.whole.any():
        return goal.way(start)

    highest = _downhill(lambda units: -goal.smooth(units)[0][0], lambda units: -_slope(goal, units)[0], start, ())
    ways = (goal.way(start), goal.way(highest))
    return max(ways, key=lambda way: goal.sign * way.value)


def _least(goal: _Goal, start: Array, reaching: Array) -> Way:
    """Return the cheapest way: where straight lines from the start cross the target, then downhill along it."""
    if not len(reaching):
        reaching = goal.box.units(_highest(goal, np.clip(start, 0, 1)).at)[None, :]
    near = reaching[np.argsort(((reaching - start) ** 2).sum(axis=1), kind="stable")][:CROSSINGS]
    crossing = _crossed(goal, start, near)
    _, costs = goal.at(crossing)
    ways = [goal.way(place) for place in crossing]
    for place in crossing[np.argsort(costs, kind="stable")][:STARTS]:
        slid = _slide(goal, place)
        ways.append(goal.way(_crossed(goal, start, _beyond(start, slid)[None, :])[0]))
        ways.append(goal.way(slid))
    reached = [way for way in ways if way.reached] or ways
    return min(reached, key=lambda way: (way.cost, abs(way.value - goal.target)))


def _beyond(start: Array, place: Array) -> Array:
    """Return a place a little further from the start, inside the box, so that the target lies before it."""
    return np.clip(start + 1.05 * (place - start), 0, 1)


def _crossed(goal: _Goal, start: Array, far: Array) -> Array:
    """Return where the lines from the start to places (K, k) reach the target, by false position (Illinois).

    An end that stays put for a second time counts half, or it would hold the other one back.
    """
    low, high = np.zeros(len(far)), np.ones(len(far))
    below, above = np.repeat(goal.at(start)[0], len(far)), goal.at(far)[0]
    enough = CLOSE * max(abs(goal.target), 1e-9)
    moved = np.zeros(len(far))
    for _ in range(HALVINGS):
        span = np.maximum(above - below, 1e-300)
        middle = np.clip(low - below * (high - low) / span, low, high)
        over, _ = goal.at(start + middle[:, None] * (far - start))
        reached = over >= 0
        above = np.where(reached, over, np.where(moved < 0, above / 2, above))
        below = np.where(reached, np.where(moved > 0, below / 2, below), over)
        high, low = np.where(reached, middle, high), np.where(reached, low, middle)
        moved = np.where(reached, 1.0, -1.0)
        if ((np.abs(over) <= enough) | (high - low < CLOSE)).all():
            break
    nearest = np.where(np.abs(above) <= np.abs(below), high, low)
    return np.asarray(start + nearest[:, None] * (far - start))


def _slide(goal: _Goal, place: Array) -> Array:
    """Return the cheapest place near one that keeps to the target."""
    from scipy.optimize import NonlinearConstraint

    scale = max(abs(goal.target), 1e-9)
    over: Any = NonlinearConstraint(
        lambda units: goal.smooth(units)[0] / scale, 0.0, 0.0, jac=lambda units: _slope(goal, units)[0][None, :] / scale
    )
    shares: Any = NonlinearConstraint(lambda units: np.array([_shares(goal.box, units)]), -np.inf, goal.box.most)
    cost = max(abs(float(goal.smooth(place)[1][0])), 1e-9)
    return _downhill(
        lambda units: goal.smooth(units)[1][0] / cost,
        lambda units: _slope(goal, units)[1] / cost,
        place,
        (over, shares) if goal.box.shares else (over,),
    )


def _downhill(cost: Any, slope: Any, place: Array, constraints: Any) -> Array:
    """Return the place in the box to which the cost falls from one; scipy's types know vectors only as a shape."""
    from scipy.optimize import minimize

    start: Any = place
    result = minimize(
        cost, start, jac=slope, bounds=[(0.0, 1.0)] * len(place), constraints=constraints, method="SLSQP",
        options={"maxiter": POLISH, "ftol": 1e-9},
    )  # fmt: skip
    return np.clip(result.x, 0, 1)


def _shares(box: Box, units: Array) -> float:
    raw = box.lower + units * (box.upper - box.lower)
    return float(raw[list(box.shares)].sum())


def _slope(goal: _Goal, units: Array) -> tuple[Array, Array]:
    """Return the slopes of what is measured and of the cost, inside the box, in one batch."""
    steps = STEP * np.eye(len(units))
    above, below = np.clip(units + steps, 0, 1), np.clip(units - steps, 0, 1)
    over, cost = goal.smooth(np.vstack([above, below]))
    count, width = len(units), np.maximum(np.diag(above - below), 1e-12)
    return (over[:count] - over[count:]) / width, (cost[:count] - cost[count:]) / width


def _alone(goal: _Goal, start: Array) -> list[Way]:
    """Return for each lever the way of moving only that one: where it reaches the target, or comes nearest."""
    ways = []
    for lever in range(len(start)):
        ends = np.repeat(start[None, :], 2, axis=0)
        ends[:, lever] = (0.0, 1.0)
        over, _ = goal.at(ends)
        far = ends[int(np.argmax(over))]
        reached = goal.way(far).reached
        ways.append(goal.way(_crossed(goal, start, far[None, :])[0] if reached else far))
    return ways


def _least_whole(goal: _Goal) -> Way:
    """Return the cheapest way where some levers are whole numbers."""
    from scipy.optimize import Bounds, NonlinearConstraint, differential_evolution

    def costs(columns: Array) -> Any:
        return goal.at(columns.T)[1]

    def over(columns: Array) -> Array:
        found = goal.at(np.atleast_2d(columns.T))[0]
        return found[None, :] if columns.ndim > 1 else found

    result = differential_evolution(
        costs,
        Bounds(np.zeros(len(goal.box.names)), np.ones(len(goal.box.names))),
        constraints=NonlinearConstraint(over, 0.0, np.inf),
        vectorized=True,
        updating="deferred",
        maxiter=GENERATIONS,
        popsize=MEMBERS,
        rng=np.random.default_rng(0),
        polish=False,
        tol=1e-6,
    )
    return goal.way(np.asarray(result.x))


def _flattest(goal: _Goal, place: Array) -> tuple[Way, ...]:
    """Return the two ends of the direction along the target in which the cost grows least."""
    if len(place) < 2:
        return ()
    direction = _flat_direction(goal, place)
    ends = (_traced(goal, place, sign * direction) for sign in (1.0, -1.0))
    least = 2 * TRACE_STEP
    ways = [goal.way(end) for end in ends if end is not None and np.abs(end - place).max() > least]
    return tuple(way for way in ways if way.reached)


def _flat_direction(goal: _Goal, place: Array) -> Array:
    """Return the direction in which the target is kept and the cost bends least."""
    rise, dear = _slope(goal, place)
    _, _, rows = np.linalg.svd(rise[None, :] / max(float(np.abs(rise).max()), 1e-12))
    kept = rows[1:]
    price = float(dear @ rise) / max(float(rise @ rise), 1e-12)
    slopes = [_slope(goal, np.clip(place + 10 * STEP * row, 0, 1)) for row in kept]
    bend = np.array([((cost - dear) - price * (over - rise)) @ kept.T for over, cost in slopes])
    values, vectors = np.linalg.eigh((bend + bend.T) / 2)
    return np.asarray(vectors[:, int(np.argmin(values))] @ kept)


def _traced(goal: _Goal, place: Array, direction: Array) -> Array | None:
    """Walk along the target as far as the box goes; None where it ends at once."""
    at, last = place, None
    for _ in range(TRACED):
        moved = np.clip(at + TRACE_STEP * direction, 0, 1)
        over, _ = goal.smooth(moved)
        rise = _slope(goal, moved)[0]
        free = (moved > 0) & (moved < 1)
        steep = float((rise[free] ** 2).sum())
        if steep <= 0:
            break
        back = np.where(free, -float(over[0]) * rise / steep, 0.0)
        moved = moved + back
        if not ((moved >= 0) & (moved <= 1)).all() or float(np.abs(moved - at).max()) < TRACE_STEP / 4:
            break
        at = last = moved
    return last
