"""The server: the app and its API on one port behind one gate; nobody waits for a model but the start itself.

Started by `python -m streamlit run app/asgi.py`, which keeps Streamlit's own socket settings.
"""

from __future__ import annotations

import gc

gc.disable()  # until the last line: nothing of two thousand modules is garbage, and looking for it costs .4 s

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
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from app import moving, state, widgets
from app.access.gate import Gate
from app.access.headers import SecurityHeaders
from app.access.introducing import identity_of
from app.api import Door, create_api
from app.live import serving
from app.observing import Requests, meters, say, send_to_insights, set_up
from app.rounds import beating, shared
from app.state import services
from forecast_core import month_text

log = logging.getLogger(__name__)
_READY: dict[str, str] = {}
PAGES = Path(__file__).resolve().parents[1] / "pages"
PATHS = frozenset({"/", *(f"/{page.stem}" for page in PAGES.glob("[a-z]*.py"))})


@asynccontextmanager
async def warm(_: Any) -> AsyncIterator[None]:
    """Read or learn the demo model and answer once before anybody comes; a mounted API does not start by itself."""
    set_up(state.settings())
    send_to_insights(state.settings())
    services.doors()
    service = state.house()
    async with shared(service, exchange=services.share):
        source = await run_in_threadpool(service.warm)
        await run_in_threadpool(serving.contents)
        _READY.update(model=source.model_id, data_to=month_text(source.data_to), version=source.code_version)
        state.settle()
        say(log, "ready", {"sign_in": state.settings().sign_in, **_READY})
        async with beating(service), api.router.lifespan_context(api):
            yield
        _READY.clear()


async def health(_: Request) -> JSONResponse:
    """Answer 200 when the model is loaded, 503 before and after; a stranger learns nothing else."""
    return JSONResponse({"status": "ready" if _READY else "starting"}, 200 if _READY else 503)


async def metrics(_: Request) -> Response:
    """Answer every meter as Prometheus reads it."""
    return Response(meters.text(), media_type="text/plain; version=0.0.4")


api = create_api(Door(services.service_of, lambda: bool(_READY), identity_of), state.settings().allowed_origins)
app = st.App(
    Path(__file__).with_name("main.py"),
    lifespan=warm,
    routes=[
        Route("/health", health),
        Route("/metrics", metrics),
        Route("/live/{page}", moving.answer, methods=["POST"]),
        Mount("/api", api),
    ],
    middleware=[
        Middleware(Requests, known=PATHS),
        Middleware(SecurityHeaders, is_secure=state.settings().public_url.startswith("https://")),
        Middleware(Gate, doors=services.doors),
        Middleware(serving.Files),
        Middleware(GZipMiddleware, minimum_size=1000),
    ],
    on_script_error=widgets.broke,
)
gc.enable()
