"""What became of each month's files: the run-off triangle of an estate.

In:    `Cubes`: inventories at several month ends (one is enough, and then nothing can be learned).
Out:   `Triangle`: bytes by scope, month of last change, month end; ratios of cohorts between two ages.
Never: counts files: one bulk change moves hundreds of them and is one fate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast_core.inventory import AgeCube, Cubes

Array = NDArray[np.float64]
OLDEST_COHORT_MONTHS = 120


@dataclass(frozen=True, eq=False)
class Triangle:
    """`bytes_at` (n, cohorts, month ends): NaN where a month end has no inventory.

    Column 0 is the first month end; row 0 the cohort that was `OLDEST_COHORT_MONTHS` old then.
    """

    scopes: tuple[str, ...]
    bytes_at: Array

    @classmethod
    def of(cls, cubes: Cubes) -> Triangle:
        """Return the triangle of the scopes of the last cube."""
        scopes, first = cubes.last.scopes, cubes.months[0]
        width = int((cubes.months[-1] - first).astype(int)) + 1
        table = np.full((len(scopes), width + OLDEST_COHORT_MONTHS, width), np.nan)
        for cube in cubes.cubes:
            column = int((cube.taken_month - first).astype(int))
            _place(table, column, cube, scopes)
        return cls(scopes, table)

    def ratios(self, young: int, old: int) -> Array:
        """Return the share of bytes that cohorts kept from age `young` to `old` months, (n, cohorts); NaN unknown."""
        cohorts, width = self.bytes_at.shape[1:]
        row = np.arange(cohorts)
        start, end = row - OLDEST_COHORT_MONTHS + young, row - OLDEST_COHORT_MONTHS + old
        known = row[(start >= 0) & (end < width)]
        before = self.bytes_at[:, known, start[known]]
        after = self.bytes_at[:, known, end[known]]
        return np.where(before > 0, np.minimum(after / np.where(before > 0, before, 1), 1), np.nan)


def _place(table: Array, column: int, cube: AgeCube, scopes: tuple[str, ...]) -> None:
    scope = pd.Index(scopes).get_indexer(pd.Index(cube.scopes))[cube.scope_codes]
    cohort = column + OLDEST_COHORT_MONTHS - cube.ages
    known = (cohort >= 0) & (scope >= 0)
    at = np.ravel_multi_index((scope[known], cohort[known]), table.shape[:2])
    volume = np.bincount(at, cube.cells["bytes"].to_numpy(float)[known], minlength=table.shape[0] * table.shape[1])
    table[..., column] = volume.reshape(table.shape[:2])
