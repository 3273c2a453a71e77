"""Starts the app and its comparator as real servers and reads what they cost."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
START_SECONDS = 180


@dataclass(frozen=True)
class Server:
    """A running server."""

    url: str
    process: subprocess.Popen[bytes]

    def cpu_seconds(self) -> float:
        """Return user and system time used so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(script: str, health: str, data_dir: Path, root: Path = ROOT, **environment: str) -> Iterator[Server]:
    """Run a Streamlit script or app on a free port until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        script,
        "--server.port",
        str(port),
        "--server.address",
        "127.0.0.1",
    ]
    settings = {"OMP_NUM_THREADS": "1", "ARCHIVE_FORECAST_DATA_DIR": str(data_dir), **environment}
    with (data_dir / f"server-{port}.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=root, env={**os.environ, **settings}, stdout=log, stderr=log)
    try:
        server = Server(f"http://127.0.0.1:{port}", process)
        wait(server, health)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait(server: Server, health: str) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if server.process.poll() is not None:
            raise RuntimeError(f"the server stopped with code {server.process.returncode}")
        try:
            with urllib.request.urlopen(server.url + health, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.25)
    raise TimeoutError(f"{server.url}{health} did not answer within {START_SECONDS} s")
