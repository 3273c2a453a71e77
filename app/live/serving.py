"""The component's files over HTTP: from memory, compressed once, and for ever, because their address has their version.

In:    requests.
Out:   files under the address at which Streamlit would serve them; every other request goes on.
Never: reads a file per request; lets a browser keep what a new release has changed.
"""

from __future__ import annotations

import gzip
import mimetypes
from functools import cache

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.live.assets import FOLDER
from app.live.component import NAME

PLACE = f"/_stcore/bidi-components/{NAME}/"
HEADERS = {"cache-control": "public, max-age=31536000, immutable", "vary": "accept-encoding"}


@cache
def contents() -> dict[str, tuple[bytes, bytes]]:
    """Return every file of the component by name, as it is and compressed."""
    plain = {path.name: path.read_bytes() for path in FOLDER.iterdir()}
    return {name: (data, gzip.compress(data, 9, mtime=0)) for name, data in plain.items()}


class Files:
    """Answers for the component's files and hands everything else on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        name = str(scope.get("path", "")).partition(PLACE)[2]
        if scope["type"] != "http" or scope["method"] != "GET" or name not in contents():
            await self._app(scope, receive, send)
            return
        plain, packed = contents()[name]
        kind = mimetypes.guess_type(name)[0] or "text/plain"
        if "gzip" in Headers(scope=scope).get("accept-encoding", ""):
            answer = Response(packed, headers={**HEADERS, "content-encoding": "gzip"}, media_type=kind)
        else:
            answer = Response(plain, headers=HEADERS, media_type=kind)
        await answer(scope, receive, send)
