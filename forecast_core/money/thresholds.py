"""From which size, stay and recall on a colder tier pays.

In:    prices per GB, the billed minimum of an object, what entering and leaving costs.
Out:   bytes, months, shares; `crossing`, which finds where any difference turns.
Never: averages sizes.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from forecast_core.money.offers import Offer
from forecast_core.money.price_book import PriceBook
from forecast_core.money.units import GB_BYTES
from forecast_core.months import parse_month

STEPS = 60


def least_size_bytes(book: PriceBook, colder: str, warmer: str, month: np.datetime64, account_month: str) -> float:
    """Return the size below which a file is dearer for ever in the colder tier, stored bytes only; 0 if never.

    A file of s bytes costs max(s, minimum)·c + index·c + name·standard in the colder tier and s·w in the warmer one.
    """
    cold, warm = book.offer(colder), book.offer(warmer)
    rules, at_cold, at_warm = cold.rules, cold.stored(month).per_unit, warm.stored(month).per_unit
    if at_cold >= at_warm:
        return float("inf")
    overhead = rules.index_bytes * at_cold
    if rules.name_bytes:
        overhead += rules.name_bytes * book.offer(rules.names_at).stored(month).per_unit
    applies = bool(rules.minimum_applies(np.array([month]), parse_month(account_month))[0])
    minimum = rules.minimum_bytes * at_cold if applies else 0.0
    by_overhead, by_minimum = overhead / (at_warm - at_cold), (minimum + overhead) / at_warm
    return by_overhead if by_overhead >= (rules.minimum_bytes if applies else 0) else by_minimum


def months_to_pay_back(
    size_bytes: float, colder: Offer, warmer: Offer, month: np.datetime64, minimum_bytes: float
) -> float:
    """Return after how many months the write of one file has come back; infinite if never."""
    at_cold, at_warm = colder.stored(month).per_unit, warmer.stored(month).per_unit
    saved = (size_bytes * at_warm - max(size_bytes, minimum_bytes) * at_cold) / GB_BYTES
    write = colder.tariff("write").at(month).per_unit
    return write / saved if saved > 0 else float("inf")


def crossing(difference: Callable[[float], float], lower: float, upper: float, precision: float = 1e-6) -> float | None:
    """Return where a difference turns its sign between two bounds, to a relative precision; None if it does not."""
    low, high = difference(lower), difference(upper)
    if low == 0:
        return lower
    if np.sign(low) == np.sign(high) or not (np.isfinite(low) and np.isfinite(high)):
        return None
    for _ in range(STEPS):
        middle = (lower + upper) / 2
        if np.sign(difference(middle)) == np.sign(low):
            lower = middle
        else:
            upper = middle
        if abs(upper - lower) <= precision * max(abs(upper), abs(lower), 1e-9):
            break
    return (lower + upper) / 2
