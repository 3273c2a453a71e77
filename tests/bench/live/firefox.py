"""Firefox over WebDriver BiDi, which it speaks itself: open a page, run a script, press keys, drag."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from websockets.sync.client import ClientConnection, connect

PROGRAM = "firefox-esr"
PREFERENCES = 'user_pref("remote.prefs.recommended", true);\nuser_pref("browser.shell.checkDefaultBrowser", false);\n'


def found() -> bool:
    """Return whether Firefox is installed."""
    return shutil.which(PROGRAM) is not None


class Firefox:
    """One tab."""

    def __init__(self, wire: ClientConnection) -> None:
        self._wire, self._numbers = wire, itertools.count(1)
        self.call("session.new", capabilities={})
        self._tab = self.call("browsingContext.getTree")["contexts"][0]["context"]

    def call(self, method: str, **params: Any) -> Any:
        """Return the result of a command."""
        number = next(self._numbers)
        self._wire.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self._wire.recv(timeout=60))
            if answer.get("id") == number:
                if answer["type"] != "success":
                    raise RuntimeError(f"{method}: {answer.get('message')}")
                return answer["result"]

    def open(self, url: str) -> None:
        """Open a page at 1280 × 900."""
        self.call("browsingContext.setViewport", context=self._tab, viewport={"width": 1280, "height": 900})
        self.call("browsingContext.navigate", context=self._tab, url=url, wait="complete")

    def run(self, script: str) -> Any:
        """Return what an expression gives, as plain JSON."""
        target, text = {"context": self._tab}, f"JSON.stringify({script} ?? null)"
        answer = self.call("script.evaluate", expression=text, target=target, awaitPromise=True)
        return json.loads(answer["result"]["value"])

    def wait(self, condition: str, seconds: float = 60) -> None:
        """Wait until an expression is true."""
        end = time.monotonic() + seconds
        while not self.run(f"Boolean({condition})"):
            if time.monotonic() > end:
                raise TimeoutError(condition)
            time.sleep(0.02)

    def press(self, key: str) -> None:
        """Press and release a key."""
        steps = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self.call("input.performActions", context=self._tab, actions=[{"type": "key", "id": "keys", "actions": steps}])

    def drag(self, points: list[tuple[float, float]], pause_ms: int) -> None:
        """Press the mouse at the first point, move over the others, release."""
        moves = [{"type": "pointerMove", "x": round(x), "y": round(y), "duration": pause_ms} for x, y in points]
        steps = [moves[0], {"type": "pointerDown", "button": 0}, *moves[1:], {"type": "pointerUp", "button": 0}]
        mouse = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": steps}
        self.call("input.performActions", context=self._tab, actions=[mouse])


@contextmanager
def firefox(port: int) -> Iterator[Firefox]:
    """Start Firefox with an empty profile and end it afterwards."""
    with tempfile.TemporaryDirectory() as profile:
        with open(f"{profile}/user.js", "w", encoding="utf-8") as file:
            file.write(PREFERENCES)
        command = [PROGRAM, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", str(port)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            with _connected(port) as wire:
                yield Firefox(wire)
        finally:
            process.terminate()
            process.wait(timeout=20)


def _connected(port: int) -> ClientConnection:
    for _ in range(120):
        try:
            return connect(f"ws://127.0.0.1:{port}/session", max_size=None, ping_interval=None)
        except OSError:
            time.sleep(0.5)
    raise TimeoutError("Firefox did not start")
