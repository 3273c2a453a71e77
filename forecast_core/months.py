"""Calendar months: the only clock of the product.

In:    `numpy.datetime64[M]`, one value or an array; text is `2027-03`.
Out:   the same; no days, no time zones, no locale.
Never: asks what month it is now; that comes in as an argument.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

Months = NDArray[np.datetime64]

_TEXT = re.compile(r"^(\d{4})-(0[1-9]|1[0-2])$")
AVERAGE_DAYS = 365.2425 / 12


def parse_month(text: str) -> np.datetime64:
    """Return the month written as `2027-03`; raises ValueError for anything else.

    >>> str(parse_month("2027-03"))
    '2027-03'
    """
    if not _TEXT.match(text):
        raise ValueError(f"{text!r} is not a month; write it as 2027-03")
    return np.datetime64(text, "M")


def month_text(month: np.datetime64) -> str:
    """Return `2027-03`."""
    return str(month.astype("datetime64[M]"))


def months_from(first: np.datetime64, count: int) -> Months:
    """Return `count` consecutive months, `first` included."""
    start = first.astype("datetime64[M]")
    return np.arange(start, start + count)


def months_between(first: np.datetime64, last: np.datetime64) -> int:
    """Return how many months after `first` the month `last` is (negative when before)."""
    return int((last.astype("datetime64[M]") - first.astype("datetime64[M]")).astype(int))


def month_of_year(months: Months) -> NDArray[np.int64]:
    """Return 1 (January) … 12 (December) for each month."""
    return np.asarray(months, "datetime64[M]").astype(np.int64) % 12 + 1


def days_in_month(months: Months) -> NDArray[np.float64]:
    """Return the length of each month in days, 28 … 31."""
    start = np.asarray(months, "datetime64[M]")
    return ((start + 1).astype("datetime64[D]") - start.astype("datetime64[D]")).astype(float)
