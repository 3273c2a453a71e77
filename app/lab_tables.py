"""Tables of a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from forecast_core.months import month_text

if TYPE_CHECKING:
    from app.tables import Table
    from forecast_core import Comparison


def _unit(comparison: Comparison, measure: str) -> str:
    return comparison.currency.lower() if measure == "net" else "gb"


def course(comparison: Comparison, names: Sequence[str], measure: str) -> Table:
    """Return the running sum of every scenario, with its range."""
    table: dict[str, Sequence[object]] = {"month": [month_text(month) for month in comparison.months]}
    for name, side in zip(names, comparison.sides, strict=True):
        band = side.futures[measure].so_far.band
        for part, values in (("", band.point), ("_lower", band.lower), ("_upper", band.upper)):
            table[f"{name}{part}_{_unit(comparison, measure)}"] = values.tolist()
    return table


def differences(comparison: Comparison, names: Sequence[str], measure: str) -> Table:
    """Return every difference: first less second, its range, and the share of futures in which it is more."""
    unit, pairs = _unit(comparison, measure), comparison.against[measure]
    return {
        "scenario": [names[one] for one, _ in pairs],
        "less": [names[other] for _, other in pairs],
        f"difference_{unit}": [found.difference.point for found in pairs.values()],
        f"lower_{unit}": [found.difference.lower for found in pairs.values()],
        f"upper_{unit}": [found.difference.upper for found in pairs.values()],
        "share_of_futures_with_more": [found.better for found in pairs.values()],
    }
