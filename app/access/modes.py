"""How somebody at the door is recognised: one small interface, and its simplest form, no sign-in at all.

In:    a connection: its peer, headers and cookies.
Out:   `Identity`, or None.
Never: trusts a header that a visitor could have written; is open to another machine by default.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Protocol

from starlette.requests import HTTPConnection
from starlette.routing import Route

from app.access.identity import Identity

LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})
FORWARDED = ("x-forwarded-for", "x-forwarded-host", "forwarded", "x-real-ip", "x-client-ip", "via")


class Mode(Protocol):
    """A way to sign in; `routes` are its own pages, open to strangers; `takes_keys` whether programs have keys."""

    name: str
    takes_keys: bool
    routes: Sequence[Route]

    def identify(self, connection: HTTPConnection) -> Identity | None:
        """Return who this is, None for a stranger."""
        ...

    def why(self) -> str:
        """Return what a stranger is told."""
        ...


class Off:
    """No sign-in: whoever sits at this machine is its administrator, and nobody else comes in."""

    name = "off"
    takes_keys = False  # this machine needs none, and another one must not come in by one
    routes: Sequence[Route] = ()

    def identify(self, connection: HTTPConnection) -> Identity | None:
        """Return the one at this machine; None for another machine, a proxy, or a page that pretends to be here."""
        if not is_here(connection):
            return None
        return Identity("local", "admin", place=peer(connection))

    def why(self) -> str:
        """Return what another machine is told."""
        return "Sign-in is off, so this address answers to this machine only. Set ARCHIVE_FORECAST_SIGN_IN to open it."


def peer(connection: HTTPConnection) -> str:
    """Return the address of the other end, "" if there is none; one of IPv4 as such, whatever socket it came by."""
    host = connection.client.host if connection.client else ""
    return host.removeprefix("::ffff:") if "." in host else host


def is_here(connection: HTTPConnection) -> bool:
    """Return whether both ends are this machine, no proxy between them, and the page was opened by a name of it.

    By its name, or another site could call itself by our address (DNS rebinding).
    """
    if any(name in connection.headers for name in FORWARDED):
        return False
    try:
        near = ipaddress.ip_address(peer(connection)).is_loopback
    except ValueError:
        near = False
    return near and connection.url.hostname in LOCAL_NAMES
