"""The age cube as arrays: what a rule is applied to.

In:    an `AgeCube`.
Out:   `Grid`: whole files and bytes by (kind, scope, age); a rule sums the kinds it takes.
Never: loses or doubles a byte.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast_core.inventory.cube import AgeCube
from forecast_core.inventory.policy import Policy

Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]
FILES, BYTES = 0, 1


@dataclass(frozen=True, eq=False)
class Grid:
    """`amounts` is (2, kinds, n, A): files and bytes by kind (type, size class, version), scope, age in months.

    `kind_type`, `kind_class`, `kind_version` (kinds,) describe the kinds.
    """

    scopes: tuple[str, ...]
    kind_type: NDArray[np.str_]
    kind_class: Whole
    kind_version: Whole
    amounts: Whole

    @classmethod
    def of(cls, cube: AgeCube) -> Grid:
        """Return the grid of a cube."""
        cells = cube.cells
        kind, unique = pd.MultiIndex.from_frame(cells[["file_type", "size_class", "version"]]).factorize()
        scope = pd.Index(cube.scopes).get_indexer(cells["scope"])
        amounts = np.zeros((2, len(unique), len(cube.scopes), int(cube.ages.max(initial=0)) + 1), np.int64)
        np.add.at(amounts[FILES], (kind, scope, cube.ages), cells["files"].to_numpy(np.int64))
        np.add.at(amounts[BYTES], (kind, scope, cube.ages), cells["bytes"].to_numpy(np.int64))
        types, classes, versions = (unique.get_level_values(level).to_numpy() for level in range(3))
        return cls(cube.scopes, types.astype(str), classes.astype(np.int64), versions.astype(np.int64), amounts)

    def kinds_of(self, rule: Policy) -> Mask:
        """Return which kinds a rule takes, (kinds,); none where it is off."""
        sized = (self.kind_class >= rule.smallest_class) & (self.kind_class < rule.class_limit)
        typed = ~np.isin(self.kind_type, sorted(rule.types_left_out))
        return sized & typed & (self.kind_version >= rule.keep_versions) & (not rule.is_off)

    def scopes_of(self, rule: Policy) -> Mask:
        """Return which scopes a rule takes, (n,)."""
        return ~np.isin(np.array(self.scopes), sorted(rule.scopes_left_out))

    def taken(self, kinds: Mask) -> Whole:
        """Return files and bytes of some kinds, (2, n, A)."""
        total = np.zeros((2, *self.amounts.shape[2:]), np.int64)
        for kind in np.flatnonzero(kinds):  # one pass and no copy: a tenth of the time of indexing with the mask
            total += self.amounts[:, kind]
        return total

    def only(self, file_type: str) -> Grid:
        """Return the grid of one file type."""
        kinds = self.kind_type == file_type
        return Grid(
            self.scopes, self.kind_type[kinds], self.kind_class[kinds], self.kind_version[kinds], self.amounts[:, kinds]
        )

    @property
    def cells(self) -> int:
        """How many cells hold a file."""
        return int(np.count_nonzero(self.amounts[FILES]))
