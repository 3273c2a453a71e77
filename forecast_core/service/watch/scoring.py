"""The kept score: actuals taken from the data, months scored, misses taken apart.

In:    a history, frozen forecasts, actuals, invoices.
Out:   `Track` of a scope, `DecidedRow`s, new actuals.
Never: forgets what an actual was before it was revised.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from forecast_core.drift.invoice import Paid
from forecast_core.drift.misses import Bill, BillLine, Estate, Moved, Parts, bill_apart, gb_apart, together
from forecast_core.drift.track import Actual, Row, Said, score, scored
from forecast_core.history import ALL, History
from forecast_core.money import KINDS
from forecast_core.months import month_text, parse_month
from forecast_core.service.answers import BacktestPicture
from forecast_core.service.costs import MoneyReport
from forecast_core.service.watch.answers import DecidedRow, Track
from forecast_core.service.watch.issuing import DECIDED
from forecast_core.store import Kept, LinkRow, Version

MB_PER_GB = 1024
UNKNOWN = math.nan
YEAR = 12


def actuals_from(history: History, first: np.datetime64, known_at: str) -> tuple[Actual, ...]:
    """Return what came, by scope and for ALL, from a month on."""
    names = ("archived_gb", "savings_gb", "total_files", "avg_file_size_mb", "files_archived")
    archived, saved, files, mean_mb, taken = (history.grid(name) for name in names)
    found = []
    for at in np.flatnonzero(history.months >= first):
        month, here = history.months[at], []
        for row, scope in enumerate(history.scopes):
            if np.isfinite(archived[row, at]):
                flow = float(archived[row, at]), float(saved[row, at])
                stock = _before(flow[0], files[row, at], mean_mb[row, at], taken[row, at])
                here.append(Actual(scope, month, *flow, *stock, "data", known_at, taken=float(taken[row, at])))
        if here:
            found += [*here, _whole(here, month, known_at)]
    return tuple(found)


def _before(archived_gb: float, files: float, mean_mb: float, taken: float) -> tuple[float, float]:
    """Return files on primary before the month's archiving, and their mean MB."""
    if not (files > 0 and mean_mb > 0):
        return UNKNOWN, UNKNOWN
    took = taken if math.isfinite(taken) else archived_gb * MB_PER_GB / mean_mb
    before = files + took
    return float(before), float((files * mean_mb + archived_gb * MB_PER_GB) / before)


def _whole(here: Sequence[Actual], month: np.datetime64, known_at: str) -> Actual:
    files = sum(each.files for each in here)
    gb = sum(each.files * each.mean_mb for each in here)
    archived, saved = sum(each.archived_gb for each in here), sum(each.saved_gb for each in here)
    mean_mb, taken = gb / files if files > 0 else UNKNOWN, sum(each.taken for each in here)
    return Actual(ALL, month, archived, saved, files, mean_mb, "data", known_at, taken=taken)


def track(
    said: Iterable[Said], actuals: Iterable[Actual], scope: str, until: np.datetime64, before: BacktestPicture | None
) -> Track:
    """Return what was said and what came of one scope; months before anything was frozen come from the backtest."""
    rows = tuple(row for row in scored(said, actuals) if row.said.scope == scope and row.said.month <= until)
    first = rows[0].said.month if rows else until + 1
    months, columns, frozen = [], [], []
    if before is not None:
        band = before.predicted
        for at in np.flatnonzero((before.months < first) & (before.months <= until)):
            months.append(before.months[at])
            columns.append((band.point[at], band.lower[at], band.upper[at], before.actual[at]))
            frozen.append(False)
    for row in rows:
        months.append(row.said.month)
        columns.append((row.said.archived_gb, row.said.lower, row.said.upper, row.actual.archived_gb))
        frozen.append(True)
    grid = np.array(columns, float).reshape(len(columns), 4).T
    inside = (grid[3] >= grid[1]) & (grid[3] <= grid[2])
    return Track(
        months=np.array(months, "datetime64[M]"),
        said=grid[0],
        lower=grid[1],
        upper=grid[2],
        actual=grid[3],
        inside=inside,
        frozen=np.array(frozen, bool),
        score=score(rows),
        rows=rows,
        parts={month_text(row.said.month): parts for row in rows if (parts := parts_of(row)) is not None},
    )


def parts_of(row: Row) -> Parts | None:
    """Return a month's miss in GB as volume, mix and behaviour; None where the stock was not known."""
    stock = (row.said.files, row.said.mean_mb, row.actual.files, row.actual.mean_mb)
    if not all(math.isfinite(value) for value in stock):
        return None
    return gb_apart(
        Estate(row.said.files, row.said.mean_mb, row.said.archived_gb),
        Estate(row.actual.files, row.actual.mean_mb, row.actual.archived_gb),
    )


# ── scenarios that were decided ────────────────────────────────────────────────────────────────────────────────────
def of_decision(kept: Kept, version: Version, report: MoneyReport | None, made_at: str) -> tuple[str, dict[str, Any]]:
    """Return name and content of a decision: what was answered when it was kept, and the bill it was decided on."""
    content = {
        "kind": DECIDED,
        "scenario": kept.id,
        "version": version.number,
        "name": kept.name,
        "dataset": kept.dataset_id,
        "scope": kept.scope,
        "digest": version.digest,
        "link": version.link,
        "decided_by": kept.decided_by,
        "decided_at": kept.decided_at.isoformat() if kept.decided_at else "",
        "frozen": dict(version.frozen),
        "bill": _bill(report) if report else None,
        "made_at": made_at,
    }
    return f"{kept.id}/{version.number}", content


def _bill(report: MoneyReport) -> dict[str, Any]:
    lines: dict[str, dict[str, list[float]]] = {}
    for line in report.ledger.lines:
        if not KINDS[line.name].saves and KINDS[line.name].group != "primary" and np.any(line.quantity != 0):
            quantity = np.broadcast_to(line.quantity, line.amount.shape)
            kept = lines.setdefault(line.name, {"quantity": [0.0] * len(quantity), "amount": [0.0] * len(quantity)})
            kept["quantity"] = [a + float(b) for a, b in zip(kept["quantity"], quantity, strict=True)]
            kept["amount"] = [a - float(b) for a, b in zip(kept["amount"], line.amount, strict=True)]
    return {
        "first_month": month_text(report.months[0]),
        "currency": report.currency,
        "mean_file_mb": report.mean_file_mb if math.isfinite(report.mean_file_mb) else None,
        "lines": lines,
    }


def decided_rows(
    links: Iterable[LinkRow], actuals: Iterable[Actual], paid: Iterable[Paid], until: np.datetime64
) -> tuple[DecidedRow, ...]:
    """Return every month of every decision that came, with its invoice where there is one."""
    latest: dict[tuple[str, str], Actual] = {}
    for item in sorted(actuals, key=lambda each: each.revision):
        latest[item.scope, month_text(item.month)] = item
    bills: dict[str, list[Paid]] = {}
    for each in paid:
        bills.setdefault(month_text(each.month), []).append(each)
    found = []
    for each_link in links:
        if each_link.kind == DECIDED:
            found += _decided(json.loads(each_link.content), latest, bills, until)
    return tuple(found)


def _decided(
    content: Mapping[str, Any],
    latest: Mapping[tuple[str, str], Actual],
    bills: Mapping[str, Sequence[Paid]],
    until: np.datetime64,
) -> list[DecidedRow]:
    frozen, bill = content["frozen"], content["bill"]
    first, scope = parse_month(frozen["first_month"]), content["scope"]
    expected = [value or 0.0 for value in frozen["monthly"]["archived_gb"][0]]
    found, so_far = [], [0.0, 0.0]
    for step, gb in enumerate(expected):
        month = first + step
        actual = latest.get((scope, month_text(month)))
        if month > until or actual is None:
            continue
        so_far = [so_far[0] + gb, so_far[1] + actual.archived_gb]
        invoice = [each for each in bills.get(month_text(month), ()) if each.scope in ("", scope) or scope == ALL]
        parts = _cost(bill, month, (gb, actual), so_far, invoice) if bill and invoice else {}
        cost = _expected_cost(bill, month) if bill else UNKNOWN
        came = sum(each.amount for each in invoice if _counts(each)) if invoice else UNKNOWN
        found.append(
            DecidedRow(
                content["scenario"], content["name"], month, gb, actual.archived_gb, cost, came,
                bill["currency"] if bill else "", together(parts.values()) if parts else None, parts,
            )
        )  # fmt: skip
    return found


def _counts(each: Paid) -> bool:
    return each.line not in KINDS or KINDS[each.line].group != "primary"


def _at(bill: Mapping[str, Any], month: np.datetime64) -> int:
    return int((month - parse_month(bill["first_month"])).astype(int))


def _expected_cost(bill: Mapping[str, Any], month: np.datetime64) -> float:
    at = _at(bill, month)
    amounts = [line["amount"] for line in bill["lines"].values()]
    return sum(line[at] for line in amounts if 0 <= at < len(line)) if amounts else 0.0


def _cost(
    bill: Mapping[str, Any],
    month: np.datetime64,
    gb: tuple[float, Actual],
    so_far: Sequence[float],
    invoice: Sequence[Paid],
) -> dict[str, Parts]:
    at, (said_gb, actual) = _at(bill, month), gb
    expected = {
        name: BillLine(line["quantity"][at], line["amount"][at])
        for name, line in bill["lines"].items()
        if 0 <= at < len(line["amount"])
    }
    came: dict[str, BillLine] = {}
    for each in filter(_counts, invoice):
        before = came.get(each.line, BillLine(0.0, 0.0))
        came[each.line] = BillLine(before.quantity + each.quantity, before.amount + each.amount)
    said_mb = bill["mean_file_mb"] or UNKNOWN
    came_mb = actual.archived_gb * MB_PER_GB / actual.taken if actual.taken > 0 else said_mb
    return bill_apart(
        Bill(_moved(so_far[0], said_mb), _moved(said_gb, said_mb), expected),
        Bill(_moved(so_far[1], came_mb), _moved(actual.archived_gb, came_mb), came),
    )


def _moved(gb: float, mean_mb: float) -> Moved:
    return Moved(gb, gb * MB_PER_GB / mean_mb if mean_mb > 0 else 0.0)
