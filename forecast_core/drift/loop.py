"""When to train anew, and whether a challenger is put forward.

In:    months of trainings, the accuracy finding, the evidence of a training.
Out:   `Due`: whether, why, and how much recent months weigh.
Never: trains because an input moved; trains again before there is anything new to learn from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from forecast_core.drift.verdict import Finding
from forecast_core.months import months_between

LEAST_GAP_MONTHS = 3
YEAR_MONTHS = 12


@dataclass(frozen=True)
class Due:
    """Whether the model is to be trained anew, and the sentence that says why or why not."""

    now: bool
    why: Literal["alarm", "year", "too soon", "fine", "first"]
    months_since: int
    scopes: tuple[str, ...] = ()


def retrain_due(trained: np.datetime64 | None, month: np.datetime64, findings: tuple[Finding, ...]) -> Due:
    """Return whether to train: forecasts are off and the last training is three months old, or it is a year old."""
    if trained is None:
        return Due(True, "first", 0)
    since = months_between(trained, month)
    off = tuple(dict.fromkeys(item.scope for item in findings if item.signal in ("accuracy", "range")))
    if off and since >= LEAST_GAP_MONTHS:
        return Due(True, "alarm", since, off)
    if since >= YEAR_MONTHS:
        return Due(True, "year", since)
    return Due(False, "too soon" if off else "fine", since, off)
