"""Measure and print: `python -m tests.bench.due_dates`."""

from __future__ import annotations

import os
import statistics
from pathlib import Path

from tests.bench.due_dates.judge import CASES, ENGINE, TOTALS, Row, Tally, judge
from tests.bench.due_dates.libraries import libraries, standings
from tests.bench.due_dates.scale import scale

REAL_DATA = "ARCHIVE_FORECAST_REAL_DATA"


def table(tally: Tally, kind: str, cases: tuple[tuple[int, int], ...]) -> None:
    """Print pooled WAPE, the median library in brackets, one line per model."""
    rows: list[Row] = [(kind, rule, months) for rule, months in cases]
    print(f"{kind:22s}" + "".join(f"{f'rule {rule} / {months}':>17s}" for _, rule, months in rows))
    for model in tally.models():
        cells = [f"{tally.pooled(row, model):.4f} ({_median(tally, row, model):.3f})" for row in rows]
        print(f"{model:22s}" + "".join(f"{cell:>17s}" for cell in cells))
    print(f"{'worst library − plain':22s}" + "".join(f"{tally.worst_against_plain(row):17.3f}" for row in rows))
    print(f"{'80 % band covers':22s}" + "".join(f"{tally.coverage(row):17.3f}" for row in rows), end="\n\n")


def _median(tally: Tally, row: Row, model: str) -> float:
    return statistics.median(tally.by_library(row, model).values())


def main() -> None:
    """Judge on the real libraries, then measure the scale."""
    folder = os.environ.get(REAL_DATA)
    if folder:
        print("Real files, an age rule applied to them by us; WAPE pooled over libraries (median library)\n")
        tally = judge(standings(libraries(Path(folder))))
        table(tally, "month", CASES)
        table(tally, "total", TOTALS)
        print(f"{ENGINE}: the pool is that of the other libraries, as of the origin")
    else:
        print(f"The judgement needs the real data: set {REAL_DATA}.")
    print(scale())


if __name__ == "__main__":
    main()
