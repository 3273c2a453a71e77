"""Alarms, actuals, invoices and feedback as they lie in the store, and back.

In:    what `forecast_core.drift` declares; rows.
Out:   plain JSON without NaN; the same again.
Never: decides anything.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

import numpy as np

from forecast_core.drift.alarms import Alarm, Change
from forecast_core.drift.invoice import Invoice, Paid
from forecast_core.drift.track import Actual
from forecast_core.months import month_text, parse_month
from forecast_core.store import AlarmRow, ChangeRow, Line

ACTUAL, INVOICE, FEEDBACK, ROUND, REPLAY = "actual", "invoice", "feedback", "round", "replay"
_MONTHS = ("since", "seen")
_FIGURES = ("archived_gb", "saved_gb", "files", "mean_mb", "taken")


def plain(value: Any) -> Any:
    """Return a value as JSON knows it: months as text, unknown as null."""
    if isinstance(value, np.datetime64):
        return month_text(value)
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    return value


def alarm_row(alarm: Alarm, edition: int = 0) -> AlarmRow:
    """Return an alarm as a row."""
    return AlarmRow(alarm.key, month_text(alarm.since), alarm.state, _body(alarm), edition)


def alarm_of(body: Mapping[str, Any]) -> Alarm:
    """Return the alarm of a row's body."""
    values: dict[str, Any] = {name: math.nan if value is None else value for name, value in body.items()}
    return Alarm(**{**values, **{name: parse_month(values[name]) for name in _MONTHS}})


def _body(alarm: Alarm) -> dict[str, Any]:
    return {item.name: plain(getattr(alarm, item.name)) for item in fields(alarm)}


def change_row(change: Change, subject: str) -> ChangeRow:
    """Return a change as a row."""
    body = {"kind": change.kind, "month": month_text(change.month), "subject": subject, "alarm": _body(change.alarm)}
    return ChangeRow(change.id, body)


def change_of(body: Mapping[str, Any]) -> Change:
    """Return the change of a row's body."""
    return Change(body["kind"], parse_month(body["month"]), alarm_of(body["alarm"]))


def actual_lines(actuals: Iterable[Actual], at: datetime, by: str) -> tuple[Line, ...]:
    """Return actuals as lines of the journal, one per month and revision."""
    together: dict[tuple[str, int], dict[str, Any]] = {}
    sources: dict[tuple[str, int], str] = {}
    for item in actuals:
        key = (month_text(item.month), item.revision)
        together.setdefault(key, {})[item.scope] = {name: plain(getattr(item, name)) for name in _FIGURES}
        sources[key] = item.source
    found = []
    for (month, revision), scopes in together.items():
        body = {"month": month, "revision": revision, "source": sources[month, revision], "scopes": scopes}
        ref = f"{month}/{revision}/{hashlib.sha256(repr(sorted(scopes.items())).encode()).hexdigest()[:16]}"
        found.append(Line(ACTUAL, ref, at, by, body))
    return tuple(found)


def actuals_of(lines: Iterable[Line]) -> tuple[Actual, ...]:
    """Return every actual there ever was."""
    found = []
    for line in lines:
        body = line.body
        month, known_at = parse_month(body["month"]), line.at.isoformat(timespec="seconds")
        for scope, values in body["scopes"].items():
            figures = {name: math.nan if values[name] is None else float(values[name]) for name in _FIGURES}
            found.append(
                Actual(
                    scope, month, **figures, source=body["source"], known_at=known_at, revision=int(body["revision"])
                )
            )
    return tuple(found)


def invoice_line(invoice: Invoice, name: str, content_id: str, at: datetime, by: str) -> Line:
    """Return an invoice as a line of the journal; the same file is kept once."""
    paid = [{item.name: plain(getattr(each, item.name)) for item in fields(each)} for each in invoice.paid]
    left = dict(invoice.left_out)
    return Line(INVOICE, content_id, at, by, {"name": name, "kind": invoice.kind, "left_out": left, "paid": paid})


def paid_of(lines: Iterable[Line]) -> tuple[Paid, ...]:
    """Return what was paid, by month; of several invoices for a month the latest counts."""
    by_month: dict[str, list[Mapping[str, Any]]] = {}
    for line in lines:
        mine: dict[str, list[Mapping[str, Any]]] = {}
        for each in line.body["paid"]:
            mine.setdefault(each["month"], []).append(each)
        by_month.update(mine)
    return tuple(_paid(each) for month in sorted(by_month) for each in by_month[month])


def _paid(values: Mapping[str, Any]) -> Paid:
    quantity = math.nan if values["quantity"] is None else float(values["quantity"])
    return Paid(**{**values, "month": parse_month(values["month"]), "quantity": quantity})
