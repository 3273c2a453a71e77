"""Whatever is wrong, as a problem document (RFC 9457): what, where, which rule, what to do.

In:    errors of the product, of a body that cannot be read, of the server.
Out:   `application/problem+json`.
Never: shows a stack trace, a path or a secret.
"""

from __future__ import annotations

import http
import logging
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from app import request_id
from app.api.replies import Problem
from forecast_core import ForecastError, LeverError, RowsError

log = logging.getLogger(__name__)
MEDIA = "application/problem+json"
TYPE = "urn:archive-forecast:problem:"
MOST_FAULTS = 100
LONGEST = 200
Faults = Sequence[tuple[str, str, str]]


def problem(
    request: Request, status: int, detail: str, *, kind: str = "", hint: str = "", faults: Faults = ()
) -> JSONResponse:
    """Return a problem as a response; of many faults the first hundred."""
    title, name = http.HTTPStatus(status).phrase, request.scope.get(request_id.HEADER, "")
    found = {
        "type": TYPE + (kind or title.lower().replace(" ", "-")),
        "title": title,
        "status": status,
        "detail": detail,
        "instance": request.url.path,
        "request_id": name,
        "hint": hint,
        "errors": [
            {"field": field, "value": value[:LONGEST], "rule": rule} for field, value, rule in faults[:MOST_FAULTS]
        ],
    }
    return JSONResponse(found, status, {request_id.HEADER: name}, media_type=MEDIA)


def install(api: FastAPI) -> None:
    """Let the API answer every error as a problem."""
    api.add_exception_handler(ForecastError, _of_product)
    api.add_exception_handler(RequestValidationError, _of_body)
    api.add_exception_handler(HTTPException, _of_http)
    api.add_exception_handler(Exception, _unexpected)


def documented(*codes: int) -> dict[int | str, dict[str, Any]]:
    """Return the problems that an operation may answer, for OpenAPI."""
    return {
        code: {
            "description": http.HTTPStatus(code).phrase,
            "content": {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for code in codes
    }


async def _of_product(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ForecastError)
    kind = type(error).__name__.removesuffix("Error").lower()
    faults: Faults = ()
    if isinstance(error, RowsError):
        faults = [(f"instances.{item.row}.{item.field}", item.value, item.rule) for item in error.faults]
    elif isinstance(error, LeverError):
        faults = [(f"values.{item.lever}", item.value, item.allowed) for item in error.faults]
    allowed = "" if faults or not error.allowed else f" Allowed: {error.allowed}."
    detail = f"{error.what}{allowed}"[:2000]
    return problem(request, error.status, detail, kind=kind, hint=error.hint, faults=faults)


async def _of_body(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    faults = [(_place(item["loc"]), _shown(item), _rule(item)) for item in error.errors()]
    first = faults[0]
    detail = f"{first[0] or 'The body'}: {first[2]}." + (f" And {len(faults) - 1} more." if len(faults) > 1 else "")
    return problem(request, 422, detail, kind="invalid", faults=faults)


def _place(location: Sequence[int | str]) -> str:
    return ".".join(str(part) for part in location if part != "body")


def _rule(item: dict[str, Any]) -> str:
    is_month = item["type"] == "string_pattern_mismatch" and item["loc"][-1] == "month"
    return "a month as 2027-03" if is_month else str(item["msg"])


def _shown(item: dict[str, Any]) -> str:
    if item["type"] in ("missing", "json_invalid"):
        return ""
    value = item.get("input")
    return f"{len(value)} items" if isinstance(value, list | dict) else repr(value)


async def _of_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    found = problem(request, error.status_code, str(error.detail))
    found.headers.update(error.headers or {})
    return found


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    log.error("%s %s broke", request.method, request.url.path, exc_info=error)
    hint = f"Tell the administrator the request id {request.scope.get(request_id.HEADER, '')}."
    return problem(request, 500, "Something broke; it was logged.", kind="broken", hint=hint)


__all__ = ["Problem", "documented", "install", "problem"]
