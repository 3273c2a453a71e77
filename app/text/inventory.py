"""What was understood of a file list, in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from app.text.data import plural
from app.text.numbers import month, percent, volume
from forecast_core.inventory import NO_RULE_MONTHS

if TYPE_CHECKING:
    from forecast_core import InventoryReading

GB = 2**30


def understood(reading: InventoryReading) -> str:
    """Return the sentence on top."""
    if reading.inventory is None:
        return f"Nothing in {reading.name} can be used yet."
    cubes = reading.inventory.modified
    last = cubes.last
    files, scopes = plural(last.total_files, "file"), plural(len(last.scopes), "scope")
    over = f", {plural(len(cubes.cubes), 'month end')} since {month(cubes.months[0])}" if len(cubes.cubes) > 1 else ""
    return f"{files}, {volume(last.total_bytes / GB)}, {scopes}, as of {month(last.taken_month)}{over}."


def counted(reading: InventoryReading) -> str:
    """Return where every row went, and what is kept of it."""
    kind = "file list" if reading.is_file_list else "age cube"
    parts = f"{reading.rows_used:,} used + {reading.rows_set_aside:,} set aside"
    text = f"{plural(reading.rows_in, 'row')} of a {kind} = {parts}."
    if reading.inventory is None:
        return text
    text += (
        f" Kept are {len(reading.inventory.modified.last.cells):,} cells of age, size and type; no name and no path."
    )
    if math.isfinite(reading.inventory.duplicate_ratio):
        text += f" {percent(reading.inventory.duplicate_ratio)} of the volume are exact copies of another file."
    return text


def rule_in_force(months: int) -> str:
    """Return a rule as the question shows it."""
    return "none: all files are on primary" if months >= NO_RULE_MONTHS else f"untouched for {months} months"
