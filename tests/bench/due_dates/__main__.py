"""Measure and print: `python -m tests.bench.due_dates [--field] [--browser] [--write]`.

`--field` enters every model of the race, `--browser` measures a move of the rule in Chromium, `--write` keeps what the
Policy page shows.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
from pathlib import Path

from tests.bench.due_dates.browser import rule_to_consequence
from tests.bench.due_dates.field import enter
from tests.bench.due_dates.judge import CASES, ENGINE, MEAN, PLAIN, TOTALS, Row, Tally, judge
from tests.bench.due_dates.libraries import libraries, standings
from tests.bench.due_dates.scale import scale

TARGET = Path(__file__).parents[3] / "forecast_core" / "estimators" / "due_dates" / "judged.json"
ORIGIN = (
    "Eight public document libraries, month by month; real files, an age rule applied to them by us. Origins from the "
    "25th month on, the pool that of the other libraries as of the origin. WAPE pooled over libraries; coverage of the "
    "80 % band where anything was due."
)
REAL_DATA = "ARCHIVE_FORECAST_REAL_DATA"


def table(tally: Tally, kind: str, cases: tuple[tuple[int, int], ...]) -> None:
    """Print pooled WAPE, the median library in brackets, one line per model."""
    rows: list[Row] = [(kind, rule, months) for rule, months in cases]
    print(f"{kind:32s}" + "".join(f"{f'rule {rule} / {months}':>17s}" for _, rule, months in rows))
    for model in tally.models():
        cells = [f"{tally.pooled(row, model):.4f} ({_median(tally, row, model):.3f})" for row in rows]
        print(f"{model:32s}" + "".join(f"{cell:>17s}" for cell in cells))
    print(f"{'worst library − plain':32s}" + "".join(f"{tally.worst_against_plain(row):17.3f}" for row in rows))
    print(f"{'80 % band covers':32s}" + "".join(f"{tally.coverage(row):17.3f}" for row in rows), end="\n\n")


def lines(tally: Tally) -> list[dict[str, object]]:
    """Return what the Policy page shows: how the due dates did on files it had not seen."""
    shown = [("month", case) for case in ((6, 6), (12, 1), (12, 6), (12, 12), (24, 12), (24, 24))]
    shown += [("total", case) for case in ((12, 12), (24, 12), (24, 24), (12, 24), (6, 24))]
    found = []
    for kind, (rule, months) in shown:
        row = (kind, rule, months)
        line = {"rule_months": rule, "months_ahead": months, "total": kind == "total"}
        figures = {"wape": ENGINE, "plain_wape": PLAIN, "mean_wape": MEAN}
        pooled = {name: round(tally.pooled(row, model), 4) for name, model in figures.items()}
        found.append({**line, **pooled, "coverage": round(tally.coverage(row), 3)})
    return found


def write(tally: Tally) -> None:
    """Write the lines beside the pool."""
    rows = ",\n".join("  " + json.dumps(line) for line in lines(tally))
    TARGET.write_text(f'{{\n "origin": {json.dumps(ORIGIN)},\n "lines": [\n{rows}\n ]\n}}\n', encoding="utf-8")


def _median(tally: Tally, row: Row, model: str) -> float:
    return statistics.median(tally.by_library(row, model).values())


def main() -> None:
    """Judge on the real libraries, then measure the scale."""
    folder = os.environ.get(REAL_DATA)
    if folder:
        print("Real files, an age rule applied to them by us; WAPE pooled over libraries (median library)\n")
        found = libraries(Path(folder))
        tally = judge(standings(found))
        faults = enter(tally, Path(folder), found) if "--field" in sys.argv else []
        table(tally, "month", CASES)
        table(tally, "total", TOTALS)
        if "--write" in sys.argv:
            write(tally)
        print("\n".join(faults))
        print(f"{ENGINE}: the pool is that of the other libraries, as of the origin")
    else:
        print(f"The judgement needs the real data: set {REAL_DATA}.")
    print(scale())
    if "--browser" in sys.argv:
        print(rule_to_consequence())


if __name__ == "__main__":
    main()
