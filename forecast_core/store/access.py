"""Who may come in: accounts, sessions, API keys, each with its end.

In:    a `Store`; names, roles, digests, moments.
Out:   `Account`, `Session`, `ApiKey`.
Never: sees a password, a cookie or a key; forgets what once was: an end is a moment, not a deletion.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from forecast_core.errors import ConflictError, NotFoundError
from forecast_core.store.access_tables import account, api_key, session
from forecast_core.store.store import Store


@dataclass(frozen=True)
class Account:
    """Somebody with a password; `tenant` "" for the house; `edition` grows with every change that ends sessions."""

    name: str
    password: str
    role: str
    tenant: str
    edition: int
    made_at: datetime
    made_by: str
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Session:
    """A browser that was let in; `digest` is that of its cookie."""

    digest: str
    kind: str
    name: str
    role: str
    tenant: str
    edition: int
    made_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True)
class ApiKey:
    """A program that was let in; `digest` is that of its key."""

    id: str
    title: str
    role: str
    tenant: str
    digest: str
    made_at: datetime
    made_by: str
    ends_at: datetime
    ended_at: datetime | None = None
    used_at: datetime | None = None


class Access:
    """The accounts, sessions and keys of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # ── accounts ───────────────────────────────────────────────────────────────────────────────────────────────────
    def accounts(self) -> tuple[Account, ...]:
        """Return every account by name, ended ones too."""
        with self._store.reading() as connection:
            return tuple(_account(row) for row in connection.execute(select(account).order_by(account.c.name)))

    def account(self, name: str) -> Account | None:
        """Return an account that has not ended, None if there is none."""
        with self._store.reading() as connection:
            found = _one(connection, name)
        return found if found is not None and found.ended_at is None else None

    def add(self, new: Account) -> Account:
        """Make an account, or open one again that has ended; ConflictError where it is open."""
        with self._store.transaction() as connection:
            before = _one(connection, new.name)
            if before is None:
                connection.execute(insert(account), asdict(new))
                return new
            if before.ended_at is None:
                raise ConflictError(f"There is an account {new.name!r} already.", hint="Change that one.")
            again = replace(new, edition=before.edition + 1)
            connection.execute(update(account).where(account.c.name == new.name).values(**asdict(again)))
            return again

    def change(self, name: str, **values: Any) -> tuple[Account, Account]:
        """Change role, tenant, password or end of an account; return it before and after. Its sessions end."""
        with self._store.transaction() as connection:
            before = _one(connection, name)
            if before is None:
                raise NotFoundError(f"There is no account {name[:40]!r}.", hint="See the list of accounts.")
            after = replace(before, **values, edition=before.edition + 1)
            connection.execute(update(account).where(account.c.name == name).values(**asdict(after)))
            return before, after

    # ── sessions ───────────────────────────────────────────────────────────────────────────────────────────────────
    def open(self, new: Session) -> None:
        """Let a browser in; sessions that ended long ago are swept out."""
        with self._store.transaction() as connection:
            connection.execute(delete(session).where(session.c.ends_at < new.made_at))
            connection.execute(insert(session), asdict(new))

    def session(self, digest: str, now: datetime) -> Session | None:
        """Return a session that holds now, with the role and tenant of now; None otherwise."""
        with self._store.reading() as connection:
            row = connection.execute(select(session).where(session.c.digest == digest)).one_or_none()
            if row is None or row.ended_at is not None or row.ends_at <= now:
                return None
            found = Session(**row._mapping)
            owner = _one(connection, found.name) if found.kind == "local" else None
        if found.kind != "local":
            return found
        if owner is None or owner.ended_at is not None or owner.edition != found.edition:
            return None
        return replace(found, role=owner.role, tenant=owner.tenant)

    def end_session(self, digest: str, now: datetime) -> None:
        """End one session."""
        self._end(session.c.digest == digest, now)

    def end_sessions(self, name: str, now: datetime) -> None:
        """End every session of somebody."""
        self._end(session.c.name == name, now)

    def _end(self, which: Any, now: datetime) -> None:
        with self._store.transaction() as connection:
            connection.execute(update(session).where(which, session.c.ended_at.is_(None)).values(ended_at=now))

    # ── keys ───────────────────────────────────────────────────────────────────────────────────────────────────────
    def every_key(self) -> tuple[ApiKey, ...]:
        """Return every key, the newest first, ended ones too."""
        with self._store.reading() as connection:
            rows = connection.execute(select(api_key).order_by(api_key.c.made_at.desc(), api_key.c.id))
            return tuple(ApiKey(**row._mapping) for row in rows)

    def key(self, identity: str, now: datetime) -> ApiKey | None:
        """Return a key that holds now, None otherwise."""
        with self._store.reading() as connection:
            row = connection.execute(select(api_key).where(api_key.c.id == identity)).one_or_none()
        found = ApiKey(**row._mapping) if row is not None else None
        return found if found is not None and found.ended_at is None and found.ends_at > now else None

    def add_key(self, new: ApiKey) -> None:
        """Make a key."""
        with self._store.transaction() as connection:
            connection.execute(insert(api_key), asdict(new))

    def change_key(self, identity: str, **values: Any) -> tuple[ApiKey, ApiKey]:
        """Bring forward the end of a key, or end it; return it before and after."""
        with self._store.transaction() as connection:
            row = connection.execute(select(api_key).where(api_key.c.id == identity)).one_or_none()
            if row is None:
                raise NotFoundError(f"There is no key {identity[:20]!r}.", hint="See the list of keys.")
            connection.execute(update(api_key).where(api_key.c.id == identity).values(**values))
        before = ApiKey(**row._mapping)
        return before, replace(before, **values)


def _one(connection: Connection, name: str) -> Account | None:
    row = connection.execute(select(account).where(account.c.name == name)).one_or_none()
    return _account(row) if row is not None else None


def _account(row: Row[Any]) -> Account:
    return Account(**row._mapping)
