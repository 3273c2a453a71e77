"""A unit mixed up in one scope: does the rule name it, and only it?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast_core.drift.changes import check
from forecast_core.drift.inputs import FILES, FREQUENCY, SIZE, Panel
from forecast_core.drift.quality import faults
from forecast_core.history import History
from tests.bench.drift.worlds import World, world

FIRST = np.datetime64("2022-01", "M")
SCOPES, TRAINED = 20, 30


@dataclass(frozen=True)
class MixedUp:
    """Shares of panels: the right scope and column `named`, `others` accused, anybody accused `without` a mix-up."""

    named: float
    others: float
    without: float


def mixed_up(panels: int, seed: int) -> MixedUp:
    """Return what the rules say of a unit that is 1,024 times too small in one of twenty scopes."""
    wrong = world("N1", panels, SCOPES, TRAINED, drift="unit1024", seed=seed, part=1 / SCOPES)
    right = world("N5 messy", max(panels // 4, 3), SCOPES, TRAINED, seed=seed)
    named = others = 0
    for index in range(panels):
        found = _units(wrong, index, TRAINED)
        culprit = f"s{int(np.flatnonzero(wrong.hit[index])[0]):02}"
        named += (culprit, "avg_file_size_mb") in found
        others += bool(found - {(culprit, "avg_file_size_mb")})
    months = range(TRAINED, right.months)
    without = [bool(_units(right, index, month)) for index in range(len(right.inputs)) for month in months]
    return MixedUp(named / panels, others / panels, float(np.mean(without)))


def _units(made: World, index: int, month: int) -> set[tuple[str, str]]:
    past = history_of(made, index)
    checked = check(Panel.of(past), past.months[month], past.months[TRAINED - 1])
    return {(fault.scope, fault.column) for fault in faults(past, checked) if fault.rule == "unit"}


def history_of(made: World, index: int) -> History:
    """Return one panel of a world as a history."""
    inputs, scopes, months = made.inputs[index], made.inputs.shape[1], made.months
    calendar = np.tile((FIRST + np.arange(months)).astype("datetime64[s]"), scopes)
    columns = {"scope": np.repeat([f"s{row:02}" for row in range(scopes)], months), "month": calendar}
    names = {"total_files": FILES, "avg_file_size_mb": SIZE, "pct_pdf": 2, "pct_docx": 3, "pct_xlsx": 4}
    columns |= {name: inputs[:, place].ravel() for name, place in names.items()}
    columns |= {"archive_frequency_per_day": inputs[:, FREQUENCY].ravel(), "archived_gb": made.archived[index].ravel()}
    return History.of(pd.DataFrame(columns))
