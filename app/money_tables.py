"""Tables of the Money page, for reading on and for recalculating.

In:    a `MoneyReport`.
Out:   `Table`.
Never: knows Streamlit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from app.tables import Table
from app.text import bills
from forecast_core.months import month_text

if TYPE_CHECKING:
    from forecast_core import Line, MoneyReport


def waterfall(report: MoneyReport) -> Table:
    """Return every step from gross to net, in whole cents."""
    return {
        "line": [*(step.title for step in report.waterfall), "Net"],
        f"amount_{report.currency.lower()}": [*(step.amount for step in report.waterfall), report.total],
        "formula": [*(step.formula for step in report.waterfall), "sum of the lines above"],
    }


def ledger(report: MoneyReport) -> Table:
    """Return the ledger by month in whole cents; each column adds up to its step of the waterfall."""
    table: dict[str, Sequence[Any]] = {"month": [month_text(month) for month in report.months]}
    for step in report.waterfall:
        table[step.title] = report.cents[step.name].tolist()
    nothing = np.zeros(len(report.months))
    table["Net"] = np.round(sum(report.cents.values(), nothing), 2).tolist()
    return table


def line(report: MoneyReport, name: str) -> Table:
    """Return one line by month, unrounded: what its quantity is made of, quantity, price, amount.

    A line with several items has these columns for each.
    """
    table: dict[str, Sequence[Any]] = {"month": [month_text(month) for month in report.months]}
    for found in report.ledger.lines:
        if found.name == name:
            tail = f" {found.item}".rstrip()
            for title, values in found.inputs:
                table[title] = np.broadcast_to(values, report.months.shape).tolist()
            table[f"quantity{tail}"] = found.quantity.tolist()
            if found.prices:
                table[f"price{tail}"] = [_price(found, month) for month in report.months]
            table[f"amount{tail}_{report.currency.lower()}"] = found.amount.tolist()
    return table


def _price(found: Line, month: np.datetime64) -> str:
    price = next(price for price in reversed(found.prices) if price.holds(month))
    return f"{bills.bands(price)} per {price.unit}"


def prices(report: MoneyReport) -> Table:
    """Return every price behind the amounts, with everything that is known of it."""
    used = report.prices
    return {
        "price": [use.price.title for use in used],
        "lines": ["; ".join(dict.fromkeys(use.lines)) for use in used],
        "value": [bills.bands(use.price) for use in used],
        "unit": [use.price.unit for use in used],
        "currency": [use.price.currency for use in used],
        "layer": [use.price.layer for use in used],
        "source": [use.price.source for use in used],
        "read": [use.price.read for use in used],
        "confidence": [use.price.confidence for use in used],
        "valid_from": [use.price.valid_from for use in used],
        "valid_to": [use.price.valid_to for use in used],
        "stale": [use.is_stale for use in used],
        "unconfirmed": [use.price.unconfirmed for use in used],
        "note": [use.price.note for use in used],
    }


def scopes_by_month(report: MoneyReport) -> Table:
    """Return every line by scope and month, unrounded; a column adds up to its line."""
    scopes, months = [bill.scope for bill in report.by_scope], [month_text(month) for month in report.months]
    table: dict[str, Sequence[Any]] = {
        "scope": [scope for scope in scopes for _ in months],
        "month": months * len(scopes),
    }
    for step in report.waterfall:
        table[step.title] = report.shared[step.name].ravel().tolist()
    return table


def swings(report: MoneyReport) -> Table:
    """Return every assumption with both ends of its range and what they do."""
    return {
        "assumption": [swing.title for swing in report.swings],
        "unit": [swing.unit for swing in report.swings],
        "today": [swing.today for swing in report.swings],
        "lower": [swing.lower for swing in report.swings],
        "upper": [swing.upper for swing in report.swings],
        "worth_at_lower": [swing.value_lower for swing in report.swings],
        "worth_at_upper": [swing.value_upper for swing in report.swings],
    }


def tiers(report: MoneyReport) -> Table:
    """Return every tier, also those that cannot be priced."""
    return {
        "tier": [tier.offer.title for tier in report.tiers],
        "worth_today": [tier.value for tier in report.tiers],
        "saved": [tier.saved for tier in report.tiers],
        "paid": [tier.paid for tier in report.tiers],
        "payback_months": [tier.payback_months for tier in report.tiers],
        "wait_hours": [tier.offer.rules.wait_hours for tier in report.tiers],
        "minimum_days": [tier.offer.rules.minimum_days for tier in report.tiers],
        "not_priced": [tier.problem for tier in report.tiers],
    }
