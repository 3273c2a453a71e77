"""Scenarios that people keep: versions, comments, marks; nothing is ever overwritten or lost.

In:    a `Store`; contents, names and marks with who says so and when.
Out:   `Kept` scenarios with their versions and comments.
Never: overwrites what somebody else saved since: ConflictError says who and when; deletes beyond recall.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from forecast_core.errors import ConflictError, NotFoundError, ScenarioError
from forecast_core.store.scenario_tables import comment, scenario, version
from forecast_core.store.store import Store

ID_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that are read for another
ID_LENGTH = 8
LONGEST_NAME, LONGEST_TEXT = 120, 4000


@dataclass(frozen=True)
class Author:
    """Who does something, and when."""

    name: str
    at: datetime


@dataclass(frozen=True)
class Content:
    """What a version holds: the whole question as a link, and what was answered; both as text and plain JSON."""

    dataset_id: str
    scope: str
    digest: str
    link: str
    frozen: Mapping[str, Any]
    note: str = ""


@dataclass(frozen=True)
class Version:
    """A saved version; it never changes."""

    number: int
    saved_at: datetime
    saved_by: str
    note: str
    digest: str
    link: str
    frozen: Mapping[str, Any]


@dataclass(frozen=True)
class Kept:
    """A scenario with its current version.

    `edition` counts every change; whoever changes it says which edition was seen. `decided` is the version that was
    decided on, 0 if none.
    """

    id: str
    name: str
    dataset_id: str
    scope: str
    edition: int
    created_at: datetime
    created_by: str
    changed_at: datetime
    changed_by: str
    locked: bool
    archived: bool
    decided: int
    decided_at: datetime | None
    decided_by: str
    deleted_at: datetime | None
    version: Version


@dataclass(frozen=True)
class Comment:
    """What somebody said about a version."""

    id: int
    number: int
    said_at: datetime
    said_by: str
    said: str


class Scenarios:
    """The scenarios of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # ── read ───────────────────────────────────────────────────────────────────────────────────────────────────────
    def all(self, *, deleted: bool = False) -> tuple[Kept, ...]:
        """Return every scenario, or every deleted one; what changed last comes first."""
        gone = scenario.c.deleted_at.is_not(None) if deleted else scenario.c.deleted_at.is_(None)
        with self._store.reading() as connection:
            rows = connection.execute(_kept().where(gone).order_by(scenario.c.changed_at.desc(), scenario.c.id)).all()
        return tuple(map(_read, rows))

    def get(self, identity: str) -> Kept:
        """Return a scenario, a deleted one too; NotFoundError if there never was one."""
        with self._store.reading() as connection:
            return _get(connection, identity)

    def versions(self, identity: str) -> tuple[Version, ...]:
        """Return every version, the latest first."""
        asked = select(version).where(version.c.scenario_id == identity).order_by(version.c.number.desc())
        with self._store.reading() as connection:
            return tuple(_version(row) for row in connection.execute(asked))

    def version(self, identity: str, number: int) -> Version:
        """Return one version; NotFoundError if there is none."""
        asked = select(version).where(version.c.scenario_id == identity, version.c.number == number)
        with self._store.reading() as connection:
            row = connection.execute(asked).one_or_none()
        if row is None:
            raise NotFoundError(f"There is no version {number} of the scenario {identity[:40]!r}.", hint=_LOOK)
        return _version(row)

    def decided(self) -> tuple[tuple[Kept, Version], ...]:
        """Return every scenario that was decided on, with the version that was."""
        with self._store.reading() as connection:
            named = _kept(version.c.number == scenario.c.decided).where(
                scenario.c.decided.is_not(None), scenario.c.deleted_at.is_(None)
            )
            return tuple((found, found.version) for found in map(_read, connection.execute(named)))

    def comments(self, identity: str) -> tuple[Comment, ...]:
        """Return what was said about a scenario, the oldest first."""
        asked = select(comment).where(comment.c.scenario_id == identity, comment.c.deleted_at.is_(None))
        with self._store.reading() as connection:
            rows = connection.execute(asked.order_by(comment.c.said_at, comment.c.id)).all()
        return tuple(Comment(row.id, row.number, row.said_at, row.said_by, row.said) for row in rows)

    # ── write ──────────────────────────────────────────────────────────────────────────────────────────────────────
    def add(self, name: str, content: Content, who: Author) -> Kept:
        """Keep a new scenario."""
        identity = "".join(secrets.choice(ID_LETTERS) for _ in range(ID_LENGTH))
        row = {
            "id": identity,
            "name": _named(name),
            "dataset_id": content.dataset_id,
            "scope": content.scope,
            "current": 1,
            "edition": 1,
            "created_at": who.at,
            "created_by": who.name,
            "changed_at": who.at,
            "changed_by": who.name,
        }
        with self._store.transaction() as connection:
            connection.execute(insert(scenario), row)
            _add_version(connection, identity, 1, content, who)
            return _get(connection, identity)

    def save(self, identity: str, seen: int, content: Content, who: Author) -> Kept:
        """Keep a new version; `seen` is the version it was made from. ConflictError if there is a later one."""
        with self._store.transaction() as connection:
            found = _changeable(connection, identity)
            values = {"current": seen + 1, "dataset_id": content.dataset_id, "scope": content.scope}
            changed = _change(connection, identity, who, scenario.c.current == seen, values)
            if not changed:
                raise _conflict(found, found.version.saved_by, found.version.saved_at)
            _add_version(connection, identity, seen + 1, content, who)
            return _get(connection, identity)

    def rename(self, identity: str, seen: int, name: str, who: Author) -> Kept:
        """Give another name; `seen` is the edition that was looked at."""
        return self._mark(identity, seen, who, {"name": _named(name)})

    def lock(self, identity: str, seen: int, who: Author, *, locked: bool) -> Kept:
        """Keep a scenario from being changed, or allow it again."""
        return self._mark(identity, seen, who, {"locked": locked}, even_locked=True)

    def archive(self, identity: str, seen: int, who: Author, *, archived: bool) -> Kept:
        """Put a scenario away, or take it out again."""
        return self._mark(identity, seen, who, {"archived": archived}, even_locked=True)

    def decide(self, identity: str, seen: int, number: int, who: Author) -> Kept:
        """Mark the version that was decided on; 0 takes the decision back."""
        decision = {"decided": number, "decided_at": who.at, "decided_by": who.name}
        values = decision if number else dict.fromkeys(decision)
        return self._mark(identity, seen, who, values, even_locked=True)

    def delete(self, identity: str, seen: int, who: Author) -> Kept:
        """Take a scenario away; `restore` brings it back."""
        return self._mark(identity, seen, who, {"deleted_at": who.at})

    def restore(self, identity: str, who: Author) -> Kept:
        """Bring a deleted scenario back."""
        with self._store.transaction() as connection:
            found = _get(connection, identity)
            _change(connection, identity, who, scenario.c.edition == found.edition, {"deleted_at": None})
            return _get(connection, identity)

    def say(self, identity: str, number: int, said: str, who: Author) -> None:
        """Comment on a version."""
        if not said.strip() or len(said) > LONGEST_TEXT:
            raise ScenarioError("This comment is empty or too long.", allowed=f"1 to {LONGEST_TEXT} letters")
        row = {"scenario_id": identity, "number": number, "said_at": who.at, "said_by": who.name, "said": said.strip()}
        with self._store.transaction() as connection:
            _get(connection, identity)
            connection.execute(insert(comment), row)

    def unsay(self, comment_id: int, at: datetime | None) -> None:
        """Take a comment back; without a moment, bring it back."""
        with self._store.transaction() as connection:
            connection.execute(update(comment).where(comment.c.id == comment_id).values(deleted_at=at))

    def _mark(
        self, identity: str, seen: int, who: Author, values: Mapping[str, Any], *, even_locked: bool = False
    ) -> Kept:
        with self._store.transaction() as connection:
            found = _get(connection, identity) if even_locked else _changeable(connection, identity)
            if not _change(connection, identity, who, scenario.c.edition == seen, values):
                raise _conflict(found, found.changed_by, found.changed_at)
            return _get(connection, identity)


_LOOK = "See the Scenarios page for those there are."


def _kept(joined: Any = None) -> Select[Any]:
    """Select scenarios with one version each, the current one if not said otherwise."""
    which = version.c.number == scenario.c.current if joined is None else joined
    both = scenario.join(version, (version.c.scenario_id == scenario.c.id) & which)
    return select(scenario, *(column for column in version.c if column.name != "scenario_id")).select_from(both)


def _get(connection: Connection, identity: str) -> Kept:
    row = connection.execute(_kept().where(scenario.c.id == identity)).one_or_none()
    if row is None:
        raise NotFoundError(f"There is no scenario {identity[:40]!r}.", hint=_LOOK)
    return _read(row)


def _read(row: Row[Any]) -> Kept:
    plain = ("id", "name", "dataset_id", "scope", "edition", "created_at", "created_by", "changed_at", "changed_by")
    marks = ("locked", "archived", "decided_at", "deleted_at")
    values = {name: getattr(row, name) for name in (*plain, *marks)}
    return Kept(**values, decided=row.decided or 0, decided_by=row.decided_by or "", version=_version(row))


def _version(row: Row[Any]) -> Version:
    return Version(row.number, row.saved_at, row.saved_by, row.note, row.digest, row.link, row.frozen)


def _changeable(connection: Connection, identity: str) -> Kept:
    found = _get(connection, identity)
    if found.locked:
        raise ScenarioError(f"“{found.name}” is locked.", hint="Save it under another name, or unlock it first.")
    return found


def _change(connection: Connection, identity: str, who: Author, seen: Any, values: Mapping[str, Any]) -> bool:
    """Change a row if it is still as it was seen."""
    stamped = {**values, "edition": scenario.c.edition + 1, "changed_at": who.at, "changed_by": who.name}
    done = connection.execute(update(scenario).where(scenario.c.id == identity, seen).values(**stamped))
    return bool(done.rowcount)


def _add_version(connection: Connection, identity: str, number: int, content: Content, who: Author) -> None:
    row = {
        "scenario_id": identity,
        "number": number,
        "saved_at": who.at,
        "saved_by": who.name,
        "note": content.note.strip()[:LONGEST_TEXT],
        "digest": content.digest,
        "link": content.link,
        "frozen": dict(content.frozen),
    }
    connection.execute(insert(version), row)


def _named(name: str) -> str:
    is_odd = any(unicodedata.category(letter) in ("Cc", "Cs") for letter in name)
    if not name.strip() or len(name.strip()) > LONGEST_NAME or is_odd:
        raise ScenarioError("A scenario needs a name.", allowed=f"1 to {LONGEST_NAME} letters, none of them a control")
    return name.strip()


def _conflict(found: Kept, who: str, at: datetime) -> ConflictError:
    when, now = f"{at:%d %b %Y at %H:%M} UTC", f"it is at version {found.version.number} now"
    return ConflictError(
        f"{who} changed “{found.name}” on {when}, since you opened it; {now}. Nothing was overwritten.",
        hint="Open it again to see that, or save yours under another name.",
    )
