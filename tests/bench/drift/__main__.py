"""Measure and print: `python -m tests.bench.drift [--full] [--only quiet,found,accuracy,units,usual,speed,real]`."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np

from forecast_core.drift.changes import check
from tests.bench.drift import real, targets
from tests.bench.drift.targets import at_least, at_most, episodes
from tests.bench.drift.units import mixed_up
from tests.bench.drift.watch import accurate, forecasts, kolmogorov, panel_of, watch
from tests.bench.drift.worlds import KINDS, world

REAL_DATA = "ARCHIVE_FORECAST_REAL_DATA"
SHAPES = ((1, 24, 600), (1, 36, 300), (10, 36, 60), (20, 30, 25), (60, 12, 10))
SEED = 100


def quiet(effort: int) -> Iterator[str]:
    """Nothing is wrong: alarms per scope and year, red pages per portfolio and year."""
    for kind in KINDS:
        for scopes, trained, panels in SHAPES:
            found = watch(world(kind, panels * effort, scopes, trained, seed=SEED))
            red = targets.RED.get(kind, targets.RED_ELSEWHERE)
            yield (
                f"{kind:17}{scopes:3} × {trained}  amber {at_most(episodes(found.scopes.amber), targets.AMBER)}   "
                f"red {at_most(episodes(found.scopes.red), red)}   "
                f"page {at_most(episodes(found.page_red), targets.RED_PAGES)}"
            )


def found(effort: int) -> Iterator[str]:
    """Something is wrong with the inputs of one scope: found within the first months."""
    for (drift, trained, within), asked in targets.FOUND.items():
        seen = watch(world("N1", 300 * effort, 1, trained, drift=drift, seed=SEED + 1), within).scopes.amber[:, 0]
        yield f"{drift:10} after {trained} months, within {within}: {at_least(seen.any(axis=1).mean(), asked)}"
    for drift in ("size2", "files20", "size2slow", "growth6"):
        page = watch(world("N1", 20 * effort, 20, 30, drift=drift, seed=SEED + 2), 6).page_red
        shares = ", ".join(f"{page[:, :months].any(axis=1).mean():.2f} in {months}" for months in (1, 3, 6))
        yield f"{drift:10} in all of 20 scopes: page red {shares} months"


def accuracy(effort: int) -> Iterator[str]:
    """Forecasts: nothing is wrong, then the relation itself changes; with everything an alarm may come from."""
    for kind in ("N1", "N2 heavy tails", "N3 random walks", "N5 messy"):
        for scopes, trained, panels in ((1, 24, 200), (1, 36, 200), (10, 36, 25)):
            made = world(kind, panels * effort, scopes, trained, seed=SEED + 3)
            amber, red, broke = accurate(made, forecasts(made))
            inputs = watch(made)
            every = episodes((amber | broke | inputs.amber)[:, :-1])
            every_red = episodes((red | inputs.red)[:, :-1])
            alone = f"amber {episodes(amber[:, :-1]):.3f}  red {episodes(red[:, :-1]):.3f}"
            yield (
                f"{kind:17}{scopes:3} × {trained}  {alone}   with inputs and range: amber or worse "
                f"{at_most(every, targets.AMBER)}  red {at_most(every_red, targets.EVERYTHING_RED)}"
            )
    for (trained, scopes, within), asked in targets.CONCEPT.items():
        made = world("N1", (300 if scopes == 1 else 40) * effort, scopes, trained, drift="concept25", seed=SEED + 4)
        seen = accurate(made, forecasts(made), within)[0][:, -1].any(axis=1).mean()
        yield f"a quarter less, {scopes} × {trained}, within {within}: {at_least(float(seen), asked)}"
    for drift in ("concept10", "conceptslow", "noise2"):
        made = world("N1", 40 * effort, 10, 36, drift=drift, seed=SEED + 5)
        amber, _, broke = accurate(made, forecasts(made), 6)
        seen = (amber | broke)[:, -1]
        shares = ", ".join(f"{seen[:, :months].any(axis=1).mean():.2f} in {months}" for months in (1, 3, 6))
        yield f"{drift}, 10 × 36: {shares} months"


def units(effort: int) -> Iterator[str]:
    """One scope reports another unit: the right scope and column are named, and nobody else is accused."""
    result = mixed_up(20 * effort, SEED + 6)
    yield f"named {at_least(result.named, 1.0)}   others accused {at_most(result.others, 0.0)}"
    yield f"accused in 12 months without a mix-up, messy world {at_most(result.without, 0.0)}"


def usual(effort: int) -> Iterator[str]:
    """The usual test on the same worlds, nothing wrong: share of months with an alarm (the bench must bite)."""
    for scopes, trained, panels in ((1, 24, 20), (20, 30, 4)):
        share = kolmogorov(world("N1", panels * effort, scopes, trained, seed=SEED))
        yield f"Kolmogorov–Smirnov p < .05, any input, {scopes} × {trained}: {at_least(share, targets.KOLMOGOROV)}"


def speed(_: int) -> Iterator[str]:
    """One monthly check of seven inputs."""
    for scopes, asked in ((60, targets.SPEED_60_SECONDS), (10_000, targets.SPEED_10000_SECONDS)):
        panel = panel_of(world("holes", 1, scopes, 47, seed=SEED))
        times = []
        for _ in range(5 if scopes < 1000 else 1):
            started = time.process_time()
            check(panel, panel.months[-1], panel.months[46])
            times.append(time.process_time() - started)
        yield f"{scopes:6} scopes, a twentieth of the months unknown: {at_most(min(times), asked)} CPU seconds"


def libraries(_: int) -> Iterator[str]:
    """Real libraries: what is said of each, month by month."""
    folder = os.environ.get(REAL_DATA)
    if not folder:
        yield f"skipped: set {REAL_DATA} to the folder of real histories"
        return
    yield from real.report(Path(folder))


PARTS: dict[str, Callable[[int], Iterator[str]]] = {
    "quiet": quiet,
    "found": found,
    "accuracy": accuracy,
    "units": units,
    "usual": usual,
    "speed": speed,
    "real": libraries,
}


def main(arguments: Iterable[str] | None = None) -> None:
    """Run the parts asked for and print each as soon as it is known."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.drift", description=__doc__)
    parser.add_argument("--full", action="store_true", help="five times as many worlds")
    parser.add_argument("--only", default=",".join(PARTS), help="parts, separated by commas")
    asked = parser.parse_args(list(arguments) if arguments is not None else None)
    np.seterr(all="ignore")
    started = time.process_time()
    for name in asked.only.split(","):
        print(f"\n── {name}: {PARTS[name].__doc__}", flush=True)
        for line in PARTS[name](5 if asked.full else 1):
            print(line, flush=True)
        print(f"   ({time.process_time() - started:.0f} CPU seconds so far)", flush=True)


if __name__ == "__main__":
    main()
