"""One case: flows, recall, sizes, terms and prices, and the ledgers that come of them.

In:    what the forecast moves by scope, the price book, the terms.
Out:   ledgers: of the point, of sample paths, of what each scope has.
Never: changes a flow without saying so: variants are new cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecast_core.money.ledger import Ledger, bill, shared
from forecast_core.money.price_book import PriceBook
from forecast_core.money.sizes import Sizes
from forecast_core.money.terms import Terms
from forecast_core.money.units import unit
from forecast_core.money.usage import Flows, Moved, Setting, meters, moved
from forecast_core.money.worth import present_value
from forecast_core.months import Months

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Case:
    """`flows` by scope (n, H); `recall_ratio` and `burst_ratio` (H,); `book` with your layer already on it."""

    months: Months
    flows: Flows
    recall_ratio: Array
    sizes: Sizes
    terms: Terms
    book: PriceBook
    burst_ratio: Array | None = None

    def varied(self, **changes: Any) -> Case:
        """Return the case with some parts replaced."""
        return replace(self, **changes)

    def on_terms(self, **values: Any) -> Case:
        """Return the case under other terms."""
        return replace(self, terms=replace(self.terms, **values))

    @cached_property
    def setting(self) -> Setting:
        """How the flows are billed."""
        return Setting.of(self.months, self.recall_ratio, self.terms, self.book, self.burst_ratio)

    @cached_property
    def by_scope(self) -> Moved:
        """What each scope moves, (n, H)."""
        flows = self.flows
        if self.terms.active_gb is not None:
            path = np.zeros(len(self.months)) if flows.active_gb is None else flows.active_gb - flows.active_gb[0]
            flows = replace(flows, active_gb=self.terms.active_gb + path)
        return moved(flows, self.sizes, self.terms, self.setting.archive)

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger of all scopes together, lines (H,); PriceError where something is not priced."""
        return bill(meters(self.by_scope.total(), self.setting), self.months, self.book.currency).row(0)

    def on_paths(self, archived_gb: Array, freed_gb: Array) -> Ledger:
        """Return the ledger of sample paths (P, H) of all scopes together."""
        point = self.flows.archived_gb.sum(axis=0)
        ratio = np.divide(archived_gb, point, out=np.zeros_like(archived_gb), where=point > 0)
        whole = self.by_scope.total()
        freed_point = self.flows.freed_gb.sum(axis=0)
        kept = np.divide(whole.freed_gb[0], freed_point, out=np.zeros_like(freed_point), where=freed_point > 0)
        return bill(meters(whole.on(freed_gb * kept, ratio), self.setting), self.months, self.book.currency)

    def shared(self) -> dict[str, Array]:
        """Return each line's amounts by scope, (n, H), adding up to the ledger."""
        archived = self.flows.archived_gb.sum(axis=1)
        count = max(len(archived), 1)
        fallback = archived / archived.sum() if archived.sum() > 0 else np.full(count, 1 / count)
        return shared(self.ledger, meters(self.by_scope, self.setting, pooled=False), fallback)

    @cached_property
    def value(self) -> float:
        """Net present value of the point."""
        return float(present_value(self.ledger.net, self.terms.interest_ratio_per_year))


def yours(book: PriceBook, terms: Terms) -> PriceBook:
    """Return the book with the user's layer: units, discount, own values, confirmations, currency."""
    for offer_id, item in terms.decimal:
        book = book.in_unit(offer_id, item, _decimal(book, offer_id, item))
    if terms.discount_ratio:
        book = book.discounted(book.offer(terms.archive).provider, terms.discount_ratio)
    if terms.currency and terms.currency != book.currency and terms.currency_rate:
        book = book.converted(terms.currency, terms.currency_rate, terms.currency_dated)
    for offer_id, item, value in terms.own:
        book = book.valued(offer_id, item, value)
    return book.confirmed(terms.confirmed)


def _decimal(book: PriceBook, offer_id: str, item: str) -> str:
    """Return the other reading of a printed GB: 10^9 bytes where the book has 2^30, and the other way round."""
    printed = book.offer(offer_id).tariff(item).prices[0].unit
    return printed.replace("GiB", "GB") if "GiB" in printed else printed.replace("GB", "GiB")


def stored_at(book: PriceBook, offers: Mapping[str, float], from_month: np.datetime64) -> PriceBook:
    """Return the book with stored prices per GB (2^30 bytes) and month as moved by a lever, from a month on."""
    for offer_id, per_gb in offers.items():
        printed = book.offer(offer_id).stored(from_month).unit
        book = book.valued(offer_id, "stored", per_gb * unit(printed).size, from_month)
    return book
