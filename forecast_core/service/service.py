"""The use cases: the only thing that pages, API and command line call.

In:    a data folder, the current month, a seed.
Out:   data sets, ranges, answers, outlooks.
Never: decides how anything is shown; keeps a data set that nobody accepted.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Self

import numpy as np

from forecast_core.drift.changes import USUAL
from forecast_core.errors import ModelError, NotFoundError, SourceError
from forecast_core.forecast import COVERAGE
from forecast_core.history import ALL, Choices, Reading, read
from forecast_core.inventory import (
    InventoryChoices,
    InventoryReading,
    is_inventory,
    read_inventory,
)
from forecast_core.mirror import Mirror
from forecast_core.money import PriceBook, Terms, checked_terms
from forecast_core.months import month_text
from forecast_core.scenario import Prices, Ranges, Scenario, Standing, baseline, checked, checked_value, ranges
from forecast_core.scenario.levers import HORIZON
from forecast_core.service.answers import Answer, Outlook, Provenance
from forecast_core.service.comparing import ModelsView, models_view
from forecast_core.service.connections import Connections, LogPlace
from forecast_core.service.cost_cases import ask_history
from forecast_core.service.costs import MoneyReport, money_report
from forecast_core.service.datasets import Dataset, DatasetInfo, accepted, demo, demo_files, stored
from forecast_core.service.ground import Ground, HistoryGround, InventoryGround
from forecast_core.service.intake import USAGE, Intake
from forecast_core.service.inventories import Inventories, Known
from forecast_core.service.judging import EFFECT_MONTHS, Clock, Truth, standard_moves
from forecast_core.service.keeping import Keeping
from forecast_core.service.lab import Lab
from forecast_core.service.learned import Learned, View, learn, view
from forecast_core.service.outlook import outlook
from forecast_core.service.policy_answers import PolicyAnswer
from forecast_core.service.predicting import Predicting
from forecast_core.service.pricing import Pricing
from forecast_core.service.published import Published, Task, Tracking, Training
from forecast_core.service.remembered import Remembered
from forecast_core.service.simulate import simulate
from forecast_core.service.training import Report
from forecast_core.service.watch.rounds import Rounds
from forecast_core.service.watch.watch import materiality_of
from forecast_core.settings import VERSION, Settings
from forecast_core.shared_place import shared_place
from forecast_core.sources import (
    Limits,
    WalledWorkspace,
    Workspace,
    read_table,
    tenant_folder,
    tenant_schema,
)
from forecast_core.sources.demo import DEMO_FILES_ID, DEMO_ID, read_demo_truth
from forecast_core.sources.listing import Stores, Upload
from forecast_core.sources.pool import read_pool
from forecast_core.store import Store

log = logging.getLogger(__name__)
KEPT_DATA_SETS = 16
KEPT_VIEWS = 256
KEPT_REPORTS = 32
Values = tuple[tuple[str, float], ...]
Draw = Callable[[ModelsView], Mapping[str, bytes]]
_DEMOS = {DEMO_ID: demo, DEMO_FILES_ID: demo_files}


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
        self.models = Published.at(data_dir)
        self.store = Store.at(data_dir)
        self.mirror: Mirror | None = None
        self._workspace = Workspace(data_dir)
        self._remembered = Remembered(data_dir / "learned")
        self._materiality = USUAL
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
        known = Known(
            lambda found: self.dataset(found).inventory, self.learned, lambda found: self.models.edition(found)
        )
        self.inventories = Inventories(known, self.price_book, self._prices(), read_pool(), seed)
        self._report = lru_cache(KEPT_REPORTS)(self._reckon)
        self._models = lru_cache(KEPT_DATA_SETS)(self._compare)
        self.connections = Connections(LogPlace(), self._today)
        self.rows = Predicting(self._asked, self.scopes, self._stamp)

    @classmethod
    def of(cls, settings: Settings, today: np.datetime64, tenant: str = "") -> Self:
        """Return the service that the surroundings ask for; behind a tenant's wall nothing of anybody else is in it."""
        tracking = Tracking(settings.tracking_uri, settings.model_name, settings.model_alias)
        folder = tenant_folder(settings.data_dir, tenant) if tenant else settings.data_dir
        found = cls(folder, today, live_prices=settings.live_prices == "on")
        found.models = Published.at(folder, folder / "models" if tenant else settings.models_dir, tracking)
        found.store = Store.at(folder, settings.database_url, tenant_schema(tenant) if tenant else "")
        if settings.shared_storage:
            place = shared_place(settings.shared_storage, f"tenants/{folder.name}" if tenant else "")
            found.mirror = Mirror(folder, folder / "models" if tenant else settings.models_dir, place)
        found._materiality = materiality_of(settings)
        if tenant:  # addresses that the house may read, and its log, are not a tenant's
            found._workspace = WalledWorkspace(folder, settings.data_dir, tenant)
        else:
            found.connections = Connections(LogPlace.of(settings), found._today)
            found.intake.allowed = tuple(settings.sources.split())
            found.intake.stores = Stores(
                settings.storage_account, settings.storage_key, settings.storage_endpoint, settings.s3_endpoint
            )
        found.intake.on_kept = found.share
        return found

    @property
    def price_book(self) -> PriceBook:
        """The prices that scenarios start from."""
        return self.pricing.shipped

    @cached_property
    def intake(self) -> Intake:
        """Data on their way in."""
        return Intake(self._workspace, self.dataset, self._today, self._limits)

    @cached_property
    def kept(self) -> Keeping:
        """The scenarios that people keep."""
        return Keeping(self.store, self)

    @cached_property
    def lab(self) -> Lab:
        """Scenarios compared, and searched for."""
        return Lab(self, self.pricing)

    def edition(self, dataset_id: str) -> str:
        """Return what changes when another model answers for a data set."""
        by_files = self.dataset(dataset_id).info.has_inventory
        return (self.inventories if by_files else self.models).edition(dataset_id)

    def ground(self, dataset_id: str, scope: str) -> Ground:
        """Return what questions about a scope stand on."""
        known = self.ranges(dataset_id, scope)
        if self.dataset(dataset_id).info.has_inventory:
            return InventoryGround(self.inventories.view(dataset_id, scope), known)
        return HistoryGround(self._asked(dataset_id, scope), known)

    def stamp(self, dataset_id: str, scope: str) -> Provenance:
        """Return where the numbers of a scope come from."""
        return self.forecast(dataset_id, scope, 1).provenance

    @cached_property
    def watch(self) -> Rounds:
        """Whether it is still true: drift, the kept score, alarms."""
        return Rounds(self, self._today, self._seed, self._materiality)

    @property
    def demo_id(self) -> str:
        """Id of the demo company."""
        return DEMO_ID

    def warm(self) -> Provenance:
        """Read or learn the demo company and answer two questions, so that no user waits; return what answered."""
        known = self.ranges(DEMO_ID, ALL)
        self.simulate(baseline(known))
        return self.forecast(DEMO_ID, ALL, int(known.by_name("horizon_months").today)).provenance

    def datasets(self) -> tuple[DatasetInfo, ...]:
        """Return every data set: the demo company, uploads from the newest, the demo file share."""
        kept = (stored.id for stored in self._workspace.list() if stored.kind != USAGE)
        return tuple(self.dataset(identity).info for identity in (DEMO_ID, *kept, DEMO_FILES_ID))

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
        return read_inventory(Upload(name, data), self._today, choices or InventoryChoices(), self._limits)

    def is_inventory(self, data: bytes) -> bool:
        """Return whether the start of a file looks like a file list or an age cube."""
        return is_inventory(Upload("upload", data), self._limits)

    def accept(self, reading: Reading | InventoryReading, saved_at: str) -> DatasetInfo:
        """Store what was read; only now can it be asked about. DataError if it could not be read."""
        kept = self._workspace.save(*accepted(reading, saved_at)).id
        self.share()
        return self.dataset(kept).info

    def share(self) -> str:
        """Exchange data sets and models with the shared storage; return what went wrong, "" if nothing."""
        try:
            if self.mirror is not None:
                self.mirror.sync()
        except (SourceError, OSError) as error:
            log.warning("not shared, the next round tries again: %s", error)
            return str(error)
        return ""

    def policy(self, scenario: Scenario) -> PolicyAnswer:
        """Return what a rule takes and when; NotFoundError where the data set is no inventory."""
        return self.inventories.policy(scenario)

    def ranges(self, dataset_id: str, scope: str) -> Ranges:
        """Return the levers of a scope with today's values and bounds."""
        if self.dataset(dataset_id).info.has_inventory:
            return self.inventories.ranges(dataset_id, scope)
        return self._ranges(dataset_id, scope, self.models.edition(dataset_id))

    def simulate(self, scenario: Scenario) -> Answer:
        """Answer a what-if; LeverError lists every value that is out of bounds."""
        if self.dataset(scenario.dataset_id).info.has_inventory:
            return self.inventories.simulate(scenario)
        known = self.ranges(scenario.dataset_id, scenario.scope)
        checked(scenario, known)
        asked = self._asked(scenario.dataset_id, scenario.scope)
        return simulate(asked, known, scenario, self.price_book, self._stamp(scenario.dataset_id, asked))

    def money_terms(self) -> Terms:
        """Return the terms that money starts from: the book's default offers, an account created now."""
        primary, archive = (self.price_book.default(role).id for role in ("primary", "archive"))
        return Terms(primary, archive, month_text(self._today))

    def money(self, scenario: Scenario, terms: Terms) -> MoneyReport:
        """Return the whole bill of a scenario; PriceError where a price is missing, LeverError as in `simulate`."""
        checked(scenario, self.ranges(scenario.dataset_id, scenario.scope))
        edition = self.edition(scenario.dataset_id)
        moved = (tuple(sorted(scenario.values.items())), scenario.left_out)
        return self._report((scenario.dataset_id, scenario.scope), moved, checked_terms(terms), edition)

    def forecast(self, dataset_id: str, scope: str, horizon_months: int) -> Outlook:
        """Return what comes if nothing changes; LeverError for a horizon out of bounds."""
        checked_value(self.ranges(dataset_id, scope).by_name(HORIZON.name), horizon_months)
        if self.dataset(dataset_id).info.has_inventory:
            return self.inventories.outlook(dataset_id, scope, horizon_months)
        return self._outlook(dataset_id, scope, horizon_months, self.models.edition(dataset_id))

    def shown_forecast(self, dataset_id: str, scope: str, horizon_months: int, now: datetime) -> Outlook:
        """Return what comes as it is shown to somebody: it is frozen, and judged when the months have come."""
        found = self.forecast(dataset_id, scope, horizon_months)
        if not self.dataset(dataset_id).info.is_demo:
            self.watch.remember(dataset_id, now)
        return found

    def _load(self, dataset_id: str) -> Dataset:
        if dataset_id in _DEMOS:
            return _DEMOS[dataset_id]()
        return stored(dataset_id, *self._workspace.load(dataset_id))

    def _learn(self, dataset_id: str, _: str) -> Learned:
        history = self.dataset(dataset_id).history
        read = self.models.current(dataset_id, history) or self._remembered.read(dataset_id, history)
        learned = read or learn(history)
        if not read:
            self._remembered.keep(dataset_id, learned)
        name = learned.race.champion.estimator.name
        done = "read" if read else "learned"
        log.info("%s dataset=%s champion=%s model=%s", done, dataset_id, name, learned.model_id)
        return learned

    def learned(self, dataset_id: str) -> Learned:
        """Return the published model of a data set; where there is none, one that is learned on the first call."""
        with self._learning:
            return self._learned(dataset_id, self.models.edition(dataset_id))

    def reload(self, dataset_id: str) -> str:
        """Read the published model again, return its id; ModelError where it cannot, and the one in memory goes on."""
        history = self.dataset(dataset_id).history
        with self._learning:
            try:
                self.models.reread(dataset_id, history)
            except ModelError as error:
                self._models.cache_clear()  # the page says why
                goes_on = "Nothing was reloaded: the model that answered before goes on answering."
                raise ModelError(f"{error.what} {goes_on}", hint=error.hint) from error
            for kept in (self._learned, self._view, self._ranges, self._outlook, self._report, self._models):
                kept.cache_clear()
        return self.learned(dataset_id).model_id

    def train(self, dataset_id: str, now: str, clock: Clock, report: Report, draw: Draw | None = None) -> Training:
        """Race the whole field on a data set and publish who answers; `now` is an ISO time, `clock` tells seconds.

        `draw` makes files of what was found, for the record.
        """
        known = self.dataset(dataset_id)
        truth = None
        if known.info.is_demo:
            truth = Truth(standard_moves(), read_demo_truth(standard_moves(), EFFECT_MONTHS))
        pictures = (lambda learned: draw(self._viewed(dataset_id, learned))) if draw else None
        task = Task(dataset_id, known.info.name, known.history, clock, report, now, truth, pictures)
        return self.models.train(task)

    def models_of(self, dataset_id: str) -> ModelsView:
        """Return the race behind the answers, and who may take over."""
        return self._models(dataset_id, self.models.edition(dataset_id))

    def _asked(self, dataset_id: str, scope: str) -> View:
        return self._view(dataset_id, scope, self.models.edition(dataset_id))

    def _compare(self, dataset_id: str, _: str) -> ModelsView:
        return self._viewed(dataset_id, self.learned(dataset_id))

    def _viewed(self, dataset_id: str, learned: Learned) -> ModelsView:
        cost = self.price_book.default("primary").stored(self._today).per_unit
        return models_view(learned, (dataset_id, self.dataset(dataset_id).info.name), self.models, cost)

    def _stand(self, dataset_id: str, scope: str, _: str) -> View:
        if scope not in self.scopes(dataset_id):
            raise NotFoundError(f"There is no scope {scope[:60]!r} in this data set.", hint="Choose one of its scopes.")
        return view(self.learned(dataset_id), scope, self._seed)

    def _measure(self, dataset_id: str, scope: str, _: str) -> Ranges:
        asked = self._asked(dataset_id, scope)
        standing = Standing(asked.history, asked.now, answerable=asked.effect is not None)
        return ranges(dataset_id, scope, standing, self._prices())

    def _prices(self) -> Prices:
        primary, archive = (
            self.price_book.default(role).stored(self._today).per_unit for role in ("primary", "archive")
        )
        return Prices(primary, archive)

    def _look(self, dataset_id: str, scope: str, horizon_months: int, _: str) -> Outlook:
        asked = self._asked(dataset_id, scope)
        return outlook(asked, horizon_months, self._seed, self._stamp(dataset_id, asked))

    def _reckon(
        self, place: tuple[str, str], moved: tuple[tuple[tuple[str, float], ...], tuple[str, ...]], terms: Terms, _: str
    ) -> MoneyReport:
        values, left_out = moved
        scenario, book = Scenario(*place, dict(values), left_out=left_out), self.pricing.book(terms.imported)
        base = baseline(self.ranges(*place)).with_values(**{HORIZON.name: scenario.values[HORIZON.name]})
        if self.dataset(place[0]).info.has_inventory:
            asked, stamp = self.inventories.costs((scenario, base), terms, book)
        else:
            view = self._asked(*place)
            asked, stamp = ask_history(view, (scenario, base), terms, book), self._stamp(place[0], view)
        return money_report(asked, (scenario, base), replace(stamp, price_book=book.name), self._today)

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
