"""Worked questions for a first visit: each is a title and the levers it sets.

In:    the `Ranges` of a scope.
Out:   only the questions whose levers this data has, inside their bounds.
Never: knows Streamlit or an answer.
"""

from __future__ import annotations

from dataclasses import dataclass

from forecast_core import Ranges

COLD_RATIO = 0.5


@dataclass(frozen=True)
class Example:
    """A question as a button: `values` by lever name."""

    name: str
    title: str
    values: dict[str, float]


def examples(known: Ranges) -> tuple[Example, ...]:
    """Return the questions that can be asked here and change something."""
    asked = [
        _times(known, "Archive twice as often", "archive_frequency_per_day", 2),
        _times(known, "Files grow twice as fast", "growth_ratio_per_month", 2),
        _times(known, "Archive at half the price", "archive_cost_per_gb_month", COLD_RATIO),
    ]
    return tuple(example for example in asked if example)


def _times(known: Ranges, title: str, name: str, factor: float) -> Example | None:
    item = known.by_name(name)
    value = item.today * factor
    if not item.available or not item.lower <= value <= item.upper or value == item.today:
        return None
    return Example(name, title, {name: value})
