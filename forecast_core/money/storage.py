"""Stored data only: what primary no longer costs, less what the archive costs; fast enough for every move of a lever.

In:    GB freed and GB added to the archive per month, a recall ratio, two prices; any leading shape.
Out:   `StorageLedger`: stocks and money per month and so far.
Never: nets the two sides before each has its own price.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class StorageLedger:
    """Arrays (…, H) in GB at month end and in the book's currency per month.

    `net_saved_cost` is primary saved less archive cost; `cumulative_saved_cost` is its running sum.
    """

    freed_stock_gb: Array
    archive_stock_gb: Array
    primary_saved_cost: Array
    archive_cost: Array
    net_saved_cost: Array
    cumulative_saved_cost: Array


def storage_ledger(
    freed_gb: Array, added_gb: Array, recall_ratio: Array, primary_cost: Array, archive_cost: Array
) -> StorageLedger:
    """Return the bill.

    S_m = S_{m−1}·(1 − recall) + freed_m, A_m likewise from what the archive added; a month is billed for its month-end
    stock: saved_m = S_m · primary price − A_m · archive price. Prices and recall are (…, H), broadcast to the flows.
    """
    freed = _kept(freed_gb, recall_ratio)
    added = _kept(added_gb, recall_ratio)
    saved, cost = freed * primary_cost, added * archive_cost
    net = saved - cost
    return StorageLedger(freed, added, saved, cost, net, np.cumsum(net, axis=-1))


def _kept(flow_gb: Array, recall_ratio: Array) -> Array:
    """Return the stock that a flow builds up when a share of it returns every month."""
    recall = np.broadcast_to(recall_ratio, np.broadcast_shapes(flow_gb.shape, np.shape(recall_ratio)))
    if not np.any(recall_ratio):
        return np.cumsum(np.broadcast_to(flow_gb, recall.shape), axis=-1)
    stock = np.empty(recall.shape)
    held = np.zeros(recall.shape[:-1])
    for month in range(recall.shape[-1]):
        held = held * (1 - recall[..., month]) + flow_gb[..., month]
        stock[..., month] = held
    return stock


def pays_back(cumulative_cost: Array) -> int | None:
    """Return the first month (index) from which a running sum that was below zero is not below it again; None if never.

    0 when it never was below zero.
    """
    below = np.flatnonzero(cumulative_cost < -1e-9)
    if not len(below):
        return 0
    after = int(below[-1]) + 1
    return after if after < len(cumulative_cost) else None
