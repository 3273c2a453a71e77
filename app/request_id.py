"""Every request has an id: the caller's if it is harmless, else a new one; it is in the answer and in every log line.

In:    a request with or without `X-Request-ID`.
Out:   the same header in the answer; `current()`.
Never: writes into a header or a log what a stranger made up.
"""

from __future__ import annotations

import re
import uuid
from contextvars import ContextVar

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "x-request-id"
_HARMLESS = re.compile(r"[A-Za-z0-9._-]{1,64}")
_CURRENT: ContextVar[str] = ContextVar("request_id", default="")


def current() -> str:
    """Return the id of the request being answered, "" outside of one."""
    return _CURRENT.get()


class RequestId:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer under the request's id."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        name = current() or (given if _HARMLESS.fullmatch(given) else uuid.uuid4().hex)
        mark = _CURRENT.set(name)
        scope[HEADER] = name  # for who answers after this middleware has given up

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = name
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            _CURRENT.reset(mark)
