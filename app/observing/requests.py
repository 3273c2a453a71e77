"""Every request: its id, how long it took, what it came to; one line and one count each.

In:    requests.
Out:   the same requests under an id, `X-Request-ID` and `Server-Timing` in the answer.
Never: logs a query, a body or a header.
"""

from __future__ import annotations

import logging
import re
from time import perf_counter

from opentelemetry.trace import SpanKind
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import request_id
from app.observing import meters
from app.observing.logs import say
from app.observing.telemetry import span
from app.request_id import RequestId

log = logging.getLogger(__name__)
PARTS = ("/static/", "/component/", "/media/", "/_stcore/", "/.well-known/")
ROUTE = re.compile(r"/(api(/v1)?/[a-z./-]+|live/[a-z]+|health|metrics|login|logout|password|oidc/[a-z]+)")


class Requests:
    """ASGI middleware, the outermost one; `known` are the paths of pages."""

    def __init__(self, app: ASGIApp, known: frozenset[str] = frozenset()) -> None:
        self._app = RequestId(self._measured)
        self._inner, self._known = app, known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer under an id, and say how it went."""
        await self._app(scope, receive, send)

    async def _measured(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            with meters.sockets.track_inprogress():
                await self._inner(scope, receive, send)
            return
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        started, status = perf_counter(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                took = 1000 * (perf_counter() - started)
                MutableHeaders(scope=message)["server-timing"] = f"app;dur={took:.2f}"
            await send(message)

        route = self.route(scope["path"])
        with span(f"{scope['method']} {route}", SpanKind.SERVER) as told:
            try:
                await self._inner(scope, receive, sending)
            finally:
                told.update({"http.request.method": scope["method"], "http.route": route, "url.path": route})
                told.update({"http.response.status_code": status, "request_id": request_id.current()})
                self._told(scope, route, status, perf_counter() - started)

    def _told(self, scope: Scope, route: str, status: int, seconds: float) -> None:
        meters.requests.labels(route, scope["method"], str(status)).inc()
        meters.request_seconds.labels(route).observe(seconds)
        is_small = route in ("parts", "/health") or route.startswith("/live/")  # a move is told as a use case already
        level = logging.DEBUG if is_small and status < 400 else logging.INFO
        facts = {"method": scope["method"], "path": route, "status": status, "ms": round(1000 * seconds, 1)}
        say(log, "request", facts, level)

    def route(self, path: str) -> str:
        """Return a path as it is counted: as it is where it is ours, a group otherwise."""
        if any(part in path for part in PARTS):
            return "parts"
        if ROUTE.fullmatch(path) and len(path) < 60:
            return re.sub(r"(/scenarios)/.+", r"\1/id", path)
        return path if path in self._known else "other"
