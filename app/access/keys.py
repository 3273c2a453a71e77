"""API keys: made, shown once, recognised, ended.

In:    `Authorization: Bearer fk_…` or `X-API-Key`.
Out:   `Identity`; a new key.
Never: shows a key twice; keeps one that has ended; takes longer for an unknown key than for a wrong one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from starlette.requests import HTTPConnection

from app.access.identity import Identity, Role, SignInError, known_role
from app.access.modes import peer
from app.access.secrets import key_digest, key_id, new_key, same
from forecast_core import Access, ApiKey

LONGEST_DAYS = 366
OVERLAP_DAYS = 7
USED_EVERY = timedelta(minutes=10)


class Keys:
    """The keys of one installation; `pepper` its secret, `clock` tells now."""

    def __init__(self, access: Access, pepper: bytes, clock: Callable[[], datetime]) -> None:
        self._access, self._pepper, self._clock = access, pepper, clock

    def given(self, connection: HTTPConnection) -> str:
        """Return the key that came with a request, "" without one."""
        kind, _, value = connection.headers.get("authorization", "").partition(" ")
        bearer = value.strip() if kind.lower() == "bearer" else ""
        return (bearer or connection.headers.get("x-api-key", ""))[:200]

    def identify(self, key: str, connection: HTTPConnection) -> Identity | None:
        """Return whose key this is, None for one that is wrong or has ended."""
        now = self._clock()
        found = self._access.key(key_id(key), now)
        if not same(key_digest(key, self._pepper), found.digest if found else None) or found is None:
            return None
        if found.used_at is None or now - found.used_at > USED_EVERY:
            self._access.change_key(found.id, used_at=now)
        return Identity(f"key {found.title}"[:120], known_role(found.role), found.tenant, peer(connection))

    def make(self, title: str, role: Role, tenant: str, days: int, by: str) -> tuple[str, ApiKey]:
        """Return a new key, which is shown now and never again, and what is kept of it."""
        if not title.strip() or len(title) > 100 or not title.isprintable() or not 1 <= days <= LONGEST_DAYS:
            raise SignInError("A key needs a title and an end.", allowed=f"1 to {LONGEST_DAYS} days")
        now, (identity, key) = self._clock(), new_key()
        digest = key_digest(key, self._pepper)
        made = ApiKey(identity, title.strip(), role, tenant, digest, now, by, now + timedelta(days=days))
        self._access.add_key(made)
        return key, made

    def rotate(self, identity: str, days: int, by: str) -> tuple[str, ApiKey]:
        """Return a key in place of another, which holds for a week more so that nothing stops."""
        old = next((each for each in self._access.every_key() if each.id == identity), None)
        role = known_role(old.role) if old else ""
        if old is None or not role or old.ended_at is not None:
            raise SignInError(f"There is no key {identity[:20]!r} that holds.", hint="Make a new one.")
        made = self.make(old.title, role, old.tenant, days, by)
        end = min(old.ends_at, self._clock() + timedelta(days=OVERLAP_DAYS))
        self._access.change_key(identity, ends_at=end)
        return made

    def end(self, identity: str) -> tuple[ApiKey, ApiKey]:
        """End a key now; return it before and after."""
        return self._access.change_key(identity, ended_at=self._clock())
