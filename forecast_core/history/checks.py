"""What a row must satisfy: one table of rules.

In:    typed rows, the current month.
Out:   faults; rows that break a rule graded ERROR are set aside.
Never: changes a value.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from forecast_core.history import rules
from forecast_core.history.faults import Faults, Rule
from forecast_core.history.panel import ALL, NUMERIC
from forecast_core.schema import column, shares

SHARE_TOLERANCE = 0.005
SAVINGS_TOLERANCE = 0.001


@dataclass(frozen=True)
class RowRule:
    """A rule, the columns it needs, and the mask of rows that break it."""

    rule: Rule
    needs: tuple[str, ...]
    broken: Callable[[pd.DataFrame], pd.Series[bool]]


def _share_sum(rows: pd.DataFrame) -> pd.Series[float]:
    return rows.reindex(columns=list(shares())).sum(axis=1)


def _strange_year(rows: pd.DataFrame) -> pd.Series[bool]:
    return rows["month"].notna() & ~rows["month"].dt.year.between(*rules.YEARS)


def savings_exceed(rows: pd.DataFrame) -> pd.Series[bool]:
    """Return where more was freed than archived, rounding allowed for."""
    return rows["savings_gb"] > rows["archived_gb"] * (1 + SAVINGS_TOLERANCE) + 1e-9


ROW_RULES: tuple[RowRule, ...] = (
    RowRule(rules.SCOPE_MISSING, ("scope",), lambda rows: rows["scope"] == ""),
    RowRule(rules.SCOPE_RESERVED, ("scope",), lambda rows: rows["scope"].str.upper() == ALL),
    RowRule(rules.SCOPE_TOO_LONG, ("scope",), lambda rows: rows["scope"].str.len() > rules.LONGEST_SCOPE),
    RowRule(rules.YEAR_OUT_OF_RANGE, ("month",), _strange_year),
    RowRule(rules.FUTURE_MONTH, ("month",), lambda rows: (rows["month"] > rows["now"]) & ~_strange_year(rows)),
    RowRule(rules.UNFINISHED_MONTH, ("month",), lambda rows: rows["month"] == rows["now"]),
    RowRule(rules.SHARES_ABOVE_ONE, ("total",), lambda rows: rows["total"] > 1 + SHARE_TOLERANCE),
    RowRule(rules.SAVINGS_ABOVE_ARCHIVED, ("savings_gb", "archived_gb"), savings_exceed),
    RowRule(rules.ARCHIVED_UNKNOWN, ("archived_gb",), lambda rows: rows["archived_gb"].isna()),
)


def check_rows(rows: pd.DataFrame, today: np.datetime64, faults: Faults, *, apart: Set[str] = frozenset()) -> None:
    """Tell every row that is out of bounds or breaks a rule; `apart` are flows labelled with another month."""
    for name in (name for name in NUMERIC if name in rows):
        _check_bounds(rows, name, faults)
    seen = rows.assign(now=today.astype("datetime64[M]").astype("datetime64[s]"), total=_share_sum(rows))
    for item in ROW_RULES:
        if set(item.needs) <= set(seen.columns) and len(apart & set(item.needs)) in (0, len(item.needs)):
            broken = item.broken(seen).fillna(False)
            if item.rule is rules.ARCHIVED_UNKNOWN:  # a cell that is no number is told as such, not as empty
                broken &= ~faults.aside
            faults.mark(item.rule, broken, _named(seen[broken]))


def _check_bounds(rows: pd.DataFrame, name: str, faults: Faults) -> None:
    declared = column(name)
    values = rows[[name]].set_axis(["value"], axis=1).assign(column=name)
    above = replace(rules.SHARE_OUT_OF_RANGE if declared.kind == "share" else rules.ABSURD_SIZE, column=name)
    limit = declared.upper + (SHARE_TOLERANCE if declared.kind == "share" else 0.0)
    if declared.kind != "share":
        above = replace(above, allowed=f"up to {declared.upper:,.0f} {declared.unit}")
    faults.mark(replace(rules.NEGATIVE, column=name), rows[name] < declared.lower, values)
    faults.mark(above, rows[name] > limit, values)


def _named(rows: pd.DataFrame) -> pd.DataFrame:
    """The cells a sentence may name; months as text."""
    return rows.assign(month=rows["month"].dt.strftime("%Y-%m"))
