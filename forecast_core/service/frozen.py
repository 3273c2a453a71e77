"""What was answered, as it is kept with a scenario: numbers and where they came from.

In:    an `Answer`, the whole bill where there is one, the sentence that was shown.
Out:   plain JSON; `Frozen`, read back; why an answer of today differs.
Never: keeps a number without what it was made of.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forecast_core.forecast import Band, Interval
from forecast_core.months import month_text
from forecast_core.service.answers import Answer, Provenance
from forecast_core.service.costs import MoneyReport

FORMAT = 1


@dataclass(frozen=True)
class Frozen:
    """What was answered when a scenario was kept; None where it was not known. GB and money are totals over `months`.

    `net_saved` counts stored data only, `net_after_fees` everything; both in `currency`.
    """

    headline: str
    data_to: str
    dataset_name: str
    is_demo: bool
    model_title: str
    model_id: str
    price_book: str
    code_version: str
    trust: str
    first_month: str
    months: int
    archived_gb: Interval
    savings_gb: Interval | None
    net_saved: Interval | None
    net_after_fees: Interval | None
    currency: str


def freeze(answer: Answer, report: MoneyReport | None, headline: str) -> dict[str, Any]:
    """Return an answer as plain JSON, its months too."""
    money = answer.money
    stamp = answer.provenance
    return {
        "format": FORMAT,
        "headline": headline,
        "made_with": made_with(stamp, report),
        "dataset_name": stamp.dataset_name,
        "is_demo": stamp.is_demo,
        "model_title": stamp.model_title,
        "trust": answer.trust.colour,
        "first_month": month_text(answer.months[0]),
        "months": len(answer.months),
        "archived_gb": _interval(answer.archived_total.scenario),
        "savings_gb": _interval(answer.savings_total.scenario) if answer.savings_total else None,
        "net_saved": _interval(money.total.scenario) if money else None,
        "net_after_fees": _interval(_whole(report)) if report else None,
        "currency": report.currency if report else money.currency if money else "",
        "monthly": {
            "archived_gb": _band(answer.archived.scenario),
            "savings_gb": _band(answer.savings.scenario) if answer.savings else None,
            "net_after_fees": _band(report.net) if report else None,
        },
    }


def made_with(stamp: Provenance, report: MoneyReport | None) -> dict[str, str]:
    """Return what an answer depends on beside the scenario."""
    book = report.provenance.price_book if report else stamp.price_book
    return {
        "data": month_text(stamp.data_to),
        "model": stamp.model_id,
        "prices": book,
        "release": stamp.code_version,
    }


def _whole(report: MoneyReport) -> Interval:
    return Interval(report.total, float(report.cumulative.lower[-1]), float(report.cumulative.upper[-1]))


def _interval(found: Interval) -> list[float | None]:
    return [_finite(value) for value in (found.point, found.lower, found.upper)]


def _band(found: Band) -> list[list[float | None]]:
    return [[_finite(float(value)) for value in part] for part in (found.point, found.lower, found.upper)]


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def thaw(content: Mapping[str, Any]) -> Frozen:
    """Return what was kept."""
    made = content["made_with"]
    plain = ("headline", "dataset_name", "is_demo", "model_title", "trust", "first_month", "months", "currency")
    values: dict[str, Any] = {name: content[name] for name in plain}
    values |= {name: _read(content[name]) for name in ("archived_gb", "savings_gb", "net_saved", "net_after_fees")}
    return Frozen(
        **values,
        data_to=made["data"],
        model_id=made["model"],
        price_book=made["prices"],
        code_version=made["release"],
    )


def _read(values: list[float | None] | None) -> Interval | None:
    return Interval(*(math.nan if value is None else value for value in values)) if values else None


def differences(content: Mapping[str, Any], now: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    """Return what is not as it was when kept: (data, model, prices or release; then; now)."""
    then = content["made_with"]
    return tuple((name, then[name], now[name]) for name in then if then[name] != now[name])
