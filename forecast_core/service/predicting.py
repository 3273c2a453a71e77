"""The next month of rows: the champion, asked where a scope would stand.

In:    checked rows, the views of their scopes.
Out:   `Predictions`.
Never: uses what a data set never measured; gives the mean of scopes the narrow band of their sum.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forecast_core.backtest import Trust
from forecast_core.errors import ModelError
from forecast_core.estimators import Plan
from forecast_core.forecast import COVERAGE, EFFECT_DOUBT, Interval, Luck
from forecast_core.history import ALL
from forecast_core.intervals import bounds
from forecast_core.months import Months
from forecast_core.schema import shares
from forecast_core.service.answers import Provenance
from forecast_core.service.learned import View
from forecast_core.service.rows import FEATURES, Predictions, Row, RowPrediction, as_arrays, checked_rows
from forecast_core.service.simulate import NO_LEVERS, NO_SAVINGS, TOO_BARE

Array = NDArray[np.float64]
Places = NDArray[np.int64]
CHUNK = 500
FILES, SIZE, MIX, FREQUENCY = 0, 1, slice(2, 5), 5
GUARDED = [FILES, SIZE, FREQUENCY]


class Predicting:
    """Answers rows; `look` finds the view of a scope, `scopes` the scopes of a data set, `stamp` a number's origin."""

    def __init__(
        self,
        look: Callable[[str, str], View],
        scopes: Callable[[str], tuple[str, ...]],
        stamp: Callable[[str, View], Provenance],
    ) -> None:
        self._look, self._scopes, self._stamp = look, scopes, stamp

    def predict(self, dataset_id: str, rows: Sequence[Row]) -> Predictions:
        """Return the next month of every row; RowsError lists every fault, NotFoundError for an inventory."""
        scopes = self._scopes(dataset_id)
        whole = self._look(dataset_id, scopes[0])
        checked_rows(rows, [scope for scope in scopes if scope != ALL])
        months, values = as_arrays(rows)
        names = np.array([row.scope for row in rows])
        found: list[RowPrediction | None] = [None] * len(rows)
        for scope in dict.fromkeys(names.tolist()):
            asked = self._look(dataset_id, scope or scopes[0])
            places = np.flatnonzero(names == scope)
            for place, one in zip(places, _answered(asked, months[places], values[places]), strict=True):
                found[place] = one
        return Predictions(
            rows=tuple(one for one in found if one is not None),
            notes=_notes(whole, any(not row.scope for row in rows)),
            provenance=self._stamp(dataset_id, whole),
        )


def _answered(asked: View, months: Months, values: Array) -> list[RowPrediction]:
    """Return the predictions of rows of one view; a view of several scopes answers for the mean of them."""
    scope = asked.scope if len(asked.history.scopes) == 1 else ""
    trusts = _trusts(asked, values)
    found: list[RowPrediction | None] = [None] * len(values)
    for month in np.unique(months):
        places = np.flatnonzero(months == month)
        for part in np.array_split(places, -(-len(places) // CHUNK)):
            doubt = np.array([EFFECT_DOUBT[trusts[place].colour] for place in part])
            archived, savings = _month(asked, month, values[part], doubt)
            freed = savings.intervals() if savings else [None] * len(part)
            for place, gone, free in zip(part, archived.intervals(), freed, strict=True):
                found[place] = RowPrediction(month + 1, scope, gone, free, trusts[place])
    return [one for one in found if one is not None]


@dataclass(frozen=True, eq=False)
class _Bands:
    """Arrays (K,)."""

    point: Array
    lower: Array
    upper: Array

    def intervals(self) -> list[Interval]:
        bands = zip(self.point.tolist(), self.lower.tolist(), self.upper.tolist(), strict=True)
        return [Interval(*band) for band in bands]


def _month(asked: View, month: np.datetime64, values: Array, doubt: Array) -> tuple[_Bands, _Bands | None]:
    """Return archived and freed GB of rows (K, 6) of one month: the mean of scopes, the band of any one of them."""
    flows = asked.model.predict(_plan(asked, month, values))
    archived, freed = flows.archived_gb[:, :, 0], flows.savings_gb[:, :, 0]  # (1 + K, n), the first as it is today
    measured = bool(np.isfinite(freed).all()) and asked.history.knows("savings_gb")
    taken, saved = [], []
    for scope in range(archived.shape[1]):
        luck = _luck_of(asked, scope, len(values))
        point, base = archived[1:, scope][None], np.full((1, len(values)), archived[0, scope])
        paths = luck.moved(luck.archived(base), base, point, doubt)
        taken.append(paths[:, 0])
        if measured:
            ratio = np.divide(freed[1:, scope][None], point, out=np.zeros_like(point), where=point > 0)
            saved.append(luck.freed(paths, ratio)[:, 0])
    return _banded(archived[1:], taken), _banded(freed[1:], saved) if measured else None


def _luck_of(asked: View, scope: int, rows: int) -> Luck:
    """Return the luck of one scope next month, the same for every row; of n scopes each has every n-th path."""
    luck, scopes = asked.luck, asked.history.scopes
    own = slice(scope, None, len(scopes))
    factor = luck.factor[own, scope : scope + 1, :1]
    return replace(
        luck,
        calibration=luck.calibration.take(scopes[scope : scope + 1]),
        factor=np.broadcast_to(factor, (*factor.shape[:2], rows)),
        effect=luck.effect[own],
        saved=luck.saved[own],
    )


def _banded(point: Array, paths: list[Array]) -> _Bands:
    """Return the mean of points (K, n) with the band of all paths, (paths, K) of each scope."""
    lower, upper = bounds(np.concatenate(paths), COVERAGE)
    mean = point.mean(axis=1)
    return _Bands(mean, np.minimum(lower, mean), np.maximum(upper, mean))


def _plan(asked: View, month: np.datetime64, values: Array) -> Plan:
    """Return the plan of a month: question 0 as every scope stands today, then each row (K, 6) in every scope."""
    now, history = asked.now, asked.history
    today = np.where(np.isfinite(now.frequency_per_day), now.frequency_per_day, np.inf)
    rows, scopes = len(values), len(today)
    frequency = np.where(np.isfinite(today), values[:, FREQUENCY, None], np.inf)
    mix = np.broadcast_to(values[:, None, MIX], (rows, scopes, 3)) if history.knows(shares()[0]) else now.mix[None]
    return Plan(
        last_month=month,
        frequency_per_day=np.concatenate([today[None], frequency])[..., None],
        files_ratio=_ratio(values[:, FILES], now.total_files)[..., None],
        growth_added=np.zeros((rows + 1, scopes, 1)),
        size_ratio=_ratio(values[:, SIZE], now.avg_file_size_mb)[..., None],
        mix=np.concatenate([now.mix[None], np.broadcast_to(mix, (rows, scopes, 3))])[:, :, None, :],
    )


def _ratio(asked: Array, today: Array) -> Array:
    """Return (1 + K, n) of what is asked over today's; 1 where a scope's own was never measured."""
    if (today == 0).any():
        raise ModelError(
            "A scope has no files today, so nothing can be said about more of them.", hint="Name another scope."
        )
    known = np.isfinite(today)
    ratio = np.where(known, asked[:, None] / np.where(known, today, 1.0), 1.0)
    return np.concatenate([np.ones((1, len(today))), ratio])


def _trusts(asked: View, values: Array) -> list[Trust]:
    guard = asked.learned.guard
    if guard is None or not asked.history.has_stock:
        return [Trust("amber", TOO_BARE)] * len(values)
    now = asked.now
    if len(asked.history.scopes) > 1:
        return guard.rows(values[:, GUARDED])
    standing = np.column_stack([now.total_files, now.avg_file_size_mb, now.frequency_per_day])[0]
    return guard.rows(values[:, GUARDED], asked.scope, np.nan_to_num(standing))


def _notes(whole: View, for_mean: bool) -> tuple[str, ...]:
    history = whole.history
    unused = [name for name in FEATURES if not history.knows(name)]
    notes = []
    if for_mean and len(history.scopes) > 1:
        notes.append(
            f"Rows without a scope are answered for the mean of the {len(history.scopes)} scopes; "
            "the interval is that of any one of them."
        )
    if unused:
        notes.append(f"This data has no {', '.join(unused)}; what the rows say of it is not used.")
    if not history.knows("savings_gb"):
        notes.append(NO_SAVINGS)
    if whole.effect is None:
        notes.append(NO_LEVERS)
    return tuple(notes)
