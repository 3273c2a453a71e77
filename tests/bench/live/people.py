"""Many people at once without browsers: clients that speak the server's own protocol and move the live lever.

Who drags asks again 60 ms after each answer, as the component does; who moves does so every two to four seconds.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from tests.bench.latency.servers import Server

LEVER = "archive_frequency_per_day"
GAP_SECONDS = 0.06
EVENTS = "$$STREAMLIT_INTERNAL_KEY_{}__events"


@dataclass
class Person:
    """One session with the simulator open."""

    address: str
    rng: random.Random
    milliseconds: list[float] = field(default_factory=list)
    component: str = ""
    fragment: str = ""
    page: str = ""
    query: str = ""
    shown: dict[str, Any] = field(default_factory=dict)

    async def use(self, opened: asyncio.Barrier, seconds: float, *, dragging: bool) -> None:
        """Open the page, wait until everybody has, then move the lever until the time is over."""
        async with connect(self.address, subprotocols=["streamlit"], max_size=None) as wire:  # type: ignore[list-item]
            await wire.send(self._rerun(None))
            await self._answer(wire, -1)
            await opened.wait()
            await asyncio.sleep(self.rng.uniform(0, 2))
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                began = time.perf_counter()
                await wire.send(self._rerun(self.shown["seq"] + 1))
                await self._answer(wire, self.shown["seq"] + 1)
                self.milliseconds.append((time.perf_counter() - began) * 1000)
                await asyncio.sleep(GAP_SECONDS if dragging else self.rng.uniform(2, 4))

    async def _answer(self, wire: ClientConnection, seq: int) -> None:
        """Wait for the component's next values."""
        while True:
            message = ForwardMsg()
            message.ParseFromString(await asyncio.wait_for(wire.recv(decode=False), 60))
            element, kind = message.delta.new_element, message.WhichOneof("type")
            if kind == "navigation":
                self.page = message.navigation.page_script_hash
            if kind == "page_info_changed":
                self.query = message.page_info_changed.query_string
            if kind == "delta" and element.HasField("bidi_component"):
                found = json.loads(element.bidi_component.bytes)
                self.component, self.fragment = element.bidi_component.id, message.delta.fragment_id
                if found["seq"] >= seq:
                    self.shown = found
                    return

    def _rerun(self, seq: int | None) -> bytes:
        message = BackMsg()
        message.rerun_script.query_string, message.rerun_script.page_script_hash = self.query, self.page
        if seq is not None:
            levers = {lever["id"]: lever for group in self.shown["groups"] for lever in group["levers"]}
            values = {name: lever["value"] for name, lever in levers.items()}
            values[LEVER] = round(self.rng.uniform(levers[LEVER]["today"], levers[LEVER]["max"]), 4)
            value = {"rev": self.shown["rev"], "seq": seq, "moved": LEVER, "values": values}
            state = message.rerun_script.widget_states.widgets.add()
            state.id = EVENTS.format(self.component)
            state.json_trigger_value = json.dumps([{"event": "move", "value": value}])
            message.rerun_script.fragment_id = self.fragment
        return message.SerializeToString()


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
