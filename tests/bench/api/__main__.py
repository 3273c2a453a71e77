"""How fast the API answers: `/predict` of one row and of ten thousand, in turns with a bare FastAPI echo, in one run.

Run by `python -m tests.bench.api [seconds]`. The app runs as it is delivered: gate, limits, headers, logs, meters.
"""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from urllib.parse import urlsplit

import numpy as np

from app.api.contract import ROW
from tests.bench.latency.servers import ROOT, Server, served, wait

SECONDS = 5.0
ROUNDS = 3
CLIENTS = 4
HEADERS = {"content-type": "application/json"}


@dataclass
class Case:
    """One question at one server, asked by so many at once."""

    name: str
    server: Server
    path: str
    body: bytes
    clients: int = 1
    took: list[float] = field(default_factory=list)
    inside: list[float] = field(default_factory=list)
    seconds: float = 0.0
    cpu_seconds: float = 0.0

    def run(self, seconds: float) -> None:
        """Ask for so long."""
        started, cpu = perf_counter(), self.server.cpu_seconds()
        threads = [threading.Thread(target=self._ask, args=(started + seconds,)) for _ in range(self.clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.seconds += perf_counter() - started
        self.cpu_seconds += self.server.cpu_seconds() - cpu

    def _ask(self, end: float) -> None:
        connection = http.client.HTTPConnection(urlsplit(self.server.url).netloc, timeout=60)
        while perf_counter() < end:
            started = perf_counter()
            connection.request("POST", self.path, self.body, HEADERS)
            answer = connection.getresponse()
            content = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{self.name}: {answer.status} {content[:200]!r}")
            self.took.append(1000 * (perf_counter() - started))
            timing = answer.headers.get("server-timing", "")
            if "dur=" in timing:
                self.inside.append(float(timing.rpartition("=")[2]))
        connection.close()

    def row(self) -> str:
        """Return the case as a line of the table."""
        middle, high = np.percentile(self.took, [50, 95])
        inside = f"{np.percentile(self.inside, 95):.1f}" if self.inside else ""
        per_second = len(self.took) / self.seconds
        cpu = 1000 * self.cpu_seconds / len(self.took)
        return f"{self.name:34} {self.clients:7} {per_second:10.0f} {middle:8.1f} {high:8.1f} {inside:>14} {cpu:11.2f}"


@contextmanager
def bare() -> Iterator[Server]:
    """Run the echo until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "tests.bench.api.echo:app", "--port", str(port), "--no-access-log"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        server = Server(f"http://127.0.0.1:{port}", process)
        wait(server, "/health")
        yield server
    finally:
        process.terminate()
        process.wait(timeout=20)


def main() -> None:
    """Measure and write the table."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    one, many = (json.dumps({"instances": [ROW] * count}).encode() for count in (1, 10_000))
    with tempfile.TemporaryDirectory() as folder:
        rate = {"ARCHIVE_FORECAST_REQUESTS_PER_MINUTE": "100000", "ARCHIVE_FORECAST_LOG_LEVEL": "INFO"}
        with served("app/asgi.py", "/health", Path(folder), **rate) as app, bare() as echo:
            cases = [
                Case("bare FastAPI echo, one row", echo, "/echo", one),
                Case("/api/predict, one row", app, "/api/predict", one),
                Case("bare FastAPI echo, one row", echo, "/echo", one, CLIENTS),
                Case("/api/predict, one row", app, "/api/predict", one, CLIENTS),
                Case("bare FastAPI echo, 10,000 rows", echo, "/echo", many),
                Case("/api/predict, 10,000 rows", app, "/api/predict", many),
            ]
            for case in cases:
                case.run(0.5)
                case.took, case.inside, case.seconds, case.cpu_seconds = [], [], 0.0, 0.0
            for _ in range(ROUNDS):
                for case in cases:
                    case.run(seconds / ROUNDS)
    head = f"{'':34} {'clients':>7} {'requests/s':>10} {'p50, ms':>8} {'p95, ms':>8}"
    head += f" {'p95 inside, ms':>14} {'CPU, ms each':>11}"
    sys.stdout.write("\n".join([head, *(case.row() for case in cases)]) + "\n")


if __name__ == "__main__":
    main()
