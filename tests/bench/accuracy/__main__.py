"""Measure and print: `python -m tests.bench.accuracy [--full] [--only worlds,small,bands,change,choice,speed,real]`."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from forecast_core.backtest import FIELD
from forecast_core.estimators import LINES, NAIVE, Estimator, StockFlow
from forecast_core.forecast import EFFECT_DOUBT
from tests.bench.accuracy import coverage, targets
from tests.bench.accuracy.choice import Choice, choose
from tests.bench.accuracy.estate import Corner
from tests.bench.accuracy.foreign import FOREIGN, foreign_history
from tests.bench.accuracy.real import RULES, judge
from tests.bench.accuracy.speed import speed_of
from tests.bench.accuracy.tally import Tally
from tests.bench.accuracy.trials import Stand, learn, moved_levers, next_months, try_all
from tests.bench.accuracy.worlds import World, stock_flow_world

REAL_DATA = "ARCHIVE_FORECAST_REAL_DATA"
CORNERS: tuple[Corner, ...] = ("exp", "hard", "hill")
FRESH = 100
PRODUCT: tuple[Estimator, ...] = (StockFlow(), *NAIVE)
EVERYBODY = FIELD
SIZES = ((1, 24), (3, 24), (6, 25), (12, 25), (16, 36))


@dataclass(frozen=True)
class Effort:
    """How many worlds of each kind."""

    per_corner: int
    small: int
    paths: int
    changes: int
    foreign: int


QUICK, FULL = Effort(2, 15, 27, 9, 2), Effort(6, 60, 300, 36, 6)


def fresh(count: int, first: int, scopes: int = 16, months: int = 61, *, gaps: bool = True) -> Iterator[World]:
    """Yield worlds with the corners in turn."""
    for index in range(count):
        yield stock_flow_world(first + index, CORNERS[index % len(CORNERS)], scopes, months, gaps=gaps)


def worlds(tally: Tally, effort: Effort) -> Iterator[str]:
    """Every model on every world, origins after 12, 24, 36 and 48 months."""
    for world in fresh(3 * effort.per_corner, FRESH):
        try_all(tally, world, (12, 24, 36, 48), EVERYBODY)
    yield from targets.all_models(tally)


def small(tally: Tally, effort: Effort) -> Iterator[str]:
    """One scope with 24 rows."""
    own = Tally()
    for world in fresh(effort.small, 200, scopes=1, gaps=False):
        stand = Stand(world, 23)
        models = learn(stand, EVERYBODY)
        next_months(own, stand, models)
        moved_levers(own, stand, models, 1)
    for row, name in {"one step archived": "one step", "effect, one step": "effect"}.items():
        for model in own.models():
            for place, figure in own.by_world(row, model).items():
                tally.count(f"one scope, 24 rows: {name}", model, place, figure, 1)
    yield from targets.all_models(own)


def bands(_: Tally, effort: Effort) -> Iterator[str]:
    """Intervals by size of the history and months ahead."""
    own = Tally()
    for scopes, months in SIZES:
        for world in fresh(max(effort.paths // scopes, 6), 300, scopes, months + coverage.MONTHS, gaps=False):
            coverage.judge_bands(own, f"{scopes} × {months} = {scopes * months} rows", world, months - 1)
    yield from targets.coverage_table(own, tuple(coverage.BANDS))


def change(_: Tally, effort: Effort) -> Iterator[str]:
    """The interval of a change by trust, and the doubt that would give 80 %."""
    found = coverage.Changes()
    for index, world in enumerate(fresh(effort.changes, 400)):
        coverage.judge_changes(found, world, (23, 35, 47)[index // len(CORNERS) % 3], index)
    doubts = "".join(f"{doubt:>7}" for doubt in coverage.DOUBTS)
    yield f"{'':22}{'asked':>7}{'expected':>10}{'80 % |error|/1.28':>19}   realised change inside 80 % at doubt{doubts}"
    for colour, what in sorted(found.misses, key=lambda key: list(EFFECT_DOUBT).index(key[0])):
        inside = "".join(f"{found.covered(colour, what, doubt):7.2f}" for doubt in coverage.DOUBTS)
        expected = sum(found.expected[colour, what]) / len(found.expected[colour, what])
        yield (
            f"{colour:7}{what:10}{len(found.misses[colour, what]):5}{EFFECT_DOUBT[colour]:7}{expected:10.2f}"
            f"{found.needed(colour, what):19.2f}{'':37}{inside}"
        )


def choice(_: Tally, effort: Effort) -> Iterator[str]:
    """Foreign worlds: the quick field of the web process, and everyone who may win."""
    fields = {"quick": PRODUCT, "who may win": (*PRODUCT, *LINES)}
    for kind in FOREIGN:
        for seed in range(FRESH, FRESH + effort.foreign):
            for field, made in choose(foreign_history(kind, seed), fields).items():
                yield _choice_line(f"{kind} {seed}, {field}", made)


def _choice_line(name: str, made: Choice) -> str:
    errors = ", ".join(f"{model} {error:.3f}" for model, error in sorted(made.errors.items(), key=lambda item: item[1]))
    judged = f"{made.chosen:16} {made.ratio:.2f} × best (≤1.05) {targets.verdict(made.ratio <= 1.05)}"
    faults = "".join(f"; {model} {fault}" for model, fault in made.faults.items())
    return f"{name:28} {judged}   {errors}{faults}"


def speed(_: Tally, __: Effort) -> Iterator[str]:
    """Learning, one row, a batch, the artefact."""
    world = stock_flow_world(FRESH)
    asked = {"fit_seconds": 0.3, "row_seconds": 0.001, "rows_a_second": 1e6, "size_bytes": 20 * 1024}
    yield f"{'':22}" + "".join(f"{name:>16}" for name in asked)
    for estimator in EVERYBODY:
        found = speed_of(world, estimator)
        yield f"{estimator.name:22}" + "".join(f"{getattr(found, name):16.4g}" for name in asked)
        if estimator.name == targets.OURS:
            held = [
                found.rows_a_second >= bound if name == "rows_a_second" else getattr(found, name) <= bound
                for name, bound in asked.items()
            ]
            yield f"{'  asked of it':22}" + "".join(
                f"{bound:10.4g} {targets.verdict(kept):>5}" for bound, kept in zip(asked.values(), held, strict=True)
            )


def real(_: Tally, __: Effort) -> Iterator[str]:
    """Eight real libraries, three archive rules."""
    folder = os.environ.get(REAL_DATA)
    if not folder:
        yield f"skipped: set {REAL_DATA} to the folder of real histories"
        return
    yield "Real files, the archive rule applied to them afterwards; the frequency is observed, never a plan."
    for rule in RULES:
        result = judge(Path(folder), rule, EVERYBODY)
        yield f"rule {rule:02d}: champion {result.champion}; {result.silent:.0%} of judged months archive nothing"
        for name, score in result.scores.items():
            held = ", ".join(f"{share:.0%} {span} {value:.2f}" for (share, span), value in score.coverage.items())
            figures = f"next month {score.next_month:6.2f}   12 months {score.twelve_months:6.2f}"
            yield f"    {name:22} {figures}   inside {held}"


PARTS: dict[str, Callable[[Tally, Effort], Iterator[str]]] = {
    "worlds": worlds,
    "small": small,
    "bands": bands,
    "change": change,
    "choice": choice,
    "speed": speed,
    "real": real,
}


def main(arguments: Iterable[str] | None = None) -> None:
    """Run the parts asked for; print each as soon as it is known, the table of targets at the end."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.accuracy", description=__doc__)
    parser.add_argument("--full", action="store_true", help="three to six times as many worlds")
    parser.add_argument("--only", default=",".join(PARTS), help="parts, separated by commas")
    asked = parser.parse_args(list(arguments) if arguments is not None else None)
    tally, started = Tally(), time.process_time()
    for name in asked.only.split(","):
        part = PARTS[name]
        print(f"\n── {name}: {part.__doc__}", flush=True)
        for line in part(tally, FULL if asked.full else QUICK):
            print(line, flush=True)
        print(f"   ({time.process_time() - started:.0f} CPU seconds so far)", flush=True)
    if "worlds" in asked.only:
        print("\n── what is asked for, worlds not used for design (WAPE, or error over true effect; mean over worlds)")
        print("\n".join(targets.main_table(tally)))


if __name__ == "__main__":
    main()
