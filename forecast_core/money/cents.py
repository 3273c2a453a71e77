"""Cents that add up: the total is rounded once, and its parts share that total.

In:    exact amounts.
Out:   the same in whole cents; the largest remainders get the cents that plain rounding would lose or invent.
Never: rounds before a sum.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
CENT = 0.01
_DUST = 1e-9


def rounded(amount: float) -> float:
    """Return an amount in whole cents, halves away from zero."""
    return round(float(np.sign(amount) * np.floor(abs(amount) / CENT + 0.5 + _DUST) * CENT), 2)


def in_cents(parts: Array, total: float | None = None) -> Array:
    """Return parts (N,) in whole cents that add up to the rounded total (their own sum if not given).

    >>> in_cents(np.array([0.333, 0.333, 0.334]), 1.0).tolist()
    [0.33, 0.33, 0.34]
    """
    exact = np.asarray(parts, float) / CENT
    whole = np.floor(exact + _DUST)
    wanted = rounded(float(np.sum(parts)) if total is None else total) / CENT
    missing = round(wanted - whole.sum())
    order = np.argsort(whole - exact, kind="stable")
    if len(order):
        whole += missing // len(order)
        whole[order[: missing % len(order)]] += 1
    return np.round(whole * CENT, 2)
