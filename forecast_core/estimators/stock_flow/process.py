"""One month of an estate, and many in a row.

In:    parameters and what was or will be set.
Out:   files and GB archived; the backlog after it.
Never: takes more than the backlog, or makes a backlog out of nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast_core.estimators.stock_flow.parameters import MIX_CENTRE, Parameters

Array = NDArray[np.float64]
DELETED_RATIO = 0.005
SURPRISE_EXPONENT = 0.7
JUMP = 0.15
TINY = 1e-12
MOST_RIPENING = 0.6


def saturation(capacity_per_backlog: Array, sharpness: Array) -> Array:
    """Return the share of the backlog that is taken: (1 + x^−q)^(−1/q), between a hard minimum and a hyperbola."""
    with np.errstate(divide="ignore", over="ignore"):
        return (1 + np.maximum(capacity_per_backlog, TINY) ** -sharpness) ** (-1 / sharpness)


def mix_factor(mix_effect: Array, mix: Array) -> Array:
    """Return the effect of the file mix on GB per file; `mix_effect` (…, 3), `mix` (…, n, 3)."""
    return np.exp(((mix - MIX_CENTRE) * mix_effect[..., None, :]).sum(axis=-1))


@dataclass(frozen=True, eq=False)
class Panel:
    """The history as the process sees it; arrays (n, T), month t from what was known when it began.

    `files` (n, T + 1) stock at the end of the month before, the last one today's;
    `capacity` files the archiver was set to take in the month, infinite where no frequency is known;
    `gb_per_file` average size in GB at the end of the month before; `mix` (n, T, 3); `calendar` (T,) 0 … 11;
    `eligible` measured backlog as a share of the stock, NaN where not measured;
    `archived_gb` the target, NaN where unknown; `floor_gb` (n, 1) below which a flow counts as nothing;
    `started` (n, T) whether the scope was seen before the month; `limited` whether the stock is known at all.
    """

    files: Array
    capacity: Array
    gb_per_file: Array
    mix: Array
    calendar: NDArray[np.int64]
    eligible: Array
    archived_gb: Array
    floor_gb: Array
    started: NDArray[np.bool_]
    limited: bool

    def log_ratio(self, predicted_gb: Array, month: int | slice) -> Array:
        """Return log(seen / predicted) above the floor, NaN where nothing was seen."""
        floor = self.floor_gb if isinstance(month, slice) else self.floor_gb[:, 0]
        return np.log((self.archived_gb[:, month] + floor) / (predicted_gb + floor))


def month_flow(params: Parameters, capacity: Array, backlog: Array, limited: bool) -> Array:
    """Return files archived in a month, (…, n): at most the backlog, at most the capacity.

    Where the stock is unknown (`limited` false) nothing limits the archiver but its capacity.
    """
    able = params.able * capacity
    if not limited:
        return np.broadcast_to(able, backlog.shape)
    backlog = np.maximum(backlog, TINY)
    return backlog * saturation(able / backlog, params.corner)


def taken_size(params: Parameters, taken: Array, backlog: Array, size: Array, limited: bool) -> Array:
    """Return the size of the files taken relative to a newly eligible one, (…, n).

    Large files go first: the share φ of the backlog holds φ^ψ of its GB. `size` is the mean of the backlog.
    """
    if not limited:
        return np.ones(np.shape(taken))
    share = np.minimum(np.maximum(taken / np.maximum(backlog, TINY), TINY), 1.0)
    return size * share ** (params.size_exponent - 1)


def month_end_backlog(backlog: Array, hot: Array, archived_files: Array, ripening: Array) -> Array:
    """Return the backlog after the month: what is left, less deletions, plus what ripened of the `hot` files."""
    left = np.maximum(backlog - archived_files, 0)
    return (1 - DELETED_RATIO) * left + ripening * np.maximum(hot, 0)


def month_end_size(backlog: Array, size: Array, left: Array, taken: Array, taken_mean: Array) -> Array:
    """Return the mean size of the backlog after the month: what stays keeps its GB, new files have 1."""
    taken = np.minimum(taken, backlog)
    kept = (1 - DELETED_RATIO) * (backlog - taken)
    content = (1 - DELETED_RATIO) * np.maximum(backlog * size - taken * taken_mean, 0) + left - kept
    return np.minimum(np.maximum(content / np.maximum(left, TINY), 0.0), 1.0)


def follow(params: Parameters, panel: Panel) -> tuple[Array, Array, Array]:
    """Walk through the history; return predicted GB (…, n, T) and the eligible share before it (…, n, T + 1), and the
    mean size of today's backlog relative to a newly eligible file (…, n).

    After each month the backlog falls by what was predicted, corrected by what was seen to the power 0.7.
    A jump of the stock by more than 15 % (a migration) takes its backlog along.
    """
    scopes, months = panel.capacity.shape
    lead = params.level.shape[:-1]
    share = np.broadcast_to(np.exp(params.first_eligible), (*lead, scopes))
    size = np.ones((*lead, scopes))
    season = np.exp(params.season[..., panel.calendar])
    ripening = params.ripening_ratio()
    factor = np.exp(params.level)[..., :, None]
    factor = factor * mix_factor(params.mix, panel.mix.reshape(-1, 3)).reshape(*lead, scopes, months)
    factor = factor * panel.gb_per_file
    predicted = np.empty((*lead, scopes, months))
    shares = np.empty((*lead, scopes, months + 1))
    for month in range(months):
        measured = panel.eligible[:, month]
        share = np.where(np.isnan(measured), share, measured)
        shares[..., month] = share
        files = panel.files[:, month]
        backlog = share * files
        busy = season[..., month, None]
        taken = month_flow(params, panel.capacity[:, month] * busy, backlog, panel.limited)
        taken_mean = taken_size(params, taken, backlog, size, panel.limited)
        predicted[..., month] = taken * taken_mean * factor[..., month]
        if panel.limited:
            surprise = np.exp(np.clip(panel.log_ratio(predicted[..., month], month), -1.6, 0.47))
            seen = taken * np.where(np.isnan(surprise), 1.0, surprise) ** SURPRISE_EXPONENT
            seen = np.minimum(seen, backlog)
            left = month_end_backlog(backlog, files - backlog, seen, np.minimum(ripening * busy, MOST_RIPENING))
            seen_mean = taken_size(params, seen, backlog, size, panel.limited)
            size = np.where(panel.started[:, month], month_end_size(backlog, size, left, seen, seen_mean), size)
            after = _share_of_next(left, files, panel.files[:, month + 1])
            share = np.where(panel.started[:, month], after, share)
    shares[..., months] = share
    return predicted, shares, size


def _share_of_next(backlog: Array, files: Array, next_files: Array) -> Array:
    step = next_files / np.maximum(files, TINY)
    jump = np.where(np.abs(np.log(np.maximum(step, TINY))) > JUMP, np.clip(step, 0.8, 2.0), 1.0)
    return np.clip(backlog * jump / np.maximum(next_files, TINY), 0.001, 0.9)
