"""Typed rows to one row per scope and month.

In:    the rows that were not set aside.
Out:   a frame with canonical columns; doubles told, days gathered, labels of the next period shifted.
Never: picks one of two rows that contradict each other.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from forecast_core.history import rules
from forecast_core.history.faults import Faults, counted
from forecast_core.history.panel import NUMERIC
from forecast_core.schema import column

KEY = ["scope", "month"]
FEW_VALUES = 24


@dataclass(frozen=True, eq=False)
class Monthly:
    """One row per scope and month; `from_days` when several days were gathered into a month."""

    frame: pd.DataFrame
    from_days: bool


def set_doubles_aside(rows: pd.DataFrame, cells: pd.DataFrame, faults: Faults) -> None:
    """Tell rows that repeat a scope and day: of equal ones the first is used, of different ones none."""
    usable = rows[~faults.aside & rows["month"].notna()]
    double = usable[usable.duplicated(["scope", "day"], keep=False)]
    if double.empty:
        return
    figures = [name for name in double if name != "month"]
    kinds = (~double.duplicated(figures)).groupby([double["scope"], double["day"]]).transform("sum")
    apart = _told_apart_by(double, cells)
    if apart and len(double) > len(usable) / 2 and (kinds > 1).any():
        found = cells.loc[double.index, apart].unique()
        faults.say(rules.SEVERAL_SERIES, rows=len(double), column=apart, value=", ".join(sorted(found)))
    same = double[kinds == 1].duplicated(["scope", "day"])
    for rule, broken in (
        (rules.DUPLICATE_SAME, same[same].index),
        (rules.DUPLICATE_DIFFERENT, double.index[kinds > 1]),
    ):
        mask = pd.Series(rows.index.isin(broken), index=rows.index)
        faults.mark(rule, mask, double.assign(month=double["month"].dt.strftime("%Y-%m")))
        faults.aside |= mask


def to_months(rows: pd.DataFrame, faults: Faults) -> Monthly:
    """Gather the rows that are not set aside; the rule is the kind of the column."""
    good = rows[~faults.aside].sort_values(["scope", "day"], kind="stable")
    if not good.duplicated(KEY).any():
        return Monthly(good.drop(columns="day").reset_index(drop=True), from_days=False)
    groups = good.groupby(KEY, sort=True)
    parts = {name: _gathered(groups, name) for name in NUMERIC if name in good}
    frame = pd.DataFrame(parts).reset_index()
    faults.say(rules.GATHERED, rows=len(good), taken=counted(len(good), "row"), months=counted(len(frame), "month"))
    _tell_incomplete(rows, good, faults)
    days = rows.loc[rows["day"] <= good["day"].max(), "day"].drop_duplicates().sort_values()
    last = days.iloc[-1]
    if days.diff().median() == pd.Timedelta(days=1) and not last.is_month_end:
        faults.say(rules.MONTH_CUT, value=f"{last:%Y-%m-%d}", month=f"{last:%Y-%m}")
    return Monthly(frame, from_days=True)


def shifted(frame: pd.DataFrame, names: Set[str], today: np.datetime64, faults: Faults) -> pd.DataFrame:
    """Move labels of the next period to the month they are about; the first month's flow is then unknown."""
    for name in sorted(names):
        label = frame[[*KEY, name]].dropna(subset=[name])
        label = label.assign(month=label["month"] + pd.DateOffset(months=1))
        future = label["month"] > today.astype("datetime64[M]").astype("datetime64[s]")
        faults.say(rules.SHIFTED, rows=len(label), column=name)
        if future.any():
            faults.say(
                rules.SHIFTED_FUTURE, rows=int(future.sum()), column=name, count=counted(int(future.sum()), "row")
            )
        frame = frame.drop(columns=name).merge(label[~future], on=KEY, how="outer")
    return frame.assign(month=frame["month"].astype("datetime64[s]"))


def _gathered(groups: pd.api.typing.DataFrameGroupBy[Any, Any], name: str) -> pd.Series[float]:
    kind = column(name).kind
    if kind in ("flow", "extra"):
        return groups[name].sum(min_count=1)
    return groups[name].mean() if kind == "policy" else groups[name].last()


def _told_apart_by(double: pd.DataFrame, cells: pd.DataFrame) -> str:
    """Return the column not used that makes repeated rows different, "" without one."""
    for name in cells.columns:
        values = cells.loc[double.index, name]
        several = values.nunique() in range(2, FEW_VALUES)
        if several and not double.assign(by=values).duplicated(["scope", "day", "by"]).any():
            return str(name)
    return ""


def _tell_incomplete(rows: pd.DataFrame, good: pd.DataFrame, faults: Faults) -> None:
    """Months of several days that lost a row, or a flow that is empty on some days."""
    flows = [name for name in good if name in NUMERIC and column(name).kind == "flow" and good[name].notna().any()]
    partial = good[good[flows].isna().any(axis=1)] if flows else good.head(0)
    lost = rows[faults.aside & rows["month"].notna() & ~rows.duplicated(["scope", "day"])]
    short = pd.concat([partial[KEY], lost[KEY]]).drop_duplicates()
    short = short.merge(good[KEY].drop_duplicates(), on=KEY).sort_values(KEY)
    if len(short):
        first = short.iloc[0]
        faults.say(
            rules.MONTH_INCOMPLETE,
            rows=len(short),
            count=counted(len(short), "month"),
            scope=first["scope"],
            month=f"{first['month']:%Y-%m}",
        )
