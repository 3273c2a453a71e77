"""Assumptions that may be wrong, each with the range it may be wrong by.

In:    a case.
Out:   `Knob`s; `swings`: what each end of its range does to the value; break-even of recall, size and stay.
Never: calls a guess of ours a measurement: every range says where it comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from forecast_core.errors import PriceError
from forecast_core.money.case import Case
from forecast_core.money.price_book import PriceBook
from forecast_core.money.prices import Price
from forecast_core.money.sizes import Sizes
from forecast_core.money.thresholds import crossing
from forecast_core.money.usage import Flows

SMALLEST_BYTES, LARGEST_BYTES = 64.0, 2.0**32
MOST_RECALL = 0.5


@dataclass(frozen=True)
class Knob:
    """One assumption: today's value, the ends of its range, and what turning it makes of a case."""

    name: str
    title: str
    unit: str
    today: float
    lower: float
    upper: float
    turn: Callable[[Case, float], Case]


@dataclass(frozen=True)
class Swing:
    """What the ends of a range do to the net present value; NaN where it cannot be priced."""

    name: str
    title: str
    unit: str
    today: float
    lower: float
    upper: float
    value_lower: float
    value_upper: float

    @property
    def width(self) -> float:
        """How far apart both ends are."""
        return abs(self.value_upper - self.value_lower)


def knobs(case: Case, volume: tuple[float, float] = (0.8, 1.25)) -> tuple[Knob, ...]:
    """Return the assumptions of a case; `volume` is the range of the forecast, relative to its point."""
    recall, terms = float(case.recall_ratio[-1]), case.terms
    least, most = max(terms.size_spread - 1, 0), terms.size_spread + 1
    spread = [Knob("spread", "Spread of file sizes", "number", terms.size_spread, least, most, _spread)]
    spread = spread if case.sizes.is_assumed else []  # sizes that were counted are not in doubt
    return (
        Knob("recall", "Recalled per month", "percent", recall, 0, max(0.02, 2 * recall), _recall),
        Knob("read", "Read in the archive per month", "percent", terms.read_ratio_per_month, 0,
             max(0.05, 2 * terms.read_ratio_per_month), lambda at, ratio: at.on_terms(read_ratio_per_month=ratio)),
        Knob("size", "Average file size", "times", 1, 0.25, 4, _size),
        *spread,
        Knob("primary_price", "Price of primary", "times", 1, 0.8, 1.2, _primary_price),
        Knob("archive_prices", "All prices of the archive", "times", 1, 0.8, 1.2, archive_prices),
        Knob("volume", "What is archived", "times", 1, *volume, turn=_volume),
        Knob("freed", "Freed of what is archived", "times", 1, 0.8, 1.2, _freed),
    )  # fmt: skip


def _recall(case: Case, ratio: float) -> Case:
    return case.varied(recall_ratio=np.full(len(case.months), ratio))


def _size(case: Case, factor: float) -> Case:
    mean = case.terms.mean_file_mb
    if mean is not None:
        return case.on_terms(mean_file_mb=mean * factor)
    return case.varied(flows=replace(case.flows, files=case.flows.files / factor))


def _spread(case: Case, spread: float) -> Case:
    return case.varied(sizes=Sizes.log_normal(spread))


def _primary_price(case: Case, factor: float) -> Case:
    return case.varied(book=repriced(case.book, (case.terms.primary,), factor))


def archive_prices(case: Case, factor: float) -> Case:
    """Return the case with every price of the archive and its network multiplied."""
    offer = case.book.offer(case.terms.archive)
    touched = {case.terms.archive, offer.network, offer.rules.names_at} - {case.terms.primary, ""}
    return case.varied(book=repriced(case.book, touched, factor))


def repriced(book: PriceBook, offers: Iterable[str], factor: float) -> PriceBook:
    """Return the book with every known price of some offers multiplied."""
    wanted = set(offers)

    def dearer(price: Price) -> Price:
        return price if price.unknown else price.times(factor, f"times {factor:g}")

    changed = (
        replace(offer, prices=tuple(map(dearer, offer.prices))) if offer.id in wanted else offer
        for offer in book.offers
    )
    return replace(book, offers=tuple(changed))


def _volume(case: Case, factor: float) -> Case:
    flows = case.flows
    archived, freed, added, files = (
        flow * factor for flow in (flows.archived_gb, flows.freed_gb, flows.added_gb, flows.files)
    )
    return case.varied(flows=Flows(archived, freed, added, files, flows.active_gb))


def _freed(case: Case, factor: float) -> Case:
    freed = np.minimum(case.flows.freed_gb * factor, case.flows.archived_gb)
    return case.varied(flows=replace(case.flows, freed_gb=freed))


def value_or_nan(case: Case) -> float:
    """Return the net present value, NaN where something is not priced."""
    try:
        return case.value
    except PriceError:
        return float("nan")


def swings(case: Case, turned: Iterable[Knob]) -> tuple[Swing, ...]:
    """Return what each knob does at both ends, the widest first."""
    found = [
        Swing(
            knob.name, knob.title, knob.unit, knob.today, knob.lower, knob.upper,
            value_or_nan(knob.turn(case, knob.lower)), value_or_nan(knob.turn(case, knob.upper)),
        )
        for knob in turned
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda swing: -np.nan_to_num(swing.width)))


@dataclass(frozen=True)
class BreakEven:
    """Where archiving stops paying: NaN where it never pays, or does not stop to.

    `size_bytes` a file must have, over the horizon; `recall_ratio` per month that is still borne; `stay_months` that
    an average file must lie in the archive.
    """

    size_bytes: float
    recall_ratio: float
    stay_months: float


def break_even(case: Case) -> BreakEven:
    """Return size, recall and stay at which the value is nil."""
    return BreakEven(_size_that_pays(case), _recall_that_is_borne(case), _stay_that_pays(case))


def _recall_that_is_borne(case: Case) -> float:
    """Return the recall a month at which a gain is used up, NaN where there is none without recall either."""
    if not value_or_nan(_recall(case, 0.0)) > 0:
        return float("nan")
    found = crossing(lambda ratio: value_or_nan(_recall(case, ratio)), 0.0, MOST_RECALL, 1e-4)
    return found if found is not None else float("nan")


def _one_batch(case: Case, size_bytes: float) -> Case:
    """Return a million files of one size, archived in the first month, freeing what all files do on average."""
    months = len(case.months)
    gb = np.eye(1, months) * size_bytes * 1e6 / 2**30
    freed = case.flows.freed_gb.sum() / max(float(case.flows.archived_gb.sum()), 1e-12)
    paid = _paid_share(case)
    terms = replace(
        case.terms, quota_gb=None, active_gb=None, trimmed_gb_per_month=0.0, skip_below_kb=0.0, one_off_cost=0.0,
        running_cost_per_month=0.0, private_endpoints=0.0, mean_file_mb=None,
    )  # fmt: skip
    added = case.flows.added_gb.sum() / max(float(case.flows.archived_gb.sum()), 1e-12)
    flows = Flows(gb, gb * freed * paid, gb * added, np.eye(1, months) * 1e6, None)
    return case.varied(flows=flows, terms=terms, sizes=Sizes.log_normal(0.0))


def _paid_share(case: Case) -> float:
    """Return which share of what is freed was paid for: less than 1 under a quota."""
    if case.terms.quota_gb is None:
        return 1.0
    billed = sum(float(line.quantity.sum()) for line in case.ledger.lines if line.name == "primary")
    freed = float((case.by_scope.total().freed_gb @ case.setting.movement.stock).sum())
    return billed / freed if freed > 0 else 0.0


def _size_that_pays(case: Case) -> float:
    try:
        found = crossing(
            lambda log: value_or_nan(_one_batch(case, np.exp(log))), np.log(SMALLEST_BYTES), np.log(LARGEST_BYTES), 1e-4
        )
    except PriceError:
        return float("nan")
    if found is not None:
        return float(np.exp(found))
    return 0.0 if value_or_nan(_one_batch(case, SMALLEST_BYTES)) >= 0 else float("nan")


def _stay_that_pays(case: Case) -> float:
    """Return the months an average file must lie, NaN where no stay within the horizon pays."""
    try:
        files = float(case.by_scope.files.sum())
        mean = float(case.flows.archived_gb.sum()) * 2**30 / files if files > 0 else float("nan")
        batch = _one_batch(case, mean) if np.isfinite(mean) and mean > 0 else None
    except PriceError:
        batch = None
    if batch is None:
        return float("nan")
    for month in range(1, len(case.months)):
        everything = np.zeros(len(case.months))
        everything[month] = 1
        if value_or_nan(batch.varied(recall_ratio=everything)) >= 0:
            return float(month)
    return float("nan")
