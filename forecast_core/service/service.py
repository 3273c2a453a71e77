"""The use cases: the only thing that pages, API and command line call.

In:    a data folder, the current month, a seed.
Out:   data sets, ranges, answers, outlooks.
Never: decides how anything is shown; keeps a data set that nobody accepted.
"""

from __future__ import annotations

import logging
import math
import threading
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from forecast_core.errors import DataError, NotFoundError
from forecast_core.forecast import COVERAGE
from forecast_core.history import ALL, Choices, History, Reading, read
from forecast_core.inventory import (
    NO_RULE_MONTHS,
    Inventory,
    InventoryChoices,
    InventoryReading,
    is_inventory,
    read_inventory,
)
from forecast_core.money import PriceBook, Terms, checked_terms
from forecast_core.months import month_text
from forecast_core.scenario import Prices, Ranges, Scenario, Standing, baseline, checked, checked_value, ranges
from forecast_core.scenario.levers import HORIZON
from forecast_core.service.answers import Answer, Outlook, Provenance
from forecast_core.service.costs import MoneyReport, money_report
from forecast_core.service.inventories import Inventories, StoredInventory
from forecast_core.service.learned import Learned, View, learn, view
from forecast_core.service.outlook import outlook
from forecast_core.service.policy_answers import PolicyAnswer
from forecast_core.service.pricing import Pricing
from forecast_core.service.simulate import simulate
from forecast_core.settings import VERSION
from forecast_core.sources import DataSet, Limits, Workspace, first_headers, read_table
from forecast_core.sources.demo import DEMO_ID, DEMO_NAME, read_demo
from forecast_core.sources.pool import read_pool

log = logging.getLogger(__name__)
KEPT_DATA_SETS = 16
INVENTORY = "inventory"
RULE_MONEY = "What a rule saves in storage is on the Policy page; open a monthly history for every fee."
KEPT_VIEWS = 256
KEPT_REPORTS = 32


@dataclass(frozen=True)
class DatasetInfo:
    """A data set that can be asked about."""

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


class Service:
    """One per process; safe to call from several threads."""

    def __init__(
        self,
        data_dir: Path,
        today: np.datetime64,
        seed: int = 0,
        limits: Limits | None = None,
        *,
        live_prices: bool = False,
    ) -> None:
        self._workspace = Workspace(data_dir)
        self._today = today.astype("datetime64[M]")
        self._seed = seed
        self._limits = limits or Limits()
        self.pricing = Pricing(data_dir, self._today, live=live_prices)
        self._learning = threading.Lock()
        self._dataset = lru_cache(KEPT_DATA_SETS)(self._load)
        self._learned = lru_cache(KEPT_DATA_SETS)(self._learn)
        self._view = lru_cache(KEPT_VIEWS)(self._stand)
        self._ranges = lru_cache(KEPT_VIEWS)(self._measure)
        self._outlook = lru_cache(KEPT_VIEWS)(self._look)
        self._inventories = Inventories(
            lambda identity: self.dataset(identity).inventory, self.price_book, self._prices(), read_pool(), seed
        )
        self._report = lru_cache(KEPT_REPORTS)(self._reckon)

    @property
    def price_book(self) -> PriceBook:
        """The prices that scenarios start from."""
        return self.pricing.shipped

    @property
    def demo_id(self) -> str:
        """Id of the demo company."""
        return DEMO_ID

    def warm(self) -> None:
        """Learn the demo company and answer one question, so that no user waits for it."""
        known = self.ranges(DEMO_ID, ALL)
        self.simulate(baseline(known))
        self.forecast(DEMO_ID, ALL, int(known.by_name("horizon_months").today))

    def datasets(self) -> tuple[DatasetInfo, ...]:
        """Return every data set, the demo company first, then uploads from the newest."""
        return (self.dataset(DEMO_ID).info, *(self.dataset(stored.id).info for stored in self._workspace.list()))

    def dataset(self, dataset_id: str) -> Dataset:
        """Return a data set; NotFoundError if there is none with this id."""
        return self._dataset(dataset_id)

    def scopes(self, dataset_id: str) -> tuple[str, ...]:
        """Return what can be asked about: ALL first where there is more than one scope."""
        scopes = self.dataset(dataset_id).info.scopes
        return (ALL, *scopes) if len(scopes) > 1 else scopes

    def inspect(self, name: str, data: bytes, choices: Choices | None = None) -> Reading:
        """Read a monthly history and report what was understood; nothing is stored."""
        return read(read_table(name, data, self._limits), self._today, choices or Choices())

    def inspect_inventory(self, name: str, data: bytes, choices: InventoryChoices | None = None) -> InventoryReading:
        """Read a file list or an age cube and report what was understood; nothing is stored."""
        return read_inventory(read_table(name, data, self._limits), self._today, choices or InventoryChoices())

    def is_inventory(self, data: bytes) -> bool:
        """Return whether the start of a file looks like a file list or an age cube."""
        return is_inventory(first_headers(data))

    def accept(self, reading: Reading, saved_at: str) -> DatasetInfo:
        """Store what was read; only now can it be asked about. DataError if it could not be read."""
        if reading.history is None:
            raise DataError(f"{reading.name} cannot be used yet.", hint="Mend the blocking faults first.")
        facts = {"frequency_is_observed": reading.history.frequency_is_observed}
        about = DataSet(
            name=reading.name,
            kind="upload",
            content_id=reading.content_id,
            saved_at=saved_at,
            choices=reading.choices.to_json(),
            facts=facts,
            issues=tuple(_plain(asdict(issue)) for issue in reading.issues),
            counts={"rows_in": reading.rows_in, "rows_used": reading.rows_used, "set_aside": reading.rows_set_aside},
        )
        return self.dataset(self._workspace.save(reading.history.frame, about).id).info

    def accept_inventory(self, reading: InventoryReading, saved_at: str) -> DatasetInfo:
        """Store an inventory that was read; only now can it be asked about. DataError if it could not be read."""
        if reading.inventory is None:
            raise DataError(f"{reading.name} cannot be used yet.", hint="Mend the blocking faults first.")
        about = DataSet(
            name=reading.name,
            kind=INVENTORY,
            content_id=reading.content_id,
            saved_at=saved_at,
            choices=reading.choices.to_json(),
            facts={"duplicate_ratio": _finite(reading.inventory.duplicate_ratio)},
            issues=tuple(_plain(asdict(issue)) for issue in reading.issues),
            counts={"rows_in": reading.rows_in, "rows_used": reading.rows_used, "set_aside": reading.rows_set_aside},
        )
        return self.dataset(self._workspace.save(reading.inventory.frame(), about).id).info

    def policy(self, scenario: Scenario) -> PolicyAnswer:
        """Return what a rule takes and when; NotFoundError where the data set is no inventory."""
        return self._inventories.policy(scenario)

    def ranges(self, dataset_id: str, scope: str) -> Ranges:
        """Return the levers of a scope with today's values and bounds."""
        if self.dataset(dataset_id).info.has_inventory:
            return self._inventories.ranges(dataset_id, scope)
        return self._ranges(dataset_id, scope)

    def simulate(self, scenario: Scenario) -> Answer:
        """Answer a what-if; LeverError lists every value that is out of bounds."""
        if self.dataset(scenario.dataset_id).info.has_inventory:
            return self._inventories.simulate(scenario)
        known = self.ranges(scenario.dataset_id, scenario.scope)
        checked(scenario, known)
        asked = self._view(scenario.dataset_id, scenario.scope)
        return simulate(asked, known, scenario, self.price_book, self._stamp(scenario.dataset_id, asked))

    def money_terms(self) -> Terms:
        """Return the terms that money starts from: the book's default offers, an account created now."""
        primary, archive = (self.price_book.default(role).id for role in ("primary", "archive"))
        return Terms(primary, archive, month_text(self._today))

    def money(self, scenario: Scenario, terms: Terms) -> MoneyReport:
        """Return the whole bill of a scenario; PriceError where a price is missing, LeverError as in `simulate`."""
        if self.dataset(scenario.dataset_id).info.has_inventory:
            raise DataError("The whole bill needs a monthly history; this is a file inventory.", hint=RULE_MONEY)
        checked(scenario, self.ranges(scenario.dataset_id, scenario.scope))
        values = tuple(sorted(scenario.values.items()))
        return self._report((scenario.dataset_id, scenario.scope), values, checked_terms(terms))

    def forecast(self, dataset_id: str, scope: str, horizon_months: int) -> Outlook:
        """Return what comes if nothing changes; LeverError for a horizon out of bounds."""
        checked_value(self.ranges(dataset_id, scope).by_name(HORIZON.name), horizon_months)
        if self.dataset(dataset_id).info.has_inventory:
            return self._inventories.outlook(dataset_id, scope, horizon_months)
        return self._outlook(dataset_id, scope, horizon_months)

    def _load(self, dataset_id: str) -> Dataset:
        if dataset_id == DEMO_ID:
            history = History.of(read_demo())
            return Dataset(_info(DEMO_ID, DEMO_NAME, history, is_demo=True), None, history)
        about, frame = self._workspace.load(dataset_id)
        if about.kind == INVENTORY:
            return _inventory(dataset_id, about, frame)
        history = History.of(frame, frequency_is_observed=bool(about.facts.get("frequency_is_observed", False)))
        return Dataset(_info(dataset_id, about.name, history, is_demo=False), about, history)

    def _learn(self, dataset_id: str) -> Learned:
        learned = learn(self.dataset(dataset_id).history)
        name = learned.race.champion.estimator.name
        log.info("learned dataset=%s champion=%s model=%s", dataset_id, name, learned.model_id)
        return learned

    def learned(self, dataset_id: str) -> Learned:
        """Return what was learned of a data set, learning it on the first call."""
        with self._learning:
            return self._learned(dataset_id)

    def _stand(self, dataset_id: str, scope: str) -> View:
        if scope not in self.scopes(dataset_id):
            raise NotFoundError(f"There is no scope {scope[:60]!r} in this data set.", hint="Choose one of its scopes.")
        return view(self.learned(dataset_id), scope, self._seed)

    def _measure(self, dataset_id: str, scope: str) -> Ranges:
        asked = self._view(dataset_id, scope)
        standing = Standing(asked.history, asked.now, answerable=asked.effect is not None)
        return ranges(dataset_id, scope, standing, self._prices())

    def _prices(self) -> Prices:
        primary, archive = (
            self.price_book.default(role).stored(self._today).per_unit for role in ("primary", "archive")
        )
        return Prices(primary, archive)

    def _look(self, dataset_id: str, scope: str, horizon_months: int) -> Outlook:
        asked = self._view(dataset_id, scope)
        return outlook(asked, horizon_months, self._seed, self._stamp(dataset_id, asked))

    def _reckon(self, place: tuple[str, str], values: tuple[tuple[str, float], ...], terms: Terms) -> MoneyReport:
        asked, scenario = self._view(*place), Scenario(*place, dict(values))
        book = self.pricing.book(terms.imported)
        stamp = replace(self._stamp(place[0], asked), price_book=book.name)
        return money_report(asked, self.ranges(*place), (scenario, terms), book, stamp)

    def _stamp(self, dataset_id: str, asked: View) -> Provenance:
        info, learned = self.dataset(dataset_id).info, asked.learned
        best = learned.race.champion.estimator
        return Provenance(
            dataset_id=dataset_id,
            dataset_name=info.name,
            is_demo=info.is_demo,
            data_to=asked.history.last_month,
            model_name=best.name,
            model_title=best.title,
            model_id=learned.model_id,
            price_book=self.price_book.name,
            code_version=VERSION,
            coverage=COVERAGE,
            measured_coverage=learned.coverage,
            months_judged=learned.months_judged,
        )


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _inventory(identity: str, about: DataSet, frame: pd.DataFrame) -> Dataset:
    ratio = about.facts.get("duplicate_ratio")
    inventory = Inventory.of(frame, float("nan") if ratio is None else float(ratio))
    last, months = inventory.modified.last, inventory.modified.months
    scopes = (ALL, *last.scopes) if len(last.scopes) > 1 else last.scopes
    rule = int(about.choices.get("rule_months", NO_RULE_MONTHS))
    info = DatasetInfo(
        id=identity,
        name=about.name,
        is_demo=False,
        scopes=last.scopes,
        first_month=months[0],
        last_month=last.taken_month,
        rows=about.counts["rows_used"],
        has_stock=True,
        has_savings=True,
        has_inventory=True,
    )
    return Dataset(info, about, files=StoredInventory(identity, about.name, inventory, rule, scopes))


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
