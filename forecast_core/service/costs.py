"""The whole bill of a scenario: ledger, verdict, tiers, what may go wrong, and what each scope has of it.

In:    baseline and scenario as cases of the money engine, with their sample paths.
Out:   `MoneyReport`.
Never: knows a price that is not in the book; shows an amount without its price.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from forecast_core.backtest import Trust
from forecast_core.forecast import Band, Interval, Paths, band, interval
from forecast_core.money import (
    Case,
    Flip,
    Ledger,
    PoolStory,
    Stress,
    Swing,
    Terms,
    TierWorth,
    Verdict,
    break_even,
    flips,
    knobs,
    pool_story,
    present_value,
    stress,
    swings,
    tiers,
    verdict,
)
from forecast_core.money.carbon import CarbonFactors, carbon_kg
from forecast_core.money.cents import in_cents, rounded
from forecast_core.money.knobs import Knob
from forecast_core.money.prices import Price
from forecast_core.money.stress import STRESSES
from forecast_core.months import Months
from forecast_core.scenario import Scenario
from forecast_core.service.answers import Provenance
from forecast_core.service.cost_cases import Asked

Array = NDArray[np.float64]
GB_PER_TB = 1024.0
BYTES_PER_MB = 2**20


@dataclass(frozen=True)
class Amount:
    """One step of the waterfall, in whole cents; saved is positive, paid negative."""

    name: str
    title: str
    formula: str
    amount: float


@dataclass(frozen=True, eq=False)
class ScopeBill:
    """What one scope has of the bill, by line and net, in whole cents; all scopes add up to ALL."""

    scope: str
    amounts: dict[str, float]
    net: float


@dataclass(frozen=True)
class PriceUse:
    """A price that was used, whether it is older than six months, and on which lines."""

    price: Price
    is_stale: bool
    lines: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class MoneyReport:
    """Everything the Money page shows; amounts in `currency`, months (H,).

    `cents` is the ledger by line and month in whole cents: a line's months add up to its step of the waterfall, the
    waterfall to `total`. `shared` is every line by scope and month, (n, H), unrounded. `storage_only` is what the
    simulator counts: stored data on both sides and nothing else.
    What takes hundreds of ledgers is reckoned when it is first asked for: `tiers`, `flips`, `swings`, `stresses`.
    """

    scenario: Scenario
    moved: tuple[str, ...]
    terms: Terms
    currency: str
    months: Months
    ledger: Ledger
    net: Band
    cumulative: Band
    verdict: Verdict
    change: Interval | None
    total: float
    storage_only: float
    waterfall: tuple[Amount, ...]
    cents: dict[str, Array]
    by_scope: tuple[ScopeBill, ...]
    shared: dict[str, Array]
    case: Case
    volume_range: tuple[float, float]
    pool: PoolStory | None
    prices: tuple[PriceUse, ...]
    carbon_kg: float
    carbon: CarbonFactors
    mean_file_mb: float
    trust: Trust
    notes: tuple[str, ...]
    provenance: Provenance

    @cached_property
    def tiers(self) -> tuple[TierWorth, ...]:
        """Every tier on this scenario, best first."""
        return tiers(self.case)

    @cached_property
    def _knobs(self) -> tuple[Knob, ...]:
        return knobs(self.case, self.volume_range)

    @cached_property
    def flips(self) -> tuple[Flip, ...]:
        """Where an assumption turns the order of the tiers."""
        return flips(self.case, self.tiers, self._knobs)

    @cached_property
    def swings(self) -> tuple[Swing, ...]:
        """What each assumption does to the worth at both ends of its range."""
        return swings(self.case, self._knobs)

    @cached_property
    def stresses(self) -> tuple[Stress, ...]:
        """What goes wrong in each stress test."""
        return tuple(stress(self.case, name) for name in STRESSES)


def money_report(
    asked: Asked, question: tuple[Scenario, Scenario], stamp: Provenance, today: np.datetime64
) -> MoneyReport:
    """Return the report on a scenario and its baseline; PriceError where the sum cannot be made.

    `today` is the month in which the page is read: prices are stale by it, however old the data is.
    """
    scenario, base = question
    case = asked.case
    ledger = case.ledger
    net = case.on_paths(asked.archived.scenario, asked.savings.scenario).net
    cents = {name: in_cents(ledger.amount(name)) for name in ledger.names}
    total = rounded(float(ledger.net.sum()))
    return MoneyReport(
        scenario=scenario,
        moved=scenario.moved(base),
        terms=case.terms,
        currency=case.book.currency,
        months=case.months,
        ledger=ledger,
        net=band(ledger.net, net),
        cumulative=band(ledger.cumulative, np.cumsum(net, axis=1)),
        verdict=verdict(case, asked.judge, break_even(case), asked.types, trusted=asked.trust.colour != "red"),
        change=_change(asked, net) if scenario.moved(base) else None,
        total=total,
        storage_only=float(sum(ledger.amount(name).sum() for name in ("primary", "archive"))),
        waterfall=(steps := _waterfall(ledger, total)),
        cents={step.name: in_cents(ledger.amount(step.name), step.amount) for step in steps} or cents,
        by_scope=_by_scope(shared := case.shared(), asked.scopes, steps),
        shared=shared,
        case=case,
        volume_range=_volume_range(asked.archived),
        pool=_pool(case),
        prices=_prices(case, today),
        carbon_kg=_carbon(case),
        carbon=CarbonFactors(),
        mean_file_mb=_mean_file_mb(case),
        trust=asked.trust,
        notes=_notes(asked),
        provenance=stamp,
    )


def _volume_range(archived: Paths) -> tuple[float, float]:
    """Return the range of the archived total relative to its point."""
    point = float(archived.scenario_point.sum())
    if point <= 0:
        return 1.0, 1.0
    shown = interval(point, archived.scenario.sum(axis=1))
    return shown.lower / point, shown.upper / point


def _change(asked: Asked, net: Array) -> Interval:
    """Return what the scenario is worth more today than the baseline, on common luck."""
    rate = asked.case.terms.interest_ratio_per_year
    before = asked.base.on_paths(asked.archived.baseline, asked.savings.baseline).net
    return interval(asked.case.value - asked.base.value, present_value(net - before, rate))


def _waterfall(ledger: Ledger, total: float) -> tuple[Amount, ...]:
    names = ledger.names
    amounts = in_cents(np.array([float(ledger.amount(name).sum()) for name in names]), total)
    by_name = {line.name: line for line in ledger.lines}
    return tuple(
        Amount(name, by_name[name].title, by_name[name].formula, float(amount))
        for name, amount in zip(names, amounts, strict=True)
    )


def _by_scope(exact: dict[str, Array], scopes: tuple[str, ...], steps: tuple[Amount, ...]) -> tuple[ScopeBill, ...]:
    parts = {step.name: in_cents(exact[step.name].sum(axis=1), step.amount) for step in steps}
    return tuple(
        ScopeBill(
            scope,
            amounts := {name: float(cents[index]) for name, cents in parts.items()},
            round(sum(amounts.values()), 2),
        )
        for index, scope in enumerate(scopes)
    )


def _pool(case: Case) -> PoolStory | None:
    active, quota = case.by_scope.active_gb, case.terms.quota_gb
    if quota is None or active is None:
        return None
    freed = case.by_scope.total().freed_gb[0] @ case.setting.movement.stock
    trimmed = case.terms.trimmed_gb_per_month * np.arange(1, len(case.months) + 1)
    return pool_story(active, np.maximum(active - freed - trimmed, 0), quota, case.months)


def _prices(case: Case, today: np.datetime64) -> tuple[PriceUse, ...]:
    stale = set(case.book.stale(today, case.ledger.prices))
    return tuple(
        PriceUse(price, price in stale, tuple(line.title for line in case.ledger.lines if price in line.prices))
        for price in case.ledger.prices
    )


def _carbon(case: Case) -> float:
    """Return kg of CO2 equivalents saved over the horizon: what primary no longer holds less what the archive does."""
    stock, whole = case.setting.movement.stock, case.by_scope.total()
    gb_months = float(((whole.freed_gb - whole.added_gb) @ stock).sum())
    return carbon_kg(gb_months / GB_PER_TB / 12, CarbonFactors())


def _mean_file_mb(case: Case) -> float:
    files = float(case.by_scope.files.sum())
    return float(case.by_scope.added_gb.sum()) * 1024 / files if files > 0 else float("nan")


PRIMARY_PAID = (
    "No quota is entered, so every GB on primary is taken as paid for; under a quota archiving may save nothing."
)
VOLUMES_ONLY = (
    "Band and chance to lose money carry the doubt about volumes; prices and behaviour are in the sensitivity."
)
FILE_LEVEL = "Single-file archive is counted as freeing no quota, as Microsoft says; one vendor page disagrees."
ONE_SCOPE_QUOTA = "The quota is taken as that of this scope alone."


def _notes(asked: Asked) -> tuple[str, ...]:
    terms, notes = asked.case.terms, [*asked.notes, VOLUMES_ONLY]
    if terms.primary == "sharepoint_extra" and terms.quota_gb is None:
        notes.append(PRIMARY_PAID)
    if terms.archive == "m365_archive" and terms.way == "file":
        notes.append(FILE_LEVEL)
    if terms.quota_gb is not None and asked.is_part:
        notes.append(ONE_SCOPE_QUOTA)
    return tuple(notes)
