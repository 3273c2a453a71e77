"""One price: value, unit, bands, validity, and where it was read.

In:    the entry of a price book.
Out:   `Price`; what a quantity costs; `Tariff`, the prices of one item over time.
Never: treats an unknown price as zero; rounds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forecast_core.errors import PriceError
from forecast_core.money.units import unit
from forecast_core.months import Months, months_between, parse_month

Array = NDArray[np.float64]
STALE_MONTHS = 6
CONFIDENCES = ("high", "medium", "low")


@dataclass(frozen=True)
class Price:
    """One price of one item of an offer.

    `bands`  (from how many priced units on, price per unit), progressive: each band prices only what lies in it
    `valid_from`, `valid_to`  first and last month as `2027-03`, "" where open
    `layer`  "shipped", "imported" or "yours"; `unconfirmed` until the user says that a placeholder is right
    `unknown`  why it is not priced, "" where it is
    """

    offer: str
    item: str
    title: str
    unit: str
    bands: tuple[tuple[float, float], ...]
    currency: str
    source: str
    read: str
    confidence: str
    valid_from: str = ""
    valid_to: str = ""
    layer: str = "shipped"
    note: str = ""
    unknown: str = ""
    unconfirmed: bool = False

    @property
    def id(self) -> str:
        """Name of the price; one item may have several over time."""
        return f"{self.offer}.{self.item}" + (f"@{self.valid_from}" if self.valid_from else "")

    @property
    def per_unit(self) -> float:
        """Price of one of the product's own units in the first band; PriceError where unknown."""
        return self._known()[0][1] / unit(self.unit).size

    def cost(self, quantity: Array) -> Array:
        """Return what quantities (in the product's own units) cost, each band for itself."""
        size = unit(self.unit).size
        starts = [start * size for start, _ in self._known()]
        ends = [*starts[1:], np.inf]
        if len(starts) == 1:
            return np.asarray(quantity) * (self.bands[0][1] / size)
        parts = (np.clip(quantity, start, end) - start for start, end in zip(starts, ends, strict=True))
        return np.asarray(sum(part * (value / size) for part, (_, value) in zip(parts, self.bands, strict=True)))

    def holds(self, month: np.datetime64) -> bool:
        """Return whether the price is in force in a month."""
        after = not self.valid_from or parse_month(self.valid_from) <= month
        return bool(after and (not self.valid_to or month <= parse_month(self.valid_to)))

    def is_stale(self, today: np.datetime64) -> bool:
        """Return whether it was read more than six months ago."""
        return months_between(parse_month(self.read), today) > STALE_MONTHS

    def times(self, factor: float, note: str, layer: str = "", currency: str = "") -> Price:
        """Return the price with every band multiplied."""
        bands = tuple((start, value * factor) for start, value in self.bands)
        note = _joined(self.note, note)
        return replace(self, bands=bands, note=note, layer=layer or self.layer, currency=currency or self.currency)

    def _known(self) -> tuple[tuple[float, float], ...]:
        if self.unknown or not self.bands:
            raise not_priced(self.title, self.unknown, (self.offer, self.item))
        return self.bands


def not_priced(title: str, reason: str, lacking: tuple[str, str] | None) -> PriceError:
    """Return the error that stops a sum: unknown is never zero."""
    said = f" {reason}" if reason else ""
    way = "Enter the price here, import" if lacking else "Import"
    return PriceError(
        f"Not priced: {title}.{said}", hint=f"{way} a price list, or choose another tier.", lacking=lacking
    )


def _joined(*notes: str) -> str:
    return "; ".join(filter(None, notes))


@dataclass(frozen=True)
class Tariff:
    """The prices of one item of one offer; at most one is in force in any month. `missing` says why there is none."""

    title: str
    prices: tuple[Price, ...]
    missing: str = ""
    place: tuple[str, str] | None = None

    def at(self, month: np.datetime64) -> Price:
        """Return the price in force; PriceError where there is none."""
        found = [price for price in self.prices if price.holds(month)]
        if not found:
            known = f"No price is in force in {month}." if self.prices else "It is not in the price book."
            raise not_priced(self.title, self.missing or known, None if self.missing else self.place)
        return found[-1]

    def by_month(self, months: Months) -> list[tuple[Price, NDArray[np.bool_]]]:
        """Return every price in force with the months (H,) it holds in."""
        if len(self.prices) == 1 and not (self.prices[0].valid_from or self.prices[0].valid_to):
            return [(self.prices[0], np.ones(len(months), bool))]
        at = [self.at(month) for month in months]
        return [(price, np.array([each == price for each in at])) for price in dict.fromkeys(at)]

    def cost(self, quantity: Array, months: Months, base: Array | None = None) -> Array:
        """Return what quantities (…, H) cost month by month, each at its month's price.

        With a `base` the quantity is what is taken off the top of it: cost(base) − cost(base − quantity).
        """
        out = np.zeros(quantity.shape if base is None else np.broadcast_shapes(quantity.shape, base.shape))
        for price, here in self.by_month(months):
            part = quantity[..., here]
            if base is None:
                out[..., here] = price.cost(part)
            else:
                top = np.broadcast_to(base, out.shape)[..., here]
                out[..., here] = price.cost(top) - price.cost(top - part)
        return out
