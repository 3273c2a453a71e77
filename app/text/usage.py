"""What a usage report tells and what it cannot, in words."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING

from app.text.data import plural
from app.text.numbers import count, volume

if TYPE_CHECKING:
    from forecast_core import UsageReading, UsageStock

LACKING = (
    "A usage report tells how many files and bytes a site holds. It does not tell types, ages, or what was archived: "
    "for that upload the log of the archive as a monthly history, or an inventory. Reports reach back 180 days only, "
    "so upload one every month; they are joined."
)


def understood(reading: UsageReading) -> str:
    """Return the sentence on top."""
    sites, days = reading.frame["scope"].nunique(), reading.frame["day"].nunique()
    return f"{reading.title}: {plural(sites, 'site')} on {plural(days, 'day')}."


def counted(reading: UsageReading) -> str:
    """Return where every row went."""
    return f"{plural(reading.rows_in, 'row')} = {reading.rows_used:,} used + {reading.rows_set_aside:,} set aside."


def kept(found: UsageStock) -> str:
    """Return what is kept of reports: sites, days, totals."""
    totals = [f"{count(found.files)} files"] if math.isfinite(found.files) else []
    totals += [volume(found.gb)] if math.isfinite(found.gb) else []
    first, last = (f"{date.fromisoformat(day):%-d %b %Y}" for day in (found.days[0], found.days[-1]))
    when = first if first == last else f"{plural(len(found.days), 'day')} from {first} to {last}"
    return f"{plural(found.sites, 'site')} · {when} · {', '.join(totals)} on the last day"
