"""What a checked month cannot show alone: gaps, strange levels, what the frequency column really is.

In:    one row per scope and month.
Out:   faults; the stock without what was archived, if it still counted that; whether the frequency is observed.
Never: fills a gap or rescales a scope.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast_core.history import rules
from forecast_core.history.checks import savings_exceed
from forecast_core.history.choices import Choices
from forecast_core.history.faults import Faults, counted
from forecast_core.history.gather import KEY
from forecast_core.months import days_in_month

SHOWN_MONTHS = 8
FAR_FACTOR = 3.0
NEAREST_FACTOR = 100.0
JUMP_FACTOR = 1.5
MANY_SCOPES = 3
HOLDS_TOLERANCE = 1.02
OBSERVED_SPREAD = 0.01
OBSERVED_ROWS = 6

Units = tuple[str, ...]

# What a column may be in when its values are 1024, 1024² … times too small or too large.
UNITS: dict[str, tuple[Units, Units]] = {
    "avg_file_size_mb": (("GB", "TB"), ("KB", "bytes")),
    "archived_gb": (("TB", "PB"), ("MB", "KB", "bytes")),
}


def check_months(frame: pd.DataFrame, faults: Faults) -> None:
    """Tell what only the series shows; `frame` is sorted by scope and month."""
    known = frame[frame["archived_gb"].notna()].groupby("scope").size()
    longest = int(known.max()) if len(known) else 0
    if longest < rules.ENOUGH_MONTHS:
        faults.say(rules.FEW_MONTHS, count=counted(longest, "month"))
    _check_gaps(frame, faults)
    for name in UNITS:
        if name in frame:
            _check_level(frame, name, faults)
    if "avg_file_size_mb" in frame:
        _check_jumps(frame, "avg_file_size_mb", faults)
    _check_stock_holds(frame, faults)


def _check_gaps(frame: pd.DataFrame, faults: Faults) -> None:
    month = pd.Series(_months(frame), index=frame.index)
    step = month.groupby(frame["scope"]).diff()
    broken = frame["scope"].isin(frame.loc[step > 1, "scope"])
    cases = []
    for scope, have in month[broken].groupby(frame["scope"][broken]):
        lacking = np.setdiff1d(np.arange(have.min(), have.max() + 1), have).astype("datetime64[M]")
        shown = ", ".join(map(str, lacking[:SHOWN_MONTHS])) + (" …" if len(lacking) > SHOWN_MONTHS else "")
        count = counted(len(lacking), "month")
        cases.append({"rows": len(lacking), "scope": scope, "count": count, "months": shown, "month": str(lacking[0])})
    faults.say_each(rules.GAP, cases)


def _check_level(frame: pd.DataFrame, name: str, faults: Faults) -> None:
    """Scopes whose median stands apart from the others by about 1024 or 1024²; of two nobody knows which is wrong."""
    level = np.log(frame[name].where(frame[name] > 0)).groupby(frame["scope"]).median().dropna().sort_values()
    if len(level) < MANY_SCOPES:
        return
    away = level - level.median()
    cluster = (level.diff() > np.log(NEAREST_FACTOR)).cumsum()
    power = (away.abs() / np.log(1024)).round().astype(int)
    off = (away.abs() - power * np.log(1024)).abs() < np.log(FAR_FACTOR)
    apart = (power > 0) & off & (cluster != cluster.iloc[(len(level) - 1) // 2])
    rows = frame.groupby("scope").size()
    cases = []
    for scope in apart.index[apart]:
        side, guesses = ("smaller", UNITS[name][0]) if away[scope] < 0 else ("larger", UNITS[name][1])
        times, guess = int(power[scope]), guesses[min(int(power[scope]), len(guesses)) - 1]
        cases.append(
            {
                "rows": int(rows[scope]),
                "scope": scope,
                "column": name,
                "factor": 1024**times,
                "side": side,
                "guess": guess,
            }
        )
    faults.say_each(rules.UNIT_SUSPECT, cases)


def _check_jumps(frame: pd.DataFrame, name: str, faults: Faults) -> None:
    """Months whose value is about 1024 times the scope's own median, up or down."""
    level = np.log(frame[name].where(frame[name] > 0))
    away = (level - level.groupby(frame["scope"]).transform("median")).abs()
    odd = frame[(away - np.log(1024)).abs() < np.log(JUMP_FACTOR)]
    cases = [
        {
            "rows": len(rows),
            "scope": scope,
            "column": name,
            "factor": 1024,
            "count": counted(len(rows), "month"),
            "month": f"{rows['month'].iloc[0]:%Y-%m}",
        }
        for scope, rows in odd.groupby("scope")
    ]
    faults.say_each(rules.UNIT_JUMP, cases)


def _check_stock_holds(frame: pd.DataFrame, faults: Faults) -> None:
    if not {"total_files", "avg_file_size_mb"} <= set(frame.columns):
        return
    held = frame["total_files"] * frame["avg_file_size_mb"] / 1024
    before = held.groupby(frame["scope"]).shift().where(pd.Series(_months(frame)).groupby(frame["scope"]).diff() == 1)
    broken = frame["archived_gb"] > before * HOLDS_TOLERANCE + 1e-9
    if broken.any():
        first = frame[broken].iloc[0]
        faults.say(
            rules.MORE_THAN_STOCK,
            rows=int(broken.sum()),
            count=counted(int(broken.sum()), "month"),
            scope=first["scope"],
            month=f"{first['month']:%Y-%m}",
            value=f"{first['archived_gb']:.4g}",
            stock=f"{before[broken].iloc[0]:.4g}",
        )


def without_impossible_savings(frame: pd.DataFrame, faults: Faults) -> pd.DataFrame:
    """Return the frame with savings unknown where a sum of days, or a shifted label, exceeds what was archived."""
    if "savings_gb" not in frame:
        return frame
    above = savings_exceed(frame)
    if above.any():
        first, count = frame[above].iloc[0], int(above.sum())
        month = f"{first['month']:%Y-%m}"
        faults.say(rules.SAVINGS_DROPPED, rows=count, count=counted(count, "month"), scope=first["scope"], month=month)
    return frame.assign(savings_gb=frame["savings_gb"].where(~above))


def frequency_is_observed(frame: pd.DataFrame, choices: Choices, faults: Faults) -> bool:
    """Whether the frequency follows from the files archived: per day of the month, or per a fixed number of days."""
    if choices.frequency != "auto":
        return choices.frequency == "observed"
    if not {"files_archived", "archive_frequency_per_day"} <= set(frame.columns):
        return False
    per_month = frame["files_archived"] / frame["archive_frequency_per_day"].where(
        frame["archive_frequency_per_day"] > 0
    )
    days = days_in_month(frame["month"].to_numpy().astype("datetime64[M]"))
    found = any(_constant(ratio.dropna()) for ratio in (per_month, per_month / days))
    if found:
        faults.say(rules.FREQUENCY_OBSERVED)
    return found


def _constant(ratio: pd.Series[float]) -> bool:
    middle = ratio.median()
    return len(ratio) >= OBSERVED_ROWS and middle > 0 and (ratio - middle).abs().median() < OBSERVED_SPREAD * middle


def without_archived(frame: pd.DataFrame, faults: Faults) -> pd.DataFrame:
    """Return the frame with what was archived since the first month taken out of the stock."""
    if not {"total_files", "files_archived"} <= set(frame.columns):
        faults.say(rules.STOCK_NEEDS_ARCHIVED)
        return frame
    if frame["files_archived"].isna().any():
        faults.say(rules.STOCK_NEEDS_ARCHIVED)
        return frame
    files = frame["total_files"] - frame.groupby("scope")["files_archived"].cumsum()
    changed = frame.assign(total_files=files.where(files >= 0))
    if "avg_file_size_mb" in frame:
        gone = frame["archived_gb"].fillna(0).groupby(frame["scope"]).cumsum() * 1024
        size = (frame["total_files"] * frame["avg_file_size_mb"] - gone) / files.where(files > 0)
        changed["avg_file_size_mb"] = size.where(size >= 0)
    below = int((files < 0).sum())
    if below:
        faults.say(rules.STOCK_BELOW_ARCHIVED, rows=below, count=counted(below, "month"))
    faults.say(rules.STOCK_CONVERTED)
    return changed


def in_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows sorted by scope and month under a fresh index."""
    return frame.sort_values(KEY, kind="stable").reset_index(drop=True)


def _months(frame: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return frame["month"].to_numpy().astype("datetime64[M]").astype(np.int64)
