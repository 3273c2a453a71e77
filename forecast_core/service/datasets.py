"""Data sets: what is stored of an upload, and the history or the inventory that comes back.

In:    what was read and accepted; stored rows.
Out:   `Dataset`, `DatasetInfo`; `DataSet`, the note that is stored beside the rows.
Never: reads or writes a file.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from forecast_core.errors import DataError, NotFoundError
from forecast_core.history import ALL, History, Reading
from forecast_core.inventory import NO_RULE_MONTHS, Contents, Inventory, InventoryReading
from forecast_core.service.inventory_view import StoredInventory
from forecast_core.sources import DataSet
from forecast_core.sources.demo import (
    DEMO_FILES_ID,
    DEMO_FILES_NAME,
    DEMO_ID,
    DEMO_NAME,
    DEMO_RULE_MONTHS,
    read_demo,
    read_demo_files,
)

UPLOAD, INVENTORY = "upload", "inventory"


@dataclass(frozen=True)
class DatasetInfo:
    """A data set that can be asked about; `origin` where it comes from, in words, where that is no file of the user."""

    id: str
    name: str
    is_demo: bool
    scopes: tuple[str, ...]
    first_month: np.datetime64
    last_month: np.datetime64
    rows: int
    has_stock: bool
    has_savings: bool
    has_inventory: bool = False
    origin: str = ""


@dataclass(frozen=True, eq=False)
class Dataset:
    """A data set: a monthly history or a file inventory, and what its reading found (None for the demo company)."""

    info: DatasetInfo
    about: DataSet | None
    monthly: History | None = None
    files: StoredInventory | None = None

    @property
    def history(self) -> History:
        """Return the monthly history; NotFoundError where this is an inventory."""
        if self.monthly is None:
            raise NotFoundError(f"{self.info.name} is a file inventory, not a monthly history.", hint="Open Policy.")
        return self.monthly

    @property
    def inventory(self) -> StoredInventory:
        """Return the file inventory; NotFoundError where this is a monthly history."""
        if self.files is None:
            raise NotFoundError(
                f"{self.info.name} is a monthly history: it does not know how old the files are.",
                hint="Scan a folder with archive-forecast scan and upload the file it writes on the Data page.",
            )
        return self.files


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def demo() -> Dataset:
    """Return the demo company."""
    history = History.of(read_demo())
    return Dataset(_info(DEMO_ID, DEMO_NAME, history, is_demo=True), None, history)


def demo_files() -> Dataset:
    """Return the demo file share."""
    frame = read_demo_files()
    cells = Inventory.of(frame.assign(basis="modified"))
    scopes = (ALL, *cells.modified.last.scopes)
    held = StoredInventory(DEMO_FILES_ID, DEMO_FILES_NAME, cells, DEMO_RULE_MONTHS, scopes, is_demo=True)
    return Dataset(_info_of_files(held, rows=len(frame)), None, files=held)


def stored(identity: str, about: DataSet, frame: pd.DataFrame) -> Dataset:
    """Return what was stored."""
    if about.kind == INVENTORY:
        return _inventory(identity, about, frame)
    history = History.of(frame, frequency_is_observed=bool(about.facts.get("frequency_is_observed", False)))
    origin = str(about.facts.get("origin", ""))
    return Dataset(replace(_info(identity, about.name, history, is_demo=False), origin=origin), about, history)


def accepted(reading: Reading | InventoryReading, saved_at: str) -> tuple[pd.DataFrame, DataSet]:
    """Return the rows to store and the note beside them; DataError if the file could not be read."""
    if isinstance(reading, InventoryReading):
        found, kind = reading.inventory, INVENTORY
        frame = found.frame() if found else None
        facts: dict[str, Any] = (
            {name: _finite(ratio) for name, ratio in asdict(found.contents).items()} if found else {}
        )
    else:
        history, kind = reading.history, UPLOAD
        frame = history.frame if history else None
        facts = {"frequency_is_observed": history.frequency_is_observed} if history else {}
    if frame is None:
        raise DataError(f"{reading.name} cannot be used yet.", hint="Mend the blocking faults first.")
    if reading.origin:
        facts["origin"] = reading.origin
    about = DataSet(
        name=reading.name,
        kind=kind,
        content_id=reading.content_id,
        saved_at=saved_at,
        choices=reading.choices.to_json(),
        facts=facts,
        issues=tuple(_plain(asdict(issue)) for issue in reading.issues),
        counts={"rows_in": reading.rows_in, "rows_used": reading.rows_used, "set_aside": reading.rows_set_aside},
    )
    return frame, about


def _inventory(identity: str, about: DataSet, frame: pd.DataFrame) -> Dataset:
    told = {name: about.facts.get(name) for name in ("duplicate_ratio", "compressed_ratio")}
    contents = Contents(**{name: float(ratio) for name, ratio in told.items() if ratio is not None})
    inventory = Inventory.of(frame, contents)
    last = inventory.modified.last
    held = StoredInventory(
        dataset_id=identity,
        name=about.name,
        inventory=inventory,
        rule_months=int(about.choices.get("rule_months", NO_RULE_MONTHS)),
        scopes=(ALL, *last.scopes) if len(last.scopes) > 1 else last.scopes,
        history_id=str(about.choices.get("history_id", "")),
    )
    info = _info_of_files(held, about.counts["rows_used"], str(about.facts.get("origin", "")))
    return Dataset(info, about, files=held)


def _info_of_files(held: StoredInventory, rows: int, origin: str = "") -> DatasetInfo:
    cubes = held.inventory.modified
    return DatasetInfo(
        id=held.dataset_id,
        name=held.name,
        is_demo=held.is_demo,
        scopes=cubes.last.scopes,
        first_month=cubes.months[0],
        last_month=cubes.last.taken_month,
        rows=rows,
        has_stock=True,
        has_savings=True,
        has_inventory=True,
        origin=origin,
    )


def _plain(issue: dict[str, Any]) -> dict[str, Any]:
    return {**issue, "severity": int(issue["severity"])}


def _info(identity: str, name: str, history: History, *, is_demo: bool) -> DatasetInfo:
    return DatasetInfo(
        id=identity,
        name=name,
        is_demo=is_demo,
        scopes=history.scopes,
        first_month=history.months[0],
        last_month=history.last_month,
        rows=len(history.frame),
        has_stock=history.has_stock,
        has_savings=history.knows("savings_gb"),
    )
