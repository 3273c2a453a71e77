"""What was understood of a file list, in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from app.text.data import plural
from app.text.numbers import month, percent, volume
from forecast_core.inventory import NO_RULE_MONTHS
from forecast_core.schema import Severity

if TYPE_CHECKING:
    from forecast_core import Contents, InventoryReading

GB = 2**30
FOLDERS = ("all files together", "a top folder", "a folder below that")


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
    kind = "a file list" if reading.is_file_list else "an age cube"
    parts = f"{reading.rows_used:,} used + {reading.rows_set_aside:,} set aside"
    text = f"{plural(reading.rows_in, 'row')} of {kind} = {parts}."
    if reading.inventory is None:
        return text
    text += (
        f" Kept are {len(reading.inventory.modified.last.cells):,} cells of age, size and type; no name and no path."
    )
    return f"{text} {contents(reading.inventory.contents)}".rstrip()


def contents(found: Contents) -> str:
    """Return what an archive could make smaller, "" where nothing was measured."""
    copies, packed = found.duplicate_ratio, found.compressed_ratio
    parts = [f"{percent(copies)} of the volume are exact copies of another file"] if math.isfinite(copies) else []
    if math.isfinite(packed):
        parts.append(f"files that were compressed shrank to {percent(packed)}")
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}." if text else ""


def faulty(reading: InventoryReading) -> int:
    """Return how many rows are set aside though they should count; folders and copies should not."""
    return sum(issue.rows for issue in reading.issues if issue.severity is Severity.ERROR)


def common_scopes(files: tuple[str, ...], history: tuple[str, ...]) -> str:
    """Return how many scopes both know."""
    both = len(set(files) & set(history))
    if not both:
        return "The two have no scope in common, so they cannot be compared; scopes must have the same names."
    return f"{both} of {plural(len(files), 'scope')} of the inventory {'is' if both == 1 else 'are'} in the history."


def rule_in_force(months: int) -> str:
    """Return a rule as the question shows it."""
    return "none: all files are on primary" if months >= NO_RULE_MONTHS else f"untouched for {months} months"
