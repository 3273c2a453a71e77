"""What a data set looks like, in words: titles of its pictures, and what is unusual about it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from app.text.data import plural
from app.text.levers import TYPE_TITLES
from app.text.numbers import month, out_of, percent, significant, volume

if TYPE_CHECKING:
    from collections.abc import Iterable

    from forecast_core import Hint, InventoryReading, Moved, Profile, Slice

FEW = 0.04
QUIET_MONTHS = 12
HINTS = {
    "small_files": (
        "{measured} of the files are smaller than 128 KiB",
        "30 to 75 %",
        "cold tiers bill each of them as 128 KiB; look at the smallest size of the rule",
    ),
    "cold_share": (
        "{measured} of the volume has not been changed for a year",
        "50 to 85 %",
        "check that dates survived the last migration, and that the whole estate is in the list",
    ),
    "skew": (
        "the average file is {times} times the middle one",
        "more than 5 times",
        "sizes of real estates are spread wider; check the unit of the sizes",
    ),
    "video": (
        "{measured} of the files are video but hold little of the volume",
        "few video files with much of the volume",
        "check the sizes of large files; some exports cut them off",
    ),
    "versions": (
        "old versions hold {times} times what current files hold",
        "up to 3 times",
        "trimming versions may free more than archiving",
    ),
    "growth": (
        "the volume changed by {signed} a month since the state before",
        "within 15 %",
        "check that both are of the same estate",
    ),
}


def hint(found: Hint) -> tuple[str, str, str]:
    """Return what was measured, what is usual, what to look at."""
    what, usual, meaning = HINTS[found.code]
    sign = "+" if found.measured > 0 else "−"
    text = what.format(
        measured=percent(found.measured),
        times=significant(found.measured, 2),
        signed=f"{sign}{percent(abs(found.measured))}",
    )
    return f"{text[0].upper()}{text[1:]}.", usual, f"{meaning[0].upper()}{meaning[1:]}."


def age(profile: Profile) -> str:
    """Return the finding of the age profile."""
    if not math.isfinite(profile.cold_share):
        return "The files are empty"
    if not FEW < profile.cold_share < 1 - FEW:
        return "Nearly every byte " + (
            "was changed within a year" if profile.cold_share < FEW else "is older than a year"
        )
    return f"{out_of(profile.cold_share).capitalize()} bytes have not been changed for a year"


def quiet(parts: Iterable[Slice]) -> str:
    """Return the finding of a usage report: how much lies on sites where nobody was for a year."""
    known = list(parts)
    quiet_gb, total = sum(part.gb for part in known if part.start >= QUIET_MONTHS), sum(part.gb for part in known)
    if not total:
        return "The sites are empty"
    return f"{volume(quiet_gb)} of {volume(total)} lie on sites where nobody was active for a year"


def band(start: int, following: int | None) -> str:
    """Return a band of ages in months.

    >>> band(0, 3), band(12, 24), band(120, None)
    ('0–3m', '1–2y', '10y+')
    """
    if following is None:
        return f"{start // 12}y+"
    return f"{start}–{following}m" if following <= 12 else f"{start // 12}–{following // 12}y"


def size(start: int) -> str:
    """Return the lower end of a class of sizes: `128 KB`."""
    return "0" if start == 0 else volume(start / 2**30).replace(" bytes", " B")


def sizes(profile: Profile) -> str:
    """Return the finding of the spread of sizes."""
    files, gb = sum(part.files for part in profile.by_size), sum(part.gb for part in profile.by_size)
    small = [part for part in profile.by_size if part.start < 2**17]
    few = sum(part.gb for part in small) / gb if gb else 0.0
    share = sum(part.files for part in small) / files if files else 0.0
    return f"{percent(share)} of the files are below 128 KB and hold {percent(few)} of the volume"


def types(profile: Profile) -> str:
    """Return the finding of the mix of types."""
    best = max(profile.by_type, key=_weight)
    whole = sum(map(_weight, profile.by_type))
    what = "of the files" if math.isnan(best.gb) else "of the volume"
    name = TYPE_TITLES.get(best.name, best.name)
    return f"{name} is the largest type: {percent(_weight(best) / whole if whole else 0.0)} {what}"


def _weight(part: Slice) -> float:
    return part.files if math.isnan(part.gb) else part.gb


def calendar(profile: Profile) -> str:
    """Return the finding of the calendar."""
    if profile.is_inventory:
        return f"When the volume was last changed, up to {month(profile.months[-1])}"
    lacking = np.isnan(profile.calendar)
    if not lacking.any():
        return f"Every scope has every month, {month(profile.months[0])} to {month(profile.months[-1])}"
    scopes, missing = int(lacking.any(axis=1).sum()), int(lacking.sum())
    since = month(profile.months[0])
    return f"{plural(scopes, 'scope')} lack{'s' if scopes == 1 else ''} {plural(missing, 'month')} since {since}"


def bytes_counted(reading: InventoryReading) -> str:
    """Return where every byte went."""
    aside = reading.bytes_in - reading.bytes_used
    parts = f"{reading.bytes_used:,} in the cube + {aside:,} set aside"
    return f"{reading.bytes_in:,} bytes = {parts}."


def moved(found: tuple[Moved, ...]) -> str:
    """Return what happened between two states of an estate."""
    left, arrived = (sum(getattr(item, name)[1] for item in found) / 2**30 for name in ("left", "arrived"))
    return f"{volume(arrived)} are new or were changed, {volume(left)} were changed, deleted or moved away"
