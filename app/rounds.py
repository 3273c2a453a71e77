"""What the server does again and again beside answering: exchange with the shared storage, say how it is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from starlette.concurrency import run_in_threadpool

from forecast_core import ForecastError, Service

log = logging.getLogger(__name__)
SHARE_SECONDS = 10.0
PULSE_SECONDS = 3600.0


@asynccontextmanager
async def every(seconds: float, work: Callable[[], object]) -> AsyncIterator[None]:
    """Do the work before, then again after every pause, in a thread of its own."""
    await run_in_threadpool(work)
    rounds = asyncio.create_task(_go_round(seconds, work))
    try:
        yield
    finally:
        rounds.cancel()
        with suppress(asyncio.CancelledError):
            await rounds


async def _go_round(seconds: float, work: Callable[[], object]) -> None:
    while True:
        await asyncio.sleep(seconds)
        await run_in_threadpool(work)


@asynccontextmanager
async def shared(
    service: Service, seconds: float = SHARE_SECONDS, exchange: Callable[[], object] | None = None
) -> AsyncIterator[None]:
    """Exchange with the shared storage before anything is asked, in turns, and at the end; nothing without one."""
    if service.mirror is None:
        yield
        return
    work = exchange or service.share
    async with every(seconds, work):
        yield
    await run_in_threadpool(work)


@asynccontextmanager
async def beating(service: Service, seconds: float = PULSE_SECONDS) -> AsyncIterator[None]:
    """Write the pulse to the log once an hour; the alarms of the cloud listen to it."""
    async with every(seconds, lambda: beat(service, datetime.now(UTC))):
        yield


def beat(service: Service, now: datetime) -> None:
    """Write the pulse once; what cannot be read is said instead of kept silent."""
    try:
        for facts in pulse(service, now):
            log.info("pulse", extra={"facts": dict(facts)})
    except ForecastError as error:
        log.error("no pulse: %s", error)


def pulse(service: Service, now: datetime) -> Iterator[Mapping[str, Any]]:
    """Give the age of every published model that answers, and how many alarms wait for somebody."""
    yield {"event": "alive"}
    for info in service.datasets():
        version = service.models.standing(info.id).champion
        if version:
            trained = datetime.fromisoformat(service.models.trained_at(version))
            days = round((now - trained).total_seconds() / 86400, 2)
            yield {"event": "model_age", "dataset": info.id, "version": version, "days": days}
    yield {"event": "drift", "open_alarms": service.watch.open_alarms()}
