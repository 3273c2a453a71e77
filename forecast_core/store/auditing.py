"""The rows of the audit: added at the end, one after the other, never changed.

In:    a `Store`; contents, and how one is chained to the last.
Out:   `AuditRow`s.
Never: changes or removes a row; lets two follow the same one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, text

from forecast_core.store.audit_tables import audit
from forecast_core.store.store import Store

PAGE = 1000


@dataclass(frozen=True)
class AuditRow:
    """One link of the chain; `content` is its whole text."""

    number: int
    at: datetime
    who: str
    act: str
    before: str
    content: str
    sha256: str


class Auditing:
    """The audit's rows of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, content: Mapping[str, Any], chained: Callable[[Mapping[str, Any], AuditRow | None], AuditRow]) -> int:
        """Add a row at the end; return its number."""
        last = select(audit).order_by(audit.c.number.desc()).limit(1)
        with self._store.transaction() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("LOCK TABLE audit IN EXCLUSIVE MODE"))
            row = connection.execute(last).one_or_none()
            made = chained(content, _read(row) if row is not None else None)
            connection.execute(insert(audit), asdict(made))
        return made.number

    def latest(self, count: int = PAGE, before: int | None = None) -> tuple[AuditRow, ...]:
        """Return the latest rows, the latest first; those before a number where one is given."""
        asked = select(audit).order_by(audit.c.number.desc()).limit(count)
        with self._store.reading() as connection:
            rows = connection.execute(asked if before is None else asked.where(audit.c.number < before)).all()
        return tuple(map(_read, rows))

    def all(self) -> Iterator[AuditRow]:
        """Yield every row, the oldest first, as they stand at one moment."""
        with self._store.snapshot() as connection:
            for row in connection.execute(select(audit).order_by(audit.c.number)).yield_per(PAGE):
                yield _read(row)


def _read(row: Row[Any]) -> AuditRow:
    return AuditRow(**row._mapping)
