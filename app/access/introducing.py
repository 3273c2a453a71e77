"""How what stands behind the gate learns who was let in.

In:    a connection, and who the gate found at its other end.
Out:   the connection introduced: for the API as an object, for pages as headers of our own.
Never: leaves one of these headers in place that a visitor wrote.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote

from starlette.requests import HTTPConnection
from starlette.types import Scope

from app.access.identity import Identity

IDENTITY = "archive_forecast_identity"
OURS = b"x-archive-forecast-"
WHO, ROLE, TENANT, PLACE = (f"{OURS.decode()}{part}" for part in ("name", "role", "tenant", "place"))


def stripped(scope: Scope) -> Scope:
    """Return the scope without anything a visitor says about who they are in our own words."""
    headers = [(name, value) for name, value in scope["headers"] if not name.lower().startswith(OURS)]
    return {**scope, "headers": headers}


def introduced(scope: Scope, who: Identity) -> Scope:
    """Return the scope with who this is."""
    said = {WHO: who.name, ROLE: who.role, TENANT: who.tenant, PLACE: who.place}
    added = [(name.encode(), quote(value).encode()) for name, value in said.items() if value]
    return {**scope, "headers": [*scope["headers"], *added], IDENTITY: who}


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
