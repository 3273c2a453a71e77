"""What was really paid: an invoice as CSV, or the FOCUS 1.x cost export of a cloud.

In:    rows as text.
Out:   `Invoice`: paid lines by month, in the lines of the ledger; the rows that were left out, and why.
Never: takes a tax or a credit for a price; guesses a unit or a currency.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from forecast_core.errors import SchemaError
from forecast_core.months import parse_month

FOCUS = ("BilledCost", "ChargePeriodStart", "BillingCurrency", "ChargeCategory")
OWN = ("month", "line", "quantity", "unit", "amount", "currency")
USAGE = "Usage"
GB_BYTES = 2**30
DAYS_PER_MONTH = 365.2425 / 12
_NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$")
_DAY = re.compile(r"^(\d{4}-\d{2})(-\d{2})?([T ].*)?$")

# What a meter's name says it is; the first that fits counts.
METERS: tuple[tuple[str, str], ...] = (
    ("early", r"early ?delet"),
    ("monitoring", r"monitor"),
    ("index", r"blob index|index tag"),
    ("requests", r"(retrieval|rehydrat|restore).*request"),
    ("retrieval", r"retriev|rehydrat|restore|data read\b"),
    ("writes", r"write|put\b|tier ?down|lifecycle|transition|class a\b|upload"),
    ("reads", r"read|get\b|class b\b|list|other operation|all other"),
    ("egress", r"egress|data transfer out|bandwidth|internet"),
    ("endpoint", r"private endpoint"),
    ("archive", r"data stored|storage|timed ?storage|capacity|stored|gb-month|byte ?hrs"),
)
PRIMARY = re.compile(r"\b(hot|standard lrs|premium|primary)\b")
STORED_UNITS = {
    "gib-month": 1.0, "gib-mo": 1.0, "gb-month": 1.0, "gb-mo": 1.0, "gb/month": 1.0, "1 gb/month": 1.0, "gb": 1.0,
    "gib": 1.0, "tb-month": 1024.0, "tb/month": 1024.0, "tb": 1024.0, "gb-hours": 1 / 730, "gib-hours": 1 / 730,
    "gb-hour": 1 / 730, "byte-hours": 1 / (730 * GB_BYTES), "bytes": 1 / GB_BYTES, "gb-days": 1 / DAYS_PER_MONTH,
}  # fmt: skip
COUNTED_UNITS = {
    "": 1.0, "1": 1.0, "count": 1.0, "operations": 1.0, "requests": 1.0, "units": 1.0, "1k": 1e3, "1000": 1e3,
    "10k": 1e4, "10k operations": 1e4, "1m": 1e6, "objects": 1.0, "transactions": 1.0, "hours": 1.0, "hour": 1.0,
}  # fmt: skip
STORED = frozenset({"archive", "primary_paid", "retrieval", "egress", "early"})


@dataclass(frozen=True)
class Paid:
    """What was paid for one meter in one month; `quantity` in the product's own units, NaN where unknown."""

    month: np.datetime64
    line: str
    meter: str
    quantity: float
    amount: float
    currency: str
    scope: str = ""


@dataclass(frozen=True)
class Invoice:
    """What was understood; `left_out` how many rows for which reason."""

    paid: tuple[Paid, ...]
    left_out: Mapping[str, int]
    kind: str

    @property
    def months(self) -> tuple[np.datetime64, ...]:
        """Return the months it covers."""
        return tuple(sorted({item.month for item in self.paid}))

    @property
    def currencies(self) -> tuple[str, ...]:
        """Return the currencies it is in."""
        return tuple(sorted({item.currency for item in self.paid}))


class _LeftOutError(Exception):
    """Why a row is left out; caught in `read_invoice`."""


def read_invoice(rows: Sequence[Mapping[str, str]], only: str = "") -> Invoice:
    """Return what was paid; SchemaError names the columns that a file of neither form lacks.

    `only` keeps rows whose meter, service, resource or account contains the text.
    """
    if not rows:
        raise SchemaError("The invoice has no rows.", hint="Export it again.")
    names = {_plain(name): name for name in rows[0]}
    kind = "focus" if all(_plain(name) in names for name in FOCUS) else "own"
    missing = [name for name in OWN if _plain(name) not in names] if kind == "own" else []
    if missing:
        raise SchemaError(
            f"The invoice lacks the column {', '.join(missing)}.",
            allowed=f"{', '.join(OWN)}; or a FOCUS export with {', '.join(FOCUS)}",
        )
    found, left = [], Counter[str]()
    for row in rows:
        cells = {plain: (row.get(name) or "").strip() for plain, name in names.items()}
        try:
            found.append(_focus(cells, only) if kind == "focus" else _own(cells, only))
        except _LeftOutError as reason:
            left[str(reason)] += 1
    return Invoice(_summed(found), dict(left), kind)


def _plain(name: str) -> str:
    return name.strip().lower().removeprefix("\ufeff")


def _own(cells: Mapping[str, str], only: str) -> Paid:
    meter = cells["line"]
    _wanted(only, meter, cells.get("scope", ""))
    line = meter if meter in LINES_BY_NAME else _line(meter)
    quantity = _quantity(cells["quantity"], cells["unit"], line)
    return Paid(
        _month(cells["month"]), line, meter, quantity, _number(cells["amount"], "amount"),
        _currency(cells["currency"]), cells.get("scope", ""),
    )  # fmt: skip


def _focus(cells: Mapping[str, str], only: str) -> Paid:
    if cells["chargecategory"] != USAGE:
        raise _LeftOutError(f"it is {cells['chargecategory'] or 'of no category'}, not usage")
    if cells.get("servicecategory", "Storage") not in ("Storage", ""):
        raise _LeftOutError("it is not storage")
    meter = next(filter(None, (cells.get(name, "") for name in METER_COLUMNS)), "")
    _wanted(only, meter, *(cells.get(name, "") for name in ("servicename", "resourcename", "subaccountname")))
    line = _line(meter)
    unit, amount = cells.get("consumedunit", ""), cells.get("consumedquantity", "")
    if not amount:
        unit, amount = cells.get("pricingunit", ""), cells.get("pricingquantity", "")
    return Paid(
        month=_month(cells["chargeperiodstart"]),
        line=line,
        meter=meter,
        quantity=_quantity(amount, unit, line),
        amount=_number(cells["billedcost"], "BilledCost"),
        currency=_currency(cells["billingcurrency"]),
        scope=cells.get("subaccountname", ""),
    )


METER_COLUMNS = ("x_skumetername", "skumeter", "chargedescription", "x_skudescription")
LINES_BY_NAME = frozenset({name for name, _ in METERS} | {"primary_paid", "small_files", "names", "endpoint_data"})


def _wanted(only: str, *texts: str) -> None:
    if only and not any(only.lower() in text.lower() for text in texts):
        raise _LeftOutError(f"it does not name {only}")


def _line(meter: str) -> str:
    plain = meter.lower()
    for line, pattern in METERS:
        if re.search(pattern, plain):
            return "primary_paid" if line == "archive" and PRIMARY.search(plain) else line
    raise _LeftOutError(f"its meter is not known: {meter[:60] or 'empty'}")


def _quantity(text: str, unit: str, line: str) -> float:
    if not text:
        return float("nan")
    units = STORED_UNITS if line in STORED else COUNTED_UNITS
    factor = units.get(unit.strip().lower())
    if factor is None:
        raise _LeftOutError(f"its unit is not known: {unit[:40] or 'empty'}")
    return _number(text, "quantity") * factor


def _number(text: str, what: str) -> float:
    plain = text.replace(",", "") if "." in text else text
    if not _NUMBER.match(plain):
        raise _LeftOutError(f"its {what} is no number: {text[:30] or 'empty'}")
    return float(plain)


def _month(text: str) -> np.datetime64:
    found = _DAY.match(text)
    try:
        if found:
            return parse_month(found[1])
    except ValueError:
        pass
    raise _LeftOutError(f"its month cannot be read: {text[:30] or 'empty'}")


def _currency(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{3}", text):
        raise _LeftOutError(f"its currency is not known: {text[:10] or 'empty'}")
    return text.upper()


def _summed(found: Sequence[Paid]) -> tuple[Paid, ...]:
    """Add up the days and resources of one meter and month."""
    totals: dict[tuple[np.datetime64, str, str, str, str], tuple[float, float]] = {}
    for item in found:
        key = (item.month, item.line, item.meter, item.currency, item.scope)
        quantity, amount = totals.get(key, (0.0, 0.0))
        totals[key] = quantity + item.quantity, amount + item.amount
    lines = (
        Paid(month, line, meter, quantity, amount, currency, scope)
        for (month, line, meter, currency, scope), (quantity, amount) in totals.items()
    )
    return tuple(sorted(lines, key=lambda item: (item.month, item.line, item.meter, item.scope)))
