"""Real document libraries: what the monthly check says of them, each year's model trained at its beginning."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from forecast_core.drift.changes import Checked, check
from forecast_core.drift.inputs import Panel
from forecast_core.history import History
from forecast_core.schema import COLUMNS

RULES = (6, 12, 24)
FIRST_CHECK = 12
SHOCK, SHOCK_LIBRARY = np.datetime64("2020-03", "M"), "w3c/wot"


def history_of(folder: Path, rule: int, library: str = "") -> History:
    """Return the history of one library, or of all, under a rule; the rate is observed."""
    frame = pd.read_csv(folder / "real_libraries" / f"history_rule{rule:02d}.csv", parse_dates=["month"])
    known = [item.name for item in COLUMNS if item.name in frame]
    rows = frame[frame["scope"] == library] if library else frame
    return History.of(rows[known], frequency_is_observed=True)


def monthly(past: History) -> Iterator[Checked]:
    """Yield the check of every month from the second year on; the model is as old as the calendar year."""
    panel = Panel.of(past)
    for at in range(FIRST_CHECK, len(past.months)):
        yield check(panel, past.months[at], past.months[at // 12 * 12 - 1])


def report(folder: Path) -> Iterator[str]:
    """Yield a line per library and rule: scope-months checked, amber, and what was said of the shock."""
    for rule in RULES:
        for library in pd.read_csv(folder / "real_libraries" / f"history_rule{rule:02d}.csv")["scope"].unique():
            checks = list(monthly(history_of(folder, rule, str(library))))
            noticed = [item for item in checks if item.noticed[0].any()]
            shocked = next((item for item in noticed if item.month == SHOCK), None)
            said = f"; {SHOCK}: {_words(shocked)}" if library == SHOCK_LIBRARY else ""
            yield f"rule {rule:2} {library:40} {len(checks):4} months, {len(noticed):3} noticed{said}"


def _words(checked: Checked | None) -> str:
    if checked is None:
        return "not noticed"
    columns = np.flatnonzero(checked.noticed[0])
    return ", ".join(
        f"{checked.inputs[column].name} {checked.observed[0, column]:.4g} instead of {checked.expected[0, column]:.4g}"
        for column in columns
    )
