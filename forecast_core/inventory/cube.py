"""The age cube: what a file inventory is kept as.

In:    cells with whole numbers of files and bytes, of one month end or of several.
Out:   `AgeCube` (one month end), `Cubes` (several, the last one first in importance), both checked.
Never: keeps names or paths; estimates or rounds a byte.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast_core.errors import NotFoundError, SchemaError
from forecast_core.months import Months
from forecast_core.schema import EMPTY_CLASS, LARGEST_CLASS, type_order

KEYS = ("scope", "file_type", "size_class", "version", "tier", "modified_month")
UNTOLD: dict[str, int | str] = {"version": 0, "tier": ""}
MEASURES = ("files", "bytes")
SNAPSHOT = "snapshot_month"


@dataclass(frozen=True, eq=False)
class AgeCube:
    """Files and bytes of an estate by age, as they stood at the end of `taken_month`.

    `cells`  columns `scope`, `file_type` (str), `size_class` (int: a file of 2^c up to 2^(c+1) − 1 bytes is of class c,
             an empty one of class −1), `version` (int: 0 the current one, 1 the one before …), `tier` (str, "" where
             the source tells none), `modified_month` (datetime64), `files`, `bytes` (int64, ≥ 0); one row per key,
             sorted
    """

    cells: pd.DataFrame
    taken_month: np.datetime64

    @classmethod
    def of(cls, cells: pd.DataFrame, taken_month: np.datetime64) -> AgeCube:
        """Return the cube of raw cells; SchemaError lists what is missing, negative or doubled."""
        full = cells.copy(deep=False)
        for name in UNTOLD.keys() - set(cells.columns):
            full[name] = UNTOLD[name]
        missing = [name for name in (*KEYS, *MEASURES) if name not in full.columns]
        if missing:
            lacking = ", ".join(missing)
            raise SchemaError(f"The age cube lacks the column {lacking}.", allowed=", ".join((*KEYS, *MEASURES)))
        ordered = full[[*KEYS, *MEASURES]].sort_values(list(KEYS)).reset_index(drop=True)
        ordered[list(MEASURES)] = ordered[list(MEASURES)].astype("int64")
        _check(ordered)
        return cls(ordered, taken_month.astype("datetime64[M]"))

    @property
    def total_bytes(self) -> int:
        """Bytes in the cube, exact."""
        return int(self.cells["bytes"].sum())

    @property
    def total_files(self) -> int:
        """Files in the cube, exact."""
        return int(self.cells["files"].sum())

    @cached_property
    def scopes(self) -> tuple[str, ...]:
        """Scope names, sorted."""
        return tuple(sorted(str(name) for name in self.cells["scope"].unique()))

    @cached_property
    def file_types(self) -> tuple[str, ...]:
        """File types, in the order in which they are shown."""
        return tuple(sorted((str(name) for name in self.cells["file_type"].unique()), key=type_order))

    @cached_property
    def scope_codes(self) -> NDArray[np.int64]:
        """Position in `scopes` of each cell."""
        return pd.factorize(self.cells["scope"], sort=True)[0].astype(np.int64)

    @cached_property
    def ages(self) -> NDArray[np.int64]:
        """Age of each cell in months; a file that claims to come from the future is new."""
        modified = self.cells["modified_month"].to_numpy().astype("datetime64[M]")
        return np.maximum((self.taken_month - modified).astype(np.int64), 0)

    def only(self, scopes: Iterable[str]) -> AgeCube:
        """Return the cells of these scopes; NotFoundError names one that is not there."""
        wanted = set(scopes)
        if strangers := sorted(wanted - set(self.scopes)):
            raise NotFoundError(f"There is no scope {strangers[0]!r} in this inventory.", hint=_some(self.scopes))
        return AgeCube(self.cells[self.cells["scope"].isin(wanted)].reset_index(drop=True), self.taken_month)


@dataclass(frozen=True, eq=False)
class Cubes:
    """Age cubes of one estate at successive month ends, in order of time; at least one."""

    cubes: tuple[AgeCube, ...]

    @classmethod
    def of(cls, cells: pd.DataFrame) -> Cubes:
        """Return the cubes of cells with a column `snapshot_month`; SchemaError if one is unsound."""
        if SNAPSHOT not in cells.columns:
            raise SchemaError(f"The cells lack the column {SNAPSHOT}.", allowed=", ".join((SNAPSHOT, *KEYS, *MEASURES)))
        taken = cells[SNAPSHOT].to_numpy().astype("datetime64[M]")
        return cls(tuple(AgeCube.of(cells[taken == month], month) for month in np.unique(taken)))

    @property
    def last(self) -> AgeCube:
        """The newest cube: where questions about the future start."""
        return self.cubes[-1]

    @property
    def months(self) -> Months:
        """Month ends that are known."""
        return np.array([cube.taken_month for cube in self.cubes])

    def until(self, month: np.datetime64) -> Cubes:
        """Return what was known at the end of `month`; SchemaError if nothing was."""
        known = tuple(cube for cube in self.cubes if cube.taken_month <= month)
        if not known:
            raise SchemaError(f"No inventory is known at the end of {month}.", allowed=f"{self.months[0]} or later")
        return Cubes(known)

    def only(self, scopes: Iterable[str]) -> Cubes:
        """Return the cubes of these scopes, as far as each was there already."""
        wanted = tuple(scopes)
        last = self.last.only(wanted)
        before = (cube.only(set(wanted) & set(cube.scopes)) for cube in self.cubes[:-1])
        return Cubes((*before, last))

    def frame(self) -> pd.DataFrame:
        """Return every cell with its `snapshot_month`: what is stored."""
        parts = [cube.cells.assign(**{SNAPSHOT: cube.taken_month.astype("datetime64[s]")}) for cube in self.cubes]
        return pd.concat(parts, ignore_index=True)


def _check(cells: pd.DataFrame) -> None:
    if (cells[list(MEASURES)] < 0).any(axis=None):
        raise SchemaError("The age cube has a negative number of files or bytes.", allowed="0 or more")
    if not cells["size_class"].between(EMPTY_CLASS, LARGEST_CLASS).all():
        raise SchemaError(
            "The age cube has an unknown size class.", allowed=f"{EMPTY_CLASS} … {LARGEST_CLASS}, powers of two"
        )
    if cells.duplicated(list(KEYS)).any():
        raise SchemaError("The age cube has the same cell twice.", hint="Sum the cells of one key before loading.")


def _some(names: tuple[str, ...]) -> str:
    return f"Scopes: {', '.join(names[:8])}."
