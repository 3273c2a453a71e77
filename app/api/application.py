"""The FastAPI application: routes under `/v1`, the published paths beside them, one place for errors.

In:    a `Door`: how to get the service.
Out:   an ASGI application, mounted at `/api`, or alone in a function.
Never: builds a service; is asked before somebody let the caller in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.api import keeping, models, predict, prices, problems, questions, samples
from app.api.door import Door
from app.api.replies import Problem
from app.request_id import RequestId
from forecast_core import VERSION

ABOUT = """What archiving will free and save, how sure we are, and what changes if the policy changes.
GB are 2^30 bytes; a month is `2027-03`; intervals hold at the stated coverage. What is wrong is answered as a problem
document (RFC 9457) that names field, value and rule. Every answer has the request's id in `X-Request-ID`."""
MOST_BYTES = 8 * 2**20
METHODS = ("GET", "POST")
HEADERS = ("authorization", "content-type", "idempotency-key", "x-api-key", "x-request-id")
PUBLISHED = (predict.published, models.published)


def create_api(door: Door, origins: Sequence[str] = ()) -> FastAPI:
    """Return the API of a door; pages of `origins` may ask it from a browser."""
    api = FastAPI(
        title="Archive Forecast",
        version=VERSION,
        description=ABOUT,
        docs_url=None,  # the stock pages load their scripts from elsewhere
        redoc_url=None,
        openapi_tags=[{"name": "ask"}, {"name": "keep"}, {"name": "data"}, {"name": "model"}],
        servers=[{"url": "/api"}],
        root_path_in_servers=False,
        max_body_size=MOST_BYTES,
    )
    api.state.door = door
    problems.install(api)
    if origins:
        api.add_middleware(CORSMiddleware, allow_origins=origins, allow_methods=METHODS, allow_headers=HEADERS)
    api.add_middleware(RequestId)
    for part in (predict, questions, keeping, models, prices):
        api.include_router(part.router, prefix="/v1")
    for published in PUBLISHED:
        api.include_router(published, include_in_schema=False)
    _declare(api)
    return api


def _declare(api: FastAPI) -> None:
    """Put the problem document into the schema, which no route returns by itself, and examples ready to be copied."""
    made = api.openapi

    def complete() -> dict[str, Any]:
        schema = made()
        found = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schema["components"]["schemas"] |= {**found.pop("$defs"), "Problem": found}
        samples.add(schema)
        return schema

    api.openapi = complete  # type: ignore[method-assign]


__all__ = ["Door", "create_api"]
