"""Load and faults: `python -m tests.bench.load [seconds]`; everything on this machine, on loopback, and it ends.

Fifty people move a lever and twenty programs ask and keep scenarios; then, one by one, the database stops, MLflow is
not there, the disk is full, a model file is cut, the server is killed in the midst of writes, the clock jumps. A row
says what users saw, and whether everything that was confirmed is still there.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np

from app.api.contract import ROW
from tests.bench.latency.servers import Server, served
from tests.bench.live.people import crowd
from tests.databases import NOBODY, postgres, postgres_tools

SECONDS, PEOPLE, PROGRAMS, PAUSE_SECONDS = 300.0, 50, 20, 0.5
FREE = {"ARCHIVE_FORECAST_REQUESTS_PER_MINUTE": "100000"}
Reply = tuple[int, dict[str, Any]]


def ask(server: Server, path: str, body: object = None) -> Reply:
    """Return status and answer; status 0 where there was no answer."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(server.url + path, data, {"content-type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"{}")
    except (OSError, ValueError):
        return 0, {}


def keep(server: Server, name: str) -> Reply:
    """Keep a scenario."""
    return ask(server, "/api/v1/scenarios", {"name": name, "values": {"archive_frequency_per_day": 9000}})


def names(server: Server) -> set[str]:
    """Return the names of all that is kept."""
    _, found = ask(server, "/api/v1/scenarios")
    return {each["name"] for each in found.get("scenarios", [])}


def megabytes(server: Server) -> float:
    """Return the memory of the server now."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


@dataclass
class Programs:
    """Clients of the API and what they were told; `confirmed` are the names whose keeping was answered with 201."""

    server: Server
    said: Counter[int] = field(default_factory=Counter)
    confirmed: set[str] = field(default_factory=set)
    milliseconds: list[float] = field(default_factory=list)

    def run(self, count: int, seconds: float, every: int = 20) -> None:
        """Ask with so many clients for so long; each keeps a scenario every so many questions."""
        end = time.monotonic() + seconds
        threads = [threading.Thread(target=self._one, args=(index, end, every)) for index in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _one(self, index: int, end: float, every: int) -> None:
        turn = 0
        while time.monotonic() < end:
            turn += 1
            began, name = time.perf_counter(), f"{index}-{turn}"
            if turn % every:
                status, _ = ask(self.server, "/api/v1/predict", {"instances": [ROW]})
            else:
                status, _ = keep(self.server, name)
                if status == 201:
                    self.confirmed.add(name)
            self.said[status] += 1
            self.milliseconds.append((time.perf_counter() - began) * 1000)
            time.sleep(PAUSE_SECONDS if every > 1 else 0)


def under_load(server: Server, seconds: float) -> None:
    """Print what people and programs waited, every status, and the memory at the beginning and the end."""
    programs, memory, over = Programs(server), [], threading.Event()

    def watch() -> None:
        while not over.wait(2):
            memory.append(megabytes(server))

    threads = [threading.Thread(target=watch), threading.Thread(target=programs.run, args=(PROGRAMS, seconds))]
    for thread in threads:
        thread.start()
    people = asyncio.run(crowd(server, 0, PEOPLE, seconds))
    threads[1].join()
    over.set()
    threads[0].join()
    for name, waits in (("people, question to answer", people.moves), ("programs", programs.milliseconds)):
        low, high = np.percentile(waits, [50, 95])
        print(f"{name:<32}{len(waits):>8} asked, p50 {low:.0f} ms, p95 {high:.0f} ms")
    third = max(len(memory) // 3, 1)
    parts = [float(np.mean(memory[part * third : (part + 1) * third])) for part in range(3)]
    print(f"{'statuses':<32}{dict(programs.said)}")
    print(f"{'memory in each third':<32}{' / '.join(f'{part:.0f} MB' for part in parts)}")
    lost = programs.confirmed - names(server)
    print(f"{'confirmed and lost':<32}{len(programs.confirmed)} / {len(lost)}")


def told(fault: str, *seen: object) -> None:
    """Print a row of the table of faults."""
    print(f"{fault:<32}{' · '.join(str(each) for each in seen)}", flush=True)


def predicts(server: Server) -> str:
    """Return in words whether questions are answered."""
    status, _ = ask(server, "/api/v1/predict", {"instances": [ROW]})
    return f"predict {status}"


def database_stops(server: Server, tools: Path, url: str) -> None:
    """Stop PostgreSQL under the server and start it again."""
    socket = Path(parse_qs(urlsplit(url).query)["host"][0])
    control = [tools / "pg_ctl", "-D", socket.parent / "cluster", "-w"]
    who: dict[str, Any] = {"user": NOBODY, "group": "nogroup"} if os.geteuid() == 0 else {}
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": socket.parent, **who}
    before = names(server)
    subprocess.run([*control, "-m", "fast", "stop"], **quiet)
    status, said = keep(server, "while it is away")
    seen = f"keep {status}: {said.get('detail') or said.get('title')}"
    answers = predicts(server)
    options = f"-k {socket} -c listen_addresses='' -c max_connections=40"
    subprocess.run([*control, "-l", socket.parent / "cluster" / "log", "-o", options, "start"], **quiet)
    again, _ = keep(server, "when it is back")
    told(
        "PostgreSQL stopped and started",
        seen,
        answers,
        f"afterwards keep {again}",
        f"lost {len(before - names(server))}",
    )


def killed_while_writing(folder: Path) -> None:
    """Kill the server while eight clients keep scenarios, start it again, look for all that was confirmed."""
    with served("app/asgi.py", "/health", folder, **FREE) as server:
        programs = Programs(server)
        thread = threading.Thread(target=programs.run, args=(8, 6.0, 1))
        thread.start()
        time.sleep(3)
        server.process.kill()
        thread.join()
    with served("app/asgi.py", "/health", folder, **FREE) as server:
        lost = programs.confirmed - names(server)
        told(
            "killed in the midst of writes",
            f"{len(programs.confirmed)} confirmed",
            f"lost {len(lost)}",
            predicts(server),
        )


def tracking_gone(folder: Path) -> None:
    """Start with an MLflow that nobody answers."""
    with served("app/asgi.py", "/health", folder, MLFLOW_TRACKING_URI="http://127.0.0.1:9", **FREE) as server:
        told("MLflow gone", predicts(server), f"model {ask(server, '/api/v1/model/info')[0]}")


def disk_full() -> None:
    """Fill the disk of the data folder (a file system in memory; needs root), write, make room, write again."""
    place = Path(tempfile.mkdtemp(prefix="full-"))
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", place], check=False).returncode:
        place.rmdir()
        told("disk full", "not measured: mounting needs root")
        return
    try:
        with served("app/asgi.py", "/health", place, **FREE) as server:
            first, _ = keep(server, "before")
            rest = shutil.disk_usage(place).free
            (place / "ballast").write_bytes(bytes(max(rest - 4096, 0)))
            statuses = Counter(keep(server, f"full {turn}")[0] for turn in range(40))
            answers = predicts(server)
            kept = names(server)
            (place / "ballast").unlink()
            again, _ = keep(server, "after")
            lost = statuses[201] - sum(name.startswith("full") for name in kept)
            told("disk full", f"before {first}", f"full {dict(statuses)}", answers, f"after {again}", f"lost {lost}")
    finally:
        subprocess.run(["umount", "-l", place], check=False)
        place.rmdir()


def model_cut(folder: Path) -> None:
    """Train for keeps, cut every file of the published model in half, ask, reload, ask again."""
    places = {"ARCHIVE_FORECAST_DATA_DIR": str(folder), "ARCHIVE_FORECAST_MODELS_DIR": str(folder / "m")}
    train = [sys.executable, "-m", "app.cli", "train", "--data", "demo"]
    subprocess.run(train, env={**os.environ, **places}, check=True, capture_output=True)
    with served("app/asgi.py", "/health", folder, ARCHIVE_FORECAST_MODELS_DIR=str(folder / "m"), **FREE) as server:
        before = ask(server, "/api/v1/predict", {"instances": [ROW]})
        files = [path for path in (folder / "m").rglob("*") if path.is_file() and path.name != "standing.json"]
        for path in files:
            if path.parent != folder / "m":
                path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        reload, said = ask(server, "/api/v1/reload-model", {})
        after = ask(server, "/api/v1/predict", {"instances": [ROW]})
        same = after[1].get("predictions") == before[1].get("predictions")
        told(
            "model file cut in half",
            f"reload {reload}: {said.get('detail') or said}",
            f"predict {after[0]}",
            f"same {same}",
        )


def clock_jumps(folder: Path) -> None:
    """Let the wall clock jump by a day and back under a running server (libfaketime)."""
    library = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
    if library is None:
        told("clock jumps", "not measured: libfaketime is not installed (Debian: apt-get install libfaketime)")
        return
    clock = folder / "clock"
    clock.write_text("+0d")
    jumping = {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    with served("app/asgi.py", "/health", folder, **jumping, **FREE) as server:
        seen = [predicts(server)]
        for jump in ("+1d", "-1d"):
            clock.write_text(jump)
            status, _ = keep(server, f"at {jump}")
            seen.append(f"{jump}: {predicts(server)}, keep {status}")
        told("clock jumps", *seen, f"kept {len([name for name in names(server) if name.startswith('at ')])} of 2")


def main() -> None:
    """Run and print."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    tools = postgres_tools()
    if tools is None:
        raise SystemExit("PostgreSQL's server programs are needed (Debian: apt-get install postgresql).")

    with tempfile.TemporaryDirectory(prefix="load-") as place, postgres(tools) as fresh:
        folders = count()

        def folder() -> Path:
            (made := Path(place, str(next(folders)))).mkdir()
            return made

        url = fresh()
        with served("app/asgi.py", "/health", folder(), ARCHIVE_FORECAST_DATABASE_URL=url, **FREE) as server:
            under_load(server, seconds)
            database_stops(server, tools, url)
        tracking_gone(folder())
        disk_full()
        model_cut(folder())
        killed_while_writing(folder())
        clock_jumps(folder())


if __name__ == "__main__":
    main()
