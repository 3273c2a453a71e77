"""Answers as plain documents: what the API sends and the command line prints, the same numbers to the last digit.

In:    frozen results of the service.
Out:   dictionaries of text, numbers, lists and None.
Never: rounds; writes a number that is not one: what is not known is null.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from forecast_core import (
    FEATURES,
    TARGETS,
    Answer,
    DatasetInfo,
    Interval,
    Kept,
    LeverRange,
    ModelsView,
    Offer,
    Outlook,
    Predictions,
    PriceBook,
    Provenance,
    Ranges,
    RowPrediction,
    Scenario,
    Trust,
    WatchView,
    month_text,
    named_values,
)

Document = dict[str, Any]


def plain(value: Any) -> Any:
    """Return a value of the core as JSON knows it; a month is `2027-03`."""
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, np.datetime64):
        return month_text(value)
    if isinstance(value, np.ndarray):
        return [plain(item) for item in (value if value.dtype.kind == "M" else value.tolist())]
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def scenario(found: Scenario) -> Document:
    """Return a scenario with its id; values in the levers' own units, months as text."""
    return {
        "id": found.id,
        "name": found.name,
        "dataset": found.dataset_id,
        "scope": found.scope,
        "values": named_values(found),
        "left_out": list(found.left_out),
    }


def trust(found: Trust) -> Document:
    """Return a colour with its words and its reason."""
    return {"colour": found.colour, "words": found.words, "reason": found.reason}


def answer(found: Answer) -> Document:
    """Return the answer to a what-if."""
    money = found.money
    return {
        "scenario": scenario(found.scenario),
        "baseline": scenario(found.baseline),
        "moved": list(found.moved),
        "months": plain(found.months),
        "archived_gb": plain(found.archived),
        "savings_gb": plain(found.savings),
        "archived_total_gb": plain(found.archived_total),
        "savings_total_gb": plain(found.savings_total),
        "money": plain(money) if money else None,
        "money_note": found.money_note,
        "contributions": plain(found.contributions),
        "trust": trust(found.trust),
        "notes": list(found.notes),
        "provenance": plain(found.provenance),
    }


def compared(name: str, found: Answer) -> Document:
    """Return one scenario of a comparison: its totals over all months, and the change against the baseline."""
    money = found.money
    return {
        "name": name,
        "scenario": scenario(found.scenario),
        "moved": list(found.moved),
        "archived_total_gb": plain(found.archived_total),
        "savings_total_gb": plain(found.savings_total),
        "net_saved_total": plain(money.total) if money else None,
        "currency": money.currency if money else "",
        "break_even": money.break_even if money else "",
        "break_even_month": plain(money.break_even_month) if money else None,
        "trust": trust(found.trust),
        "notes": list(found.notes),
    }


def outlook(found: Outlook) -> Document:
    """Return what comes if nothing changes."""
    return {
        "scope": found.scope,
        "months": plain(found.months),
        "archived_gb": plain(found.archived),
        "savings_gb": plain(found.savings),
        "ahead": plain(found.ahead),
        "predictable": found.predictable,
        "error_ratio": plain(found.error_ratio),
        "notes": list(found.notes),
        "provenance": plain(found.provenance),
    }


def predictions(found: Predictions) -> Document:
    """Return the next month of every row, in the names of the published contract."""
    return {
        "predictions": [_prediction(row) for row in found.rows],
        "coverage": found.provenance.coverage,
        "notes": list(found.notes),
        "provenance": plain(found.provenance),
    }


def _prediction(row: RowPrediction) -> Document:
    return {
        "month": month_text(row.month),
        "scope": row.scope or None,
        **_bounded("archived_gb", row.archived),
        **_bounded("savings_gb", row.savings),
        "trust": row.trust.colour,
        "trust_reason": row.trust.reason,
    }


def _bounded(name: str, found: Interval | None) -> Document:
    return {
        f"{name}_next_period": found.point if found else None,
        f"{name}_lower": found.lower if found else None,
        f"{name}_upper": found.upper if found else None,
    }


def dataset(found: DatasetInfo) -> Document:
    """Return what is known about a data set."""
    return dict(plain(found))


def levers(known: Ranges) -> Document:
    """Return the levers of a scope with today's values and bounds."""
    return {
        "dataset": known.dataset_id,
        "scope": known.scope,
        "levers": [_lever(item) for item in known.levers],
        "parts": list(known.parts),
    }


def _lever(item: LeverRange) -> Document:
    lever = item.lever
    bounds = {name: plain(getattr(item, name)) for name in ("today", "lower", "upper", "step")}
    if lever.unit == "month" and item.available:
        bounds |= {name: str(np.datetime64(int(bounds[name]), "M")) for name in ("today", "lower", "upper")}
    about = {name: getattr(lever, name) for name in ("name", "title", "unit", "group", "help")}
    return {**about, **bounds, "available": item.available, "reason": item.reason}


def prices(book: PriceBook, today: np.datetime64) -> Document:
    """Return every offer with its dated prices."""
    return {"book": book.name, "currency": book.currency, "offers": [_offer(offer, today) for offer in book.offers]}


def _offer(offer: Offer, today: np.datetime64) -> Document:
    names = ("id", "title", "provider", "region", "redundancy", "tier", "missing")
    priced = ("item", "unit", "currency", "source", "read", "confidence", "valid_from", "valid_to", "note", "unknown")
    return {
        **{name: getattr(offer, name) for name in names},
        "roles": list(offer.roles),
        "default_for": list(offer.default_for),
        "prices": [
            {
                **{name: getattr(price, name) for name in priced},
                "bands": plain(price.bands),
                "is_stale": price.is_stale(today),
            }
            for price in offer.prices
        ],
    }


def model(found: ModelsView, source: Provenance) -> Document:
    """Return which model answers for a data set."""
    score = found.champion.score
    return {
        "dataset": found.dataset_id,
        "model": found.champion.name,
        "title": found.champion.title,
        "version": found.version,
        "trained_at": found.trained_at,
        "model_id": source.model_id,
        "data_to": month_text(source.data_to),
        "code_version": source.code_version,
        "features": ["month", *FEATURES],
        "targets": list(TARGETS),
        "wape_archived": plain(score.wape_archived) if score else None,
        "wape_savings": plain(score.wape_savings) if score else None,
        "coverage": found.promised,
        "measured_coverage": plain(found.coverage),
        "months_judged": source.months_judged,
        "challenger": found.challenger,
        "note": found.refused,
    }


def kept(found: Kept) -> Document:
    """Return a kept scenario."""
    names = ("id", "name", "scope", "edition", "created_by", "changed_by", "locked", "archived", "decided")
    return {
        **{name: getattr(found, name) for name in names},
        "dataset": found.dataset_id,
        "version": found.version.number,
        "digest": found.version.digest,
        "link": found.version.link,
        "created_at": found.created_at.isoformat(),
        "changed_at": found.changed_at.isoformat(),
        "note": found.version.note,
        "answered": plain(found.version.frozen),
    }


def drift(found: WatchView) -> Document:
    """Return whether it is still true."""
    overall = found.overall
    return {
        "dataset": found.dataset_id,
        "scope": found.scope,
        "month": month_text(found.month),
        "colour": overall.colour,
        "data": plain(overall.data),
        "inputs": plain(overall.inputs),
        "forecast": plain(found.forecast),
        "accuracy": plain(overall.accuracy),
        "findings": plain(found.findings),
        "moved": plain(found.moved),
        "score": plain(found.track.score),
        "due": plain(found.due),
        "open_months": plain(found.open_months),
        "currency": found.currency,
        "notes": list(found.notes),
        "provenance": plain(found.provenance),
    }
