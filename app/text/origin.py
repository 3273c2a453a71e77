"""Where the numbers of a page come from, in one line."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from app.text.numbers import month, percent

if TYPE_CHECKING:
    from forecast_core import Provenance


def stamp(source: Provenance) -> str:
    """Return data, model, prices, band and version."""
    parts = [
        source.dataset_name + (" (demo data, generated)" if source.is_demo else ""),
        f"data to {month(source.data_to)}",
        f"model {source.model_title} ({source.model_id})",
        f"prices: {source.price_book[:1].lower()}{source.price_book[1:]}" if source.price_book else "no prices",
        band(source),
        f"version {source.code_version}",
    ]
    return " · ".join(parts)


def band(source: Provenance) -> str:
    """Return what the band promises and what it kept."""
    promised = f"{percent(source.coverage)} band"
    if not math.isfinite(source.measured_coverage) or source.months_judged == 0:
        return f"{promised}, not yet judged"
    return f"{promised} covered {percent(source.measured_coverage)} of {source.months_judged:,} months judged"
