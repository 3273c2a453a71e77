"""The one mechanism by which a fault is told: named row by row while few, once with a count when many.

In:    rules, and the rows that break them.
Out:   `Issue` lines, and the rows to set aside.
Never: changes a value.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from forecast_core.schema import Issue, Severity

NAMED_ROWS = 20
SHOWN_CHARACTERS = 60


@dataclass(frozen=True)
class Rule:
    """What a fault is called, how much it matters, and the three parts of its sentence.

    `what` may hold `{value}` and the names of columns; they are filled in from the row.
    `once`: one line however few rows break it.
    """

    severity: Severity
    code: str
    what: str
    allowed: str = ""
    hint: str = ""
    column: str = ""
    once: bool = False


class Faults:
    """The faults of one file and the rows they set aside.

    `labels` has the columns `scope` and `month` (text) for the rows that are known so far.
    """

    def __init__(self, rows: pd.Index) -> None:
        self.labels = pd.DataFrame({"scope": "", "month": ""}, index=rows, dtype="str")
        self.aside = pd.Series(False, index=rows)
        self.issues: list[Issue] = []

    def say(self, rule: Rule, *, rows: int = 1, more: str = "", **words: object) -> None:
        """Tell a fact of the whole file, or of one scope or column."""
        scope, month, value = (str(words[name]) if name in words else None for name in ("scope", "month", "value"))
        issue = Issue(
            rule.severity,
            rule.code,
            rule.what.format(**words) + more,
            rule.allowed,
            rule.hint.format(**words),
            scope=scope,
            month=month,
            column=str(words.get("column", rule.column)) or None,
            value=value,
            rows=rows,
        )
        self.issues.append(issue)

    def say_each(self, rule: Rule, cases: Sequence[Mapping[str, Any]]) -> None:
        """Tell a fact of several scopes: each while they are few, else the first with the number of the others."""
        if len(cases) <= NAMED_ROWS:
            for case in cases:
                self.say(rule, **case)
            return
        more = f" The same in {counted(len(cases) - 1, 'more scope')}."
        self.say(rule, more=more, **{**cases[0], "rows": sum(case["rows"] for case in cases)})

    def mark(self, rule: Rule, broken: pd.Series, values: pd.DataFrame | None = None) -> None:
        """Tell a fault of rows: `broken` is a mask over the file's rows, `values` what the sentence names."""
        rows = broken.index[broken.to_numpy(bool)]
        if not len(rows):
            return
        if rule.severity is Severity.ERROR:
            self.aside.loc[rows] = True
        shown = rows[:1] if rule.once or len(rows) > NAMED_ROWS else rows
        for row in shown:
            cells = {} if values is None else {str(name): _short(value) for name, value in values.loc[row].items()}
            self.issues.append(self._issue(rule, int(row), cells, len(rows) if len(shown) < len(rows) else 1))

    def _issue(self, rule: Rule, row: int, cells: Mapping[str, str], count: int) -> Issue:
        more = f" The same in {counted(count - 1, 'more row')}." if count > 1 else ""
        value = cells.get(rule.column) or cells.get("value")
        return Issue(
            rule.severity,
            rule.code,
            rule.what.format(**cells) + more,
            rule.allowed,
            rule.hint,
            row=row,
            scope=str(self.labels.at[row, "scope"]) or None,
            month=str(self.labels.at[row, "month"]) or None,
            column=rule.column or None,
            value=value,
            rows=count,
        )


def sorted_issues(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """Return the worst first, then by row; facts of the whole file before those of rows."""
    return tuple(sorted(issues, key=lambda issue: (-issue.severity, issue.row or 0, issue.code, issue.column or "")))


def counted(count: int, noun: str) -> str:
    """Return `1 month`, `1,200 months`."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def _short(value: object) -> str:
    if isinstance(value, float):
        return "empty" if math.isnan(value) else f"{value:.6g}"
    text = str(value)
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"
