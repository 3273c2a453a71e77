"""Measure and print: `python -m tests.bench.training [scopes]`; the ceiling is a minute on two cores for 60 × 60."""

from __future__ import annotations

import resource
import sys
import time

import numpy as np
import pandas as pd

from forecast_core.estimators import Evidence, StockFlow
from forecast_core.history import History
from forecast_core.service.learned import learn
from forecast_core.service.training import Progress, train
from tests.builders import estate

SCOPES, MONTHS, MANY = 60, 60, 10_000


def wide(scopes: int) -> History:
    """Return many scopes as copies of sixty, each with its own size and luck."""
    some = estate([f"S{index:02}" for index in range(SCOPES)], MONTHS)
    rng = np.random.default_rng(1)
    copies = []
    for number in range(-(-scopes // SCOPES)):
        factor, luck = rng.uniform(0.3, 3), np.exp(rng.normal(0, 0.1, len(some)))
        moved = {name: some[name] * factor for name in ("total_files", "archive_frequency_per_day")}
        flows = {name: some[name] * factor * luck for name in ("archived_gb", "savings_gb")}
        copies.append(some.assign(scope=some["scope"] + f"-{number:03}", **moved, **flows))
    rows = pd.concat(copies, ignore_index=True)
    names = sorted(rows["scope"].unique())[:scopes]
    return History.of(rows[rows["scope"].isin(names)])


def peak_mb() -> float:
    """Return the most memory this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def field() -> None:
    """Train the whole field on 60 × 60."""
    history = History.of(estate([f"S{index:02}" for index in range(SCOPES)], MONTHS))
    seen: list[Progress] = []
    wall, cpu = time.perf_counter(), time.process_time()
    found = train(history, time.thread_time, seen.append)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    best = found.champion.race.champion.estimator.name
    cost = f"{wall:.1f} s on two threads, {cpu:.1f} CPU s"
    print(f"whole field, {SCOPES} × {MONTHS}: {cost}, {best} wins ({len(seen)} parts)")


def quick() -> None:
    """Learn the quick field, as a web process does for a data set that was never trained."""
    history = History.of(estate([f"S{index:02}" for index in range(SCOPES)], MONTHS))
    cpu = time.process_time()
    learn(history)
    print(f"quick field, {SCOPES} × {MONTHS}: {time.process_time() - cpu:.1f} CPU s")


def many(scopes: int) -> None:
    """Learn stock and flow on many scopes at once."""
    history = wide(scopes)
    before, cpu = peak_mb(), time.process_time()
    model = StockFlow().fit(Evidence(history))
    cpu = time.process_time() - cpu
    cost = f"{cpu:.1f} CPU s, {peak_mb() - before:,.0f} MB more"
    print(f"stock_flow, {scopes:,} × {MONTHS}: {cost} ({len(model.scopes):,} scopes)")


if __name__ == "__main__":
    quick()
    many(int(sys.argv[1]) if len(sys.argv) > 1 else MANY)
    field()
