"""From a file list that an engine counted to checked age cubes, without a row of it.

In:    `CountedFiles`; what the user says about it.
Out:   `InventoryReading`, as from a file list that was read here.
Never: loses a file: what could not be placed is named with its bytes.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast_core.inventory.cube import SNAPSHOT
from forecast_core.inventory.read import Inventory, InventoryChoices, InventoryReading
from forecast_core.months import month_text, parse_month
from forecast_core.schema import BASES, CountedFiles, Issue, Severity

FOLDERS = "folders"


def read_counted(counted: CountedFiles, this_month: np.datetime64, choices: InventoryChoices) -> InventoryReading:
    """Return what was counted as an inventory; it stands as at the newest change that is not in the future."""
    cells = counted.cells
    used, aside = int(cells["files"].sum()), sum(files for _, files, _ in counted.aside)
    newest = cells["modified_month"].max().to_numpy().astype("datetime64[M]") if used else this_month
    taken = parse_month(choices.taken) if choices.taken else min(newest, this_month)
    issues = [_left_out(*part) for part in counted.aside]
    if newest > taken:
        what = f"The newest change is of {month_text(newest)}, after {month_text(taken)}; such files count as new."
        issues.append(Issue(Severity.WARNING, "future", what, hint="Check the clock of the source."))
    if not used:
        issues.append(Issue(Severity.BLOCKING, "no_rows", "No file can be used.", hint="Mend the faults below first."))
    return InventoryReading(
        name=counted.name,
        content_id=counted.content_id,
        is_file_list=True,
        headers=(),
        issues=tuple(sorted(issues, key=lambda issue: -issue.severity)),
        rows_in=used + aside,
        rows_used=used,
        inventory=Inventory.of(_frame(cells, taken)) if used else None,
        choices=choices,
        origin=counted.origin,
    )


def _frame(cells: pd.DataFrame, taken: np.datetime64) -> pd.DataFrame:
    """Return the cells as they are stored: with the class of a size instead of its smallest size."""
    edges = 2 ** np.arange(63, dtype=np.int64)
    classes = np.searchsorted(edges, cells["size_from_bytes"].to_numpy(np.int64), side="right") - 1
    months = cells["modified_month"].astype("datetime64[s]")
    placed = cells.drop(columns="size_from_bytes").assign(size_class=classes, modified_month=months)
    return placed.assign(basis=BASES[0], **{SNAPSHOT: pd.Timestamp(taken)})


def _left_out(what: str, files: int, size_bytes: int) -> Issue:
    if what == FOLDERS:
        return Issue(Severity.FIXED, "folders", f"{files:,} entries are folders; only files count.", rows=files)
    told = f"{files:,} {what} ({size_bytes:,} bytes) are set aside."
    return Issue(
        Severity.ERROR, "not_placed", told, hint="Correct the source, or leave them out knowingly.", rows=files
    )
