"""A line with delay between browser and server: every byte arrives so much later, in order, nothing is lost."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit


async def _carry(source: asyncio.StreamReader, target: asyncio.StreamWriter, delay: float) -> None:
    loop = asyncio.get_running_loop()
    try:
        while data := await source.read(65536):
            loop.call_later(delay, target.write, data)
        await asyncio.sleep(delay)
    finally:
        target.close()


@contextmanager
def slow(url: str, delay_seconds: float) -> Iterator[str]:
    """Return an address that reaches `url` over a line with this delay in each direction."""
    port = urlsplit(url).port
    opened: Future[tuple[int, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_connection("127.0.0.1", port)
        with suppress(asyncio.CancelledError):  # the line is taken down at the end
            await asyncio.gather(_carry(reader, there[1], delay_seconds), _carry(there[0], writer, delay_seconds))

    async def listen() -> None:
        server, over = await asyncio.start_server(connected, "127.0.0.1", 0), asyncio.Event()
        opened.set_result((server.sockets[0].getsockname()[1], asyncio.get_running_loop(), over))
        await over.wait()
        server.close()

    thread = threading.Thread(target=lambda: asyncio.run(listen()), daemon=True)
    thread.start()
    place, loop, over = opened.result()
    yield f"http://127.0.0.1:{place}"
    loop.call_soon_threadsafe(over.set)
    thread.join()
