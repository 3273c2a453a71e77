"""A price list of one's own: one row per price, with the columns of the book.

In:    rows of text.
Out:   offers to lay over the book.
Never: accepts a row that lacks its unit, source or date.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from forecast_core.errors import PriceError
from forecast_core.money.azure_retail import Imported
from forecast_core.money.offers import Offer, Rules
from forecast_core.money.price_book import price_of
from forecast_core.money.prices import Price

COLUMNS = (
    "offer", "title", "provider", "region", "redundancy", "tier", "roles", "item", "unit", "from_units", "value",
    "currency", "valid_from", "valid_to", "source", "read", "confidence",
)  # fmt: skip
NEEDED = ("offer", "provider", "tier", "item", "unit", "value", "currency", "source", "read")


def own_prices(rows: Sequence[Mapping[str, Any]], tiers: Mapping[tuple[str, str], Rules]) -> Imported:
    """Return the offers of a table; PriceError names the row and what it lacks."""
    if not rows:
        raise PriceError("The price list has no rows.", allowed=", ".join(COLUMNS))
    bands: dict[tuple[str, str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for number, row in enumerate(rows, start=2):
        missing = [name for name in NEEDED if not str(row.get(name) or "").strip()]
        if missing:
            raise PriceError(f"Row {number} of the price list lacks {', '.join(missing)}.", allowed=", ".join(COLUMNS))
        bands[row["offer"], row["item"], str(row.get("valid_from") or "")].append(row)
    prices: dict[str, list[Price]] = defaultdict(list)
    for (offer_id, _, _), members in bands.items():
        prices[offer_id].append(_price(members))
    first = {row["offer"]: row for row in reversed(rows)}
    offers = tuple(_offer(first[name], tuple(found), tiers) for name, found in prices.items())
    return Imported("Your price list", offers, len(rows), len(rows), (), ())


def _price(rows: Sequence[Mapping[str, Any]]) -> Price:
    row = rows[0]
    entry = {
        **{name: str(row.get(name) or "") for name in COLUMNS},
        "bands": sorted([_number(each, "from_units", "0"), _number(each, "value", "")] for each in rows),
        "confidence": row.get("confidence") or "high",
        "layer": "imported",
    }
    return price_of(entry, str(row["offer"]), str(row.get("title") or row["offer"]))


def _number(row: Mapping[str, Any], name: str, default: str) -> float:
    text = str(row.get(name) or default).strip()
    try:
        return float(text)
    except ValueError as error:
        raise PriceError(
            f"The price {row['offer']}.{row['item']} has {name} {text[:30]!r}.", allowed="a number with a decimal point"
        ) from error


def _offer(row: Mapping[str, Any], prices: tuple[Price, ...], tiers: Mapping[tuple[str, str], Rules]) -> Offer:
    roles = tuple(str(row.get("roles") or "archive").replace(",", " ").split())
    return Offer(
        id=str(row["offer"]), title=str(row.get("title") or row["offer"]), provider=str(row["provider"]),
        region=str(row.get("region") or ""), redundancy=str(row.get("redundancy") or ""), tier=str(row["tier"]),
        roles=roles, rules=tiers.get((str(row["provider"]), str(row["tier"])), Rules()), prices=prices,
    )  # fmt: skip
