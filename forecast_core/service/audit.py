"""Who did what, when, from where, and what it changed: a chain that shows every later change.

In:    acts as they are done.
Out:   `Entry`s; whether the chain is whole.
Never: changes or removes an entry; holds a file name or a row of data.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from forecast_core.drift.chain import Link, broken, link
from forecast_core.store import Auditing, AuditRow, Store

LONGEST = 120


@dataclass(frozen=True)
class Act:
    """What is done: `what` is the id of what it is done to; `before` and `after` hold what it changed."""

    at: datetime
    who: str
    role: str
    tenant: str
    place: str
    act: str
    what: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    request_id: str = ""


@dataclass(frozen=True)
class Entry:
    """An act with its place in the chain."""

    number: int
    sha256: str
    act: Act


@dataclass(frozen=True)
class Checked:
    """How long the chain is, the sum of its last link, and the first link that does not fit (None: all do)."""

    length: int
    head: str
    broken: int | None


class Audit:
    """The audit of one store."""

    def __init__(self, store: Store) -> None:
        self._rows = Auditing(store)

    def write(self, act: Act) -> Entry:
        """Add an act to the end of the chain."""
        made: list[AuditRow] = []

        def chained(content: Mapping[str, Any], last: AuditRow | None) -> AuditRow:
            found = link(content, _link(last) if last else None)
            row = AuditRow(found.number, act.at, act.who[:LONGEST], act.act, found.before, found.content, found.sha256)
            made.append(row)
            return row

        self._rows.add(asdict(act) | {"at": act.at.isoformat()}, chained)
        return Entry(made[0].number, made[0].sha256, act)

    def latest(self, count: int = 1000, before: int | None = None) -> tuple[Entry, ...]:
        """Return the latest entries, the latest first; those before a number where one is given."""
        return tuple(map(_entry, self._rows.latest(count, before)))

    def all(self) -> Iterator[Entry]:
        """Yield every entry, the oldest first."""
        return map(_entry, self._rows.all())

    def check(self, known: tuple[int, str] | None = None) -> Checked:
        """Return whether the chain is whole.

        `known` is a number and its sum as they were seen before, in the log or on paper: where the end was cut off, or
        the whole chain made anew, nothing else shows it.
        """
        last = self._rows.latest(1)
        found = broken(map(_link, self._rows.all()))
        if found is None and known is not None:
            there = self._rows.latest(1, known[0] + 1)
            found = None if there and (there[0].number, there[0].sha256) == known else known[0]
        return Checked(last[0].number if last else 0, last[0].sha256 if last else "", found)


def _link(row: AuditRow) -> Link:
    return Link(row.number, row.before, row.content, row.sha256)


def _entry(row: AuditRow) -> Entry:
    content = json.loads(row.content)
    return Entry(row.number, row.sha256, Act(**content | {"at": datetime.fromisoformat(content["at"])}))
