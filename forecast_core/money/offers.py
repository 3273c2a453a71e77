"""What can be bought: a tier of a provider in a region, its rules and its prices.

In:    entries of a price book.
Out:   `Offer`, `Rules` with the dates from which they hold.
Never: prices anything by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from forecast_core.money.prices import Price, Tariff
from forecast_core.months import Months, parse_month

Array = NDArray[np.float64]
ITEMS = {
    "stored": "stored data",
    "stored_after_30_days": "stored data, not read for 30 days",
    "stored_after_90_days": "stored data, not read for 90 days",
    "write": "write operations",
    "read": "read operations",
    "read_high": "read operations, high priority",
    "retrieval": "retrieval per GB",
    "retrieval_high": "retrieval per GB, high priority",
    "retrieval_request": "retrieval requests",
    "monitoring": "monitoring of objects",
    "egress_region": "transfer to another region",
    "egress_internet": "transfer to the internet",
    "endpoint_hour": "private endpoint, per hour",
    "endpoint_gb": "private endpoint, per GB",
}
_OPERATIONS = ("write", "read", "read_high", "retrieval_request")
USUAL_UNITS = {
    item: "10k operations" if item in _OPERATIONS else "GiB-month" if item.startswith("stored") else "GiB"
    for item in ITEMS
} | {"monitoring": "1k object-months", "endpoint_hour": "hour"}


@dataclass(frozen=True)
class Rules:
    """What is billed beyond what is stored; sizes in bytes.

    `minimum_bytes` is the least an object is billed as: for accounts created from `minimum_new_from` on since that
    month, for all accounts since `minimum_all_from`; "" is always.
    `index_bytes` are added per object at the tier's price, `name_bytes` at the price of the offer `names_at`.
    """

    minimum_days: int = 0
    minimum_bytes: int = 0
    minimum_new_from: str = ""
    minimum_all_from: str = ""
    index_bytes: int = 0
    name_bytes: int = 0
    names_at: str = ""
    monitored_from_bytes: int = 0
    wait_hours: float = 0.0
    lock_months: int = 0
    source: str = ""
    read: str = ""

    def minimum_applies(self, months: Months, account_month: np.datetime64) -> NDArray[np.bool_]:
        """Return in which months the least billed size holds for an account created in `account_month`."""
        if not self.minimum_bytes:
            return np.zeros(len(months), bool)
        applies = (
            np.ones(len(months), bool) if not self.minimum_all_from else months >= parse_month(self.minimum_all_from)
        )
        if self.minimum_new_from and account_month >= parse_month(self.minimum_new_from):
            applies = applies | (months >= parse_month(self.minimum_new_from))
        return np.asarray(applies)


@dataclass(frozen=True)
class Offer:
    """A tier in a region; `missing` says why it cannot be bought there ("" if it can), `network` who moves its data."""

    id: str
    title: str
    provider: str
    region: str
    redundancy: str
    tier: str
    roles: tuple[str, ...]
    rules: Rules
    prices: tuple[Price, ...] = field(repr=False)
    default_for: tuple[str, ...] = ()
    network: str = ""
    missing: str = ""

    def has(self, item: str) -> bool:
        """Return whether the offer has a price for an item, be it zero."""
        return any(price.item == item and not price.unknown for price in self.prices)

    def tariff(self, item: str) -> Tariff:
        """Return the prices of an item; what is not in the book is a tariff without prices."""
        found = tuple(price for price in self.prices if price.item == item and not self.missing)
        return Tariff(f"{self.title}, {ITEMS.get(item, item)}", found, self.missing, (self.id, item))

    @property
    def first_stored(self) -> float:
        """Price of stored data per GB (2^30 bytes) and month that is in the book first, whenever it holds."""
        return self.tariff("stored").prices[0].per_unit

    def stored(self, month: np.datetime64) -> Price:
        """Return the price of stored data in a month."""
        return self.tariff("stored").at(month)
