"""SharePoint's pool: only what lies above the licensed quota is billed, and archived data counts up to it.

In:    active and archived GB, the quota, prices.
Out:   billable GB, the bill, the month in which more storage must be bought.
Never: bills a tenant that is under its quota.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast_core.months import Months

Array = NDArray[np.float64]
POOL_BASE_GB, POOL_PER_LICENCE_GB = 1024.0, 10.0
VERSION_METHODS = ("full copies", "differences")


def pool_gb(licences: int) -> float:
    """Return the storage that eligible licences include: 1 TB and 10 GB for each."""
    return POOL_BASE_GB + POOL_PER_LICENCE_GB * licences


def billable_active(active_gb: Array, quota_gb: float) -> Array:
    """Return active GB that are billed: what lies above the quota."""
    return np.maximum(active_gb - quota_gb, 0)


def billable_archived(active_gb: Array, archived_gb: Array, quota_gb: float) -> Array:
    """Return archived GB that are billed: what makes active and archived together exceed the quota."""
    return np.minimum(archived_gb, np.maximum(active_gb + archived_gb - quota_gb, 0))


def sharepoint_bill(active_gb: Array, archived_gb: Array, quota_gb: float, prices: tuple[float, float]) -> Array:
    """Return a month's bill; `prices` of active and archived per GB and month."""
    active, archived = np.asarray(active_gb, float), np.asarray(archived_gb, float)
    extra = prices[0] * billable_active(active, quota_gb)
    return np.asarray(extra + prices[1] * billable_archived(active, archived, quota_gb))


@dataclass(frozen=True)
class PoolStory:
    """What archiving does to a pool: `crossed_without` and `crossed_with` are the first months above the quota."""

    quota_gb: float
    active_now_gb: float
    crossed_without: np.datetime64 | None
    crossed_with: np.datetime64 | None
    avoided_from: np.datetime64 | None
    peak_avoided_gb: float

    @property
    def is_under_today(self) -> bool:
        """Whether the tenant pays nothing for extra storage at the start."""
        return self.active_now_gb <= self.quota_gb


def pool_story(active_without_gb: Array, active_with_gb: Array, quota_gb: float, months: Months) -> PoolStory:
    """Return the story of a pool from active GB (H,) without and with archiving."""
    without, with_ = active_without_gb > quota_gb, active_with_gb > quota_gb
    avoided = billable_active(active_without_gb, quota_gb) - billable_active(active_with_gb, quota_gb)
    return PoolStory(
        quota_gb=quota_gb,
        active_now_gb=float(active_without_gb[0]),
        crossed_without=_first(without, months),
        crossed_with=_first(with_, months),
        avoided_from=_first(avoided > 0, months),
        peak_avoided_gb=float(avoided.max(initial=0)),
    )


def _first(where: NDArray[np.bool_], months: Months) -> np.datetime64 | None:
    found = np.flatnonzero(where)
    return months[found[0]] if len(found) else None


def version_gb(content_gb: float, versions: float, change_ratio: float, method: str) -> float:
    """Return what old versions take: full copies, or differences of `change_ratio` of the content each.

    >>> round(version_gb(20, 200, 0.05, "full copies")), round(version_gb(20, 200, 0.05, "differences"))
    (4000, 200)
    """
    if method not in VERSION_METHODS:
        raise ValueError(f"{method!r} is not one of {VERSION_METHODS}")
    return content_gb * versions * (1.0 if method == VERSION_METHODS[0] else change_ratio)


def trimmed_gb(
    content_gb: float, versions: tuple[float, float], change_ratio: float, retained_ratio: float, method: str
) -> float:
    """Return what trimming from so many versions to so many frees; retention holds `retained_ratio` of it back."""
    before, after = (version_gb(content_gb, count, change_ratio, method) for count in versions)
    return max(before - after, 0.0) * (1 - retained_ratio)
