"""The kept score and the alarms as rows: what was said, what came, what is wrong, what is to be told.

In:    a `Store`; plain JSON of whatever is kept.
Out:   the same, in the order it was kept.
Never: changes what was said; lets two processes add to the chain at once, or tell the same change twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, text, update

from forecast_core.errors import ConflictError
from forecast_core.store.store import Store
from forecast_core.store.watch_tables import alarm, change, delivery, journal, link

Body = Mapping[str, Any]


@dataclass(frozen=True)
class LinkRow:
    """One link of the chain, as it lies in the database."""

    number: int
    subject: str
    kind: str
    ref: str
    before: str
    content: str
    sha256: str


@dataclass(frozen=True)
class Line:
    """One line of the journal."""

    kind: str
    ref: str
    at: datetime
    by: str
    body: Body


@dataclass(frozen=True)
class AlarmRow:
    """One alarm; `edition` counts its changes, 0 for one that is not kept yet."""

    key: str
    since: str
    state: str
    body: Body
    edition: int = 0


@dataclass(frozen=True)
class ChangeRow:
    """One change of an alarm that is to be told."""

    id: str
    body: Body


@dataclass(frozen=True)
class Delivery:
    """One change on its way through one channel."""

    subject: str
    change_id: str
    channel: str
    state: str
    tries: int
    next_at: datetime
    said: str
    body: Body


class Watching:
    """What is kept of every subject."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # ── what was said ──────────────────────────────────────────────────────────────────────────────────────────────
    def links(self, subject: str = "") -> tuple[LinkRow, ...]:
        """Return the chain, or the links of one subject."""
        asked = select(link).order_by(link.c.number)
        with self._store.reading() as connection:
            rows = connection.execute(asked.where(link.c.subject == subject) if subject else asked)
            return tuple(LinkRow(**row._mapping) for row in rows)

    def marks(self, subject: str) -> tuple[int, int]:
        """Return how many links and journal lines a subject has: they only grow."""
        counted = [
            select(func.count()).select_from(table).where(table.c.subject == subject) for table in (link, journal)
        ]
        with self._store.reading() as connection:
            links, lines = (connection.execute(each).scalar_one() for each in counted)
        return links, lines

    def add_links(
        self,
        subject: str,
        wanted: Iterable[tuple[str, str, Body]],
        chained: Callable[[Body, LinkRow | None], tuple[int, str, str, str]],
    ) -> int:
        """Freeze contents (kind, ref, content) that were not frozen yet; return how many.

        `chained` makes number, before, text and sum of a content that follows the last link.
        """
        with self._store.transaction() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("LOCK TABLE watch_link IN EXCLUSIVE MODE"))
            kept = select(link.c.kind, link.c.ref).where(link.c.subject == subject)
            known = {(row.kind, row.ref) for row in connection.execute(kept)}
            row = connection.execute(select(link).order_by(link.c.number.desc()).limit(1)).one_or_none()
            last = LinkRow(**row._mapping) if row else None
            added = 0
            for kind, ref, content in wanted:
                if (kind, ref) not in known:
                    last = _linked(subject, kind, ref, chained(content, last))
                    connection.execute(insert(link), last.__dict__)
                    known.add((kind, ref))
                    added += 1
            return added

    # ── the journal ────────────────────────────────────────────────────────────────────────────────────────────────
    def lines(self, subject: str, kind: str) -> tuple[Line, ...]:
        """Return the lines of one kind, the oldest first."""
        asked = select(journal).where(journal.c.subject == subject, journal.c.kind == kind).order_by(journal.c.id)
        with self._store.reading() as connection:
            return tuple(Line(row.kind, row.ref, row.at, row.by, row.body) for row in connection.execute(asked))

    def write(self, subject: str, lines: Sequence[Line]) -> int:
        """Add lines whose kind and ref are new; return how many."""
        with self._store.transaction() as connection:
            asked = select(journal.c.kind, journal.c.ref).where(journal.c.subject == subject)
            known = {(row.kind, row.ref) for row in connection.execute(asked)}
            fresh = {(line.kind, line.ref): line for line in lines if (line.kind, line.ref) not in known}
            for line in fresh.values():
                connection.execute(insert(journal), {"subject": subject, **line.__dict__})
            return len(fresh)

    # ── alarms and what is told of them ────────────────────────────────────────────────────────────────────────────
    def alarms(self, subject: str) -> tuple[AlarmRow, ...]:
        """Return every alarm there ever was, the oldest first."""
        asked = select(alarm).where(alarm.c.subject == subject).order_by(alarm.c.since, alarm.c.id)
        with self._store.reading() as connection:
            rows = connection.execute(asked)
            return tuple(AlarmRow(row.key, row.since, row.state, row.body, row.edition) for row in rows)

    def settle(
        self,
        subject: str,
        alarms: Sequence[AlarmRow],
        changes: Sequence[ChangeRow],
        channels: Sequence[str],
        at: datetime,
    ) -> int:
        """Keep alarms as they stand now and what changed, together; return how many changes are new.

        ConflictError where somebody else changed one of them since it was read.
        """
        with self._store.transaction() as connection:
            for each in alarms:
                _keep(connection, subject, each, at)
            asked = select(change.c.id).where(change.c.subject == subject)
            known = set(connection.execute(asked).scalars())
            fresh = {found.id: found for found in changes if found.id not in known}
            for new in fresh.values():
                connection.execute(insert(change), {"subject": subject, "id": new.id, "at": at, "body": dict(new.body)})
                for channel in channels:
                    connection.execute(insert(delivery), _waiting(subject, new.id, channel, at))
            return len(fresh)

    def changes(self, subject: str) -> tuple[tuple[datetime, ChangeRow], ...]:
        """Return every change of state, the oldest first."""
        asked = select(change).where(change.c.subject == subject).order_by(change.c.at, change.c.id)
        with self._store.reading() as connection:
            return tuple((row.at, ChangeRow(row.id, row.body)) for row in connection.execute(asked))

    def claim(self, now: datetime, until: datetime) -> Delivery | None:
        """Take the next delivery that is due, so that nobody else sends it; None if there is none.

        One that was taken before and never finished may have arrived: it is marked as unsure, not sent again.
        """
        due = (delivery.c.state == "waiting") & (delivery.c.next_at <= now)
        both = delivery.join(change, (change.c.subject == delivery.c.subject) & (change.c.id == delivery.c.change_id))
        asked = select(delivery, change.c.body).select_from(both).where(due).order_by(delivery.c.next_at).limit(1)
        with self._store.transaction() as connection:
            lost = (delivery.c.state == "sending") & (delivery.c.next_at <= now)
            connection.execute(update(delivery).where(lost).values(state="unsure", said="The sender stopped midway."))
            row = connection.execute(asked.with_for_update(of=delivery, skip_locked=True)).first()
            if row is None:
                return None
            found = Delivery(**row._mapping)
            connection.execute(_one(found).values(state="sending", tries=found.tries + 1, next_at=until))
            return found

    def finish(self, sent: Delivery, state: str, said: str, next_at: datetime) -> None:
        """Say how a delivery went."""
        with self._store.transaction() as connection:
            connection.execute(_one(sent).values(state=state, said=said[:500], next_at=next_at))

    def deliveries(self, subject: str) -> tuple[Delivery, ...]:
        """Return every delivery, the oldest first."""
        both = delivery.join(change, (change.c.subject == delivery.c.subject) & (change.c.id == delivery.c.change_id))
        asked = select(delivery, change.c.body).select_from(both).where(delivery.c.subject == subject)
        with self._store.reading() as connection:
            rows = connection.execute(asked.order_by(change.c.at, change.c.id, delivery.c.channel))
            return tuple(Delivery(**row._mapping) for row in rows)


def _linked(subject: str, kind: str, ref: str, made: tuple[int, str, str, str]) -> LinkRow:
    number, before, content, sha256 = made
    return LinkRow(number, subject, kind, ref, before, content, sha256)


def _keep(connection: Connection, subject: str, each: AlarmRow, at: datetime) -> None:
    values = {"state": each.state, "body": dict(each.body), "changed_at": at}
    if not each.edition:
        row = {"subject": subject, "key": each.key, "since": each.since, "edition": 1, **values}
        connection.execute(insert(alarm), row)
        return
    same = (alarm.c.subject == subject) & (alarm.c.key == each.key) & (alarm.c.since == each.since)
    seen = alarm.c.edition == each.edition
    done = connection.execute(update(alarm).where(same & seen).values(edition=each.edition + 1, **values))
    if not done.rowcount:
        raise ConflictError(
            "Somebody changed this alarm since you opened it. Nothing was overwritten.", hint="Look at it again."
        )


def _waiting(subject: str, change_id: str, channel: str, at: datetime) -> dict[str, Any]:
    row = {"subject": subject, "change_id": change_id, "channel": channel, "state": "waiting"}
    return {**row, "tries": 0, "next_at": at, "said": ""}


def _one(found: Delivery) -> Any:
    same = (delivery.c.subject == found.subject) & (delivery.c.change_id == found.change_id)
    return update(delivery).where(same & (delivery.c.channel == found.channel))
