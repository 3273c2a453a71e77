"""Units of prices: how many of the product's own units one priced unit holds.

In:    a unit as the book writes it.
Out:   `Unit`; the product counts GB (2^30 bytes) × months, GB moved, operations, objects × months, hours, times.
Never: guesses a unit it does not know.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from forecast_core.errors import PriceError

Kind = Literal["GB-months", "GB", "operations", "object-months", "hours", "months", "times"]
GB_BYTES = 2**30
DECIMAL_GB = 1e9 / GB_BYTES
HOURS_PER_MONTH = 730.0


@dataclass(frozen=True)
class Unit:
    """`size` of the product's units of `kind` make one priced unit."""

    kind: Kind
    size: float


UNITS: dict[str, Unit] = {
    "GiB-month": Unit("GB-months", 1.0),
    "GB-month": Unit("GB-months", DECIMAL_GB),
    "GiB-hour": Unit("GB-months", 1 / HOURS_PER_MONTH),
    "GB-hour": Unit("GB-months", DECIMAL_GB / HOURS_PER_MONTH),
    "GiB": Unit("GB", 1.0),
    "GB": Unit("GB", DECIMAL_GB),
    "10k operations": Unit("operations", 1e4),
    "1k operations": Unit("operations", 1e3),
    "1k object-months": Unit("object-months", 1e3),
    "1M object-months": Unit("object-months", 1e6),
    "hour": Unit("hours", 1.0),
    "month": Unit("months", 1.0),
    "once": Unit("times", 1.0),
}


def unit(text: str) -> Unit:
    """Return a unit by its name; PriceError for one that is not known."""
    found = UNITS.get(text)
    if found is None:
        raise PriceError(f"The unit {text[:40]!r} is not known.", allowed=", ".join(UNITS))
    return found
