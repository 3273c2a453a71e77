"""Sums of errors and of what they are errors of, by row of the table, model and world."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass
class Tally:
    """Each figure is a ratio of two sums within a world, averaged over worlds, so that no large world rules."""

    sums: dict[tuple[str, str], dict[str, Array]] = field(default_factory=lambda: defaultdict(dict))

    def errors(self, row: str, model: str, world: str, predicted: Array, actual: Array) -> None:
        """Add Σ|predicted − actual| over Σ|actual| of what is known of both."""
        known = np.isfinite(predicted) & np.isfinite(actual)
        self.count(row, model, world, np.abs(predicted - actual)[known].sum(), np.abs(actual)[known].sum())

    def count(self, row: str, model: str, world: str, above: float, below: float) -> None:
        """Add to numerator and denominator."""
        before = self.sums[row, model].get(world, np.zeros(2))
        self.sums[row, model][world] = before + np.array([above, below])

    def rows(self) -> list[str]:
        """Rows in the order of their first entry."""
        return list(dict.fromkeys(row for row, _ in self.sums))

    def models(self) -> list[str]:
        """Models in the order of their first entry."""
        return list(dict.fromkeys(model for _, model in self.sums))

    def by_world(self, row: str, model: str) -> dict[str, float]:
        """Return the figure of each world."""
        found = self.sums.get((row, model), {})
        return {world: float(above / below) for world, (above, below) in found.items() if below > 0}

    def value(self, row: str, model: str) -> float:
        """Return the mean over worlds; NaN where nothing was counted."""
        found = self.by_world(row, model)
        return float(np.mean(list(found.values()))) if found else float("nan")
