"""The API and the monthly round as Azure Functions: the app's own code without its pages.

In:    HTTP on the paths the app has (`/api/v1/...`), with a function key; a timer.
Out:   the API's answers; a round of `archive-forecast monitor`, shared with the app.
Never: tells a stranger more than whether it is ready; knows Streamlit.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

import azure.functions as func
import numpy as np
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.routing import Mount

from app.access import Identity
from app.access.acts import Acts
from app.access.guarded import Guarded
from app.api import Door, create_api
from app.cli import main
from app.rounds import shared
from forecast_core import Audit, Settings

log = logging.getLogger(__name__)
EVERY_MORNING = "0 15 6 * * *"  # seconds first; a round that was made changes nothing when it is made again
KEY_HOLDER = Identity("function key", "analyst")  # whom the host let in; what takes an administrator stays closed
_WARM: list[bool] = []


@cache
def service() -> Guarded:
    """Return the one service of this instance; what is written through it stands in the audit."""
    made = Guarded.of(Settings.load(), np.datetime64("today", "M"))
    return made.guard(Acts(lambda: Audit(made.store)))


@asynccontextmanager
async def warm(_: Starlette) -> AsyncIterator[None]:
    """Fetch what is published and answer once, before the first question is."""
    async with shared(service()), api.router.lifespan_context(api):
        await run_in_threadpool(service().warm)
        _WARM.append(True)
        yield


api = create_api(Door(service=lambda _: service(), is_ready=lambda: bool(_WARM), who=lambda _: KEY_HOLDER))
app = func.AsgiFunctionApp(
    Starlette(routes=[Mount("/api", api)], lifespan=warm), http_auth_level=func.AuthLevel.FUNCTION, function_name="api"
)


@app.function_name("health")
@app.route("health", methods=[func.HttpMethod.GET], auth_level=func.AuthLevel.ANONYMOUS)
async def health(_: func.HttpRequest) -> func.HttpResponse:
    """Answer 200 as soon as questions can be answered; whoever asks first waits for it."""
    await run_in_threadpool(service().warm)
    return func.HttpResponse('{"status":"ready"}', mimetype="application/json")


@app.function_name("round")
@app.timer_trigger(arg_name="timer", schedule=EVERY_MORNING, run_on_startup=False, use_monitor=True)
def go_round(timer: func.TimerRequest) -> None:
    """Go round every data set; a round that failed is a failed invocation, which the platform shows and counts."""
    log.info("round: %s", "late" if timer.past_due else "in time")
    code = main(["monitor", "--json"])
    if code:
        raise RuntimeError(f"The round ended with exit code {code}; what it said is in the log above.")
