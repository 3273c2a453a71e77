"""An open socket: who opened it is asked for again every second, in both directions.

In:    a socket that was let in, and who by.
Out:   its messages while the same person with the same rights is still there.
Never: serves a socket for longer than an hour: roles that came with the handshake are read again.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.types import Message, Receive, Send

from app.access.identity import Identity
from app.access.media import Media
from app.access.modes import Mode

RECHECK_SECONDS = 1.0
OLDEST_SECONDS = 3600.0
POLICY_VIOLATION = 1008
CLOSE: Message = {"type": "websocket.close", "code": POLICY_VIOLATION}
Clock = Callable[[], float]


class OpenSocket:
    """One socket between a browser and the app; `receive` and `send` stand in place of the server's."""

    def __init__(
        self,
        mode: Mode,
        connection: HTTPConnection,
        who: Identity,
        clock: Clock,
        media: Media,
        ends: tuple[Receive, Send],
    ) -> None:
        self._mode, self._connection, self._who, self._clock, self._media = mode, connection, who, clock, media
        self._receive, self._send = ends
        self._opened = self._asked = clock()
        self._is_closed = False

    async def receive(self) -> Message:
        """Return what the browser says; that it has gone, where it may say nothing any more."""
        message = await self._receive()
        if message["type"] == "websocket.receive" and not await self._holds():
            await self._close()
            return {"type": "websocket.disconnect", "code": POLICY_VIOLATION}
        return message

    async def send(self, message: Message) -> None:
        """Send to the browser; ConnectionAbortedError, as from a broken line, where it may hear nothing any more."""
        if message["type"] == "websocket.send" and not await self._holds():
            await self._close()
            raise ConnectionAbortedError("who opened this socket may not use it any more")
        if message["type"] == "websocket.close":
            await self._close(message)
            return
        self._media.hear(self._who, message.get("bytes") or b"")
        await self._send(message)

    async def _close(self, message: Message = CLOSE) -> None:
        if not self._is_closed:
            self._is_closed = True
            await self._send(message)

    async def _holds(self) -> bool:
        """Return whether the same person with the same rights is still there."""
        now = self._clock()
        if self._is_closed or now - self._opened > OLDEST_SECONDS:
            return False
        if now - self._asked >= RECHECK_SECONDS:
            self._asked = now
            found = await run_in_threadpool(self._mode.identify, self._connection)
            return found is not None and (found.role, found.tenant) == (self._who.role, self._who.tenant)
        return True
