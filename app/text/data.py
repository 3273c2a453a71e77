"""What was understood of a file, and how fresh a data set is, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.text.numbers import count, listed, month
from forecast_core.history.choices import OPTIONS as ALLOWED
from forecast_core.months import months_between

if TYPE_CHECKING:
    from forecast_core import DatasetInfo, Issue, Reading

STALE_MONTHS = 2
ALL_SCOPES = "All scopes together"
NOT_USED = "not used"
SEVERITIES = {1: "converted", 2: "look at it", 3: "row set aside", 4: "stops everything"}
CHOICES = {
    "share_unit": "Shares of file types are",
    "date_order": "In dates the first number is",
    "decimal": "The decimal mark is",
    "volume_unit": "Volumes are in",
    "size_unit": "Average sizes are in",
    "frequency": "Files archived per day is",
}
OPTIONS = {
    "auto": "as recognised",
    "percent": "percent (25)",
    "fraction": "fractions (0.25)",
    "dmy": "the day",
    "mdy": "the month",
    ".": "a point",
    ",": "a comma",
    "bytes": "bytes",
    "kb": "KB",
    "mb": "MB",
    "gb": "GB",
    "tb": "TB",
    "policy": "what was set (a policy)",
    "observed": "what was taken (observed)",
}


def scope(name: str) -> str:
    """Return a scope as the picker shows it."""
    return ALL_SCOPES if name == "ALL" else name


def freshness(info: DatasetInfo) -> str:
    """Return `data to Mar 2027 · 12 scopes`."""
    scopes = len([name for name in info.scopes if name != "ALL"])
    return f"data to {month(info.last_month)} · {plural(scopes, 'scope')}"


def stale(info: DatasetInfo, this_month: np.datetime64) -> str:
    """Return how old the data are where that is more than two closed months, "" otherwise."""
    behind = months_between(info.last_month, this_month) - 1
    return f"Data ended {plural(behind, 'month')} ago" if behind > STALE_MONTHS and not info.is_demo else ""


def plural(number: int, word: str) -> str:
    """Return `1 row`, `12 rows`."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def understood(reading: Reading) -> str:
    """Return the sentence on top of what was recognised."""
    if reading.history is None:
        return f"Nothing in {reading.name} can be used yet."
    history = reading.history
    span = f"{month(history.months[0])} to {month(history.last_month)}"
    scopes = plural(len(history.scopes), "scope")
    return f"{plural(reading.rows_used, 'row')} of {reading.name} can be used: {scopes}, {span}."


def counted(reading: Reading) -> str:
    """Return where every row went."""
    gathered = " Daily rows were gathered into months." if reading.aggregated_from_days else ""
    parts = f"{reading.rows_used:,} used + {reading.rows_set_aside:,} set aside"
    return f"{plural(reading.rows_in, 'row')} in the file = {parts}.{gathered}"


def faults(reading: Reading) -> str:
    """Return how many faults of each kind there are."""
    if not reading.issues:
        return "Nothing is wrong with it."
    kinds = {
        kind: sum(1 for issue in reading.issues if int(issue.severity) == kind)
        for kind in sorted(SEVERITIES, reverse=True)
    }
    words = {4: "stops everything", 3: "set rows aside", 2: "to look at", 1: "converted"}
    return "Found: " + listed([f"{count(number)} {words[kind]}" for kind, number in kinds.items() if number]) + "."


def place(issue: Issue) -> str:
    """Return where a fault is: `row 14, pct_pdf: 145`."""
    where = [
        f"row {issue.row}" if issue.row is not None else "",
        issue.scope or "",
        issue.month or "",
        issue.column or "",
    ]
    text = ", ".join(filter(None, where)) or "whole file"
    return f"{text}: {issue.value}" if issue.value not in (None, "") else text


def consent(reading: Reading) -> str:
    """Return what the user agrees to before rows are left out, "" when none are."""
    aside = reading.rows_set_aside
    return f"I have seen that {plural(aside, 'row')} will not be used" if aside else ""


def recognised(reading: Reading) -> str:
    """Return how many headers were recognised."""
    used = sum(1 for item in reading.recognised if item.column)
    return f"{used} of {len(reading.recognised)} recognised"


def choice_options(name: str) -> tuple[str, ...]:
    """Return what may be chosen."""
    return ALLOWED[name]


def column_title(name: str) -> str:
    """Return a canonical column as the mapping shows it."""
    return name or NOT_USED
