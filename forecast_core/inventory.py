"""The age cube: what a file inventory is kept as.

In:    a frame of cells with whole numbers of files and bytes.
Out:   `AgeCube`, checked: (scope, file type, size class, last-modified month) → files, bytes.
Never: keeps names or paths; estimates or rounds a byte.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast_core.errors import SchemaError

KEYS = ("scope", "file_type", "size_class", "modified_month")
MEASURES = ("files", "bytes")


@dataclass(frozen=True, eq=False)
class AgeCube:
    """Files and bytes of an estate by age, as they stood at the end of `taken_month`.

    `cells`  columns `scope`, `file_type` (str), `size_class` (int, exponent of a power of two, bytes),
             `modified_month` (datetime64), `files`, `bytes` (int64, ≥ 0); one row per key, sorted
    """

    cells: pd.DataFrame
    taken_month: np.datetime64

    @classmethod
    def of(cls, cells: pd.DataFrame, taken_month: np.datetime64) -> AgeCube:
        """Return the cube of raw cells; SchemaError lists what is missing, negative or doubled."""
        missing = [name for name in (*KEYS, *MEASURES) if name not in cells.columns]
        if missing:
            lacking = ", ".join(missing)
            raise SchemaError(f"The age cube lacks the column {lacking}.", allowed=", ".join((*KEYS, *MEASURES)))
        ordered = cells[[*KEYS, *MEASURES]].sort_values(list(KEYS)).reset_index(drop=True)
        ordered[list(MEASURES)] = ordered[list(MEASURES)].astype("int64")
        if (ordered[list(MEASURES)] < 0).any(axis=None):
            raise SchemaError("The age cube has a negative number of files or bytes.", allowed="0 or more")
        if ordered.duplicated(list(KEYS)).any():
            raise SchemaError("The age cube has the same cell twice.", hint="Sum the cells of one key before loading.")
        return cls(ordered, taken_month.astype("datetime64[M]"))

    @property
    def total_bytes(self) -> int:
        """Bytes in the cube, exact."""
        return int(self.cells["bytes"].sum())

    @property
    def total_files(self) -> int:
        """Files in the cube, exact."""
        return int(self.cells["files"].sum())
