"""A gate for tests: real accounts, sessions and keys in front of a small app that says who it sees."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from app.access.acts import Acts
from app.access.gate import Doors, Gate
from app.access.headers import SecurityHeaders
from app.access.keys import Keys
from app.access.limits import Limits
from app.access.local import Local
from app.access.modes import Mode
from app.access.secrets import hashed
from app.access.sessions import Sessions
from forecast_core import Access, Account, Audit, Store
from forecast_core.store.engine import FILE

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
HERE = ("127.0.0.1", 50_000)
MEDIUM = "/media/abcdef123456.csv"
UPLOAD = "/_stcore/upload_file/0123abcd-session/4567ef-file"
THERE = ("203.0.113.9", 50_000)


@dataclass
class Clock:
    """A clock that stands until it is moved; tells the moment, and seconds."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return (self.now - NOON).total_seconds()

    def move(self, **span: float) -> None:
        self.now += timedelta(**span)


async def seen(request: Request) -> JSONResponse:
    """Say what the app sees of who asks."""
    return JSONResponse({name: value for name, value in request.headers.items() if name.startswith("x-archive")})


async def talk(socket: WebSocket) -> None:
    """Answer every message, say who is there, and name a file and a place for one."""
    await socket.accept()
    try:
        while True:
            said = await socket.receive_text()
            await socket.send_bytes(
                f"{said} {socket.headers.get('x-archive-forecast-name')} {MEDIUM} {UPLOAD}".encode()
            )
    except WebSocketDisconnect:
        return


async def tick(socket: WebSocket) -> None:
    """Send without being asked, as a page that redraws itself does."""
    await socket.accept()
    try:
        for number in count():
            await socket.send_bytes(str(number).encode())
            await asyncio.sleep(0.01)
    except WebSocketDisconnect:
        return


@cache
def _tables() -> bytes:
    """Return an empty store's file: every test starts from a copy, without the second that migrations take."""
    with TemporaryDirectory() as folder:
        store = Store.at(Path(folder))
        Access(store).accounts()
        store.close()
        return Path(folder, FILE).read_bytes()


@dataclass
class House:
    """Everything behind one gate."""

    folder: Path
    mode: Mode | None = None
    address: str = ""
    per_minute: int = 1000
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        (self.folder / FILE).write_bytes(_tables())
        self.access = Access(Store.at(self.folder))
        self.limits = Limits(self.per_minute)
        self.keys = Keys(self.access, b"pepper" * 8, self.clock)
        self.acts = Acts(lambda: Audit(Store.at(self.folder)))
        self.sessions = Sessions(self.access, self.clock, 12)
        self.doors = Doors(
            self.mode or Local(self.sessions, self.limits, self.acts), self.keys, self.limits, self.address
        )

    def account(self, name: str, role: str = "viewer", tenant: str = "") -> None:
        """Make an account."""
        self.access.add(Account(name, hashed(PASSWORD), role, tenant, 1, self.clock(), "test"))

    def app(self) -> Any:
        """Return the app behind the gate."""
        routes = [
            Route("/{path:path}", seen, methods=["GET", "POST", "PUT", "DELETE"]),
            WebSocketRoute("/_stcore/stream", talk),
            WebSocketRoute("/tick", tick),
        ]
        middleware = [
            Middleware(SecurityHeaders, is_secure=self.address.startswith("https")),
            Middleware(Gate, doors=lambda: self.doors, clock=self.clock.seconds),
        ]
        return Starlette(routes=[Mount("/", routes=routes)], middleware=middleware)

    def visitor(self, peer: tuple[str, int] = THERE, url: str = "https://forecast.example") -> TestClient:
        """Return a browser or program somewhere."""
        return TestClient(self.app(), url, raise_server_exceptions=False, follow_redirects=False, client=peer)

    def signed_in(self, name: str, **where: Any) -> TestClient:
        """Return a browser in which somebody has signed in."""
        browser = self.visitor(**where)
        answer = browser.post("/login", data={"name": name, "password": PASSWORD, "next": "/"})
        assert answer.status_code == 303, answer.text
        return browser
