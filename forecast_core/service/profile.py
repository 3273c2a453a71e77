"""A data set at a glance: which months it has, what kinds of files, how large, how old, and what looks unusual.

In:    a checked history or inventory.
Out:   `Profile`: amounts for pictures, and hints.
Never: refuses anything; a hint is no fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast_core.history import History, UsageReading
from forecast_core.inventory import AgeCube, Cubes, Inventory
from forecast_core.months import AVERAGE_DAYS, Months, months_from
from forecast_core.schema import class_from_bytes, shares, type_order

GB = 2**30
MOST_SCOPES, CALENDAR_MONTHS = 12, 60
BANDS = (0, 3, 6, 12, 24, 36, 60, 84, 120)
COLD_MONTHS = 12
SMALL_CLASS = 17  # 128 KiB, the smallest size that cold tiers bill
FEW_FILES = 200
GROWTH, VERSIONS, MANY_VERSIONS = 0.15, 3.0, 20.0


@dataclass(frozen=True)
class Slice:
    """One part of an estate: from `start` (a size in bytes, an age in months, or 0) on."""

    name: str
    files: float
    gb: float
    start: int = 0


@dataclass(frozen=True)
class Hint:
    """Something that is unusual: what was measured, what is usual, what it may mean."""

    code: str
    measured: float
    lower: float
    upper: float
    is_grave: bool = False


@dataclass(frozen=True, eq=False)
class Profile:
    """`calendar` is (scopes, months): GB archived in the month, of an inventory GB last changed in it, NaN if unknown.

    Parts that the source does not tell are empty; `cold_share` of the bytes is unchanged for a year, NaN if unknown.
    """

    scopes: tuple[str, ...]
    months: Months
    calendar: NDArray[np.float64]
    is_inventory: bool
    by_type: tuple[Slice, ...] = ()
    by_size: tuple[Slice, ...] = ()
    by_age: tuple[Slice, ...] = ()
    by_tier: tuple[Slice, ...] = ()
    cold_share: float = float("nan")
    hints: tuple[Hint, ...] = ()


def inventory_profile(inventory: Inventory) -> Profile:
    """Return what an inventory holds at its last month end."""
    cube = inventory.modified.last
    cells = cube.cells.assign(age=cube.ages)
    top = cells.groupby("scope")["bytes"].sum().nlargest(MOST_SCOPES).index.tolist()
    months = months_from(cube.taken_month - (CALENDAR_MONTHS - 1), CALENDAR_MONTHS)
    changed = cells.assign(month=cells["modified_month"].to_numpy().astype("datetime64[M]"))
    total = int(cells["bytes"].sum())
    cold = float(cells.loc[cells["age"] >= COLD_MONTHS, "bytes"].sum()) / total if total else float("nan")
    return Profile(
        scopes=tuple(map(str, top)),
        months=months,
        calendar=_calendar(changed, top, months, "bytes") / GB,
        is_inventory=True,
        by_type=_slices(cells, "file_type", sorted(cells["file_type"].unique(), key=type_order)),
        by_size=_by_size(cells),
        by_age=_by_age(cells),
        by_tier=_slices(cells, "tier", sorted(cells["tier"].unique())) if (cells["tier"] != "").any() else (),
        cold_share=cold,
        hints=tuple(_hints(cells, cold, inventory.modified)),
    )


def history_profile(history: History) -> Profile:
    """Return what a monthly history holds."""
    frame, months = history.frame, history.months[-CALENDAR_MONTHS:]
    top = frame.groupby("scope")["archived_gb"].sum().nlargest(MOST_SCOPES).index.tolist()
    dated = frame.assign(month=frame["month"].to_numpy().astype("datetime64[M]"))
    calendar = np.full((len(top), len(months)), np.nan)
    inside = dated[dated["scope"].isin(top) & (dated["month"].to_numpy() >= months[0])]
    rows = [top.index(scope) for scope in inside["scope"]]
    columns = (inside["month"].to_numpy().astype("datetime64[M]") - months[0]).astype(int)
    calendar[rows, columns] = inside["archived_gb"].to_numpy(float)
    return Profile(tuple(map(str, top)), months, calendar, is_inventory=False, by_type=_mix(history))


def site_activity(reading: UsageReading) -> tuple[Slice, ...]:
    """Return files and GB of sites by months since anybody was active there, on the last day that tells it."""
    active = pd.to_datetime(reading.frame["last_activity"], format="ISO8601", errors="coerce")
    known = reading.frame.assign(active=active).dropna(subset=["active", "files", "bytes"])
    last = known[known["day"] == known["day"].max()]
    days = (last["day"] - last["active"]).dt.days
    return _by_age(last.assign(age=np.maximum(days / AVERAGE_DAYS, 0).astype(int))) if len(last) else ()


def _calendar(cells: pd.DataFrame, top: Iterable[str], months: Months, measure: str) -> NDArray[np.float64]:
    table = cells.pivot_table(index="scope", columns="month", values=measure, aggfunc="sum", observed=True)
    return table.reindex(index=list(top), columns=months.astype("datetime64[s]")).fillna(0).to_numpy(float)


def _slices(cells: pd.DataFrame, column: str, names: Iterable[str]) -> tuple[Slice, ...]:
    wanted = list(names)
    sums = cells.groupby(column)[["files", "bytes"]].sum().reindex(wanted)
    return tuple(
        Slice(str(name), float(files), float(size) / GB)
        for name, files, size in zip(wanted, sums["files"], sums["bytes"], strict=True)
    )


def _by_size(cells: pd.DataFrame) -> tuple[Slice, ...]:
    sums = cells.groupby("size_class")[["files", "bytes"]].sum()
    classes = range(int(sums.index.min()), int(sums.index.max()) + 1)
    full = sums.reindex(classes, fill_value=0)
    return tuple(
        Slice("", float(files), float(size) / GB, class_from_bytes(found))
        for found, files, size in zip(classes, full["files"], full["bytes"], strict=True)
    )


def _by_age(cells: pd.DataFrame) -> tuple[Slice, ...]:
    band = np.searchsorted(BANDS, cells["age"].to_numpy(), side="right") - 1
    sums = cells.groupby(band)[["files", "bytes"]].sum().reindex(range(len(BANDS)), fill_value=0)
    return tuple(
        Slice("", float(files), float(size) / GB, start)
        for start, files, size in zip(BANDS, sums["files"], sums["bytes"], strict=True)
    )


def _mix(history: History) -> tuple[Slice, ...]:
    """Return the files by type at the last month end of each scope, where a history tells them for all."""
    last = history.frame.sort_values("month").groupby("scope").tail(1)
    names = [name for name in shares() if name in last and last[name].notna().all()]
    if not names or "total_files" not in last or last["total_files"].isna().any():
        return ()
    files = {name.removeprefix("pct_"): float((last[name] * last["total_files"]).sum()) for name in names}
    files["other"] = max(float(last["total_files"].sum()) - sum(files.values()), 0.0)
    return tuple(Slice(name, count, float("nan")) for name, count in files.items())


def _hints(cells: pd.DataFrame, cold: float, cubes: Cubes) -> Iterator[Hint]:
    files, total = float(cells["files"].sum()), float(cells["bytes"].sum())
    if files < FEW_FILES or not total:
        return
    small = float(cells.loc[cells["size_class"] < SMALL_CLASS, "files"].sum()) / files
    yield from _outside(Hint("small_files", small, 0.30, 0.75))
    yield from _outside(Hint("cold_share", cold, 0.50, 0.85))
    yield from _outside(Hint("skew", total / files / max(_median_size(cells), 1.0), 5.0, float("inf")))
    video = cells[cells["file_type"] == "video"][["files", "bytes"]].sum()
    if video["files"] / files > 0.02 and video["bytes"] / total < 0.25:
        yield Hint("video", float(video["files"]) / files, 0.0, 0.02)
    current = float(cells.loc[cells["version"] == 0, "bytes"].sum())
    ratio = (total - current) / current if current else 0.0
    if ratio > VERSIONS:
        yield Hint("versions", ratio, 0.0, VERSIONS, is_grave=ratio > MANY_VERSIONS)
    yield from _growth(cubes.cubes)


def _growth(cubes: tuple[AgeCube, ...]) -> Iterator[Hint]:
    if len(cubes) < 2 or not cubes[-2].total_bytes:
        return
    months = max(int((cubes[-1].taken_month - cubes[-2].taken_month).astype(int)), 1)
    rate = (cubes[-1].total_bytes / cubes[-2].total_bytes) ** (1 / months) - 1
    yield from _outside(Hint("growth", rate, -GROWTH, GROWTH))


def _outside(hint: Hint) -> Iterator[Hint]:
    if not hint.lower <= hint.measured <= hint.upper:
        yield hint


def _median_size(cells: pd.DataFrame) -> float:
    """Return the size that half of the files are below, as near as the classes tell."""
    files = cells.groupby("size_class")["files"].sum().sort_index()
    middle = int(files.index[int(np.searchsorted(files.cumsum().to_numpy(), files.sum() / 2))])
    return class_from_bytes(middle) * 1.5
