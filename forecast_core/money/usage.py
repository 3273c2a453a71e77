"""What is used: from GB and files moved to the quantities that a provider bills.

In:    flows by scope, how files move, terms, the offers of primary and archive.
Out:   `Meter`s: one quantity per line, offer and item, per month.
Never: prices anything; takes both sides of the bill out of one number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast_core.errors import PriceError
from forecast_core.money.movement import Movement
from forecast_core.money.offers import Offer
from forecast_core.money.price_book import PriceBook
from forecast_core.money.quota import billable_active, billable_archived
from forecast_core.money.sizes import Sizes
from forecast_core.money.terms import Terms
from forecast_core.money.units import GB_BYTES, HOURS_PER_MONTH
from forecast_core.months import Months, parse_month

Array = NDArray[np.float64]
KB_BYTES, MB_BYTES = 2**10, 2**20
POOLED = "m365_archive"
NO_STOCK = "The quota counts what is on primary, and this data has no stock."
NO_FILES = "Fees per file need the number of archived files, and this data does not tell it."
ABOVE_QUOTA = "GB above the quota without archiving − with archiving: max(0, before − quota) − max(0, after − quota)"
ARCHIVED_ABOVE_QUOTA = "GB archived, as far as the quota is exceeded: min(archived, max(0, active + archived − quota))"
IN_PLACE = "single files archived in place free no quota and are counted in the active GB, so nothing is billed twice"
AGES = {"stored": "less than 30 days", "stored_after_30_days": "30 to 90 days", "stored_after_90_days": "longer"}


@dataclass(frozen=True, eq=False)
class Moved:
    """Flows per month (…, H): GB freed on primary, GB and files added to the archive, and what sizes make of them.

    `padding_gb` is what files are billed above their size under a least size, `monitored_files` those large enough
    to be monitored; `active_gb` (H,) is what would be on primary at month end without archiving, None if unknown.
    """

    freed_gb: Array
    added_gb: Array
    files: Array
    padding_gb: Array
    monitored_files: Array
    active_gb: Array | None = None

    def total(self) -> Moved:
        """Return the sum over scopes, (1, H)."""
        flows = (self.freed_gb, self.added_gb, self.files, self.padding_gb, self.monitored_files)
        freed, added, files, padding, monitored = (flow.sum(axis=0, keepdims=True) for flow in flows)
        return Moved(freed, added, files, padding, monitored, self.active_gb)

    def on(self, freed_gb: Array, archived_ratio: Array) -> Moved:
        """Return the flows on sample paths (P, H): freed as drawn, the rest in proportion to what is archived."""
        rest = (self.added_gb, self.files, self.padding_gb, self.monitored_files)
        added, files, padding, monitored = (flow * archived_ratio for flow in rest)
        return Moved(freed_gb, added, files, padding, monitored, self.active_gb)


@dataclass(frozen=True, eq=False)
class Flows:
    """What the forecast moves, (…, H): archived and freed GB, GB the archive adds, files; `active_gb` as in `Moved`."""

    archived_gb: Array
    freed_gb: Array
    added_gb: Array
    files: Array
    active_gb: Array | None = None


def moved(flows: Flows, sizes: Sizes, terms: Terms, offer: Offer) -> Moved:
    """Return what is moved into an offer under the terms: small files left out, held data not freed, sizes applied."""
    files = flows.files if terms.mean_file_mb is None else flows.archived_gb * 1024 / terms.mean_file_mb
    if not np.isfinite(files).all():
        raise PriceError(f"Not priced: {NO_FILES}", hint="Enter the average archived file, under Files.")
    mean = np.divide(flows.added_gb * GB_BYTES, files, out=np.zeros_like(files), where=files > 0)
    skip = terms.skip_below_kb * KB_BYTES
    file_share, volume_share = sizes.at_least(mean, skip) if skip else (1.0, 1.0)
    padding = sizes.padding_bytes(mean, offer.rules.minimum_bytes) * files / GB_BYTES
    if skip and offer.rules.minimum_bytes:
        padding = _padding_from(sizes, mean, skip, offer.rules.minimum_bytes) * files / GB_BYTES
    monitored = sizes.at_least(mean, offer.rules.monitored_from_bytes)[0] * files
    kept = 1 - terms.held_ratio
    return Moved(
        flows.freed_gb * volume_share * kept, flows.added_gb * volume_share, files * file_share, padding, monitored,
        flows.active_gb,
    )  # fmt: skip


def _padding_from(sizes: Sizes, mean: Array, skip: float, minimum: float) -> Array:
    each = sizes.relative * mean[..., None]
    return np.asarray((sizes.share * np.maximum(minimum - each, 0) * (each >= skip)).sum(axis=-1))


@dataclass(frozen=True, eq=False)
class Meter:
    """A quantity (…, H) of one item of one offer, on a line of the ledger.

    `base` is what the quantity is taken off the top of, where bands or a quota make that matter. `cost` is set where
    the amount is entered and not priced. `formula` says in words how the quantity comes about where it is not the
    usual way of its line; `inputs` are the named figures (…, H) it is made of.
    """

    line: str
    quantity: Array
    offer: Offer | None = None
    item: str = ""
    base: Array | None = None
    cost: Array | None = None
    formula: str = ""
    inputs: tuple[tuple[str, Array], ...] = ()


@dataclass(frozen=True, eq=False)
class Setting:
    """What turns flows into quantities: months, movement, shares read in the archive (H,), terms, the offers."""

    months: Months
    movement: Movement
    read_ratio: Array
    terms: Terms
    primary: Offer
    archive: Offer
    network: Offer
    names: Offer

    @classmethod
    def of(
        cls, months: Months, recall_ratio: Array, terms: Terms, book: PriceBook, burst_ratio: Array | None = None
    ) -> Setting:
        """Return the setting; the lock of the archive delays what is archived again; a burst is read on top."""
        primary, archive = book.offer(terms.primary), book.offer(terms.archive)
        rules = archive.rules
        movement = Movement.of(recall_ratio, terms.rearchived_ratio, rules.lock_months)
        network = book.offer(archive.network) if archive.network else archive
        names = book.offer(rules.names_at) if rules.names_at else archive
        read = np.full(len(months), terms.read_ratio_per_month)
        read_ratio = read if burst_ratio is None else np.minimum(read + burst_ratio, 1)
        return cls(months, movement, read_ratio, terms, primary, archive, network, names)


def meters(flows: Moved, setting: Setting, *, pooled: bool = True) -> tuple[Meter, ...]:
    """Return every quantity; `pooled` False leaves the quota out (a scope has no quota of its own)."""
    return (
        *_storage(flows, setting, pooled),
        *_small_files(flows, setting),
        *_operations(flows, setting),
        *_project(flows, setting, pooled),
    )


def _storage(flows: Moved, setting: Setting, pooled: bool) -> Iterator[Meter]:
    """Primary no longer paid, versions trimmed, and the archive; where there is a quota, only what lies above it."""
    stock, terms = setting.movement.stock, setting.terms
    freed, held = flows.freed_gb @ stock, flows.added_gb @ stock
    recalled = (("share recalled", setting.movement.recall_ratio),)
    trimmed = np.broadcast_to(np.cumsum(np.full(len(setting.months), terms.trimmed_gb_per_month)), freed.shape)
    if terms.quota_gb is None or not pooled:
        before = None if flows.active_gb is None or not pooled else np.maximum(flows.active_gb, freed + trimmed)
        known = () if before is None else (("GB on primary before", before),)
        inputs = (("GB freed", flows.freed_gb), *recalled, *known)
        yield Meter("primary", freed, setting.primary, "stored", before, inputs=inputs)
        if terms.trimmed_gb_per_month and pooled:
            yield Meter("versions", trimmed, setting.primary, "stored", None if before is None else before - freed)
        yield from _archived(held, flows, setting)
        return
    if flows.active_gb is None:
        raise PriceError(
            f"Not priced: {NO_STOCK}", hint="Enter what is used of the quota today, or leave the quota open."
        )
    in_place = setting.archive.id == POOLED and terms.way == "file"
    left = flows.active_gb - (np.zeros_like(freed) if in_place else freed)
    paid, without = billable_active(left, terms.quota_gb), billable_active(flows.active_gb, terms.quota_gb)
    counted = (("GB active before", flows.active_gb), ("GB active after", left), ("GB quota", np.array(terms.quota_gb)))
    before = np.broadcast_to(without, paid.shape)
    yield Meter("primary", without - paid, setting.primary, "stored", before, formula=ABOVE_QUOTA, inputs=counted)
    if terms.trimmed_gb_per_month:
        after = billable_active(left - trimmed, terms.quota_gb)
        yield Meter("versions", paid - after, setting.primary, "stored", paid)
        left = left - trimmed
    if setting.archive.id == POOLED:
        counted = (("GB archived", held), ("GB active after", left), ("GB quota", np.array(terms.quota_gb)))
        billed = np.zeros_like(held) if in_place else billable_archived(np.maximum(left, 0), held, terms.quota_gb)
        formula = IN_PLACE if in_place else ARCHIVED_ABOVE_QUOTA
        yield Meter("archive", billed, setting.archive, "stored", formula=formula, inputs=counted)
    else:
        yield from _archived(held, flows, setting)


def _archived(held: Array, flows: Moved, setting: Setting) -> Iterator[Meter]:
    """One quantity, or three by age where the offer has a price for each."""
    offer, movement = setting.archive, setting.movement
    inputs = (("GB added", flows.added_gb), ("share recalled", movement.recall_ratio))
    if not offer.has("stored_after_30_days"):
        yield Meter("archive", held, offer, "stored", inputs=inputs)
        return
    for item, first, last in (("stored", 0, 1), ("stored_after_30_days", 1, 3), ("stored_after_90_days", 3, np.inf)):
        aged = flows.added_gb @ movement.aged(first, last)
        formula = f"GB in the archive, there for {AGES[item]}"
        yield Meter("archive", aged, offer, item, formula=formula, inputs=inputs)


def _small_files(flows: Moved, setting: Setting) -> Iterator[Meter]:
    rules, offer, stock = setting.archive.rules, setting.archive, setting.movement.stock
    if rules.minimum_bytes:
        applies = rules.minimum_applies(setting.months, parse_month(setting.terms.account_month))
        yield Meter("small_files", (flows.padding_gb @ stock) * applies, offer, "stored")
    objects = flows.files @ stock
    if rules.index_bytes:
        yield Meter("index", objects * rules.index_bytes / GB_BYTES, offer, "stored")
    if rules.name_bytes:
        yield Meter("names", objects * rules.name_bytes / GB_BYTES, setting.names, "stored")
    if offer.has("monitoring"):
        yield Meter("monitoring", flows.monitored_files @ stock, offer, "monitoring")


def _operations(flows: Moved, setting: Setting) -> Iterator[Meter]:
    """Writes for what enters, reads and retrieval for what is read or recalled, and what is owed for leaving early."""
    movement, terms, offer = setting.movement, setting.terms, setting.archive
    yield Meter("writes", flows.files @ movement.again, offer, "write")
    out = setting.read_ratio * movement.stock + movement.recalled
    files, gb = flows.files @ out, flows.added_gb @ out
    high = "_high" if terms.high_priority and offer.has("read_high") else ""
    yield Meter("reads", files, offer, f"read{high}")
    yield Meter("retrieval", gb, offer, f"retrieval{high}")
    if offer.has("retrieval_request"):
        yield Meter("requests", files, offer, "retrieval_request")
    if offer.rules.minimum_days:
        yield Meter("early", flows.added_gb @ movement.owed(offer.rules.minimum_days), offer, "stored")
    if terms.egress != "none":
        yield Meter("egress", gb, setting.network, f"egress_{terms.egress}")
    if terms.private_endpoints:
        moved_gb = flows.added_gb @ (movement.again + out)
        yield Meter("endpoint_data", moved_gb, setting.network, "endpoint_gb")


def _project(flows: Moved, setting: Setting, pooled: bool) -> Iterator[Meter]:
    """What is paid once for all scopes together."""
    terms = setting.terms
    if not pooled:
        return
    every = np.ones((1, len(setting.months)))
    if terms.private_endpoints:
        hours = terms.private_endpoints * HOURS_PER_MONTH * every
        yield Meter("endpoint", hours, setting.network, "endpoint_hour")
    if terms.one_off_cost:
        once = np.zeros_like(every)
        once[:, 0] = 1
        yield Meter("one_off", once, cost=terms.one_off_cost * once)
    if terms.running_cost_per_month:
        yield Meter("running", every, cost=terms.running_cost_per_month * every)
