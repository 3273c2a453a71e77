"""What is asked of the scheme, and how a figure is printed beside it.

In:    figures.
Out:   lines of text.
Never: rounds a miss into a pass.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]

# kind of world → red alarms per scope and year at most
RED = {"N1": 0.05}
RED_ELSEWHERE, AMBER, RED_PAGES, EVERYTHING_RED = 0.20, 1.0, 0.25, 0.20
KOLMOGOROV = 0.8
# drift, months of training, within so many months → found at least
FOUND = {
    ("size2", 12, 1): 0.99, ("size2", 24, 1): 0.99, ("freq2", 12, 1): 0.99, ("freq2", 24, 1): 0.99,
    ("freqhalf", 12, 1): 0.99, ("freqhalf", 24, 1): 0.99, ("mix15", 12, 1): 0.99, ("mix15", 24, 1): 0.99,
    ("files20", 24, 1): 0.65, ("files20", 36, 1): 0.90, ("size2slow", 24, 6): 0.65, ("size2slow", 36, 6): 0.80,
}  # fmt: skip
# months of training, scopes, within so many months → a loss of a quarter found at least
CONCEPT = {(24, 1, 3): 0.65, (36, 1, 3): 0.88, (36, 10, 1): 0.99}
SPEED_60_SECONDS, SPEED_10000_SECONDS = 0.050, 5.0


def episodes(flags: Flags) -> float:
    """Return how many times a year a row of flags (…, 12) begins to be true, on average."""
    before = np.concatenate([np.zeros_like(flags[..., :1]), flags[..., :-1]], axis=-1)
    return float((flags & ~before).sum(axis=-1).mean())


def at_most(figure: float, asked: float) -> str:
    """Return the figure with what is asked of it."""
    return f"{figure:6.3f} ≤{asked:5.2f} {'pass' if figure <= asked else 'MISS'}"


def at_least(figure: float, asked: float) -> str:
    """Return the figure with what is asked of it."""
    return f"{figure:6.3f} ≥{asked:5.2f} {'pass' if figure >= asked else 'MISS'}"
