"""The numbers behind the pictures of the Drift page, for recalculating.

In:    a `WatchView`.
Out:   `Table`s, unrounded.
Never: knows Streamlit.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.tables import Table
from forecast_core import InputPath, WatchView, month_text


def path(shown: InputPath) -> Table:
    """Return what was measured and expected of an input."""
    name = shown.input.name
    return {
        "month": [month_text(month) for month in shown.months],
        name: shown.observed.tolist(),
        f"{name}_expected": shown.expected.tolist(),
        f"{name}_lower": shown.lower.tolist(),
        f"{name}_upper": shown.upper.tolist(),
    }


def paths(shown: Sequence[InputPath]) -> Table:
    """Return the same of several inputs."""
    table: dict[str, Sequence[object]] = {}
    for each in shown:
        table |= path(each)
    return table


def track(view: WatchView) -> Table:
    """Return what was said and what came."""
    found = view.track
    return {
        "month": [month_text(month) for month in found.months],
        "predicted_gb": found.said.tolist(),
        "predicted_lower_gb": found.lower.tolist(),
        "predicted_upper_gb": found.upper.tolist(),
        "archived_gb": found.actual.tolist(),
        "frozen_then": found.frozen.tolist(),
    }
