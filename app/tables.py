"""Tables beside pictures, and their CSV.

In:    results of the core.
Out:   `Table`: column headers and values; CSV text that a spreadsheet opens without running anything.
Never: knows Streamlit; rounds (a table is for recalculating).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from app.text import data as words
from forecast_core.months import month_text
from forecast_core.schema import COLUMNS

if TYPE_CHECKING:
    from forecast_core import (
        Answer,
        BacktestPicture,
        Band,
        InventoryReading,
        ModelsView,
        Outlook,
        PolicyAnswer,
        Quantity,
        Reading,
        UsageReading,
    )

Table = Mapping[str, Sequence[Any]]
_RISKY = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula: text that starts like one gets an apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_RISKY) else cell


def to_csv(table: Table) -> str:
    """Return the table as CSV text, one header line."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([harmless(name) for name in table])
    for row in zip(*table.values(), strict=True):
        writer.writerow(["" if _unknown(cell) else harmless(cell) for cell in row])
    return text.getvalue()


def _unknown(cell: Any) -> bool:
    return cell is None or (isinstance(cell, float) and not np.isfinite(cell))


def _months(months: np.ndarray[Any, Any]) -> list[str]:
    return [month_text(month) for month in months]


def _band(name: str, unit: str, band: Band) -> Table:
    return {
        f"{name}_{unit}": band.point.tolist(),
        f"{name}_lower_{unit}": band.lower.tolist(),
        f"{name}_upper_{unit}": band.upper.tolist(),
    }


def _quantity(name: str, unit: str, quantity: Quantity) -> Table:
    return {
        f"{name}_as_today_{unit}": quantity.baseline.point.tolist(),
        **_band(f"{name}_scenario", unit, quantity.scenario),
        **_band(f"{name}_change", unit, quantity.change),
    }


def flows(answer: Answer) -> Table:
    """Return archived and freed per month."""
    months = {"month": _months(answer.months)}
    freed = _quantity("freed", "gb", answer.savings) if answer.savings else {}
    return {**months, **_quantity("archived", "gb", answer.archived), **freed}


def cumulative_money(answer: Answer) -> Table:
    """Return money saved per month and in total so far."""
    if answer.money is None:
        return {}
    unit = answer.money.currency.lower()
    months = {"month": _months(answer.months)}
    return {
        **months,
        **_quantity("saved", unit, answer.money.net_saved),
        **_quantity("saved_so_far", unit, answer.money.cumulative),
    }


def by_type(answer: Answer) -> Table:
    """Return what is freed by file type per month."""
    table: dict[str, Sequence[Any]] = {"month": _months(answer.months)}
    for part in answer.by_type:
        table[f"{part.file_type}_as_today_gb"] = part.baseline_gb.tolist()
        table[f"{part.file_type}_scenario_gb"] = part.scenario_gb.tolist()
    return table


def forecast(outlook: Outlook) -> Table:
    """Return the forecast per month."""
    months = {"month": _months(outlook.months)}
    freed = _band("freed", "gb", outlook.savings) if outlook.savings else {}
    return {**months, **_band("archived", "gb", outlook.archived), **freed}


def backtest(picture: BacktestPicture) -> Table:
    """Return what would have been said, and what came."""
    said = _band("archived_forecast", "gb", picture.predicted)
    return {"month": _months(picture.months), **said, "archived_measured_gb": picture.actual.tolist()}


def calendar(answer: PolicyAnswer) -> Table:
    """Return what is archived and waits by month; months beyond the files that exist have no value of their own."""
    known = answer.known_months
    rest = [None] * (len(answer.months) - known)
    monthly = {name: [*values[:known], *rest] for name, values in _quantity("archived", "gb", answer.archived).items()}
    waiting = {"waiting_files": answer.waiting_files.tolist(), "waiting_gb": answer.waiting_gb.tolist()}
    return {"month": _months(answer.months), **monthly, **waiting}


def heat(answer: PolicyAnswer) -> Table:
    """Return GB by file type and age, and what the rule takes of it."""
    found = answer.heat
    pairs = [(row, column) for row in range(len(found.file_types)) for column in range(len(found.ages))]
    return {
        "file_type": [found.file_types[row] for row, _ in pairs],
        "from_age_months": [found.ages[column] for _, column in pairs],
        "total_gb": [float(found.total_gb[pair]) for pair in pairs],
        "taken_at_first_gb": [float(found.now_gb[pair]) for pair in pairs],
        "taken_gb": [float(found.taken_gb[pair]) for pair in pairs],
    }


def past_forecasts(view: ModelsView) -> Table:
    """Return what each model would have said a month ahead, and what came, over the champion's months."""
    best = view.champion
    found: dict[str, Sequence[Any]] = {"month": _months(best.months), "archived_gb": best.actual_gb.tolist()}
    for line in view.lines:
        said = dict(zip(_months(line.months), line.said_gb.tolist(), strict=True))
        if said:
            found[f"{line.name}_gb"] = [said.get(month) for month in found["month"]]
    return found


def by_months_ahead(view: ModelsView) -> Table:
    """Return the error by months ahead of every model."""
    rows = [(line.name, span) for line in view.lines for span in line.judged.spans]
    return {
        "model": [name for name, _ in rows],
        "first_month_ahead": [span.first for _, span in rows],
        "last_month_ahead": [span.last for _, span in rows],
        "wape_archived": [span.wape_archived for _, span in rows],
        "wape_savings": [span.wape_savings for _, span in rows],
        "bias": [span.bias for _, span in rows],
        "months": [span.months for _, span in rows],
    }


def sweep(view: ModelsView, lever: str) -> Table:
    """Return how each model answers the same move of a lever."""
    found: dict[str, Sequence[Any]] = {}
    for line in view.lines:
        for swept in line.judged.behaviour.sweeps if line.judged.behaviour else ():
            if swept.lever == lever:
                found.setdefault("factor", swept.factors.tolist())
                found[f"{line.name}_gb"] = swept.archived_gb.tolist()
    return found


def calibration(view: ModelsView) -> Table:
    """Return what the champion's ranges promised and held."""
    bands = view.champion.judged.bands
    return {
        "promised": [band.promised for band in bands],
        "held": [band.held for band in bands],
        "width_over_volume": [band.width for band in bands],
        "months": [band.judged for band in bands],
    }


def issues(reading: Reading | InventoryReading | UsageReading) -> Table:
    """Return every fault of a file."""
    found = reading.issues
    return {
        "what it means": [words.SEVERITIES[int(issue.severity)] for issue in found],
        "where": [words.place(issue) for issue in found],
        "what": [issue.what for issue in found],
        "allowed": [issue.allowed for issue in found],
        "what to do": [issue.hint for issue in found],
        "rows": [issue.rows for issue in found],
    }


def column_names() -> list[str]:
    """Return the canonical columns in declared order."""
    return [item.name for item in COLUMNS]


_EXAMPLE = ("Finance", "2026-01", 120_000, 1.8, 0.35, 0.3, 0.2, 400, 18.5, 17.9)


def template() -> Table:
    """Return a file to start from: the columns of the nine features and the two flows, one example row."""
    return {name: [value] for name, value in zip(column_names(), _EXAMPLE, strict=False)}
