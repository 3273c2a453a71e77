"""What every route needs: the service, and the documents as they leave.

In:    functions that the server hands over.
Out:   `Door`; `service()`, a dependency of routes; `sent`, a document as a response.
Never: keeps anything between two requests.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response

from app.access import Identity
from app.access.current import serving
from app.wire import Document
from forecast_core import Service


@dataclass(frozen=True)
class Door:
    """`service` returns what somebody may see; `is_ready` whether it has warmed up; `who` is at the door."""

    service: Callable[[Identity], Service]
    is_ready: Callable[[], bool]
    who: Callable[[Request], Identity]


async def _door(request: Request) -> Door:
    found: Door = request.app.state.door
    return found


TheDoor = Annotated[Door, Depends(_door)]


async def _caller(request: Request, door: TheDoor) -> AsyncIterator[Identity]:
    who = door.who(request)
    with serving(who):
        yield who


Caller = Annotated[Identity, Depends(_caller)]


async def _service(door: TheDoor, who: Caller) -> Service:
    return door.service(who)


TheService = Annotated[Service, Depends(_service)]


def sent(document: Document, status: int = 200) -> Response:
    """Return a document as JSON; what FastAPI would convert field by field has its form already."""
    content = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Response(content, status, media_type="application/json")
