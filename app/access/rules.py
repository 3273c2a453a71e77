"""What may be asked at all, by whom, and how a refusal reads.

In:    connections.
Out:   a refusal, or None; the role that something takes.
Never: depends on who asks, but for the role that is returned.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from app.access import pages
from app.access.identity import Role
from app.access.limits import LONGEST_URL

OPEN = frozenset({"/health", "/api/health", "/api/v1/health", "/favicon.ico", "/robots.txt", "/robots933456.txt"})
CLOSED = re.compile(r"/_stcore/(metrics|agent|script-health-check|message)|/api/docs|/\.\.")
METERS = "/metrics"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
MOVES = "/live/"
SHIPPED = ("/static/", "/_stcore/bidi-components/")


def refused(connection: HTTPConnection, address: str, *, by_key: bool) -> Response | None:
    """Return the answer to what nobody may ask, whoever they are."""
    scope = connection.scope
    if CLOSED.search(scope["path"]):
        return plain(connection, 404, "There is nothing here.")
    if len(scope["path"]) + len(scope.get("query_string", b"")) > LONGEST_URL:
        return plain(connection, 414, "This address is too long.")
    if scope["method"] not in SAFE and not by_key and not is_same_site(connection.headers, address):
        return plain(connection, 403, "This request came from another site.")
    return None


def is_same_site(headers: Headers, address: str) -> bool:
    """Return whether a browser says that the request comes from our own pages; programs say nothing."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site in ("same-origin", "none")
    ours = {headers.get("host"), urlsplit(address).netloc} - {"", None}  # a sandboxed page is from "null": nowhere
    return origin is None or urlsplit(origin).netloc in ours


def asks_first(connection: HTTPConnection) -> bool:
    """Return whether a browser asks if a page of another site may ask; the API's list of sites answers that."""
    scope = connection.scope
    asks = scope["method"] == "OPTIONS" and "access-control-request-method" in connection.headers
    return asks and scope["path"].startswith("/api/")


def needed(scope: Scope) -> Role:
    """Return the role that a request takes before anything looks at it; routes may ask for more."""
    path = scope["path"]
    if path == METERS:
        return "admin"
    return "analyst" if "/_stcore/upload_file" in path else "viewer"


def is_shipped(scope: Scope) -> bool:
    """Return whether this is a file of the release; a page fetches a hundred of them before it asks anything."""
    return scope["method"] in SAFE and scope["path"].startswith(SHIPPED)


def is_move(scope: Scope) -> bool:
    """Return whether this is a move of a lever, of which a hand makes many a second."""
    path: str = scope["path"]
    return path.startswith(MOVES)


def is_page(connection: HTTPConnection) -> bool:
    """Return whether a browser asks for a page to be looked at."""
    scope = connection.scope
    wants = "text/html" in connection.headers.get("accept", "")
    is_part = scope["path"].startswith("/api/") or "/_stcore/" in scope["path"]
    return scope["method"] == "GET" and wants and not is_part


def plain(connection: HTTPConnection, status: int, text: str) -> Response:
    """Return a refusal as the asker reads it: a page, or a problem document."""
    if is_page(connection):
        return pages.told("Not here", text, status)
    found = {"type": "urn:archive-forecast:problem:access", "title": text, "status": status, "detail": text}
    headers = {"www-authenticate": "Bearer"} if status == 401 else None
    return JSONResponse(found, status, headers, media_type="application/problem+json")
