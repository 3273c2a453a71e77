"""The work that is measured, each in a process of its own."""

from __future__ import annotations

import multiprocessing
import resource
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import duckdb
import numpy as np

from forecast_core.inventory import read_inventory
from forecast_core.sources.listing import place_of

NOW = np.datetime64("2026-11", "M")


def bare(path: Path) -> object:
    """Aggregate with nothing but DuckDB: no text is checked, no row set aside."""
    source = "read_parquet" if path.suffix == ".parquet" else "read_csv"
    names = [str(name) for name in duckdb.sql(f"SELECT * FROM {source}('{path}') LIMIT 0").columns]
    query = f'SELECT year("{names[2]}"), month("{names[2]}"), count(*), sum("{names[1]}")'
    return duckdb.sql(f"{query} FROM {source}('{path}') GROUP BY ALL").fetchall()


def read(path: Path) -> object:
    """Read as the product does."""
    return read_inventory(place_of(str(path)), NOW).rows_used


def measured(work: Callable[[Path], object], path: Path) -> tuple[float, float]:
    """Return CPU seconds and peak MB of work in a process of its own, without its start."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=_run, args=(work, path, theirs))
    child.start()
    theirs.close()
    found: tuple[float, float] = ours.recv()
    child.join()
    return found


def _run(work: Callable[[Path], object], path: Path, pipe: Connection) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF)
    work(path)
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    pipe.send((cpu, after.ru_maxrss / 1024))
