"""The gate in front of everything: pages, API, media, uploads, sockets. Closed unless somebody is recognised.

In:    every connection.
Out:   the connection with its `Identity`; a sign-in page, 401, 403, 404, 429 or a closed socket otherwise.
Never: lets a visitor's own identity header through; trusts that who came in may still be here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from app.access.current import serving
from app.access.identity import Identity
from app.access.introducing import introduced, stripped
from app.access.keys import Keys
from app.access.limits import Limits
from app.access.media import Media
from app.access.modes import Mode, peer
from app.access.rules import (
    CLOSED,
    METERS,
    OPEN,
    asks_first,
    is_move,
    is_page,
    is_same_site,
    is_shipped,
    needed,
    plain,
    refused,
)
from app.access.sockets import CLOSE, Clock, OpenSocket
from app.observing.logs import say
from forecast_core import StoreError

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Doors:
    """What the gate stands on: how people sign in, API keys, limits."""

    mode: Mode
    keys: Keys
    limits: Limits
    address: str = ""  # as people open it, where a proxy calls us by another name

    def key(self, connection: HTTPConnection) -> str:
        """Return the key that came along, "" where none did or none counts."""
        return self.keys.given(connection) if self.mode.takes_keys else ""


class Gate:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, doors: Callable[[], Doors], clock: Clock = monotonic) -> None:
        self._app, self._doors, self._clock = app, doors, clock
        self._media = Media()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through, or not."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        doors = self._doors()
        scope = stripped(scope)
        connection = HTTPConnection(scope)
        try:
            await self._let_in(doors, connection, receive, send)
        except StoreError as error:  # who may come in, or the page that signs in, is not known now
            text = f"Nobody can be recognised now. {error.what} Try again in a moment."
            is_socket = scope["type"] == "websocket"
            await (send(CLOSE) if is_socket else plain(connection, error.status, text)(scope, receive, send))

    async def _let_in(self, doors: Doors, connection: HTTPConnection, receive: Receive, send: Send) -> None:
        scope = connection.scope
        if scope["type"] == "websocket":
            await self._socket(doors, connection, receive, send)
        elif no := refused(connection, doors.address, by_key=bool(doors.key(connection))):
            await no(scope, receive, send)
        elif page := _own_page(doors.mode, scope):
            await page(scope, receive, send)
        else:
            await self._request(doors, connection, receive, send)

    async def _request(self, doors: Doors, connection: HTTPConnection, receive: Receive, send: Send) -> None:
        scope, path = connection.scope, connection.scope["path"]
        if path in OPEN or asks_first(connection):
            await self._app(scope, receive, send)
            return
        who = await run_in_threadpool(_recognised, doors, connection)
        answer = _turned_away(doors, connection, who)
        if answer is None and who is not None and not self._media.is_theirs(who, path):
            answer = plain(connection, 404, "There is nothing here.")
        if answer is None and who is not None:
            with serving(who):
                await self._app(introduced(scope, who), receive, send)
        elif answer is not None:
            say(log, "turned away", {"status": answer.status_code, "place": peer(connection)})
            await answer(scope, receive, send)

    async def _socket(self, doors: Doors, connection: HTTPConnection, receive: Receive, send: Send) -> None:
        who = await run_in_threadpool(doors.mode.identify, connection)
        is_ours = is_same_site(connection.headers, doors.address) and not CLOSED.search(connection.scope["path"])
        if who is None or not who.may("viewer") or not is_ours:
            say(log, "socket turned away", {"place": peer(connection)})
            await send(CLOSE)
            return
        opened = OpenSocket(doors.mode, connection, who, self._clock, self._media, (receive, send))
        await self._app(introduced(connection.scope, who), opened.receive, opened.send)


def _recognised(doors: Doors, connection: HTTPConnection) -> Identity | None:
    """Return whose key or session this is; a key opens the API and the meters only, and a wrong one opens nothing."""
    given = doors.key(connection)
    if not given:
        return doors.mode.identify(connection)
    is_for_programs = connection.scope["path"].startswith("/api/") or connection.scope["path"] == METERS
    return doors.keys.identify(given, connection) if is_for_programs else None


def _own_page(mode: Mode, scope: Scope) -> ASGIApp | None:
    """Return the page of the mode itself that is asked for."""
    found = any(route.matches(scope)[0] is Match.FULL for route in mode.routes)
    return Router(routes=list(mode.routes)) if found else None


def _wait(doors: Doors, connection: HTTPConnection, who: Identity) -> int:
    return doors.limits.request(f"{who.name} {who.place}", is_move=is_move(connection.scope))


def _turned_away(doors: Doors, connection: HTTPConnection, who: Identity | None) -> Response | None:
    """Return the answer to somebody who may not pass, None where they may."""
    if who is None:
        if is_page(connection) and doors.mode.routes:
            asked = connection.scope["path"] + (f"?{connection.url.query}" if connection.url.query else "")
            return RedirectResponse(f"/login?next={quote(asked, safe='')}", 303)
        status = 401 if doors.mode.routes or doors.key(connection) else 403
        return plain(connection, status, doors.mode.why())
    if connection.scope["path"] == METERS and who.tenant:
        return plain(connection, 403, "The meters count everybody; they are the house's.")
    if not who.may(needed(connection.scope)):
        return plain(connection, 403, f"This takes the role {needed(connection.scope)}; yours is {who.role}.")
    if not is_shipped(connection.scope) and (wait := _wait(doors, connection, who)):
        answer = plain(connection, 429, f"Too many requests. Try again in {wait} seconds.")
        answer.headers["retry-after"] = str(wait)
        return answer
    return None
