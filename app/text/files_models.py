"""Sentences of the Models page where an inventory is open: who answers, how well here, how well elsewhere."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from app.text.data import plural
from app.text.numbers import percent, significant
from forecast_core.inventory import NO_RULE_MONTHS

if TYPE_CHECKING:
    from forecast_core import Answerer, FilesView

LEAST = 1e-4
RULE = (
    "one month ahead, against what was recorded; the files answer unless the history came closer by more than 5 % on "
    "at least two months"
)


def headline(view: FilesView) -> str:
    """Return who answers."""
    by_history = sum(not found.by_files for found in view.answerers)
    if not by_history:
        return "The due dates answer: a file that is old enough goes, and its age is known."
    if by_history == len(view.answerers):
        return f"“{view.history_title}” answers from the monthly history; the files say what a rule would change."
    total = plural(len(view.answerers), "scope")
    return f"The due dates answer for {len(view.answerers) - by_history} of {total}, the monthly history for the rest."


def below(view: FilesView) -> str:
    """Return how well it was said here, and on real libraries."""
    best = next((line for line in view.judged if (line.rule_months, line.months_ahead) == (12, 1)), None)
    parts = []
    if view.scores:
        first = view.scores[0]
        parts.append(f"Here, one month ahead, it missed {_error(first.wape_archived)} of the volume.")
    if best is not None:
        parts.append(
            f"On eight real libraries it missed {_error(best.wape)} where the mean of the last 12 months missed "
            f"{_error(best.mean_wape)}; the rule was applied to their files by us."
        )
    return " ".join(parts)


def not_judged(view: FilesView) -> str:
    """Return why nothing can be said of this inventory itself."""
    if view.rule_months >= NO_RULE_MONTHS:
        return "No rule is in force here, so there is nothing of this inventory to judge the due dates on."
    if view.snapshots < 2:
        return "With one inventory nothing can be judged here; scan again next month and add it (scan --add)."
    return "This inventory has too many cells, or no two months in a row, to go back in time."


def answerers(view: FilesView) -> dict[str, list[str]]:
    """Return a line per scope that a history knows too."""
    found = view.answerers
    return {
        "Scope": [each.scope for each in found],
        "Answers": ["Due dates" if each.by_files else view.history_title for each in found],
        "Due dates missed": [_missed(each, each.files_wape) for each in found],
        "History missed": [_missed(each, each.history_wape) for each in found],
        "Months": [str(each.months) for each in found],
        "Why": [each.reason for each in found],
    }


def _missed(found: Answerer, wape: float) -> str:
    if not found.months:
        return "not judged"
    return _error(wape) if math.isfinite(wape) else "nothing came"


def _error(ratio: float) -> str:
    if 0 < ratio < LEAST:
        return "under 0.01 %"
    return percent(ratio) if ratio >= 0.1 else f"{significant(ratio * 100)} %"
