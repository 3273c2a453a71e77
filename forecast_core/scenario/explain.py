"""What moved the result: exact Shapley values over the moved levers.

In:    the answer at every corner (each moved lever at today's or at its new value).
Out:   one contribution per lever, adding up to the whole change.
Never: samples; levers that belong together are made one player by the caller.
"""

from __future__ import annotations

from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def corners(players: int) -> list[frozenset[int]]:
    """Return every subset of the players, the empty one first and the full one last."""
    return [frozenset(subset) for size in range(players + 1) for subset in combinations(range(players), size)]


def shapley(values: Array, players: int) -> Array:
    """Return contributions of shape (players, …) from values of shape (2^players, …) in the order of `corners`."""
    order = corners(players)
    at = {subset: values[index] for index, subset in enumerate(order)}
    shares = np.zeros((players, *values.shape[1:]))
    for subset in order:
        for player in set(range(players)) - subset:
            weight = factorial(len(subset)) * factorial(players - len(subset) - 1) / factorial(players)
            shares[player] += weight * (at[subset | {player}] - at[subset])
    return shares
