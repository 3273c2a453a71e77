"""From GB to money: the bill of a scenario and of its baseline, and when the change pays back.

In:    a `View`, scenario and baseline, sample paths of archived and freed GB, a price book.
Out:   `MoneyAnswer`; `Bill`, which prices any flows under any scenario.
Never: knows a price that is not in the scenario.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from forecast_core.forecast import Paths
from forecast_core.history import History
from forecast_core.money import Offer, PriceBook, StorageLedger, pays_back, storage_ledger
from forecast_core.months import Months
from forecast_core.scenario import Lever, Scenario
from forecast_core.scenario.levers import ARCHIVE_PRICE, FOOTPRINT, PRIMARY_PRICE, RECALL, START
from forecast_core.service.answers import MoneyAnswer, PriceUsed

Array = NDArray[np.float64]
MONEY_LEVERS = (RECALL.name, PRIMARY_PRICE.name, ARCHIVE_PRICE.name)
NOTHING = 1e-9


class Bill:
    """Turns freed and archived GB into money under each scenario's prices; moved ones apply from the start month on."""

    def __init__(self, history: History | None, scenario: Scenario, base: Scenario, months: Months) -> None:
        self.base = base
        self.scenario = scenario
        self.months = months.astype(np.int64)
        self.footprint = footprint(history) if history is not None else 1.0

    def setting(self, scenarios: Sequence[Scenario], name: str) -> Array:
        """Return a money lever per scenario and month, (questions, H)."""
        starts = np.array([scenario.values[START.name] for scenario in scenarios])[:, None]
        values = np.array([scenario.values[name] for scenario in scenarios])[:, None]
        return np.where(self.months >= starts, values, self.base.values[name])

    def ledger(self, scenarios: Sequence[Scenario], freed_gb: Array, archived_gb: Array) -> StorageLedger:
        """Return the ledger of flows (…, H) under one scenario, or of flows (questions, H) under each its own."""
        months = freed_gb.shape[-1]
        recall, primary, archive = (self.setting(scenarios, name)[:, :months] for name in MONEY_LEVERS)
        return storage_ledger(freed_gb, archived_gb * self.added(scenarios, months), recall, primary, archive)

    def added(self, scenarios: Sequence[Scenario], months: int) -> Array | float:
        """Return GB added to the archive per GB archived: the lever's where there is one, else as measured."""
        if FOOTPRINT.name not in self.base.values:
            return self.footprint
        return self.setting(scenarios, FOOTPRINT.name)[:, :months]


def footprint(history: History) -> float:
    """Return GB the archive adds per GB archived, as measured in the history; 1 where it never was."""
    added, archived = history.grid("archive_added_gb"), history.grid("archived_gb")
    known = np.isfinite(added) & np.isfinite(archived)
    total = float(archived[known].sum())
    return float(added[known].sum()) / total if total > 0 else 1.0


def money(bill: Bill, archived: Paths, savings: Paths, book: PriceBook) -> MoneyAnswer:
    """Return what scenario and baseline save, with bands on the same luck as the GB."""

    def both(scenario: Scenario, freed: tuple[Array, Array], taken: tuple[Array, Array]) -> StorageLedger:
        """The bill of a point, in row 0, and of its paths below."""
        return bill.ledger((scenario,), np.vstack(freed), np.vstack(taken))

    base = both(bill.base, (savings.baseline_point, savings.baseline), (archived.baseline_point, archived.baseline))
    moved = both(
        bill.scenario, (savings.scenario_point, savings.scenario), (archived.scenario_point, archived.scenario)
    )
    monthly = _split(base.net_saved_cost, moved.net_saved_cost)
    so_far = _split(base.cumulative_saved_cost, moved.cumulative_saved_cost)
    words, month = break_even(so_far.scenario_point - so_far.baseline_point, bill.months)
    return MoneyAnswer(
        book.currency, monthly.quantity(), so_far.quantity(), monthly.total(), words, month, _prices(bill, book)
    )


def _split(base: Array, moved: Array) -> Paths:
    return Paths(base[1:], moved[1:], base[0], moved[0])


def break_even(change_cost: Array, months: NDArray[np.int64]) -> tuple[str, np.datetime64 | None]:
    """Return in words and as a month when a cumulative change (H,) is no longer below zero."""
    if not np.abs(change_cost).max() > NOTHING:
        return "no change", None
    index = pays_back(change_cost)
    if index is None:
        return "never", None
    if index == 0:
        first = int(np.flatnonzero(np.abs(change_cost) > NOTHING)[0])
        return "from the first month", np.datetime64(int(months[first]), "M")
    return "pays back", np.datetime64(int(months[index]), "M")


def _prices(bill: Bill, book: PriceBook) -> tuple[PriceUsed, ...]:
    return _price_used(bill, book, "primary", PRIMARY_PRICE), _price_used(bill, book, "archive", ARCHIVE_PRICE)


def _price_used(bill: Bill, book: PriceBook, role: str, lever: Lever) -> PriceUsed:
    """Return the price with its source: the default of the book, another one of it, or one that was typed."""
    value, month = bill.scenario.values[lever.name], np.datetime64(int(bill.months[0]), "M")
    changed = value != bill.base.values[lever.name]
    offer = listed(book, role, lever.rounded(value)) if changed else book.default(role)
    if offer is None:
        return PriceUsed(role, "Your price", value, "entered here", "", "yours", True)
    price = offer.stored(month)
    return PriceUsed(role, offer.title, value, price.source, price.read, price.confidence, changed)


def listed(book: PriceBook, role: str, value: float) -> Offer | None:
    """Return the offer of a role whose stored data has this price, in the digits of the lever.

    Of several the one in the place of the role's default.
    """
    lever, start = (PRIMARY_PRICE if role == "primary" else ARCHIVE_PRICE), book.default(role)
    priced = [offer for offer in book.of_role(role) if offer.has("stored")]
    same = [offer for offer in priced if lever.rounded(offer.first_stored) == value]
    near = (start.provider, start.region)
    return min(same, key=lambda offer: (offer.provider, offer.region) != near, default=None)
