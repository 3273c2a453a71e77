"""What comes in: read from an upload, a path or an address, joined to what was there, put in its place, brought back.

In:    uploads and addresses; answers of the user.
Out:   readings, data sets.
Never: keeps anything that nobody accepted; throws away what was replaced.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from forecast_core.errors import DataError, NotFoundError
from forecast_core.history import Choices, Reading, UsageReading, joined, read, read_usage, usage_form, with_stock
from forecast_core.inventory import (
    InventoryChoices,
    InventoryReading,
    Moved,
    difference,
    is_inventory,
    read_inventory,
)
from forecast_core.service.datasets import INVENTORY, Dataset, accepted
from forecast_core.service.profile import Profile, Slice, history_profile, inventory_profile, site_activity
from forecast_core.sources import DataSet, Limits, Workspace, read_table
from forecast_core.sources.listing import SCHEMES, Place, Source, Stores, place_of

Found = Reading | InventoryReading | UsageReading
USAGE = "usage"
AMOUNTS, GB = ("files", "bytes"), 2**30


@dataclass(frozen=True)
class Replaced:
    """A data set that another one stands in for; it can be brought back."""

    id: str
    name: str
    saved_at: str
    by_id: str
    by_name: str


@dataclass(frozen=True)
class UsageStock:
    """Usage reports that are kept as one: `days` they were taken on; totals of the last one, NaN where not told."""

    id: str
    name: str
    title: str
    sites: int
    days: tuple[str, ...]
    files: float
    gb: float


class Intake:
    """Data on their way in; `allowed` are the beginnings of addresses that a page may read.

    `on_kept` is called before what was kept is confirmed.
    """

    def __init__(
        self,
        workspace: Workspace,
        dataset: Callable[[str], Dataset],
        today: np.datetime64,
        limits: Limits,
    ) -> None:
        self._workspace, self._dataset, self._today, self._limits = workspace, dataset, today, limits
        self.stores = Stores()
        self.allowed: tuple[str, ...] = ()
        self.on_kept: Callable[[], object] = _nothing

    def inspect(self, source: Source, choices: Choices | None = None, said: InventoryChoices | None = None) -> Found:
        """Read a file list, an age cube or a monthly history and report what was understood; nothing is stored."""
        if self.is_inventory(source):
            return read_inventory(source, self._today, said or InventoryChoices(), self._limits)
        with source.open() as stream:
            data = stream.read(self._limits.max_bytes + 1)
        table = read_table(source.name, data, self._limits)
        if form := usage_form(table.cells.columns):
            return read_usage(table, form)
        return read(table, self._today, choices or Choices())

    def is_inventory(self, source: Source) -> bool:
        """Return whether this is a file list, a run of an inventory or an age cube."""
        if isinstance(source, Place) and source.is_folder:
            return True
        return is_inventory(source, self._limits)

    def place(self, address: str) -> Place:
        """Return a path or an address, as the operator of this machine may name it."""
        return place_of(address, self.stores)

    def allowed_place(self, address: str) -> Place:
        """Return an address that the settings allow a page to read; never a path of this machine."""
        if not any(_begins(address, start) for start in self.allowed):
            raise DataError(
                "This address may not be read from here.",
                allowed=", ".join(self.allowed) or "none: no address is set up",
                hint="Whoever runs this app allows addresses with ARCHIVE_FORECAST_SOURCES.",
            )
        return self.place(address)

    def accept(self, reading: Found, saved_at: str, *, replaces: str = "", joins: bool = False) -> str:
        """Store what was read and return its id; `replaces` then gives up its place.

        With `joins` an inventory keeps the month ends of the one it replaces.
        """
        if isinstance(reading, UsageReading):
            identity = self._keep_usage(reading, saved_at, replaces)
        else:
            identity = self._keep(reading, saved_at, replaces, joins=joins)
        self.on_kept()
        return identity

    def _keep(self, reading: Reading | InventoryReading, saved_at: str, replaces: str, *, joins: bool) -> str:
        """Keep a history or an inventory."""
        if joins and isinstance(reading, InventoryReading) and replaces and reading.inventory:
            joined = reading.inventory.after(self._dataset(replaces).inventory.inventory)
            reading = replace(reading, inventory=joined, content_id=joined.content_id)
        identity = self._workspace.save(*accepted(reading, saved_at)).id
        if replaces and replaces != identity:
            self._workspace.replace(replaces, identity, saved_at)
        return identity

    def same_name(self, reading: Found) -> str:
        """Return the id of the newest data set of the same name and kind, "" where there is none."""
        if isinstance(reading, UsageReading):
            return next((found.id for found in self.usages() if found.name == reading.name), "")
        is_list = isinstance(reading, InventoryReading)
        fitting = (
            about.id
            for about in self._workspace.list()
            if about.name == reading.name and (about.kind == INVENTORY) == is_list and about.kind != USAGE
        )
        return next(fitting, "")

    def usages(self) -> tuple[UsageStock, ...]:
        """Return the usage reports that are kept, each with what was joined to it, the newest first."""
        kept = [about for about in self._workspace.list() if about.kind == USAGE]
        return tuple(_stock(*self._workspace.load(about.id)) for about in kept)

    def with_usage(self, reading: Reading, identity: str) -> Reading:
        """Return a history with the stock that kept usage reports tell."""
        filled = with_stock(reading, self._workspace.load(identity)[1])
        return replace(filled, content_id=f"{reading.content_id}+{identity}")

    def _keep_usage(self, reading: UsageReading, saved_at: str, earlier: str) -> str:
        """Keep a usage report, joined to the earlier ones that it continues."""
        if not len(reading.frame):
            raise DataError(f"{reading.name} tells of no site.", hint="Export the report again.")
        frame = joined(self._workspace.load(earlier)[1], reading.frame) if earlier else reading.frame
        about = DataSet(
            name=reading.name,
            kind=USAGE,
            content_id=hashlib.sha256(frame.to_csv(index=False).encode()).hexdigest(),
            saved_at=saved_at,
            facts={"title": reading.title},
            counts={"rows_in": reading.rows_in, "rows_used": reading.rows_used},
        )
        identity = self._workspace.save(frame, about).id
        if earlier and earlier != identity:
            self._workspace.replace(earlier, identity, saved_at)
        return identity

    def profile(self, reading: Found) -> Profile | None:
        """Return what is in a file at a glance, None where nothing can be used."""
        if isinstance(reading, InventoryReading):
            return inventory_profile(reading.inventory) if reading.inventory else None
        if isinstance(reading, UsageReading):
            return None
        return history_profile(reading.history) if reading.history else None

    def activity(self, reading: UsageReading) -> tuple[Slice, ...]:
        """Return the sites of a usage report by how long nobody was active there, () where it does not tell."""
        return site_activity(reading)

    def difference(self, earlier: str, later: str) -> tuple[Moved, ...]:
        """Return what changed between the last month ends of two inventories; DataError in the wrong order."""
        cubes = [self._dataset(identity).inventory.inventory.modified.last for identity in (earlier, later)]
        return difference(*cubes)

    def replaced(self) -> tuple[Replaced, ...]:
        """Return what was replaced, the newest first."""
        found = [_replaced(self._workspace.about(old), new) for old, new in self._workspace.replaced().items()]
        return tuple(sorted(found, key=lambda item: (item.saved_at, item.id), reverse=True))

    def bring_back(self, identity: str, at: str) -> str:
        """Put a replaced data set back in its place; what stood there is replaced by it and can come back as well."""
        by = self._workspace.replaced().get(identity)
        if by is None:
            raise NotFoundError(f"{identity[:40]!r} was not replaced.", hint="Choose one of the replaced data sets.")
        self._workspace.replace(by.id, identity, at)
        return identity


def _nothing() -> None:
    """Nobody wants to know."""


def _replaced(old: DataSet, new: DataSet) -> Replaced:
    return Replaced(old.id, old.name, old.saved_at, new.id, new.name)


def _stock(about: DataSet, frame: pd.DataFrame) -> UsageStock:
    days = sorted(frame["day"].unique())
    last = frame[frame["day"] == days[-1]]
    files, volume = (float(last[name].sum(min_count=1)) if last[name].notna().any() else math.nan for name in AMOUNTS)
    sites, title = int(frame["scope"].nunique()), str(about.facts.get("title", ""))
    return UsageStock(about.id, about.name, title, sites, tuple(f"{day:%Y-%m-%d}" for day in days), files, volume / GB)


def _begins(address: str, start: str) -> bool:
    """Return whether an address lies at or below an allowed one; `s3://a` does not allow `s3://ab`."""
    is_remote = address.partition("://")[0] in SCHEMES
    return is_remote and (address == start.rstrip("/") or address.startswith(start.rstrip("/") + "/"))
