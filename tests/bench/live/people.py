"""Many people at once without browsers: clients that open the page by the server's own protocol and move the lever.

Who drags asks again 60 ms after each answer, as the component does; who moves does so every two to four seconds.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from tests.bench.latency.servers import Server

LEVER = "archive_frequency_per_day"
GAP_SECONDS = 0.06


@dataclass
class Person:
    """One session with the simulator open."""

    address: str
    rng: random.Random
    milliseconds: list[float] = field(default_factory=list)
    seq: int = 0
    shown: dict[str, Any] = field(default_factory=dict)

    async def use(self, opened: asyncio.Barrier, seconds: float, *, dragging: bool) -> None:
        """Open the page, wait until everybody has, then move the lever until the time is over."""
        async with connect(self.address, subprotocols=["streamlit"], max_size=None) as wire:  # type: ignore[list-item]
            await wire.send(BackMsg(rerun_script=ClientState()).SerializeToString())
            await self._answer(wire)
            place = urlsplit(self.address)
            line = await asyncio.open_connection(place.hostname, place.port)
            await opened.wait()
            await asyncio.sleep(self.rng.uniform(0, 2))
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                began = time.perf_counter()
                await self._move(*line)
                self.milliseconds.append((time.perf_counter() - began) * 1000)
                await asyncio.sleep(GAP_SECONDS if dragging else self.rng.uniform(2, 4))
            line[1].close()

    async def _answer(self, wire: ClientConnection) -> None:
        """Wait for the component."""
        while not self.shown:
            message = ForwardMsg()
            message.ParseFromString(await asyncio.wait_for(wire.recv(decode=False), 60))
            if message.delta.new_element.HasField("bidi_component"):
                self.shown = json.loads(message.delta.new_element.bidi_component.bytes)

    async def _move(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Ask for another value, and wait for the answer."""
        levers = {lever["id"]: lever for group in self.shown["groups"] for lever in group["levers"]}
        values = {name: lever["value"] for name, lever in levers.items()}
        values[LEVER] = round(self.rng.uniform(levers[LEVER]["today"], levers[LEVER]["max"]), 4)
        self.seq += 1
        move = {"rev": self.shown["rev"], "seq": self.seq, "moved": LEVER, "values": values}
        body = json.dumps({**self.shown["to"]["frame"], **move}).encode()
        head = f"POST /{self.shown['to']['address']} HTTP/1.1\r\nHost: {urlsplit(self.address).netloc}\r\n"
        head += f"Accept-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        answer = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)).decode().lower()
        length = int(answer.split("content-length: ")[1].split()[0])
        found = json.loads(gzip.decompress(await reader.readexactly(length)))
        assert found["seq"] == self.seq, "another move's answer"


@dataclass
class Crowd:
    """Milliseconds from question to answer of those who drag and of those who move; CPU seconds for all of them."""

    drags: list[float]
    moves: list[float]
    cpu_seconds: float


async def crowd(server: Server, dragging: int, moving: int, seconds: float) -> Crowd:
    """Let so many people use one server; nothing is measured until every page is open."""
    address = server.url.replace("http", "ws", 1) + "/_stcore/stream"
    people = [Person(address, random.Random(index)) for index in range(dragging + moving)]
    opened = asyncio.Barrier(len(people) + 1)
    async with asyncio.TaskGroup() as together:
        for index, person in enumerate(people):
            together.create_task(person.use(opened, seconds, dragging=index < dragging))
        await opened.wait()
        before = server.cpu_seconds()
    drags = [took for person in people[:dragging] for took in person.milliseconds]
    moves = [took for person in people[dragging:] for took in person.milliseconds]
    return Crowd(drags, moves, server.cpu_seconds() - before)
