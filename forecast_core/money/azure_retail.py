"""Prices in the format of the Azure Retail Prices API: rows in, offers out.

In:    rows as the API or a saved file gives them, today's month.
Out:   `Imported`: offers by region and redundancy, what was left out and why.
Never: takes a meter of another product, a reservation or a test price for it; rounds; fills a missing meter with zero.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from forecast_core.errors import PriceError
from forecast_core.money.offers import ITEMS, Offer, Rules
from forecast_core.money.prices import Price
from forecast_core.money.unit_words import read_unit
from forecast_core.months import month_text

Row = Mapping[str, Any]
NEEDED = ("serviceName", "productName", "meterName", "skuName", "retailPrice", "unitOfMeasure", "armRegionName")
# Locally and geo-redundant meters also exist under the older product; zone-redundant ones only under the newer.
PRODUCTS = ("General Block Blob v2", "Blob Storage")
TIERS = ("Hot", "Cool", "Cold", "Archive")
_METERS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(f"^(?:{'|'.join(TIERS)})(?: [A-Z-]+RS)? {pattern}$"), item)
    for pattern, item in (
        ("Data Stored", "stored"),
        ("Write Operations", "write"),
        ("Read Operations", "read"),
        ("Data Retrieval", "retrieval"),
    )
)
_PRIORITY = re.compile(r"^Archive(?: [A-Z-]+RS)? Priority (Read Operations|Data Retrieval)$")
_SKU = re.compile(r"^(Hot|Cool|Cold|Archive) ([A-Z-]*RS)$")
_PRIORITY_ITEMS = {"Read Operations": "read_high", "Data Retrieval": "retrieval_high"}


@dataclass(frozen=True)
class Imported:
    """`left_out` counts rows by reason; `notes` what the reader should know."""

    name: str
    offers: tuple[Offer, ...]
    rows: int
    used: int
    left_out: tuple[tuple[str, int], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Key:
    region: str
    tier: str
    redundancy: str
    item: str


def azure_prices(
    rows: Sequence[Row], today: np.datetime64, tiers: Mapping[tuple[str, str], Rules], *, priority: bool = False
) -> Imported:
    """Return the offers of the rows; PriceError where they are not of this format."""
    _check(rows)
    reasons: Counter[str] = Counter()
    found: dict[_Key, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        reason = _why_not(row, today, priority)
        key = None if reason else _key(row)
        if key is None:
            reasons[reason or "another meter"] += 1
        else:
            found[key][str(row["productName"])].append(row)
    prices = {key: _price(key, _pinned(products), today, reasons) for key, products in found.items()}
    kept = {key: price for key, price in prices.items() if price is not None}
    offers = _offers(kept, tiers)
    used = len(rows) - sum(reasons.values())
    return Imported("Azure Retail Prices", offers, len(rows), used, tuple(sorted(reasons.items())), _notes(rows))


def _check(rows: Sequence[Row]) -> None:
    if not rows:
        raise PriceError(
            "The price list has no rows.", hint="Save the pages of the Azure Retail Prices API as they came."
        )
    missing = [name for name in NEEDED if name not in rows[0]]
    if missing:
        raise PriceError(f"The first row lacks {', '.join(missing)}.", allowed="rows of the Azure Retail Prices API")


def _why_not(row: Row, today: np.datetime64, priority: bool) -> str:
    """Return why a row is left out, "" if it is not."""
    if row["serviceName"] != "Storage" or row["productName"] not in PRODUCTS:
        return "another product"
    if row.get("type", "Consumption") != "Consumption" or row.get("reservationTerm"):
        return "a reservation or test price"
    if _PRIORITY.match(str(row["meterName"])) and not priority:
        return "priority retrieval, not asked for"
    start, end = (_month(row.get(name)) for name in ("effectiveStartDate", "effectiveEndDate"))
    if start is not None and start > today:
        return "not yet in force"
    if end is not None and end < today:
        return "no longer in force"
    return ""


def _month(text: object) -> np.datetime64 | None:
    if not text:
        return None
    try:
        return np.datetime64(str(text)[:7], "M")
    except ValueError as error:
        raise PriceError(f"A row is dated {str(text)[:30]!r}.", allowed="a date as 2026-09-01") from error


def _key(row: Row) -> _Key | None:
    """Return what a meter prices; tier and redundancy come from the SKU, because read meters do not name them."""
    sku, meter = _SKU.match(str(row["skuName"])), str(row["meterName"])
    if not sku or not meter.startswith(sku[1]):
        return None
    if high := _PRIORITY.match(meter):
        return _Key(str(row["armRegionName"]), sku[1].lower(), sku[2], _PRIORITY_ITEMS[high[1]])
    item = next((item for pattern, item in _METERS if pattern.match(meter)), None)
    return _Key(str(row["armRegionName"]), sku[1].lower(), sku[2], item) if item else None


def _pinned(products: Mapping[str, list[Row]]) -> list[Row]:
    """Return the rows of the newer product; the older one's only where the newer has none."""
    return next(products[name] for name in PRODUCTS if name in products)


def _price(key: _Key, rows: list[Row], today: np.datetime64, reasons: Counter[str]) -> Price | None:
    """Return the latest price in force, its bands in order; None where its unit or bands cannot be read."""
    latest = max(str(row.get("effectiveStartDate", "")) for row in rows)
    current = [row for row in rows if str(row.get("effectiveStartDate", "")) == latest]
    unit_text = read_unit(str(current[0]["unitOfMeasure"]), key.item)
    bands = {float(row.get("tierMinimumUnits", 0)): float(row["retailPrice"]) for row in current}
    if unit_text is None or min(bands) != 0 or (key.item == "stored" and min(bands.values()) <= 0):
        reasons["a unit or band that cannot be read"] += len(rows)
        return None
    name = _offer_id(key)
    return Price(
        offer=name,
        item=key.item,
        title=f"{_title(key)}, {ITEMS[key.item]}",
        unit=unit_text,
        bands=tuple(sorted(bands.items())),
        currency=str(current[0].get("currencyCode", "USD")),
        source=f"Azure Retail Prices, {current[0]['productName']}, meter {current[0].get('meterId', 'without id')}",
        read=month_text(today),
        confidence="high",
        layer="imported",
        note=f"in force since {latest[:10]}" if latest else "",
    )


def _offer_id(key: _Key) -> str:
    return f"azure_{key.tier}_{key.redundancy.lower().replace('-', '')}_{key.region}"


def _title(key: _Key) -> str:
    return f"Azure Blob {key.tier}, {key.redundancy}, {key.region}"


def _offers(prices: Mapping[_Key, Price], tiers: Mapping[tuple[str, str], Rules]) -> tuple[Offer, ...]:
    groups: dict[tuple[str, str, str], list[tuple[_Key, Price]]] = defaultdict(list)
    for key, price in prices.items():
        groups[key.region, key.tier, key.redundancy].append((key, price))
    return tuple(
        Offer(
            id=_offer_id(members[0][0]), title=_title(members[0][0]), provider="azure", region=region,
            redundancy=redundancy, tier=tier, roles=("primary", "archive") if tier == "hot" else ("archive",),
            rules=tiers.get(("azure", tier), Rules()), prices=tuple(price for _, price in members),
            network="azure_network",
        )
        for (region, tier, redundancy), members in sorted(groups.items())
    )  # fmt: skip


def _notes(rows: Iterable[Row]) -> tuple[str, ...]:
    notes = []
    if any(row.get("_more") for row in rows):
        notes.append("The last page names a next one that is not in the file: the list is not complete.")
    if any(str(row.get("currencyCode", "USD")) != "USD" for row in rows):
        notes.append("Prices in other currencies than USD are for reference only, says the API.")
    return tuple(notes)


def retail_query(region: str, redundancy: str = "LRS") -> str:
    """Return the address that asks the API for the block-blob prices of a region; the filter is case-sensitive."""
    wanted = (
        "serviceName eq 'Storage'",
        f"armRegionName eq '{region.lower()}'",
        f"contains(skuName, '{redundancy.upper()}')",
        "priceType eq 'Consumption'",
    )
    names = " or ".join(f"productName eq '{name}'" for name in PRODUCTS)
    condition = " and ".join((*wanted, f"({names})")).replace(" ", "%20")
    return f"https://prices.azure.com/api/retail/prices?api-version=2023-01-01-preview&$filter={condition}"
