"""Two states of one estate, differenced: what is new or was changed, what was changed or deleted in between.

In:    the earlier and the later age cube.
Out:   `Difference` by scope; before − left + arrived + found = after, exactly, in files and in bytes.
Never: tells a change from a deletion; without names it cannot be told.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast_core.errors import DataError
from forecast_core.inventory.cube import KEYS, MEASURES, AgeCube


@dataclass(frozen=True)
class Moved:
    """One scope, each as (files, bytes).

    `arrived` were changed or made after the earlier state; `left` were there and were then changed, deleted or moved;
    `found` appeared though they are older than the earlier state: restored, moved in or copied with their dates.
    """

    scope: str
    before: tuple[int, int]
    left: tuple[int, int]
    arrived: tuple[int, int]
    found: tuple[int, int]
    after: tuple[int, int]


def difference(earlier: AgeCube, later: AgeCube) -> tuple[Moved, ...]:
    """Return what moved by scope, the largest movement first; DataError unless `later` is later."""
    if later.taken_month <= earlier.taken_month:
        raise DataError(
            "The two inventories are of the same month or in the wrong order.",
            allowed="an earlier one and a later one",
            hint="Say at which month end each stood so when you upload it.",
        )
    keys = list(KEYS)
    both = earlier.cells.merge(later.cells, on=keys, how="outer", suffixes=("_before", "_after"))
    counts = [f"{measure}_{side}" for measure in MEASURES for side in ("before", "after")]
    both[counts] = both[counts].fillna(0).astype(np.int64)
    is_new = both["modified_month"].to_numpy().astype("datetime64[M]") > earlier.taken_month
    moved = [_moved(str(scope), part, is_new[part.index]) for scope, part in both.groupby("scope")]
    return tuple(sorted(moved, key=lambda item: -(item.left[1] + item.arrived[1] + item.found[1])))


def _moved(scope: str, part: pd.DataFrame, is_new: NDArray[np.bool_]) -> Moved:
    amounts = {}
    for measure in MEASURES:
        before, after = part[f"{measure}_before"].to_numpy(), part[f"{measure}_after"].to_numpy()
        change = after - before
        amounts[measure] = (
            int(before.sum()),
            int(-change[~is_new & (change < 0)].sum()),
            int(change[is_new].sum()),
            int(change[~is_new & (change > 0)].sum()),
            int(after.sum()),
        )
    return Moved(scope, *zip(*amounts.values(), strict=True))
