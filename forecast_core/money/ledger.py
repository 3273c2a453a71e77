"""The ledger: every quantity times its price, month by month, line by line.

In:    meters, the months, a currency.
Out:   `Ledger` of `Line`s; net, cumulative, totals; what each scope has of it.
Never: rounds; lets a line be counted whose price is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forecast_core.errors import PriceError
from forecast_core.money.lines import KINDS, LINES
from forecast_core.money.prices import Price, Tariff
from forecast_core.money.usage import Meter
from forecast_core.months import Months

Array = NDArray[np.float64]
SIDES = ("primary", "archive")


@dataclass(frozen=True, eq=False)
class Line:
    """One line: `quantity` (…, H) in the product's units, `amount` (…, H): saved is positive, paid negative.

    `prices` are those in force in the months of the ledger, none where the amount was entered; `inputs` the named
    figures the quantity is made of, (…, H) or one number.
    """

    name: str
    item: str
    quantity: Array
    amount: Array
    prices: tuple[Price, ...]
    own_formula: str = ""
    inputs: tuple[tuple[str, Array], ...] = ()

    @property
    def title(self) -> str:
        """Name on the page."""
        return KINDS[self.name].title

    @property
    def formula(self) -> str:
        """How the amount comes about, in words."""
        return self.own_formula or KINDS[self.name].formula


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
        """Names of the lines that are not nothing, and of both sides of the bill, in the order of the waterfall."""
        used = {line.name for line in self.lines if np.any(line.amount != 0) or line.name in SIDES}
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
            replace(
                line,
                quantity=_row(line.quantity, index),
                amount=_row(line.amount, index),
                inputs=tuple((name, _row(np.atleast_2d(values), index)) for name, values in line.inputs),
            )
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
    line = Line(meter.line, meter.item, meter.quantity, np.zeros_like(meter.quantity, dtype=float), ())
    line = replace(line, own_formula=meter.formula, inputs=meter.inputs)
    if meter.cost is not None:
        return replace(line, amount=-meter.cost)
    if meter.offer is None:
        return line
    tariff = meter.offer.tariff(meter.item)
    if not np.any(meter.quantity != 0):
        return replace(line, prices=_shown(tariff, months) if meter.line in SIDES else ())
    prices = tuple(price for price, _ in tariff.by_month(months))
    for price in prices:
        if price.currency != currency:
            raise PriceError(
                f"Not priced: {price.title} is in {price.currency}, the sum in {currency}.",
                hint="Enter the price here, give a rate with its date, or choose another offer.",
                lacking=(price.offer, price.item),
            )
    return replace(line, amount=sign * tariff.cost(meter.quantity, months, meter.base), prices=prices)


def _shown(tariff: Tariff, months: Months) -> tuple[Price, ...]:
    """Return the prices of which nothing is used: an amount of nothing has its price too, where that is known."""
    return tuple(price for price in tariff.prices if any(price.holds(month) for month in months))


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
