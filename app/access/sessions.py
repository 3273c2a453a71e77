"""Browsers that were let in: a cookie that means nothing by itself, and a row that ends when it should.

In:    a signed-in name; a cookie.
Out:   `Identity` while the session holds.
Never: lets a script read the cookie; sends it over plain HTTP to another machine; keeps a role that was taken away.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from starlette.requests import HTTPConnection
from starlette.responses import Response

from app.access.identity import Identity, known_role
from app.access.modes import is_here, peer
from app.access.secrets import cookie_digest, new_cookie
from forecast_core import Access, Session

COOKIE = "__Host-archive-forecast"
COOKIE_HERE = "archive-forecast"


class Sessions:
    """The sessions of one installation; `clock` tells now, `hours` is how long one holds."""

    def __init__(self, access: Access, clock: Callable[[], datetime], hours: int) -> None:
        self.access, self.clock, self._span = access, clock, timedelta(hours=hours)

    def identify(self, connection: HTTPConnection) -> Identity | None:
        """Return whose session this is, None if there is none that holds."""
        value = connection.cookies.get(_name(connection), "")
        if not 20 <= len(value) <= 100:
            return None
        found = self.access.session(cookie_digest(value), self.clock())
        role = known_role(found.role) if found else ""
        if found is None or not role:
            return None
        return Identity(found.name, role, found.tenant, peer(connection))

    def open(self, connection: HTTPConnection, answer: Response, who: Identity, kind: str, edition: int = 0) -> None:
        """Let a browser in: the old cookie, if any, is worth nothing from here on."""
        self.close(connection, answer)
        value, digest = new_cookie()
        now = self.clock()
        made = Session(digest, kind, who.name, who.role, who.tenant, edition, now, now + self._span)
        self.access.open(made)
        self._send(connection, answer, value, int(self._span.total_seconds()))

    def close(self, connection: HTTPConnection, answer: Response) -> None:
        """Let a browser out."""
        value = connection.cookies.get(_name(connection))
        if value:
            self.access.end_session(cookie_digest(value), self.clock())
            self._send(connection, answer, "", 0)

    def _send(self, connection: HTTPConnection, answer: Response, value: str, seconds: int) -> None:
        answer.set_cookie(
            _name(connection), value, max_age=seconds, path="/", secure=not is_here(connection), httponly=True,
            samesite="lax",
        )  # fmt: skip


def _name(connection: HTTPConnection) -> str:
    """Return the cookie's name; on this machine there is no HTTPS, which the stricter name takes."""
    return COOKIE_HERE if is_here(connection) else COOKIE
