"""Every lever value that a user can reach, as hypothesis strategies."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from forecast_core import LeverRange, Ranges, Scenario, baseline, rescaled_mix
from tests.builders import EXTREMES

ESTATES = ("demo", *EXTREMES)
MIX = ("pct_pdf", "pct_docx", "pct_xlsx")
WITHOUT = {
    "archive_frequency_per_day": {"no_frequency", "bare"},
    "total_files": {"no_stock", "bare"},
    "growth_ratio_per_month": {"no_stock", "bare"},
    "avg_file_size_mb": {"no_stock", "bare"},
}
SIZES = ("archive_frequency_per_day", "total_files", "avg_file_size_mb")


def estates_with(levers: Sequence[str]) -> list[tuple[str, str]]:
    """Return every (estate, lever) where the data can carry the lever; a model that cannot answer it fails the test."""
    return [(name, lever) for lever in levers for name in ESTATES if name not in WITHOUT[lever]]


def value(item: LeverRange) -> st.SearchStrategy[float]:
    """Any value inside the bounds, the bounds themselves and the places of the slider more often."""
    digits = item.lever.digits
    if digits == 0:
        return st.integers(math.ceil(item.lower), math.floor(item.upper)).map(float)
    ends = st.sampled_from([item.lower, item.today, item.upper])
    return st.one_of(ends, st.floats(item.lower, item.upper).map(lambda number: _inside(item, number)))


def _inside(item: LeverRange, number: float) -> float:
    return min(max(item.lever.rounded(number), item.lower), item.upper)


@st.composite
def scenarios(draw: st.DrawFn, known: Ranges, horizon: int | None = None) -> Scenario:
    """Return a scenario with any subset of its levers moved, shares moved one after the other as on the page."""
    items = [item for item in known.available() if item.lever.name not in MIX]
    chosen = draw(st.lists(st.sampled_from(items), unique_by=lambda item: item.lever.name, max_size=len(items)))
    moved = baseline(known).with_values(**{item.lever.name: draw(value(item)) for item in chosen})
    shares = [item for item in known.available() if item.lever.name in MIX]
    for item in draw(st.lists(st.sampled_from(shares), max_size=2)) if shares else []:
        moved = moved.with_values(**rescaled_mix(moved.values, item.lever.name, draw(value(item))))
    return moved if horizon is None else moved.with_values(horizon_months=horizon)


def sweep(known: Ranges, base: Scenario, name: str, places: Sequence[float]) -> list[Scenario]:
    """Return the scenario with one lever at several places of its slider (0 … 1 of its width), in ascending order."""
    item = known.by_name(name)
    at = item.lower + (item.upper - item.lower) * np.sort(np.asarray(places))
    return [base.with_values(**{name: _inside(item, float(number))}) for number in at]
