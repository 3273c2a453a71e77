"""Why it came otherwise: a miss taken apart into volume, mix, price and behaviour, adding up exactly.

In:    what was expected and what came, as factors of one product, or line by line of a bill.
Out:   `Parts`: four amounts whose sum is the miss.
Never: keeps a remainder nobody answers for; lets the order in which factors are changed decide.

Each factor's part is its Shapley value: the mean effect of changing it from expected to actual, over every order.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from forecast_core.money import KINDS
from forecast_core.money.cents import in_cents

PARTS = ("volume", "mix", "price", "behaviour")


@dataclass(frozen=True)
class Parts:
    """A miss, actual − expected, and its four parts."""

    volume: float
    mix: float
    price: float
    behaviour: float

    @property
    def total(self) -> float:
        """Return the whole miss."""
        return math.fsum((self.volume, self.mix, self.price, self.behaviour))

    @property
    def largest(self) -> str:
        """Return the name of the part that weighs most."""
        return max(PARTS, key=lambda name: abs(getattr(self, name)))

    def __add__(self, other: Parts) -> Parts:
        return Parts(*(getattr(self, name) + getattr(other, name) for name in PARTS))

    def in_cents(self) -> dict[str, float]:
        """Return the parts in whole cents that add up to the miss in whole cents."""
        exact = np.array([getattr(self, name) for name in PARTS])
        return dict(zip(PARTS, in_cents(exact, self.total).tolist(), strict=True))


NOTHING = Parts(0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Factors:
    """One amount as a product: `volume` × `mix` × `behaviour` × `price`, in whatever units; none may be negative."""

    volume: float
    mix: float = 1.0
    behaviour: float = 1.0
    price: float = 1.0

    @property
    def amount(self) -> float:
        """Return the product."""
        return self.volume * self.mix * self.behaviour * self.price


def apart(expected: Factors, actual: Factors) -> Parts:
    """Return the parts of actual − expected."""
    found = shapley([(getattr(expected, name), getattr(actual, name)) for name in PARTS])
    return _exact(dict(zip(PARTS, found, strict=True)), actual.amount - expected.amount)


def shapley(factors: Sequence[tuple[float, float]]) -> list[float]:
    """Return what each factor (expected, actual) of a product adds to the difference of the two products."""
    count = len(factors)
    out = []
    for index, (expected, actual) in enumerate(factors):
        rest = [each for each in range(count) if each != index]
        total = 0.0
        for size in range(count):
            weight = math.factorial(size) * math.factorial(count - 1 - size) / math.factorial(count)
            for changed in combinations(rest, size):
                others = math.prod(factors[each][1 if each in changed else 0] for each in rest)
                total += weight * others * (actual - expected)
        out.append(total)
    return out


def _exact(parts: Mapping[str, float], miss: float) -> Parts:
    """Give what rounding of floats left over to the largest part."""
    found = dict(parts)
    left = miss - math.fsum(found.values())
    found[max(PARTS, key=lambda name: abs(found[name]))] += left
    return Parts(**found)


@dataclass(frozen=True)
class Estate:
    """Where GB come from in a month: files on primary before archiving, their mean MB, what part of it was archived."""

    files: float
    mean_mb: float
    archived_gb: float

    @property
    def factors(self) -> Factors:
        """Return archived GB as files × GB per file × part archived."""
        stock_gb = self.files * self.mean_mb / MB_PER_GB
        part = self.archived_gb / stock_gb if stock_gb > 0 else 0.0
        return Factors(self.files, self.mean_mb / MB_PER_GB, part)


MB_PER_GB = 1024


def gb_apart(expected: Estate, actual: Estate, price: float = 1.0) -> Parts:
    """Return the miss in archived GB (or in money at one price) as volume, mix and behaviour; price has no part in it.

    Where one side has no stock the whole miss is one of volume.
    """
    before, after = expected.factors, actual.factors
    miss = (actual.archived_gb - expected.archived_gb) * price
    if before.volume * before.mix <= 0 or after.volume * after.mix <= 0:
        return Parts(miss, 0.0, 0.0, 0.0)
    found = apart(replace(before, price=price), replace(after, price=price))
    return _exact({name: getattr(found, name) for name in PARTS}, miss)


@dataclass(frozen=True)
class BillLine:
    """One line of a bill for a month: how much of what was used, and what was paid for it."""

    quantity: float
    amount: float

    @property
    def price(self) -> float:
        """Return what one unit cost; NaN where nothing was used."""
        return self.amount / self.quantity if self.quantity > 0 else math.nan


@dataclass(frozen=True)
class Moved:
    """What lines of a bill are counted by: GB, and how many files they are."""

    gb: float
    files: float


@dataclass(frozen=True)
class Bill:
    """A month's bill by line of the ledger; `stored` lies in the archive, `moved` went there in the month."""

    stored: Moved
    moved: Moved
    lines: Mapping[str, BillLine]


BY_FILE = frozenset({"writes", "reads", "requests", "index", "names", "monitoring", "small_files"})


def bill_apart(expected: Bill, actual: Bill) -> dict[str, Parts]:
    """Return the parts of each line's miss, actual − expected.

    Volume is GB. Mix is how many files these GB are, and moves only lines that are counted by file. Price is what one
    unit cost. Behaviour is how much was used per GB or file: reads, months, tiers; fixed costs have nothing else.
    """
    names = dict.fromkeys((*expected.lines, *actual.lines))
    return {name: _line_apart(name, expected, actual) for name in names}


def _line_apart(name: str, expected: Bill, actual: Bill) -> Parts:
    before, after = (bill.lines.get(name, BillLine(0.0, 0.0)) for bill in (expected, actual))
    miss = after.amount - before.amount
    fixed = Moved(1.0, 1.0)
    group = KINDS[name].group if name in KINDS else "project"
    said, came = ((bill.stored if group == "stored" else bill.moved) for bill in (expected, actual))
    if group not in ("stored", "moved"):
        said = came = fixed
    if min(said.gb, came.gb) <= 0:
        return Parts(miss, 0.0, 0.0, 0.0)
    if math.isnan(after.quantity):  # a bill without quantities: as much per GB as expected
        after = replace(after, quantity=before.quantity / said.gb * came.gb)
    prices = _known(before.price, after.price), _known(after.price, before.price)
    by_file = name in BY_FILE and min(said.files, came.files) > 0
    found = apart(_used(said, before, by_file, prices[0]), _used(came, after, by_file, prices[1]))
    return _exact({part: getattr(found, part) for part in PARTS}, miss)


def _known(price: float, other: float) -> float:
    """Return a price; where nothing was used on this side, the other side's."""
    return next((each for each in (price, other) if not math.isnan(each)), 0.0)


def _used(driver: Moved, line: BillLine, by_file: bool, price: float) -> Factors:
    per_gb = driver.files / driver.gb if by_file else 1.0
    return Factors(driver.gb, per_gb, line.quantity / (driver.gb * per_gb), price)


def together(parts: Iterable[Parts]) -> Parts:
    """Return the sum."""
    return sum(parts, NOTHING)
