"""Is it still true? What the Drift page asks and does.

In:    data sets, what was learned, the store; who acts and when.
Out:   `WatchView`; alarms acknowledged or explained, feedback, actuals, invoices kept.
Never: stands in the way of a forecast: what cannot be remembered is logged.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

import numpy as np

from forecast_core.drift.alarms import Alarm, Change, acknowledged, explained, new_levels
from forecast_core.drift.chain import Link, broken, link
from forecast_core.drift.changes import USUAL, Materiality
from forecast_core.drift.integrity import Replay, differs
from forecast_core.drift.invoice import Invoice, read_invoice
from forecast_core.drift.loop import Due, retrain_due
from forecast_core.drift.track import Actual, Said, news
from forecast_core.drift.verdict import Finding
from forecast_core.errors import DataError, NotFoundError, StoreError
from forecast_core.history import ALL
from forecast_core.money import PriceBook
from forecast_core.months import month_text, parse_month
from forecast_core.scenario import Prices
from forecast_core.service.answers import Outlook
from forecast_core.service.datasets import Dataset, DatasetInfo
from forecast_core.service.keeping import Keeping
from forecast_core.service.learned import Learned
from forecast_core.service.published import Published
from forecast_core.service.watch import kept, scoring
from forecast_core.service.watch.answers import WatchView
from forecast_core.service.watch.issuing import HORIZON, Issue, of_history, of_outlooks, said
from forecast_core.service.watch.reading import Asked, Month
from forecast_core.service.watch.reading import of_history as month_of_history
from forecast_core.service.watch.reading import of_inventory as month_of_inventory
from forecast_core.service.watch.replay import name_of, replay
from forecast_core.service.watch.viewing import Known, view
from forecast_core.settings import Settings
from forecast_core.sources import Limits, read_table
from forecast_core.store import Author, ChangeRow, Line, LinkRow, Store, Watching

log = logging.getLogger(__name__)
KEPT_MONTHS = 64
VERDICTS = ("right", "wrong")
LONGEST_SAYING = 1000


def materiality_of(settings: Settings) -> Materiality:
    """Return what is large enough to matter here."""
    return Materiality(
        amount=settings.drift_amount_percent / 100,
        share=settings.drift_share_points / 100,
        forecast=settings.drift_forecast_percent / 100,
        portfolio=settings.drift_portfolio_percent / 100,
        bias_amber=settings.drift_bias_percent / 100,
        bias_red=2 * settings.drift_bias_percent / 100,
    )


class Doors(Protocol):
    """What watching asks of the service."""

    models: Published
    store: Store

    @property
    def price_book(self) -> PriceBook:
        """The prices in force."""
        ...

    @property
    def kept(self) -> Keeping:
        """The scenarios that people keep."""
        ...

    def dataset(self, dataset_id: str) -> Dataset:
        """Return a data set."""
        ...

    def datasets(self) -> tuple[DatasetInfo, ...]:
        """Return every data set."""
        ...

    def learned(self, dataset_id: str) -> Learned:
        """Return what was learned."""
        ...

    def forecast(self, dataset_id: str, scope: str, horizon_months: int) -> Outlook:
        """Return what comes."""
        ...


class Watch:
    """The kept score and the alarms of a service; `seed` is that of its forecasts."""

    def __init__(self, doors: Doors, today: np.datetime64, seed: int, materiality: Materiality = USUAL) -> None:
        self._doors, self._today, self._seed = doors, today, seed
        self._rows = Watching(doors.store)
        self._remembered: set[tuple[str, str]] = set()
        self._month = lru_cache(KEPT_MONTHS)(self._look)
        self.materiality = materiality

    # ── looking ────────────────────────────────────────────────────────────────────────────────────────────────────
    def view(self, dataset_id: str, scope: str, month: np.datetime64 | None = None) -> WatchView:
        """Return everything about a month, the last one unless said otherwise; NotFoundError for a month not there."""
        info, edition = self._doors.dataset(dataset_id).info, self._doors.models.edition(dataset_id)
        month = info.last_month if month is None else month
        if info.first_month == info.last_month:
            raise NotFoundError("There is one month only, and nothing to compare it with.", hint="Add the next month.")
        if not info.first_month < month <= info.last_month:
            raise NotFoundError(
                f"{month_text(month)} cannot be looked at.",
                allowed=f"{month_text(info.first_month + 1)} to {month_text(info.last_month)}",
            )
        alarms = self._alarms(info.name)
        found = self._month(dataset_id, month_text(month), edition, self._state(info.name))
        known = Known(
            info=info,
            month=found,
            alarms=alarms,
            links=self._rows.links(info.name),
            chain=broken(map(_as_link, self._rows.links())),
            actuals=self.actuals(info.name),
            paid=kept.paid_of(self._rows.lines(info.name, kept.INVOICE)),
            changes=self._rows.changes(info.name),
            deliveries=self._rows.deliveries(info.name),
            feedback=self._rows.lines(info.name, kept.FEEDBACK),
            due=self.due(dataset_id, found),
            outlook=self._doors.forecast(dataset_id, scope, HORIZON),
            currency=self._doors.price_book.currency,
        )
        return view(known, scope)

    def open_alarms(self) -> int:
        """Return how many alarms of all data sets wait for somebody."""
        subjects = {info.name for info in self._doors.datasets()}
        return sum(alarm.is_open for subject in subjects for alarm in self._alarms(subject))

    def month(self, dataset_id: str, month: np.datetime64) -> Month:
        """Return what is found in a month."""
        info = self._doors.dataset(dataset_id).info
        return self._month(
            dataset_id, month_text(month), self._doors.models.edition(dataset_id), self._state(info.name)
        )

    def _state(self, subject: str) -> str:
        """Return a text that changes when something kept does that a verdict stands on."""
        explained_ = sorted(
            (key, [month_text(month) for month in months]) for key, months in self._levels(subject).items()
        )
        return repr((explained_, self._rows.marks(subject)))

    def _levels(self, subject: str) -> Mapping[tuple[str, str], tuple[np.datetime64, ...]]:
        return new_levels(self._alarms(subject))

    def _look(self, dataset_id: str, month: str, _: str, __: str) -> Month:
        dataset = self._doors.dataset(dataset_id)
        asked = Asked(
            month=parse_month(month),
            trained=self._trained(dataset.info),
            explained=self._levels(dataset.info.name),
            materiality=self.materiality,
            prices=self._prices(),
        )
        if dataset.info.has_inventory:
            return month_of_inventory(dataset.inventory.inventory.modified, asked, self._yearly(dataset))
        learned = self._doors.learned(dataset_id)
        wrong = self.replayed(dataset_id) if asked.month == dataset.info.last_month else ""
        also = (Finding("integrity", ALL, wrong, "red", asked.month),) if wrong else ()
        return month_of_history(dataset.history, learned, self._said(dataset.info.name), asked, also)

    def _yearly(self, dataset: Dataset) -> dict[str, float]:
        """Return what the rule in force takes of an inventory in a year, by scope and in all."""
        scopes = dataset.info.scopes
        outlooks = ((scope, self._doors.forecast(dataset.info.id, scope, HORIZON)) for scope in scopes)
        found = {scope: float(np.nansum(outlook.archived.point)) for scope, outlook in outlooks}
        return {**found, ALL: sum(found.values())}

    def _prices(self) -> Prices:
        book = self._doors.price_book
        return Prices(*(book.default(role).stored(self._today).per_unit for role in ("primary", "archive")))

    def _trained(self, info: DatasetInfo) -> np.datetime64 | None:
        manifest = self._doors.models.latest(info.id, info.name)
        return parse_month(manifest.about["data_to"]) if manifest and manifest.about.get("data_to") else None

    def due(self, dataset_id: str, found: Month) -> Due:
        """Return whether the model is to be trained anew."""
        info = self._doors.dataset(dataset_id).info
        if info.has_inventory:
            return Due(False, "fine", 0)
        return retrain_due(self._trained(info), found.month, found.findings)

    # ── what was said ──────────────────────────────────────────────────────────────────────────────────────────────
    def remember(self, dataset_id: str, now: datetime) -> int:
        """Freeze the forecast of a data set if it was not frozen yet; a store that refuses is logged, not raised."""
        once = (dataset_id, self._doors.models.edition(dataset_id))
        if once in self._remembered:
            return 0
        try:
            done = self.freeze(dataset_id, now)
        except StoreError as error:
            log.warning("forecast not frozen: %s", error)
            return 0
        self._remembered.add(once)
        return done

    def freeze(self, dataset_id: str, now: datetime) -> int:
        """Freeze the forecast and every decided scenario of a data set; return how many are new."""
        dataset, made_at = self._doors.dataset(dataset_id), now.isoformat(timespec="seconds")
        info = dataset.info
        wanted = [("forecast", *self._issued(dataset, made_at))]
        for scenario, version in self._doors.kept.decided():
            if self._subject_of(scenario.dataset_id) == info.name:
                asked = self._doors.kept.asked(version) if scenario.dataset_id == dataset_id else None
                bill = self._doors.kept.bill(asked) if asked else None
                wanted.append(("decided", *scoring.of_decision(scenario, version, bill, made_at)))
        return self._rows.add_links(info.name, wanted, _chained)

    def _subject_of(self, dataset_id: str) -> str:
        try:
            return self._doors.dataset(dataset_id).info.name
        except NotFoundError:
            return ""

    def _issued(self, dataset: Dataset, made_at: str) -> tuple[str, dict[str, Any]]:
        info = dataset.info
        if info.has_inventory:
            names = info.scopes if len(info.scopes) == 1 else (ALL, *info.scopes)
            outlooks = {scope: self._doors.forecast(info.id, scope, HORIZON) for scope in names}
            return of_outlooks(outlooks, Issue(info.name, info.id, info.id, made_at))
        learned = self._doors.learned(info.id)
        return of_history(learned, Issue(info.name, info.id, dataset.history.sha256, made_at), self._seed)

    def _said(self, subject: str) -> tuple[Said, ...]:
        return said(self._rows.links(subject))

    # ── what came ──────────────────────────────────────────────────────────────────────────────────────────────────
    def actuals(self, subject: str) -> tuple[Actual, ...]:
        """Return every actual there ever was, revisions too."""
        return kept.actuals_of(self._rows.lines(subject, kept.ACTUAL))

    def record(self, dataset_id: str, now: datetime, by: str) -> tuple[Actual, ...]:
        """Take what came from the data since the first frozen forecast; return what is new or was revised."""
        dataset = self._doors.dataset(dataset_id)
        issued = [each.issued for each in self._said(dataset.info.name)]
        if not issued or dataset.info.has_inventory:
            return ()
        fresh = scoring.actuals_from(dataset.history, min(issued) + 1, now.isoformat(timespec="seconds"))
        found = news(self.actuals(dataset.info.name), fresh)
        self._rows.write(dataset.info.name, kept.actual_lines(found, now, by))
        return found

    def type_in(self, dataset_id: str, scope: str, month: np.datetime64, gb: float, who: Author) -> None:
        """Keep what came as somebody read it elsewhere; DataError for a month that nobody forecast."""
        subject = self._doors.dataset(dataset_id).info.name
        if not any(each.scope == scope and each.month == month for each in self._said(subject)):
            raise DataError(f"Nothing was forecast for {month_text(month)} here.", hint="Choose a month that was.")
        if not (np.isfinite(gb) and gb >= 0):
            raise DataError("What was archived must be a number.", allowed="0 GB or more")
        unknown = float("nan")
        typed = Actual(scope, month, gb, unknown, unknown, unknown, "typed", who.at.isoformat())
        self._rows.write(subject, kept.actual_lines(news(self.actuals(subject), [typed]), who.at, who.name))

    def inspect_invoice(self, name: str, data: bytes, only: str = "") -> Invoice:
        """Read an invoice and say what was understood; nothing is kept."""
        cells = read_table(name, data, Limits()).cells
        rows = [dict(zip(cells.columns, row, strict=True)) for row in cells.itertuples(index=False, name=None)]
        return read_invoice(rows, only)

    def keep_invoice(self, dataset_id: str, name: str, data: bytes, only: str, who: Author) -> Invoice:
        """Keep an invoice that was looked at; the same file counts once."""
        found = self.inspect_invoice(name, data, only)
        if not found.paid:
            raise DataError(f"{name} has no line that can be used.", hint="See why its rows were left out.")
        content_id = hashlib.sha256(data + only.encode()).hexdigest()
        line = kept.invoice_line(found, name, content_id, who.at, who.name)
        self._rows.write(self._doors.dataset(dataset_id).info.name, [line])
        return found

    # ── what people say and do ─────────────────────────────────────────────────────────────────────────────────────
    def say(self, dataset_id: str, scope: str, verdict: str, words: str, who: Author) -> None:
        """Keep what somebody says of a forecast: right or wrong, and why."""
        if verdict not in VERDICTS:
            raise DataError(f"{verdict!r} is no verdict.", allowed=", ".join(VERDICTS))
        if verdict == "wrong" and not words.strip():
            raise DataError("Say in a few words what is wrong.", hint="It is kept beside the forecast.")
        info = self._doors.dataset(dataset_id).info
        body = {
            "scope": scope,
            "issued": month_text(info.last_month),
            "verdict": verdict,
            "said": words.strip()[:LONGEST_SAYING],
        }
        ref = hashlib.sha256(repr((who, body)).encode()).hexdigest()
        self._rows.write(info.name, [Line(kept.FEEDBACK, ref, who.at, who.name, body)])

    def act(self, dataset_id: str, key: str, what: str, reason: str, who: Author) -> Alarm:
        """Acknowledge or explain an alarm; one that was only found so far is raised by it."""
        info = self._doors.dataset(dataset_id).info
        row = next((row for row in reversed(self._rows.alarms(info.name)) if row.key == key), None)
        before = kept.alarm_of(row.body) if row else None
        if before is None or not before.is_open:
            before, row = self._found(dataset_id, key), None
        do = {"acknowledge": acknowledged, "explain": explained}[what]
        change = do(before, reason, who.name, info.last_month)
        self._settle(info.name, [change], {change.alarm.key: row.edition if row else 0}, (), who.at)
        return change.alarm

    def _found(self, dataset_id: str, key: str) -> Alarm:
        info = self._doors.dataset(dataset_id).info
        finding = next((each for each in self.month(dataset_id, info.last_month).findings if each.key == key), None)
        if finding is None:
            raise NotFoundError("There is no such alarm any more.", hint="Open the Drift page again.")
        return Alarm.of(finding)

    def _settle(
        self, subject: str, changes: list[Change], editions: Mapping[str, int], channels: tuple[str, ...], at: datetime
    ) -> int:
        rows = [kept.alarm_row(change.alarm, editions.get(change.alarm.key, 0)) for change in changes]
        told = [kept.change_row(change, subject) for change in changes]
        return self._rows.settle(subject, rows, [ChangeRow(row.id, row.body) for row in told], channels, at)

    def _alarms(self, subject: str) -> tuple[Alarm, ...]:
        return tuple(kept.alarm_of(row.body) for row in self._rows.alarms(subject))

    # ── model integrity ────────────────────────────────────────────────────────────────────────────────────────────
    def replayed(self, dataset_id: str) -> str:
        """Return what is wrong with the model that answers, "" if nothing: another one, or it answers otherwise."""
        info = self._doors.dataset(dataset_id).info
        if self._doors.models.note(dataset_id):
            return "model"
        now = replay(self._doors.learned(dataset_id))
        for line in self._rows.lines(info.name, kept.REPLAY):
            before = Replay.of_json(line.body["replay"])
            if before.model_id == now.model_id and differs(before, now):
                return "answers"
        return ""

    def freeze_replay(self, dataset_id: str, now: datetime, by: str) -> None:
        """Keep the answers to the frozen questions of who answers now, once per model and machine."""
        info, learned = self._doors.dataset(dataset_id).info, self._doors.learned(dataset_id)
        found = replay(learned)
        ref = f"{name_of(learned)}/{hashlib.sha256(repr(sorted(found.made_with.items())).encode()).hexdigest()[:12]}"
        self._rows.write(info.name, [Line(kept.REPLAY, ref, now, by, {"replay": found.to_json()})])


def _as_link(row: LinkRow) -> Link:
    return Link(row.number, row.before, row.content, row.sha256)


def _chained(content: Mapping[str, Any], last: LinkRow | None) -> tuple[int, str, str, str]:
    made = link(content, _as_link(last) if last else None)
    return made.number, made.before, made.content, made.sha256
