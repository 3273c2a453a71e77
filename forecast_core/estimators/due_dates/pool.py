"""What other libraries' files did: a small table that helps where an estate has little past of its own.

In:    ratios kept between two ages, or the shipped numbers.
Out:   `Pool`: eleven typical fates for each pair of ages.
Never: outweighs a handful of the estate's own months.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecast_core.estimators.due_dates.triangle import Triangle

Array = NDArray[np.float64]
AGES = (0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 24, 36, 48, 60)
FATES = 11


@dataclass(frozen=True, eq=False)
class Pool:
    """`fates` by (younger, older) age in months: eleven ratios, evenly spread over what was seen, ascending."""

    fates: Mapping[tuple[int, int], Array]

    @classmethod
    def of(cls, triangles: Sequence[Triangle]) -> Pool:
        """Return the pool of some estates, every cohort month with the same weight."""
        found: dict[tuple[int, int], Array] = {}
        for young, old in age_pairs():
            seen = np.concatenate([triangle.ratios(young, old).ravel() for triangle in triangles] or [np.zeros(0)])
            seen = seen[np.isfinite(seen)]
            found[young, old] = _evenly(seen) if len(seen) else np.ones(0)
        return cls(found)

    @classmethod
    def from_json(cls, table: Mapping[str, Any]) -> Pool:
        """Return the pool of the shipped file."""
        rows = {tuple(map(int, pair.split("-"))): np.array(fates, float) for pair, fates in table["kept"].items()}
        return cls({(pair[0], pair[1]): fates for pair, fates in rows.items()})

    def to_json(self) -> dict[str, list[float]]:
        """Return the numbers as they are shipped, rounded to a thousandth."""
        return {f"{young}-{old}": [round(float(x), 3) for x in fates] for (young, old), fates in self.fates.items()}

    def between(self, young: int, old: int) -> Array:
        """Return the fates between two ages, the next wider pair of the table where it has not that very one."""
        lower = AGES[min(bisect_right(AGES, young) - 1, len(AGES) - 2)]
        upper = AGES[min(bisect_left(AGES, old), len(AGES) - 1)]
        return self.fates.get((lower, upper), np.ones(0))


def age_pairs() -> Iterable[tuple[int, int]]:
    """Yield every pair of ages of the table."""
    return ((young, old) for index, young in enumerate(AGES) for old in AGES[index + 1 :])


def _evenly(seen: Array) -> Array:
    levels = (np.arange(FATES) + 0.5) / FATES
    return np.quantile(seen, levels, method="inverted_cdf")
