"""What the pages before the app are sent: small forms, and places to go on to.

In:    a request; a place that somebody asked for.
Out:   the form's bytes; a place here.
Never: waits for a form for long; sends anybody to another site.
"""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qs, quote

from starlette.requests import ClientDisconnect, Request

LONGEST_FORM, FORM_SECONDS, MOST_FIELDS = 8_000, 10.0, 10


async def filled(request: Request, *fields: str) -> dict[str, str]:
    """Return what was filled in, "" where nothing was; a form with more fields than any of ours was not filled in."""
    try:
        form = parse_qs((await limited(request)).decode("utf-8", "replace"), max_num_fields=MOST_FIELDS)
    except ValueError:
        form = {}
    return {field: (form.get(field) or [""])[0] for field in fields}


async def limited(request: Request) -> bytes:
    """Return a small body that comes soon; what goes beyond either is left unread, nothing of it counts."""
    found = b""
    try:
        async with asyncio.timeout(FORM_SECONDS):
            async for part in request.stream():
                found += part
                if len(found) > LONGEST_FORM:
                    return b""
    except (TimeoutError, ClientDisconnect):
        return b""
    return found


def harmless(target: str) -> str:
    """Return where to go after signing in: a place here, whatever was asked for."""
    inside = target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    return quote(target, safe="/?&=%+,.:;@!$'()*~-_|") if inside and len(target) < 8_000 else "/"
