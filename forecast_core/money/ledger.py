"""The ledger: every quantity times its price, month by month, line by line.

In:    meters, the months, a currency.
Out:   `Ledger` of `Line`s; net, cumulative, totals; what each scope has of it.
Never: rounds; lets a line be counted whose price is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast_core.errors import PriceError
from forecast_core.money.lines import KINDS, LINES
from forecast_core.money.prices import Price
from forecast_core.money.usage import Meter
from forecast_core.months import Months

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Line:
    """One line: `quantity` (…, H) in the product's units, `amount` (…, H): saved is positive, paid negative.

    `prices` are those in force in the months of the ledger, none where the amount was entered.
    """

    name: str
    item: str
    quantity: Array
    amount: Array
    prices: tuple[Price, ...]

    @property
    def title(self) -> str:
        """Name on the page."""
        return KINDS[self.name].title

    @property
    def formula(self) -> str:
        """How the amount comes about, in words."""
        return KINDS[self.name].formula


@dataclass(frozen=True, eq=False)
class Ledger:
    """All lines of a case; amounts (…, H) in one currency, saved positive, paid negative."""

    months: Months
    currency: str
    lines: tuple[Line, ...]

    def amount(self, name: str) -> Array:
        """Return a line's amounts (…, H); zero where the line does not occur."""
        shape = np.broadcast_shapes(*(line.amount.shape for line in self.lines), (len(self.months),))
        found = (line.amount for line in self.lines if line.name == name)
        return np.asarray(sum(found, np.zeros(shape)))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the lines that are not nothing, in the order of the waterfall."""
        used = {line.name for line in self.lines if np.any(line.amount != 0)}
        return tuple(kind.name for kind in LINES if kind.name in used)

    @property
    def net(self) -> Array:
        """Return what is saved after everything, (…, H)."""
        return np.asarray(sum(line.amount for line in self.lines))

    @property
    def paid(self) -> Array:
        """Return what is paid, positive, (…, H)."""
        shape = (len(self.months),)
        costs = (-line.amount for line in self.lines if not KINDS[line.name].saves)
        return np.asarray(sum(costs, np.zeros(shape)))

    @property
    def cumulative(self) -> Array:
        """Return the running sum of the net, (…, H)."""
        return np.cumsum(self.net, axis=-1)

    @property
    def prices(self) -> tuple[Price, ...]:
        """Every price that was used for an amount that is not nothing."""
        used = (price for line in self.lines if np.any(line.quantity != 0) for price in line.prices)
        return tuple(dict.fromkeys(used))

    def row(self, index: int) -> Ledger:
        """Return one row of the leading axis as a ledger of its own, (H,)."""
        lines = (
            Line(line.name, line.item, _row(line.quantity, index), _row(line.amount, index), line.prices)
            for line in self.lines
        )
        return Ledger(self.months, self.currency, tuple(lines))


def _row(values: Array, index: int) -> Array:
    return np.asarray(values[index] if values.shape[0] > 1 else values[0])


def bill(meters: Iterable[Meter], months: Months, currency: str) -> Ledger:
    """Return the ledger; PriceError names the first quantity that nobody can price. Nothing used costs nothing."""
    return Ledger(months, currency, tuple(_line(meter, months, currency) for meter in meters))


def _line(meter: Meter, months: Months, currency: str) -> Line:
    sign = 1.0 if KINDS[meter.line].saves else -1.0
    if meter.cost is not None:
        return Line(meter.line, meter.item, meter.quantity, -meter.cost, ())
    if meter.offer is None or not np.any(meter.quantity != 0):
        return Line(meter.line, meter.item, meter.quantity, np.zeros_like(meter.quantity, dtype=float), ())
    tariff = meter.offer.tariff(meter.item)
    prices = tuple(price for price, _ in tariff.by_month(months))
    for price in prices:
        if price.currency != currency:
            raise PriceError(
                f"Not priced: {price.title} is in {price.currency}, the sum in {currency}.",
                hint="Give a rate with its date, or choose another offer.",
            )
    return Line(meter.line, meter.item, meter.quantity, sign * tariff.cost(meter.quantity, months, meter.base), prices)


def shared(whole: Ledger, by_scope: Sequence[Meter], fallback: Array) -> dict[str, Array]:
    """Return each line's amounts by scope, (n, H), adding up to the whole's (H,) exactly.

    A line is shared by what each scope used of it, as its meters (n, H) say; what no scope used by itself (project
    costs, a quota) by `fallback` (n,), the scopes' shares of what is archived.
    """
    out: dict[str, Array] = {}
    for line in whole.lines:
        driver = sum(
            (meter.quantity for meter in by_scope if (meter.line, meter.item) == (line.name, line.item)),
            np.zeros((len(fallback), len(whole.months))),
        )
        total = driver.sum(axis=0)
        even = np.broadcast_to(fallback[:, None], driver.shape)
        share = np.divide(driver, total, out=np.array(even, float), where=total > 0)
        out[line.name] = out.get(line.name, 0) + share * line.amount
    return out
