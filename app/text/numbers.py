"""One number, one way to write it: three significant digits and the unit that makes it readable."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from app.text.locale import SYMBOLS, current, digits, marked

UNITS = ("bytes", "KB", "MB", "GB", "TB", "PB")
_GB = UNITS.index("GB")
BYTE_GB = 2.0**-30
MINUS = "−"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FIFTHS = 5


def significant(value: float, most: int = 3) -> str:
    """Return a number with so many significant digits, thousands separated, no trailing zeros.

    >>> significant(1234.5), significant(0.04567), significant(-2.50)
    ('1,230', '0.0457', '−2.5')
    """
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else "unknown"
    decimals = most - 1 - math.floor(math.log10(abs(value)))
    rounded = round(abs(value), decimals)
    text = f"{rounded:,.{max(decimals, 0)}f}"
    text = digits(text.rstrip("0").rstrip(".") if "." in text else text)
    return f"{MINUS}{text}" if value < 0 else text


def unit_of(*values_gb: float) -> str:
    """Return the unit in which the largest of these volumes has one to three digits before the point."""
    largest = max((abs(value) for value in values_gb if math.isfinite(value)), default=0.0)
    for power, unit in enumerate(UNITS):
        if largest * 1024.0 ** (_GB - power) < 999.5:
            return "GB" if largest == 0 else unit
    return UNITS[-1]


def in_unit(value_gb: float, unit: str) -> float:
    """Return a volume in another unit."""
    return value_gb * 1024.0 ** (_GB - UNITS.index(unit))


def volume(value_gb: float) -> str:
    """Return a volume: `1.4 TB`, `312 KB`.

    >>> volume(1434), volume(0.0003), volume(-41.26), volume(0)
    ('1.4 TB', '315 KB', '−41.3 GB', '0 GB')
    """
    if not math.isfinite(value_gb):
        return "unknown"
    if abs(value_gb) < BYTE_GB / 2:
        return "0 GB"
    unit = unit_of(value_gb)
    scaled = in_unit(value_gb, unit)
    return f"{significant(round(scaled) if unit == 'bytes' else scaled)} {unit}"


def span(lower: float, upper: float) -> tuple[str, str]:
    """Return both ends of a range with the digits that its width deserves (two), never more than three significant."""
    width, largest = abs(upper - lower), max(abs(lower), abs(upper))
    if width == 0 or largest == 0:
        return significant(lower), significant(upper)
    decimals = min(1 - math.floor(math.log10(width)), 2 - math.floor(math.log10(largest)))
    while (
        decimals > 0
        and round(lower, decimals) == round(lower, decimals - 1)
        and round(upper, decimals) == round(upper, decimals - 1)
    ):
        decimals -= 1
    return _fixed(lower, decimals), _fixed(upper, decimals)


def _fixed(value: float, decimals: int) -> str:
    rounded = round(value, decimals)
    text = digits(f"{abs(rounded):,.{max(decimals, 0)}f}") if rounded else "0"
    return f"{MINUS}{text}" if rounded < 0 else text


def volume_range(lower_gb: float, upper_gb: float) -> str:
    """Return `41–52 GB`: both ends in one unit.

    >>> volume_range(41.2, 52.3), volume_range(900, 1500), volume_range(-3, 4)
    ('41–52 GB', '0.88–1.46 TB', '−3 to 4 GB')
    """
    if not (math.isfinite(lower_gb) and math.isfinite(upper_gb)):
        return "unknown"
    lower_gb, upper_gb = (0.0 if abs(end) < BYTE_GB / 2 else end for end in (lower_gb, upper_gb))
    unit = unit_of(lower_gb, upper_gb)
    return f"{_joined(*span(in_unit(lower_gb, unit), in_unit(upper_gb, unit)))} {unit}"


def _joined(lower: str, upper: str) -> str:
    if lower == upper:
        return lower if lower == "0" else f"about {lower}"
    return f"{lower} to {upper}" if MINUS in lower + upper else f"{lower}–{upper}"


def money(value: float, currency: str = "USD") -> str:
    """Return an amount: `$4,310`, `−$210`; below ten with cents, below one cent in words.

    >>> money(4312), money(-209.6), money(38.57), money(3.5), money(0.004), money(0)
    ('$4,310', '−$210', '$39', '$3.50', 'less than 1 cent', '$0')
    """
    if not math.isfinite(value):
        return "unknown"
    sign = MINUS if value < 0 else ""
    return sign + _amount(abs(value), currency)


def symbol(currency: str) -> str:
    """Return `$`, `€`, `£`, or the currency's own three letters."""
    return SYMBOLS.get(currency, currency)


def _amount(value: float, currency: str) -> str:
    if 0 < value < 0.005:
        return "less than 1 cent"
    if 0 < value < 9.995:
        return marked(digits(f"{value:.2f}"), currency)
    return marked(significant(round(value) if value < 100 else value), currency)


def money_range(lower: float, upper: float, currency: str = "USD") -> str:
    """Return `$2,400–$3,900`; small amounts with cents.

    >>> money_range(2412, 3890), money_range(-210, 90), money_range(0.001, 0.002)
    ('$2,400–$3,900', '−$210 to $90', 'less than 1 cent')
    """
    if not (math.isfinite(lower) and math.isfinite(upper)):
        return "unknown"
    if max(abs(lower), abs(upper)) < 9.995:
        low, high = money(lower, currency), money(upper, currency)
        return low if low == high else f"{low} to {high}"
    low, high = span(lower, upper)
    if current().mark_after:
        return marked(_joined(low, high), currency)
    low, high = (f"{end[:1]}{marked(end[1:], currency)}" if end[0] == MINUS else marked(end, currency)
                 for end in (low, high))  # fmt: skip
    return _joined(low, high)


def price(value: float, currency: str = "USD") -> str:
    """Return a unit price with the digits it has: `$0.0184`."""
    return marked(digits(f"{value:.5f}".rstrip("0").rstrip(".")), currency) if value else "0"


def count(value: float) -> str:
    """Return a count: `12,300`, `4.2 million`."""
    if abs(value) >= 999_500:
        return f"{significant(value / 1e6)} million" if abs(value) < 999.5e6 else f"{significant(value / 1e9)} billion"
    return significant(round(value)) if abs(value) >= 1 else significant(value)


def percent(ratio: float) -> str:
    """Return `12 %`; below one percent with the digits that matter."""
    if not math.isfinite(ratio):
        return "unknown"
    value = ratio * 100
    return f"{significant(value, 2) if abs(value) < 99.5 else significant(round(value))} %"


def out_of(ratio: float) -> str:
    """Return a share people can picture: `about 4 in 5`.

    >>> out_of(0.81), out_of(0.95), out_of(0.66)
    ('about 4 in 5', 'about 19 in 20', 'about 2 in 3')
    """
    if not math.isfinite(ratio):
        return "an unknown share"
    choices = [(hits, total) for total in (2, 3, 4, 5, 10, 20) for hits in range(1, total)]
    best = min(choices, key=lambda pair: (round(abs(pair[0] / pair[1] - ratio), 3), pair[1]))
    return f"about {best[0]} in {best[1]}"


def month(value: np.datetime64 | int) -> str:
    """Return `Mar 2027`."""
    number = int(value.astype("datetime64[M]").astype(int)) if isinstance(value, np.datetime64) else int(value)
    return f"{_MONTHS[number % 12]} {1970 + number // 12}"


def period(months: int) -> str:
    """Return `in the next 12 months`."""
    return "next month" if months == 1 else f"in the next {months} months"


def listed(words: Sequence[str]) -> str:
    """Return `a, b and c`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""
