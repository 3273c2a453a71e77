"""Tables of a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from forecast_core.months import month_text

if TYPE_CHECKING:
    from app.tables import Table
    from forecast_core import BestPolicy, Comparison, LeverMap, Tornado


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


def frontier(found: BestPolicy) -> Table:
    """Return the policies that no other beats."""
    return {
        "freed_gb": [each.freed_gb for each in found.frontier],
        f"net_{found.currency.lower()}": [each.net for each in found.frontier],
        f"paid_{found.currency.lower()}": [each.paid for each in found.frontier],
        "files_per_day": [each.files_per_day for each in found.frontier],
        "returned_ratio": [each.returned_ratio for each in found.frontier],
        "tier": [each.terms.archive for each in found.frontier],
        "rule_months": [each.scenario.values.get("rule_months") for each in found.frontier],
        "left_out": [" ".join(each.scenario.left_out) for each in found.frontier],
    }


def tornado(found: Tornado) -> Table:
    """Return both ends of every range, and what they come to."""
    return {
        "name": [bar.title for bar in found.bars],
        "unit": [bar.unit for bar in found.bars],
        "low": [bar.lower for bar in found.bars],
        "high": [bar.upper for bar in found.bars],
        f"{found.yardstick}_at_low": [bar.value_lower for bar in found.bars],
        f"{found.yardstick}_at_high": [bar.value_upper for bar in found.bars],
    }


def lever_map(found: LeverMap) -> Table:
    """Return what every pair of places comes to."""
    pairs = [(row, column) for row in range(len(found.down_at)) for column in range(len(found.across_at))]
    return {
        found.across.lever.name: [float(found.across_at[column]) for _, column in pairs],
        found.down.lever.name: [float(found.down_at[row]) for row, _ in pairs],
        found.yardstick: [float(found.values[pair]) for pair in pairs],
    }
