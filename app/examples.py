"""Worked questions for a first visit: each is a title and the levers it sets.

In:    the `Ranges` of a scope, the price book.
Out:   only the questions whose levers this data has, inside their bounds.
Never: knows Streamlit or an answer.
"""

from __future__ import annotations

from dataclasses import dataclass

from forecast_core import PriceBook, Ranges

YEAR_MONTHS, SMALL_CLASS = 12, 17  # 128 KB, below which a cold tier bills more than there is


@dataclass(frozen=True)
class Example:
    """A question as a button: `values` by lever name."""

    name: str
    title: str
    values: dict[str, float]


def examples(known: Ranges, book: PriceBook) -> tuple[Example, ...]:
    """Return the questions that can be asked here and change something."""
    asked = [
        _times_two(known, "Archive twice as often", "archive_frequency_per_day"),
        _times_two(known, "Files grow twice as fast", "growth_ratio_per_month"),
        _colder(known, book),
        _asked(known, "Archive after a year", "rule_months", YEAR_MONTHS),
        _asked(known, "Stop archiving small files", "smallest_class", SMALL_CLASS),
    ]
    return tuple(example for example in asked if example)


def _times_two(known: Ranges, title: str, name: str) -> Example | None:
    return _asked(known, title, name, 2 * known.by_name(name).today)


def _colder(known: Ranges, book: PriceBook) -> Example | None:
    """Return the next colder tier beside the one that scenarios start from."""
    found = book.colder(book.default("archive").id)
    return _asked(known, "Archive to a colder tier", "archive_cost_per_gb_month", found.first_stored) if found else None


def _asked(known: Ranges, title: str, name: str, value: float) -> Example | None:
    item = known.by_name(name)
    rounded = item.lever.rounded(value) if item.available else item.today
    if not item.available or not item.lower <= rounded <= item.upper or rounded == item.today:
        return None
    return Example(name, title, {name: rounded})
