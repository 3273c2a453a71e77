"""Dated prices, each with its source.

In:    entries as read from a book file.
Out:   `PriceBook`.
Never: invents a price; converts a unit anywhere else than here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forecast_core.errors import PriceError

GB_BYTES = 2**30


@dataclass(frozen=True)
class Price:
    """One price per GB (2^30 bytes) and month, converted from the book's own GB where that is decimal."""

    id: str
    title: str
    role: str
    cost_per_gb_month: float
    unit: str
    source: str
    read: str
    confidence: str
    default: bool = False


@dataclass(frozen=True)
class PriceBook:
    """Prices in one currency."""

    name: str
    currency: str
    prices: tuple[Price, ...]

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> PriceBook:
        """Return the book of a parsed file; PriceError names what an entry lacks, or a role without a default."""
        book = cls(str(raw["name"]), str(raw["currency"]), tuple(_price(entry) for entry in raw["entries"]))
        for role in ("primary", "archive"):
            book.default(role)
        return book

    def default(self, role: str) -> Price:
        """Return the price that a role starts from."""
        return _only([price for price in self.prices if price.role == role and price.default], f"default {role} price")

    def price(self, price_id: str) -> Price:
        """Return a price by its id."""
        return _only([price for price in self.prices if price.id == price_id], f"price {price_id!r}")


def _only(found: Sequence[Price], what: str) -> Price:
    if len(found) != 1:
        raise PriceError(f"The price book has {len(found)} entries for the {what}.", allowed="exactly one")
    return found[0]


_NEEDED = ("id", "title", "role", "value", "unit", "gb_bytes", "source", "read", "confidence")


def _price(entry: Mapping[str, Any]) -> Price:
    missing = [name for name in _NEEDED if entry.get(name) in (None, "")]
    if missing:
        name = entry.get("id", "without id")
        raise PriceError(f"The price {name} lacks {', '.join(missing)}.", allowed=", ".join(_NEEDED))
    if not float(entry["value"]) >= 0:
        raise PriceError(f"The price {entry['id']} is {entry['value']}.", allowed="0 or more")
    per_gb = float(entry["value"]) * GB_BYTES / float(entry["gb_bytes"])
    texts = {name: str(entry[name]) for name in ("id", "title", "role", "unit", "source", "read", "confidence")}
    return Price(cost_per_gb_month=per_gb, default=bool(entry.get("default", False)), **texts)
