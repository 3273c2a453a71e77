"""Prices in layers: shipped, imported, yours; and how a price list comes in.

In:    price files, the month, terms.
Out:   `PriceBook` for some terms; what an import understood.
Never: goes to the network unless it was allowed to; uses a list that nobody accepted.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from forecast_core.errors import PriceError
from forecast_core.money import Imported, PriceBook, Terms, azure_prices, own_prices, retail_query
from forecast_core.months import month_text, parse_month
from forecast_core.sources.azure_live import fetch_pages
from forecast_core.sources.price_lists import PriceList, PriceLists
from forecast_core.sources.prices import read_price_books, read_price_list


class Pricing:
    """The prices of one service; `live` is whether the Azure service may be asked."""

    def __init__(self, folder: Path, today: np.datetime64, *, live: bool = False) -> None:
        self.shipped = PriceBook.of(read_price_books())
        self.live = live
        self._lists = PriceLists(folder)
        self.today = today

    def book(self, imported: str = "") -> PriceBook:
        """Return the shipped book with an accepted price list over it; NotFoundError for an unknown list."""
        if not imported:
            return self.shipped
        found = self._lists.load(imported)
        return self.shipped.with_offers(self._understood(found).offers, f"{found.name}, {found.read}")

    def checked(self, terms: Terms) -> Terms:
        """Return the terms; PriceError or NotFoundError if they name an offer or a price list that is not there."""
        book = self.book(terms.imported)
        named = {terms.primary, terms.archive, *terms.confirmed, *(entry[0] for entry in terms.own)}
        named |= {entry[0] for entry in terms.decimal}
        for offer_id in sorted(named):
            book.offer(offer_id)
        return terms

    def inspect(self, name: str, data: bytes) -> tuple[PriceList, Imported]:
        """Read a price list and say what was understood; nothing is stored."""
        found = PriceList(name, month_text(self.today), tuple(read_price_list(name, data)))
        return found, self._understood(found)

    def accept(self, found: PriceList) -> str:
        """Store a price list that was looked at; return its id for `Terms.imported`."""
        if not self._understood(found).offers:
            raise PriceError(f"{found.name} has no price that can be used.", hint="See why its rows were left out.")
        return self._lists.save(found)

    def fetch(self, region: str) -> bytes:
        """Return the live prices of an Azure region; PriceError where that is switched off."""
        if not self.live:
            raise PriceError("Live prices are switched off.", hint="Import a saved file, or set LIVE_PRICES to on.")
        return fetch_pages(retail_query(region))

    def _understood(self, found: PriceList) -> Imported:
        tiers, month = self.shipped.tiers, parse_month(found.read)
        is_azure = bool(found.rows) and "meterName" in found.rows[0]
        return azure_prices(found.rows, month, tiers) if is_azure else own_prices(found.rows, tiers)
