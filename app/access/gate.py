"""The gate in front of everything: pages, API, media, uploads, sockets. Closed unless somebody is recognised.

In:    every connection.
Out:   the connection with its `Identity`; a sign-in page, 401, 403, 404, 429 or a closed socket otherwise.
Never: lets a visitor's own identity header through; trusts that who came in may still be here.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Match, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.access import pages
from app.access.current import serving
from app.access.identity import Identity, Role
from app.access.keys import Keys
from app.access.limits import LONGEST_URL, Limits
from app.access.modes import Mode, peer
from app.observing.logs import say

log = logging.getLogger(__name__)
IDENTITY = "archive_forecast_identity"
OURS = b"x-archive-forecast-"
WHO, ROLE, TENANT, PLACE = (f"{OURS.decode()}{part}" for part in ("name", "role", "tenant", "place"))
OPEN = frozenset({"/health", "/api/health", "/api/v1/health", "/favicon.ico", "/robots.txt", "/robots933456.txt"})
CLOSED = re.compile(r"/_stcore/(metrics|agent|script-health-check|message)|/api/docs|/\.\.")
MEDIA = re.compile(rb"/media/([0-9A-Za-z_-]{8,128})")
MOST_MEDIA = 20_000
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
RECHECK_SECONDS = 1.0
OLDEST_SOCKET_SECONDS = 3600.0  # roles that came with the handshake are read again
POLICY_VIOLATION = 1008
Clock = Callable[[], float]


@dataclass(frozen=True)
class Doors:
    """What the gate stands on: how people sign in, API keys, limits."""

    mode: Mode
    keys: Keys
    limits: Limits
    address: str = ""  # as people open it, where a proxy calls us by another name


class Gate:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, doors: Callable[[], Doors], clock: Clock = monotonic) -> None:
        self._app, self._doors, self._clock = app, doors, clock
        self._media = Announced()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through, or not."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        doors = self._doors()
        scope = _stripped(scope)
        connection = HTTPConnection(scope)
        if scope["type"] == "websocket":
            await self._socket(doors, connection, receive, send)
        elif refused := _refused(doors, connection):
            await refused(scope, receive, send)
        elif route := _own_route(doors.mode, scope):
            scope["router"] = route
            await route(scope, receive, send)
        else:
            await self._request(doors, connection, receive, send)

    async def _request(self, doors: Doors, connection: HTTPConnection, receive: Receive, send: Send) -> None:
        scope, path = connection.scope, connection.scope["path"]
        if path in OPEN or _asks_first(connection):
            await self._app(scope, receive, send)
            return
        who = await run_in_threadpool(_recognised, doors, connection)
        answer = _turned_away(doors, connection, who)
        if answer is None and who is not None and not self._media.is_theirs(who, path):
            answer = _plain(connection, 404, "There is nothing here.")
        if answer is None and who is not None:
            with serving(who):
                await self._app(_introduced(scope, who), receive, send)
        elif answer is not None:
            say(log, "turned away", {"status": answer.status_code, "place": peer(connection)})
            await answer(scope, receive, send)

    async def _socket(self, doors: Doors, connection: HTTPConnection, receive: Receive, send: Send) -> None:
        who = await run_in_threadpool(doors.mode.identify, connection)
        is_ours = _is_same_site(connection.headers, doors.address) and not CLOSED.search(connection.scope["path"])
        if who is None or not who.may("viewer") or not is_ours:
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
            return
        guard = _Guard(doors.mode, connection, who, self._clock)

        async def receiving() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive" and not await guard.holds():
                await send({"type": "websocket.close", "code": POLICY_VIOLATION})
                return {"type": "websocket.disconnect", "code": POLICY_VIOLATION}
            return message

        async def sending(message: Message) -> None:
            if message["type"] == "websocket.send" and not await guard.holds():
                message = {"type": "websocket.close", "code": POLICY_VIOLATION}
            self._media.hear(who, message.get("bytes") or b"")
            await guard.send(message, send)

        await self._app(_introduced(connection.scope, who), receiving, sending)


class Announced:
    """Which media a person was told of: an address that leaks is worth nothing to anybody else."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, bytes], None] = {}

    def hear(self, who: Identity, message: bytes) -> None:
        """Remember the media that a message to somebody names."""
        if b"/media/" not in message:
            return
        for name in MEDIA.findall(message):
            self._known[who.name, who.tenant, name] = None
        while len(self._known) > MOST_MEDIA:
            del self._known[next(iter(self._known))]

    def is_theirs(self, who: Identity, path: str) -> bool:
        """Return whether somebody may fetch this: any path but media they were not told of."""
        found = MEDIA.search(path.encode())
        return found is None or (who.name, who.tenant, found[1]) in self._known


class _Guard:
    """Whether who opened a socket may still use it; asked again every second, in both directions."""

    def __init__(self, mode: Mode, connection: HTTPConnection, who: Identity, clock: Clock) -> None:
        self._mode, self._connection, self._who, self._clock = mode, connection, who, clock
        self._opened = self._asked = clock()
        self._is_closed = False

    async def holds(self) -> bool:
        """Return whether the same person with the same rights is still there."""
        now = self._clock()
        if self._is_closed or now - self._opened > OLDEST_SOCKET_SECONDS:
            return False
        if now - self._asked >= RECHECK_SECONDS:
            self._asked = now
            found = await run_in_threadpool(self._mode.identify, self._connection)
            if found is None or (found.role, found.tenant) != (self._who.role, self._who.tenant):
                self._opened = -OLDEST_SOCKET_SECONDS * 2
                return False
        return True

    async def send(self, message: Message, send: Send) -> None:
        """Send unless it was closed."""
        if not self._is_closed:
            self._is_closed = message["type"] == "websocket.close"
            await send(message)


# ── who ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def identity_of(connection: HTTPConnection) -> Identity:
    """Return who the gate let in; KeyError where there was no gate, which must never happen."""
    found: Identity = connection.scope[IDENTITY]
    return found


def identity_in(headers: Any) -> Identity | None:
    """Return who the gate let in, from the headers of a socket; None without a gate."""
    name, role = headers.get(WHO), headers.get(ROLE)
    if not name or not role:
        return None
    return Identity(unquote(name), role, unquote(headers.get(TENANT, "")), unquote(headers.get(PLACE, "")))


def _recognised(doors: Doors, connection: HTTPConnection) -> Identity | None:
    """Return whose key or session this is; a key opens the API and the meters only, and a wrong one opens nothing."""
    given = doors.keys.given(connection)
    if not given:
        return doors.mode.identify(connection)
    is_for_programs = connection.scope["path"].startswith("/api/") or connection.scope["path"] == "/metrics"
    return doors.keys.identify(given, connection) if is_for_programs else None


def _stripped(scope: Scope) -> Scope:
    """Return the scope without anything a visitor says about who they are in our own words."""
    headers = [(name, value) for name, value in scope["headers"] if not name.lower().startswith(OURS)]
    return {**scope, "headers": headers}


def _introduced(scope: Scope, who: Identity) -> Scope:
    """Return the scope with who this is, for the API as an object and for the pages as headers."""
    said = {WHO: who.name, ROLE: who.role, TENANT: who.tenant, PLACE: who.place}
    added = [(name.encode(), quote(value).encode()) for name, value in said.items() if value]
    return {**scope, "headers": [*scope["headers"], *added], IDENTITY: who}


# ── where and how ──────────────────────────────────────────────────────────────────────────────────────────────────
def _refused(doors: Doors, connection: HTTPConnection) -> Response | None:
    """Return the answer to what nobody may ask, whoever they are."""
    scope = connection.scope
    if CLOSED.search(scope["path"]):
        return _plain(connection, 404, "There is nothing here.")
    if len(scope["path"]) + len(scope.get("query_string", b"")) > LONGEST_URL:
        return _plain(connection, 414, "This address is too long.")
    carries_cookies = not doors.keys.given(connection)
    if scope["method"] not in SAFE and carries_cookies and not _is_same_site(connection.headers, doors.address):
        return _plain(connection, 403, "This request came from another site.")
    return None


def _is_same_site(headers: Headers, address: str) -> bool:
    """Return whether a browser says that the request comes from our own pages; programs say nothing."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site in ("same-origin", "none")
    return origin is None or urlsplit(origin).netloc in (headers.get("host"), urlsplit(address).netloc)


def _asks_first(connection: HTTPConnection) -> bool:
    """Return whether a browser asks if a page of another site may ask; the API's list of sites answers that."""
    scope = connection.scope
    asks = scope["method"] == "OPTIONS" and "access-control-request-method" in connection.headers
    return asks and scope["path"].startswith("/api/")


def _own_route(mode: Mode, scope: Scope) -> ASGIApp | None:
    """Return the page of the mode itself that is asked for."""
    found = any(route.matches(scope)[0] is Match.FULL for route in mode.routes)
    return Router(routes=list(mode.routes)) if found else None


def _needed(scope: Scope) -> Role:
    """Return the role that a request takes before anything looks at it; routes may ask for more."""
    path = scope["path"]
    if path == "/metrics":
        return "admin"
    return "analyst" if "/_stcore/upload_file" in path else "viewer"


def _turned_away(doors: Doors, connection: HTTPConnection, who: Identity | None) -> Response | None:
    """Return the answer to somebody who may not pass, None where they may."""
    if who is None:
        if _is_page(connection) and doors.mode.routes:
            asked = connection.scope["path"] + (f"?{connection.url.query}" if connection.url.query else "")
            return RedirectResponse(f"/login?next={quote(asked, safe='')}", 303)
        status = 401 if doors.mode.routes or doors.keys.given(connection) else 403
        return _plain(connection, status, doors.mode.why())
    if not who.may(_needed(connection.scope)):
        return _plain(connection, 403, f"This takes the role {_needed(connection.scope)}; yours is {who.role}.")
    if wait := doors.limits.request(f"{who.name} {who.place}"):
        answer = _plain(connection, 429, f"Too many requests. Try again in {wait} seconds.")
        answer.headers["retry-after"] = str(wait)
        return answer
    return None


def _is_page(connection: HTTPConnection) -> bool:
    """Return whether a browser asks for a page to be looked at."""
    scope = connection.scope
    wants = "text/html" in connection.headers.get("accept", "")
    is_part = scope["path"].startswith("/api/") or "/_stcore/" in scope["path"]
    return scope["method"] == "GET" and wants and not is_part


def _plain(connection: HTTPConnection, status: int, text: str) -> Response:
    """Return a refusal as the asker reads it: a page, or a problem document."""
    if _is_page(connection):
        return pages.told("Not here", text, status)
    found = {"type": "urn:archive-forecast:problem:access", "title": text, "status": status, "detail": text}
    headers = {"www-authenticate": "Bearer"} if status == 401 else None
    return JSONResponse(found, status, headers, media_type="application/problem+json")
