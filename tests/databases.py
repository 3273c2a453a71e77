"""Real databases for tests: SQLite in a folder, and a PostgreSQL server of our own."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

NOBODY = "nobody"


def postgres_tools() -> Path | None:
    """Return the folder of PostgreSQL's server programs, None where it is not installed."""
    named = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    places = [*named, *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    return next((place for place in places if (place / "initdb").exists() and (place / "pg_ctl").exists()), None)


@contextmanager
def postgres(tools: Path) -> Iterator[Callable[[], str]]:
    """Run a server on a socket in a folder of its own; yield a function that makes a fresh database and names it.

    PostgreSQL refuses to run as root, so root hands it to nobody.
    """
    who: dict[str, Any] = {"user": NOBODY, "group": "nogroup"} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))  # not pytest's: nobody may not enter that
    folder.chmod(0o755)
    data, socket = folder / "cluster", folder / "socket"
    for place in (data, socket):
        place.mkdir()
        if who:
            shutil.chown(place, **who)
    run = {"check": True, "capture_output": True, "cwd": folder, **who}
    subprocess.run([tools / "initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync"], **run)
    options = f"-k {socket} -c listen_addresses='' -c fsync=off -c max_connections=40"
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, **who}
    subprocess.run([tools / "pg_ctl", "-D", data, "-w", "-l", data / "log", "-o", options, "start"], **quiet)

    def fresh() -> str:
        name = f"t{uuid4().hex[:12]}"
        with psycopg.connect(host=str(socket), user="tester", dbname="postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return f"postgresql://tester@/{name}?host={socket}"

    try:
        yield fresh
    finally:
        subprocess.run([tools / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **run)
        shutil.rmtree(folder, ignore_errors=True)


def processes() -> multiprocessing.context.ForkServerContext:
    """Return a way to start processes that import the store once for all of them."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["forecast_core.store"])
    return context
