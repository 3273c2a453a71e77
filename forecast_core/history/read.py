"""From text cells to a checked history, every fault named.

In:    a `RawTable`, the current month, the user's `Choices`.
Out:   `Reading`: rows in = rows used + rows set aside, always.
Never: asks the clock, repairs in silence, or picks one of two contradicting rows.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast_core.history import rules
from forecast_core.history.checks import check_rows
from forecast_core.history.choices import OPTIONS, Choices
from forecast_core.history.faults import Faults, sorted_issues
from forecast_core.history.gather import Monthly, set_doubles_aside, shifted, to_months
from forecast_core.history.monthly import (
    check_months,
    frequency_is_observed,
    in_order,
    without_archived,
    without_impossible_savings,
)
from forecast_core.history.panel import History
from forecast_core.history.reading import Missing, Question, Reading, Recognised
from forecast_core.history.recognise import Heads, absent, recognise
from forecast_core.history.typed import Rows, typed
from forecast_core.schema import Issue, RawTable, Severity

WORTH_ASKING = {
    "total_files": "without the stock the forecast has no levers of files and growth, and cannot see the backlog end",
    "avg_file_size_mb": "without the average size the stock cannot be held against what is archived",
    "savings_gb": "without it freed space and its money are unknown",
    "archive_frequency_per_day": "without the setting of the archiver its effect cannot be learned",
    "pct_pdf": "without the shares of file types the mix cannot be a lever",
    "eligible_files": "the files the policy could take: the one extra column that sharpens every what-if",
}
QUESTIONS = {
    "date_order": ("date_order", "Are the dates day/month/year or month/day/year?"),
    "decimal_guessed": ("decimal", "Which mark stands before the decimals?"),
    "decimal_mixed": ("decimal", "Which mark stands before the decimals?"),
    "percent": ("share_unit", "Are the shares percent or fractions?"),
    "share_out_of_range": ("share_unit", "Are the shares percent or fractions?"),
    "frequency_observed": ("frequency", "Is the archive frequency what was set, or what was archived?"),
}


def read(raw: RawTable, today: np.datetime64, choices: Choices = Choices()) -> Reading:
    """Return what the table says as a monthly history; `today` is the current month, which is not over."""
    faults = Faults(raw.cells.index)
    heads = recognise(raw.cells.columns, choices, faults)
    if _blocked(faults):
        return _reading(raw, faults, heads, Rows(pd.DataFrame(), {}), None, choices)
    rows = typed(raw, heads, choices, faults)
    if _blocked(faults):
        return _reading(raw, faults, heads, rows, None, choices)
    later = frozenset(name for name, head in heads.used.items() if head.next_period)
    check_rows(rows.frame, today, faults, apart=later)
    unused = raw.cells[[name for name in heads.unused if name in raw.cells]]
    set_doubles_aside(rows.frame, unused, faults)
    if faults.aside.all():
        faults.say(rules.NO_ROWS)
    if _blocked(faults):
        return _reading(raw, faults, heads, rows, None, choices)
    monthly = to_months(rows.frame, faults)
    frame = in_order(shifted(monthly.frame, later, today, faults) if later else monthly.frame)
    return _reading(raw, faults, heads, rows, Monthly(_finished(frame, choices, faults), monthly.from_days), choices)


def _finished(frame: pd.DataFrame, choices: Choices, faults: Faults) -> pd.DataFrame:
    if choices.stock_includes_archived:
        frame = without_archived(frame, faults)
    if not frame["archived_gb"].notna().any():
        faults.say(rules.NO_FLOW)
    if "savings_gb" not in frame:
        faults.say(rules.SAVINGS_UNKNOWN)
    check_months(frame, faults)
    return without_impossible_savings(frame, faults)


def _blocked(faults: Faults) -> bool:
    return any(issue.severity is Severity.BLOCKING for issue in faults.issues)


def _reading(
    raw: RawTable, faults: Faults, heads: Heads, rows: Rows, monthly: Monthly | None, choices: Choices
) -> Reading:
    observed = monthly is not None and frequency_is_observed(monthly.frame, choices, faults)
    history = None
    if monthly is not None and not _blocked(faults):
        history = History.of(monthly.frame, frequency_is_observed=observed)
    issues = sorted_issues((*raw.issues, *faults.issues))
    return Reading(
        name=raw.name,
        content_id=raw.content_id,
        recognised=_recognised(raw, heads, rows),
        issues=issues,
        rows_in=len(raw.cells) + raw.set_aside,
        rows_used=0 if history is None else int((~faults.aside).sum()),
        history=history,
        choices=choices,
        aggregated_from_days=monthly is not None and monthly.from_days,
        missing=tuple(Missing(name, WORTH_ASKING[name]) for name in absent(heads.used) if name in WORTH_ASKING),
        questions=_questions(issues),
        how=raw.how,
        origin=raw.origin,
    )


def _recognised(raw: RawTable, heads: Heads, rows: Rows) -> tuple[Recognised, ...]:
    """One line per header, in the order of the file."""
    by_header = {head.header: name for name, head in heads.used.items()}
    lines: list[Recognised] = []
    for header in map(str, raw.cells.columns):
        name = by_header.get(header)
        if name:
            lines.append(Recognised(header, name, rows.words.get(name, "recognised")))
        elif header == rows.day_header:
            lines.append(Recognised(header, "month", "the day, which tells the rows of a month apart"))
        else:
            lines.append(Recognised(header, None, f"not used: {heads.unused.get(header, 'not a column we know')}"))
    return tuple(lines)


def _questions(issues: tuple[Issue, ...]) -> tuple[Question, ...]:
    """What the user may settle, each choice once."""
    asked: dict[str, Question] = {}
    for issue in issues:
        if issue.code in QUESTIONS:
            choice, text = QUESTIONS[issue.code]
            asked.setdefault(choice, Question(choice, text, OPTIONS[choice][1:]))
    return tuple(asked.values())
