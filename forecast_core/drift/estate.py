"""An inventory watched over time: how many files, how cold, of what type; and what vanished.

In:    age cubes of successive month ends.
Out:   a `Panel` of their shape, for the same check as any input; `Vanished` files between two month ends.
Never: calls files gone that were only changed: those are young again and still there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast_core.drift.inputs import Input, Panel, transformed
from forecast_core.history import ALL
from forecast_core.inventory import AgeCube, Cubes

Array = NDArray[np.float64]
COLD_MONTHS = 12
MOST_TYPES = 4
BYTES_PER_GB = 2**30

FILES = Input("estate_files", "Files in the inventory", "files", "amount")
SIZE = Input("estate_mean_mb", "Average file size", "MB", "amount")
AGE = Input("estate_age_months", "Average age of a file", "months", "amount")
COLD = Input("estate_cold_share", f"Share of GB untouched for {COLD_MONTHS} months", "percent", "share")


def estate_panel(cubes: Cubes) -> Panel:
    """Return files, mean size, mean age, cold share and the shares of the largest types, by scope and for ALL.

    Months without an inventory are unknown. A scope that has no files yet is unknown.
    """
    months = np.arange(cubes.months[0], cubes.months[-1] + 1)
    types = _largest_types(cubes.last)
    inputs = (FILES, SIZE, AGE, COLD, *(_share_of(name) for name in types))
    scopes = cubes.last.scopes
    raw = np.full((len(scopes) + 1, len(inputs), len(months)), np.nan)
    for cube in cubes.cubes:
        at = int((cube.taken_month - months[0]).astype(int))
        raw[:, :, at] = _shape_of(cube, scopes, types)
    groups = np.r_[np.tile(np.arange(len(inputs)), len(scopes)), np.arange(len(inputs)) + len(inputs)]
    return Panel((*scopes, ALL), months, raw, transformed(raw, inputs), groups, scopes, inputs)


def _share_of(file_type: str) -> Input:
    return Input(f"estate_share_{file_type}", f"Share of {file_type} files", "percent", "share")


def _largest_types(cube: AgeCube) -> tuple[str, ...]:
    files = cube.cells.groupby("file_type")["files"].sum().sort_values(ascending=False)
    return tuple(str(name) for name in files.index[:MOST_TYPES])


def _shape_of(cube: AgeCube, scopes: tuple[str, ...], types: tuple[str, ...]) -> Array:
    """Return the inputs of every scope and of ALL, (n + 1, inputs)."""
    cells = cube.cells.assign(age=cube.ages)
    whole = [_one(cells, types)]
    by_scope = {str(name): part for name, part in cells.groupby("scope")}
    return np.array([*(_one(by_scope.get(name, cells.iloc[:0]), types) for name in scopes), *whole])


def _one(cells: pd.DataFrame, types: tuple[str, ...]) -> list[float]:
    files, size = cells["files"].to_numpy(float), cells["bytes"].to_numpy(float)
    if files.sum() <= 0:
        return [float("nan")] * (4 + len(types))
    age = cells["age"].to_numpy(float)
    kind = cells["file_type"].to_numpy()
    can_be_cold = size.sum() > 0 and age.max() >= COLD_MONTHS  # a young estate has nothing that could be
    cold = size[age >= COLD_MONTHS].sum() / size.sum() if can_be_cold else float("nan")
    mean_age = max(float((files * age).sum() / files.sum()), 0.5)
    shares = [float(files[kind == name].sum() / files.sum()) for name in types]
    return [float(files.sum()), float(size.sum() / files.sum() / 2**20), mean_age, float(cold), *shares]


@dataclass(frozen=True)
class Vanished:
    """Files of an earlier month end that are not there, or not that old, at the next: deleted, or changed since.

    `changed_at_most` of them can have been changed: as many young files are there now.
    """

    scope: str
    month: np.datetime64
    files: int
    gb: float
    changed_at_most: int

    @property
    def deleted_at_least(self) -> int:
        """How many are certainly gone."""
        return max(self.files - self.changed_at_most, 0)


def vanished(before: AgeCube, after: AgeCube) -> tuple[Vanished, ...]:
    """Return what vanished between two month ends, by scope."""
    return tuple(
        _vanished(scope, _of(before, scope), _of(after, scope), before.taken_month, after.taken_month)
        for scope in sorted(set(before.scopes) | set(after.scopes))
    )


def _of(cube: AgeCube, scope: str) -> pd.DataFrame:
    return cube.cells[cube.cells["scope"] == scope]


def _vanished(
    scope: str, before: pd.DataFrame, after: pd.DataFrame, then: np.datetime64, now: np.datetime64
) -> Vanished:
    keys = ["file_type", "size_class", "version", "modified_month"]
    old = after[after["modified_month"].to_numpy().astype("datetime64[M]") <= then]
    both = before.set_index(keys)[["files", "bytes"]].sub(old.set_index(keys)[["files", "bytes"]], fill_value=0)
    gone = both.clip(lower=0).sum()
    young = int(after["files"].sum()) - int(old["files"].sum())
    return Vanished(scope, now, int(gone["files"]), float(gone["bytes"]) / BYTES_PER_GB, young)


def largest_loss(lost: Sequence[Vanished]) -> Vanished | None:
    """Return where most files vanished, None where none did."""
    return max((item for item in lost if item.files), key=lambda item: item.files, default=None)
