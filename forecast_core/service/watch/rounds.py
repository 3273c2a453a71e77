"""The monthly round: record what came, check, score, freeze, train if due, tell.

In:    a data set, who runs it, when, how to train, channels.
Out:   `Round`: what was done, and the view after it.
Never: does a month twice: running it again changes nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from forecast_core.alerts import Channel, Message, send_due
from forecast_core.drift.alarms import LEARNED, Change, month_passed, retrained
from forecast_core.drift.loop import Due
from forecast_core.drift.track import Actual
from forecast_core.history import ALL
from forecast_core.months import month_text
from forecast_core.service.published import Outcome
from forecast_core.service.watch import kept
from forecast_core.service.watch.answers import WatchView
from forecast_core.service.watch.watch import Watch
from forecast_core.store import Author, Line

Trainer = Callable[[], Outcome]
Worded = Callable[[Change, str], Message]


@dataclass(frozen=True, eq=False)
class Round:
    """One round: months newly known or revised, what changed, what was frozen, trained, sent."""

    view: WatchView
    actuals: tuple[Actual, ...]
    changes: tuple[Change, ...]
    told: int
    frozen: int
    due: Due
    trained: Outcome | None
    proposed: str
    sent: Mapping[str, int]


class Rounds(Watch):
    """A `Watch` that also goes round."""

    def go(
        self,
        dataset_id: str,
        who: Author,
        worded: Worded,
        channels: tuple[Channel, ...] = (),
        trainer: Trainer | None = None,
    ) -> Round:
        """Do the monthly round of a data set."""
        info = self._doors.dataset(dataset_id).info
        names = tuple(channel.name for channel in channels)
        actuals = self.record(dataset_id, who.at, who.name)
        if not info.has_inventory:
            self.freeze_replay(dataset_id, who.at, who.name)
        found = self.month(dataset_id, info.last_month)
        changes = self._checked(dataset_id, names, who)
        due = self.due(dataset_id, found)
        outcome = trainer() if trainer is not None and due.now else None
        if outcome is not None:
            changes += self._after_training(dataset_id, outcome, names, who)
        frozen = self.freeze(dataset_id, who.at)
        told = self._rows.write(info.name, [self._line(dataset_id, changes, due, outcome, who)])
        sent = self.deliver(channels, worded, lambda: who.at) if channels else {}
        proposed = outcome.challenger if outcome else self._doors.models.standing(dataset_id).challenger
        scope = ALL if len(info.scopes) > 1 else info.scopes[0]
        return Round(self.view(dataset_id, scope), actuals, changes, told, frozen, due, outcome, proposed, sent)

    def deliver(
        self, channels: tuple[Channel, ...], worded: Worded, clock: Callable[[], datetime]
    ) -> Mapping[str, int]:
        """Send what waits in the outbox, of every data set."""

        def message(body: Mapping[str, Any]) -> Message:
            return worded(kept.change_of(body), body["subject"])

        return send_due(self._rows, channels, message, clock)

    def _checked(self, dataset_id: str, channels: tuple[str, ...], who: Author) -> tuple[Change, ...]:
        """Bring the alarms up to date with the last month's findings."""
        info = self._doors.dataset(dataset_id).info
        found = self.month(dataset_id, info.last_month)
        rows = {(row.key, row.since): row for row in self._rows.alarms(info.name)}
        standing = [kept.alarm_of(row.body) for row in rows.values()]
        held = {each.scope for each in found.findings if each.signal == "quality"}
        judged = [scope for scope in (*info.scopes, ALL) if scope not in held]
        alarms, changes = month_passed(standing, found.findings, found.month, judged)
        before = {alarm.key: alarm for alarm in standing if alarm.is_open}
        moved = [alarm for alarm in alarms if before.get(alarm.key) != alarm]
        known = {alarm.key: rows.get((alarm.key, month_text(alarm.since))) for alarm in moved}
        rows_now = [kept.alarm_row(alarm, row.edition if (row := known[alarm.key]) else 0) for alarm in moved]
        told = [kept.change_row(change, info.name) for change in changes]
        self._rows.settle(info.name, rows_now, told, channels, who.at)
        return changes

    def _after_training(
        self, dataset_id: str, outcome: Outcome, channels: tuple[str, ...], who: Author
    ) -> tuple[Change, ...]:
        """Close the alarms that the training has learned from."""
        info = self._doors.dataset(dataset_id).info
        rows = {row.key: row for row in self._rows.alarms(info.name)}
        standing = [alarm for row in rows.values() if (alarm := kept.alarm_of(row.body)).is_open]
        settled = [alarm for alarm in standing if alarm.signal in LEARNED]
        changes = tuple(retrained(alarm, outcome.champion, info.last_month) for alarm in settled)
        editions = {alarm.key: rows[alarm.key].edition for alarm in settled}
        if changes:
            self._settle(info.name, list(changes), editions, channels, who.at)
        return changes

    def _line(
        self, dataset_id: str, changes: tuple[Change, ...], due: Due, outcome: Outcome | None, who: Author
    ) -> Line:
        info = self._doors.dataset(dataset_id).info
        overall = self.month(dataset_id, info.last_month).overall
        body = {
            "month": month_text(info.last_month),
            "dataset": dataset_id,
            "colour": overall.colour,
            "changes": [change.id for change in changes],
            "due": due.why,
            "trained": outcome.champion if outcome else "",
        }
        return Line(kept.ROUND, f"{month_text(info.last_month)}/{who.at.isoformat()}", who.at, who.name, body)
