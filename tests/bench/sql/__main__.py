"""What counting costs: `python -m tests.bench.sql [rows …]`, by default 1 and 10 million files; 10⁸ need 2 GB of disk.

Every line is a process of its own; CPU is compared within a run, on the same file, the best of three turns.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.sql.measure import bare, make, ours

MILLION = 1_000_000
MOST_TIMES, MOST_MB = 1.3, 400
TURNS = 3


def measured(what: str, *arguments: str) -> dict[str, float]:
    """Run one measurement."""
    command = [sys.executable, "-m", "tests.bench.sql.measure", what, *arguments]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def best(path: Path) -> list[dict[str, float]]:
    """Return the runs of both with the least CPU; they take turns, because the machine has other work."""
    turns = [(measured(bare.__name__, str(path)), measured(ours.__name__, str(path))) for _ in range(TURNS)]
    return [min(runs, key=lambda found: found["cpu"]) for runs in zip(*turns, strict=True)]


def line(rows: int, folder: Path) -> bool:
    """Measure one size and print its line; return whether it keeps the promise."""
    path = folder / "files.parquet"
    made = measured(make.__name__, str(path), str(rows))
    alone, whole = best(path)
    path.unlink()
    assert (alone["files"], alone["bytes"]) == (whole["files"], whole["bytes"]), "the same files, to the byte"
    times = whole["cpu"] / alone["cpu"]
    print(
        f"{rows / MILLION:>6.0f} {made['mb']:>8,.0f} {whole['cells']:>8,.0f} {alone['cpu']:>7.1f} {whole['cpu']:>7.1f} "
        f"{times:>6.2f} {whole['cpu'] / rows * MILLION:>9.2f} {alone['peak_mb']:>8.0f} {whole['peak_mb']:>8.0f} "
        f"{whole['own_mb']:>7.0f} {whole['seconds']:>8.1f}",
        flush=True,
    )
    return times <= MOST_TIMES and whole["peak_mb"] <= MOST_MB


def main() -> int:
    """Print the table."""
    sizes = [int(float(text)) for text in sys.argv[1:]] or [MILLION, 10 * MILLION]
    print("files M  file MB    cells  DuckDB    ours  times  CPU s/M  DuckDB MB  ours MB  app MB  seconds")
    with tempfile.TemporaryDirectory() as folder:
        kept = [line(rows, Path(folder)) for rows in sizes]
    said = "kept" if all(kept) else "missed"
    print(f"aim: at most {MOST_TIMES} times the CPU of DuckDB alone, at most {MOST_MB} MB: {said}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
