"""Writes that may be sent twice and count once: what was answered is kept for a day under the caller's key.

In:    a key, a digest of the question, the answer.
Out:   `Reply` where it was answered already.
Never: answers one key with the reply to another question; lets two of them run at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from forecast_core.errors import ConflictError, ScenarioError
from forecast_core.store.reply_tables import reply
from forecast_core.store.store import Store

KEPT_FOR = timedelta(days=1)
GIVEN_UP_AFTER = timedelta(minutes=2)


@dataclass(frozen=True)
class Reply:
    """What was answered."""

    status: int
    body: str


@dataclass(frozen=True)
class Ticket:
    """Whose write it is, under which key, and what was asked (SHA-256)."""

    who: str
    key: str
    digest: str


class Replies:
    """The replies of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, ticket: Ticket, now: datetime) -> Reply | None:
        """Return what was answered before; None where this is the first time, and then `end` or `drop` must follow.

        ScenarioError where the key stood for another question, ConflictError while the first one is being answered.
        """
        mine = (reply.c.who == ticket.who) & (reply.c.key == ticket.key)
        with self._store.transaction() as connection:
            connection.execute(delete(reply).where(reply.c.at < now - KEPT_FOR))
            found = connection.execute(select(reply).where(mine)).one_or_none()
            if found is not None and found.status == 0 and found.at < now - GIVEN_UP_AFTER:
                connection.execute(delete(reply).where(mine))
                found = None
            if found is None:
                row = {
                    "who": ticket.who,
                    "key": ticket.key,
                    "digest": ticket.digest,
                    "at": now,
                    "status": 0,
                    "body": "",
                }
                connection.execute(insert(reply), row)
                return None
        if found.digest != ticket.digest:
            raise ScenarioError("This idempotency key was used for another request.", hint="Take a new key.")
        if found.status == 0:
            raise ConflictError("The first request with this key is still being answered.", hint="Wait a moment.")
        return Reply(found.status, found.body)

    def end(self, ticket: Ticket, answered: Reply) -> None:
        """Keep what was answered."""
        mine = (reply.c.who == ticket.who) & (reply.c.key == ticket.key)
        with self._store.transaction() as connection:
            connection.execute(update(reply).where(mine).values(status=answered.status, body=answered.body))

    def drop(self, ticket: Ticket) -> None:
        """Forget that it was begun: it was refused, and may be tried again."""
        mine = (reply.c.who == ticket.who) & (reply.c.key == ticket.key) & (reply.c.status == 0)
        with self._store.transaction() as connection:
            connection.execute(delete(reply).where(mine))
