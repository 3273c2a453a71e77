"""Goes round between this process and the shared storage, as long as the app runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from starlette.concurrency import run_in_threadpool

from forecast_core import Service

PAUSE_SECONDS = 10.0


@asynccontextmanager
async def shared(service: Service, pause_seconds: float = PAUSE_SECONDS) -> AsyncIterator[None]:
    """Exchange once before anything is asked, then in turns, and once more at the end; nothing without a storage."""
    if service.mirror is None:
        yield
        return
    await run_in_threadpool(service.share)
    rounds = asyncio.create_task(_go_round(service, pause_seconds))
    try:
        yield
    finally:
        rounds.cancel()
        with suppress(asyncio.CancelledError):
            await rounds
        await run_in_threadpool(service.share)


async def _go_round(service: Service, pause_seconds: float) -> None:
    while True:
        await asyncio.sleep(pause_seconds)
        await run_in_threadpool(service.share)
