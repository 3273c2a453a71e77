"""A command of the command line running beside the web process: its progress, its end, its cancel.

In:    the arguments of a command.
Out:   `Run`: how far it is, what it came to.
Never: trains in the web process, which would answer nobody meanwhile; runs two at once.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import dataclass, replace
from typing import Any

from forecast_core import ModelError

STOP_SECONDS = 5


@dataclass(frozen=True)
class Run:
    """A command: `state` is idle, running, done, failed or cancelled; `said` what it came to or what went wrong."""

    command: str = ""
    state: str = "idle"
    done: int = 0
    total: int = 0
    what: str = ""
    said: str = ""

    @property
    def is_running(self) -> bool:
        """Whether it is not at its end yet."""
        return self.state == "running"


class Retraining:
    """At most one command at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._run = Run()
        self._process: subprocess.Popen[str] | None = None

    @property
    def run(self) -> Run:
        """The command that runs or ran last."""
        with self._lock:
            return self._run

    def start(self, command: str, *arguments: str) -> None:
        """Start a command; ModelError while another one runs."""
        with self._lock:
            if self._run.is_running:
                raise ModelError("Something is being trained already.", hint="Wait for it or cancel it.")
            self._process = subprocess.Popen(
                [sys.executable, "-m", "app.cli", command, *arguments, "--json"],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            self._run = Run(command, "running")
        threading.Thread(target=self._follow, args=(self._process,), daemon=True).start()

    def cancel(self) -> None:
        """Stop the command; what it had not published is gone, what answers stays."""
        with self._lock:
            process, running = self._process, self._run.is_running
            if running:
                self._run = replace(self._run, state="cancelled", said="Cancelled; the same model goes on answering.")
        if running and process is not None:
            process.terminate()

    def wait(self, seconds: float) -> Run:
        """Wait for the end of the command and return it."""
        if self._process is not None:
            self._process.wait(seconds)
        with self._lock:
            return self._run

    def _follow(self, process: subprocess.Popen[str]) -> None:
        """Read what the command says until its end."""
        last: dict[str, Any] = {}
        for line in process.stdout or ():
            last = _read(line) or last
            if "progress" in last:
                with self._lock:
                    self._run = replace(self._run, **last["progress"])
        errors = process.stderr.read() if process.stderr else ""
        code = process.wait()
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()
        with self._lock:
            if self._run.is_running:
                self._run = replace(
                    self._run, state="failed" if code in (1, 2) or code < 0 else "done", said=_said(last, errors)
                )


def _read(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _said(last: dict[str, Any], errors: str) -> str:
    if "outcome" in last:
        outcome = last["outcome"]
        return f"{outcome['champion']}: {outcome['champion_title']} answers ({outcome['reason']})."
    if "error" in last:
        return " ".join(filter(None, (last["error"]["what"], last["error"]["hint"])))
    return (errors.strip().splitlines() or ["It stopped without a word."])[-1][:300]
