"""Units of price lists as providers print them, also in other languages.

In:    `1 GB/Month`, `10K`, `1 GB/月`, `1 GB/hora`.
Out:   a unit of the product's own book, or None where it cannot be read.
Never: takes an hour for a month: that is a factor of 730.
"""

from __future__ import annotations

import re

HOURS = frozenset(
    {
        "hour",
        "hours",
        "hr",
        "hrs",
        "h",
        "hora",
        "horas",
        "stunde",
        "std",
        "heure",
        "ora",
        "ore",
        "uur",
        "小时",
        "時間",
        "시간",
        "час",
    }
)
MONTHS = frozenset(
    {
        "month",
        "months",
        "mo",
        "mes",
        "mês",
        "meses",
        "monat",
        "mois",
        "mese",
        "maand",
        "月",
        "개월",
        "월",
        "месяц",
        "ay",
    }
)
_STORED = re.compile(r"^(1|1024|1000|100)\s*(gb|gib|tb|tib)\s*[/ -]\s*(?:por\s+)?(\S+)$")
_COUNTED = re.compile(r"^(\d+)\s*(k|m)?(?:\s+(?:operations|transactions))?$")


def read_unit(text: str, item: str) -> str | None:
    """Return the unit of the book for a printed one.

    >>> read_unit("1 GB/Month", "stored"), read_unit("1 GB/hora", "stored"), read_unit("10K", "write")
    ('GiB-month', 'GiB-hour', '10k operations')
    """
    plain = re.sub(r"\s+", " ", text.strip().lower())
    if item.startswith("stored"):
        return _stored(plain)
    if "retrieval" in item and "request" not in item:
        return "GiB" if plain in ("1 gb", "gb", "1 gib", "gib") else None
    return _counted(plain)


def _stored(plain: str) -> str | None:
    found = _STORED.match(plain)
    if not found or found[1] != "1" or found[2] not in ("gb", "gib"):
        return None
    if found[3] in MONTHS:
        return "GiB-month"
    return "GiB-hour" if found[3] in HOURS else None


def _counted(plain: str) -> str | None:
    found = _COUNTED.match(plain)
    if not found:
        return None
    count = int(found[1]) * {None: 1, "k": 1_000, "m": 1_000_000}[found[2]]
    return {10_000: "10k operations", 1_000: "1k operations"}.get(count)
