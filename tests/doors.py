"""Doors for tests: the API over a service, with somebody at it."""

from __future__ import annotations

from app.access import Identity
from app.api import Door
from forecast_core import Service

ADMIN = Identity("ada", "admin")
ANALYST = Identity("ann", "analyst")
VIEWER = Identity("vic", "viewer")


def door(service: Service, who: Identity = ADMIN) -> Door:
    """Return a door that stands open to one person."""
    return Door(lambda _: service, lambda: True, lambda _: who)
