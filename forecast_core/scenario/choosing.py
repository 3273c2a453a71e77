"""The best of many policies: whole numbers, switches and amounts at once, under limits.

In:    a measure of policies, the dimensions they differ in.
Out:   `Chosen`: the best one inside its limits, and every policy that was looked at.
Never: knows what is measured; calls a policy best that breaks a limit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
# Policies (K, d) → what they gain (K,), and by how much they break each limit (K, c), 0 or less where they keep it.
Measure = Callable[[Array], tuple[Array, Array]]
Report = Callable[[int, int], None]
GENERATIONS, MEMBERS, FEWEST = 30, 6, 24


@dataclass(frozen=True, eq=False)
class Dimensions:
    """What policies differ in, (d,): bounds, whether only whole numbers count, and policies to begin with (k, d)."""

    lower: Array
    upper: Array
    whole: NDArray[np.bool_]
    begin: Array


@dataclass(frozen=True, eq=False)
class Chosen:
    """`best` (d,), None where every policy breaks a limit; all that were looked at (K, d), with gain and breaches."""

    best: Array | None
    policies: Array
    gains: Array
    over: Array


class _Looked:
    """Measures each policy once."""

    def __init__(self, measure: Measure, dimensions: Dimensions) -> None:
        self._measure, self._dimensions = measure, dimensions
        self.known: dict[bytes, tuple[Array, float, Array]] = {}

    def at(self, policies: Array) -> tuple[Array, Array]:
        """Return gains and breaches of policies (K, d)."""
        if not policies.size:  # scipy asks so where no member of a generation keeps the limits
            return np.zeros(0), np.zeros((0, 0))
        rows = np.where(self._dimensions.whole, np.rint(policies), policies)
        fresh = [row for row in np.unique(rows, axis=0) if row.tobytes() not in self.known]
        if fresh:
            gains, over = self._measure(np.array(fresh))
            for row, gain, breach in zip(fresh, gains, over, strict=True):
                self.known[row.tobytes()] = (row, float(gain), breach)
        found = [self.known[row.tobytes()] for row in rows]
        return np.array([each[1] for each in found]), np.stack([each[2] for each in found])


def choose(measure: Measure, dimensions: Dimensions, report: Report, seed: int = 0) -> Chosen:
    """Return the policy that gains most inside its limits."""
    looked = _Looked(measure, dimensions)
    _, over = looked.at(dimensions.begin)
    if np.any(dimensions.upper > dimensions.lower):
        _evolve(looked, dimensions, over.shape[1], report, seed)
    policies, gains, over = (np.array([each[part] for each in looked.known.values()]) for part in range(3))
    kept = (over <= 1e-9).all(axis=1)
    best = policies[np.flatnonzero(kept)[int(np.argmax(gains[kept]))]] if kept.any() else None
    return Chosen(best, policies, gains, over)


def _evolve(looked: _Looked, dimensions: Dimensions, limits: int, report: Report, seed: int) -> None:
    """Look at policies generation by generation, each a mixture of the better ones before."""
    from scipy.optimize import Bounds, NonlinearConstraint, differential_evolution  # slow to import

    count = len(dimensions.lower)
    done = 0

    def loss(columns: Array) -> Any:
        return -looked.at(columns.T)[0]

    def over(columns: Array) -> Array:
        broken = looked.at(np.atleast_2d(columns.T))[1].T
        return broken if columns.ndim > 1 else broken[:, 0]

    def told(intermediate_result: Any) -> None:
        nonlocal done
        done += 1
        report(done, GENERATIONS)

    differential_evolution(
        loss,
        Bounds(dimensions.lower, np.maximum(dimensions.upper, dimensions.lower + 1e-9)),
        constraints=NonlinearConstraint(over, -np.inf, np.zeros(limits)),
        integrality=dimensions.whole,
        init=_first(dimensions, seed),
        vectorized=True,
        updating="deferred",
        maxiter=GENERATIONS,
        polish=False,
        rng=np.random.default_rng(seed),
        callback=told,
        tol=0,
        atol=-1,  # a first generation in which nothing is archived is all alike, and no reason to stop
        popsize=max(MEMBERS, -(-FEWEST // count)),
    )


def _first(dimensions: Dimensions, seed: int) -> Array:
    """Return the first generation: what was given to begin with, and an even spread over everything else."""
    from scipy.stats import qmc

    count = len(dimensions.lower)
    size = max(MEMBERS * count, FEWEST)
    spread = qmc.LatinHypercube(count, rng=np.random.default_rng(seed)).random(size)
    policies = dimensions.lower + spread * (dimensions.upper - dimensions.lower)
    given = np.clip(dimensions.begin, dimensions.lower, dimensions.upper)[:size]
    policies[: len(given)] = given
    return np.asarray(policies)
