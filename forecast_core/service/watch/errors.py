"""How wrong past forecasts were, one month ahead: those frozen then, and before them what the backtest would have said.

In:    what was learned, frozen forecasts.
Out:   `Past`: what was said and what came, by scope and for ALL.
Never: counts a forecast that had seen its month.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from forecast_core.drift.accuracy import LEAST_ERRORS, RANGE
from forecast_core.drift.track import Said
from forecast_core.history import History
from forecast_core.months import Months
from forecast_core.service.learned import Learned

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Past:
    """Arrays (n + 1, T) over the months of a history, the last row ALL; NaN where unknown.

    `errors` is log(actual / said), floors added to both; `frozen` whether it was said then.
    """

    scopes: tuple[str, ...]
    months: Months
    said: Array
    actual: Array
    errors: Array
    frozen: NDArray[np.bool_]

    def outside(self, trained: int) -> Array:
        """Return 1 where what came was outside the 90 % range of errors up to `trained`, 0 inside, NaN unknown."""
        usual = self.errors[:, : trained + 1]
        count = np.isfinite(usual).sum(axis=1)
        sure = np.where(np.isfinite(usual), usual, 0.0)
        mean = sure.sum(axis=1) / np.maximum(count, 1)
        apart = np.where(np.isfinite(usual), usual - mean[:, None], 0.0)
        freedom = np.maximum(count - 1, 1)
        half = special.stdtrit(freedom, (1 + RANGE) / 2) * np.sqrt((apart**2).sum(axis=1) / freedom * (1 + 1 / freedom))
        far = np.abs(self.errors - mean[:, None]) > half[:, None]
        known = np.isfinite(self.errors) & (count >= LEAST_ERRORS)[:, None]
        return np.where(known, far.astype(float), np.nan)


def past_forecasts(learned: Learned, history: History, said: Iterable[Said]) -> Past:
    """Return what was said one month ahead of every month of `history`; a frozen forecast goes before the backtest."""
    scopes, months = history.scopes, history.months
    rows = [learned.history.scopes.index(scope) for scope in scopes]
    point = np.full((len(scopes) + 1, len(months)), np.nan)
    frozen = np.zeros_like(point, dtype=bool)
    rolled = learned.race.champion.rolled
    if rolled is not None:
        at = (rolled.months_ahead(0) - months[0]).astype(int)
        inside = (at >= 0) & (at < len(months))
        point[:-1, at[inside]] = rolled.predicted_archived[inside][:, rows, 0].T
    actual = np.array(history.grid("archived_gb"))
    known = np.isfinite(point[:-1]) & np.isfinite(actual)
    point[-1] = np.where(known.any(axis=0), np.where(known, point[:-1], 0).sum(axis=0), np.nan)
    whole = np.where(known.any(axis=0), np.where(known, actual, 0).sum(axis=0), np.nan)
    place = {scope: row for row, scope in enumerate(scopes)}
    for each in said:
        if each.ahead == 1 and months[0] <= each.month <= months[-1]:
            row, column = place.get(each.scope, len(scopes)), int((each.month - months[0]).astype(int))
            point[row, column], frozen[row, column] = each.archived_gb, True
    summed = np.where(np.isfinite(actual).any(axis=0), np.nansum(actual, axis=0), np.nan)
    came = np.concatenate([actual, np.where(frozen[-1], summed, whole)[None]])
    floor = learned.calibration.take(scopes).floor_gb
    floors = np.r_[floor, floor.sum()][:, None]
    return Past((*scopes, "ALL"), months, point, came, np.log((came + floors) / (point + floors)), frozen)
