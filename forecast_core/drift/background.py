"""Numbers that people ask for, with what chance alone would give: information, never an alarm.

In:    the rows a model was trained on, the latest rows.
Out:   `Background` per input: p10, p50, p90 then and now, the stability index and its noise floor.
Never: colours anything; shows an index where so few rows are known that it would be noise.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from forecast_core.drift.inputs import Panel

Array = NDArray[np.float64]
LEVELS = (0.1, 0.5, 0.9)
BINS = 10
LEAST_ROWS = 60
DRAWS = 400
SMALLEST_PART = 1e-4
LATEST_MONTHS = 3


@dataclass(frozen=True)
class Background:
    """One input: quantiles p10, p50, p90 of the training and of the latest rows; the index of both.

    `index` is NaN where fewer than 60 latest rows are known; `floor` is what 19 of 20 samples without any drift stay
    below; `beyond` share of scopes outside everything the training had seen of them.
    """

    name: str
    trained: tuple[float, ...]
    latest: tuple[float, ...]
    index: float
    floor: float
    rows: tuple[int, int]
    beyond: float


def background(panel: Panel, trained: np.datetime64) -> tuple[Background, ...]:
    """Return the numbers of every input that is known; ALL is left out, it would count everybody twice."""
    last = int((trained - panel.months[0]).astype(int))
    found = []
    for index, item in enumerate(panel.inputs):
        own = panel.raw[:-1, index]
        before, now = own[:, : last + 1], own[:, max(own.shape[1] - LATEST_MONTHS, last + 1) :]
        reference, latest = before[np.isfinite(before)], now[np.isfinite(now)]
        if not len(reference) or not len(latest):
            continue
        enough = len(latest) >= LEAST_ROWS
        found.append(
            Background(
                name=item.name,
                trained=_quantiles(reference),
                latest=_quantiles(latest),
                index=stability_index(reference, latest) if enough else float("nan"),
                floor=noise_floor(len(reference), len(latest)) if enough else float("nan"),
                rows=(len(reference), len(latest)),
                beyond=_beyond(before, now),
            )
        )
    return tuple(found)


def _quantiles(values: Array) -> tuple[float, ...]:
    return tuple(float(value) for value in np.quantile(values, LEVELS))


def _beyond(before: Array, now: Array) -> float:
    """Return the share of scopes whose last value is above or below all that was seen of them."""
    known = np.isfinite(before).any(axis=1) & np.isfinite(now[:, -1])
    if not known.any():
        return float("nan")
    highest, lowest = np.fmax.reduce(before[known], axis=1), np.fmin.reduce(before[known], axis=1)
    last = now[known, -1]
    return float(np.mean((last > highest) | (last < lowest)))


def stability_index(reference: Array, latest: Array) -> float:
    """Return the population stability index over ten equal parts of the reference."""
    edges = np.quantile(reference, np.linspace(0, 1, BINS + 1)[1:-1])
    return float(_index(_parts(reference, edges), _parts(latest, edges)))


def _parts(values: Array, edges: Array) -> Array:
    counts = np.bincount(np.searchsorted(edges, values, side="right"), minlength=BINS)
    return np.maximum(counts / len(values), SMALLEST_PART)


def _index(reference: Array, latest: Array) -> Array:
    return np.asarray(((latest - reference) * np.log(latest / reference)).sum(axis=-1))


@lru_cache(64)
def noise_floor(reference_rows: int, latest_rows: int) -> float:
    """Return what the index stays below in 19 of 20 samples of the same population (drawn with a fixed seed)."""
    rng = np.random.default_rng(0)
    even = np.full(BINS, 1 / BINS)
    reference, latest = (
        np.maximum(rng.multinomial(rows, even, DRAWS) / rows, SMALLEST_PART) for rows in (reference_rows, latest_rows)
    )
    return float(np.quantile(_index(reference, latest), 0.95))
