"""Where each amount of the Money page comes from, in words: quantity, price, source, date, rule, formula.

In:    lines, ledgers, prices, a `MoneyReport`.
Out:   sentences and tables of words.
Never: leaves an amount without the way to its price.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from app.text.locale import digits
from app.text.money import exact, months, over
from app.text.numbers import money_range, month, percent, significant, volume
from forecast_core.money.cents import in_cents, rounded
from forecast_core.money.stress import OUT_LINES
from forecast_core.money.units import unit

if TYPE_CHECKING:
    from forecast_core import Ledger, Line, MoneyReport, Offer, Price, Stress

_QUANTITIES = {
    "GB-months": "GB × months",
    "GB": "GB",
    "operations": "operations",
    "object-months": "objects × months",
    "hours": "hours",
    "months": "months",
    "times": "times",
}
_LAYERS = {"shipped": "shipped with the product", "imported": "imported by you", "yours": "yours"}
KIB = 1024


# ── a line ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def quantity(line: Line, total: float | None = None) -> str:
    """Return what is billed, over all months unless a total is given: `45,100 GB × months`."""
    kind = unit(line.prices[0].unit).kind if line.prices else "times"
    amount = float(line.quantity.sum()) if total is None else total
    return f"{_figure(amount)} {_QUANTITIES[kind]}"


def _figure(amount: float) -> str:
    """Return a quantity with the digits that make it times its price the amount, to the cent."""
    return digits(f"{amount:,.2f}".removesuffix(".00") if abs(amount) >= 1e4 else f"{amount:,.6g}")


def factors(line: Line, total: float | None = None) -> str:
    """Return quantity and price of a line: `45,100 GB × months × 0.0152 per GiB-month`."""
    if not line.prices:
        return "entered by you" if np.any(line.amount != 0) else "nothing used"
    prices = ", later ".join(f"{bands(price)} {price.currency} per {price.unit}" for price in line.prices)
    by_band = ", each month band by band" if any(len(price.bands) > 1 for price in line.prices) else ""
    return f"{quantity(line, total)} × {prices}{by_band}"


def source(line: Line) -> str:
    """Return where the prices of a line were read, and when."""
    return "; ".join(dict.fromkeys(_read(price) for price in line.prices)) or "yours"


def _read(price: Price) -> str:
    return ", ".join(filter(None, (price.source, price.read and f"read {price.read}")))


def origin(price: Price, stale: bool) -> list[str]:
    """Return everything that is known of a price."""
    lines = [
        f"**Price**: {bands(price)} per {price.unit}, {price.currency} ({_LAYERS[price.layer]})",
        f"**Source**: {_read(price)}; confidence {price.confidence}",
    ]
    if price.valid_from or price.valid_to:
        lines.append(f"**In force**: {price.valid_from or 'ever since'} to {price.valid_to or 'now'}")
    if price.note:
        lines.append(f"**Note**: {price.note}")
    if stale:
        lines.append(":material/warning: Read more than six months ago: check it.")
    if price.unconfirmed:
        lines.append(":material/warning: A placeholder until you confirm it.")
    return lines


def bands(price: Price) -> str:
    """Return the value of a price, band by band: `0.0208, then 0.01997 above 51,200`."""
    return ", then ".join(_band(price, index) for index in range(len(price.bands)))


def _band(price: Price, index: int) -> str:
    start, value = price.bands[index]
    text = digits(f"{value:.8f}".rstrip("0").rstrip(".") or "0")
    return text if not start else f"{text} above {digits(f'{start:,.0f}')}"


def rule(name: str, offer: Offer) -> str:
    """Return the rule of the tier that makes a line, with its dates and source; "" where it rests on none."""
    rules = offer.rules
    said = {
        "small_files": f"an object is billed as at least {rules.minimum_bytes / KIB:g} KiB{_since(offer)}",
        "index": f"{rules.index_bytes / KIB:g} KiB are added to each object at the price of the tier",
        "names": f"{rules.name_bytes / KIB:g} KiB are added to each object at the standard price",
        "monitoring": f"objects from {rules.monitored_from_bytes / KIB:g} KiB on are monitored",
        "early": f"what leaves before {rules.minimum_days} days pays for the days that are left (a month is 30 days)",
    }.get(name)
    return f"**Rule**: {said}. {rules.source}; read {rules.read}" if said else ""


def _since(offer: Offer) -> str:
    rules = offer.rules
    if not rules.minimum_all_from:
        return ""
    new, every = rules.minimum_new_from, rules.minimum_all_from
    return f": from {new} on in accounts created since then, from {every} on in all"


# ── a bill ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def bill(ledger: Ledger, currency: str) -> dict[str, list[str]]:
    """Return every line of a ledger: quantity × price = amount, in cents that add up to the net, and its source."""
    lines = _shown(ledger)
    net = rounded(float(ledger.net.sum()))
    cents = in_cents(np.array([float(line.amount.sum()) for line in lines]), net)
    return {
        "Line": [*(_title(line, lines) for line in lines), "Net"],
        "Quantity × price": [*(factors(line) for line in lines), "sum of the lines"],
        "Amount": [*(exact(value, currency) for value in cents), exact(net, currency)],
        "Source, date": [*(source(line) for line in lines), ""],
    }


def _shown(ledger: Ledger) -> list[Line]:
    return [line for name in ledger.names for line in ledger.lines if line.name == name and _counts(line, ledger)]


def _counts(line: Line, ledger: Ledger) -> bool:
    """Return whether a line shows: it has an amount, or it is the only one of a side of the bill."""
    return bool(np.any(line.amount != 0)) or not np.any(ledger.amount(line.name) != 0)


def _title(line: Line, lines: Sequence[Line]) -> str:
    several = sum(each.name == line.name for each in lines) > 1
    return f"{line.title}, {line.formula.split(', ')[-1]}" if several else line.title


# ── a stress test ──────────────────────────────────────────────────────────────────────────────────────────────────
def event(found: Stress, currency: str) -> dict[str, list[str]]:
    """Return what an event adds in its month, line by line with its price; nothing where it has no month."""
    if found.month is None:
        return {}
    at = int(np.flatnonzero(found.after.months == found.month)[0])
    pairs = [
        (before, after)
        for before, after in zip(found.before.lines, found.after.lines, strict=True)
        if after.name in OUT_LINES and after.amount[at] != before.amount[at]
    ]
    more = [float(before.amount[at] - after.amount[at]) for before, after in pairs]
    cents = in_cents(np.array(more), rounded(found.cost)) if pairs else np.zeros(0)
    return {
        f"In {month(found.month)}": [*(after.title for _, after in pairs), "Cost of the event"],
        "Quantity × price": [
            *(factors(after, float(after.quantity[at] - before.quantity[at])) for before, after in pairs), "sum"
        ],
        "Amount": [*(exact(value, currency) for value in cents), exact(found.cost, currency)],
        "Source, date": [*(source(after) for _, after in pairs), ""],
    }  # fmt: skip


def before_and_after(found: Stress, currency: str) -> dict[str, list[str]]:
    """Return every line over the whole time without and with an event; differences of cents that were rounded once."""
    names = list(dict.fromkeys([*found.before.names, *found.after.names]))
    titles = {line.name: line.title for line in [*found.before.lines, *found.after.lines]}
    sides = [[float(side.amount(name).sum()) for name in names] for side in (found.before, found.after)]
    without, with_ = (in_cents(np.array(side), rounded(sum(side))) for side in sides)
    change = with_ - without
    rows = zip([*without, found.net_before], [*with_, found.net], [*change, float(change.sum())], strict=True)
    texts = [[exact(value, currency) for value in row] for row in rows]
    return {
        "Whole time": [*(titles[name] for name in names), "Net"],
        "Without": [row[0] for row in texts],
        "With": [row[1] for row in texts],
        "Change": [row[2] for row in texts],
    }


# ── the numbers of the sentence ────────────────────────────────────────────────────────────────────────────────────
def sentence(report: MoneyReport) -> dict[str, list[str]]:
    """Return every number above the pictures with its value and the formula that makes it."""
    rows = [*_worth(report), *_ends(report), *_pool(report)]
    return {
        "Number": [row[0] for row in rows],
        "Value": [row[1] for row in rows],
        "How it comes about": [row[2] for row in rows],
    }


def _worth(report: MoneyReport) -> list[tuple[str, str, str]]:
    found, currency = report.verdict.worth, report.currency
    rate = significant(1 + report.terms.interest_ratio_per_year, 4)
    payback = months(found.payback_months) if found.payback_months is not None else f"not within {found.months}"
    share = "share of the forecast's sample paths, the ledger reckoned on each, that are worth less than nothing"
    return [
        (f"Saved net {over(report)}", exact(report.total, currency), "sum of all lines over all months"),
        ("Worth today", exact(found.value.point, currency), f"sum of each month's net ÷ {rate}^(months from now ÷ 12)"),
        ("Its range", money_range(found.value.lower, found.value.upper, currency), "middle 80 % of the sample paths"),
        (
            "Paid back",
            payback,
            "months until the running sum of the net is below zero for the last time; 0 if it never is",
        ),
        ("Chance to lose money", percent(found.loss_probability), share),
        ("Stored data only", exact(report.storage_only, currency), "primary no longer paid less archive storage"),
    ]


def _ends(report: MoneyReport) -> list[tuple[str, str, str]]:
    at = report.verdict.break_even
    size, recall, stay = (math.isfinite(value) for value in (at.size_bytes, at.recall_ratio, at.stay_months))
    least = "size at which a million files, archived in the first month, are worth nothing today"
    most = "share recalled each month at which it is worth nothing today"
    shortest = "months after which all may be recalled without a loss, for files of average size"
    return [
        ("Least file size that pays", _least(at.size_bytes) if size else "none", least),
        ("Most recall a month", percent(at.recall_ratio) if recall else "none", most),
        ("Shortest stay", months(at.stay_months) if stay else "none", shortest),
    ]


def _least(size_bytes: float) -> str:
    return volume(size_bytes / 2**30) if size_bytes else "any"


def _pool(report: MoneyReport) -> list[tuple[str, str, str]]:
    if report.pool is None:
        return []
    formula = "(max(0, active before − quota) − max(0, active after − quota)) × price of primary, first month"
    first = float(report.ledger.amount("primary")[0])
    whole = next(step.amount for step in report.waterfall if step.name == "primary")
    return [
        ("Cash now", exact(first, report.currency), formula),
        ("Purchases avoided", exact(whole, report.currency), f"the same, all months, {over(report)}"),
    ]
