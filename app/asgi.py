"""The server: the app and its API on one port, its health; nobody waits for a model but the start itself.

Started by `python -m streamlit run app/asgi.py`, which keeps Streamlit's own socket settings.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from app import state, widgets
from app.api import Door, create_api
from app.live import serving
from app.request_id import RequestId
from app.rounds import beating, shared
from forecast_core import ALL, month_text

log = logging.getLogger(__name__)


_READY: dict[str, str] = {}


@asynccontextmanager
async def warm(_: Any) -> AsyncIterator[None]:
    """Train the demo model and answer once before the first user comes; a mounted API does not start by itself."""
    logging.basicConfig(level=state.settings().log_level)
    service = state.service()
    async with shared(service):
        await run_in_threadpool(service.warm)
        await run_in_threadpool(serving.contents)
        source = service.forecast(service.demo_id, ALL, 1).provenance
        _READY.update(
            status="ready",
            model=source.model_name,
            model_id=source.model_id,
            data_to=month_text(source.data_to),
            version=source.code_version,
        )
        state.settle()
        log.info("ready: %s", _READY)
        async with beating(service), api.router.lifespan_context(api):
            yield
        _READY.clear()


async def health(_: Request) -> JSONResponse:
    """Answer 200 when the model is loaded, 503 before and after."""
    return JSONResponse(_READY or {"status": "starting"}, 200 if _READY else 503)


api = create_api(Door(service=state.service, is_ready=lambda: bool(_READY)))
app = st.App(
    Path(__file__).with_name("main.py"),
    lifespan=warm,
    routes=[Route("/health", health), Mount("/api", api)],
    middleware=[Middleware(RequestId), Middleware(serving.Files), Middleware(GZipMiddleware, minimum_size=1000)],
    on_script_error=widgets.broke,
)
