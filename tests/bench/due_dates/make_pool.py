"""Write the shipped pool anew from the real libraries: `python -m tests.bench.due_dates.make_pool`."""

from __future__ import annotations

import json
import os
from pathlib import Path

from forecast_core.estimators.due_dates import Pool
from tests.bench.due_dates.libraries import libraries

TARGET = Path(__file__).parents[3] / "forecast_core" / "estimators" / "due_dates" / "pool.json"
ORIGIN = (
    "Quantiles of the share of bytes that month cohorts kept between two ages (months), from the public version "
    "histories of eight document libraries (standards groups, election results, project offices, review templates), "
    "2013 to January 2025. Derived figures only: no file, name or size of those libraries is in here."
)


def main() -> None:
    """Write the table."""
    found = libraries(Path(os.environ["ARCHIVE_FORECAST_REAL_DATA"]))
    kept = Pool.of([library.triangle for library in found]).to_json()
    lines = ",\n".join(f"  {json.dumps(pair)}: {json.dumps(fates)}" for pair, fates in kept.items())
    TARGET.write_text(f'{{\n "origin": {json.dumps(ORIGIN)},\n "kept": {{\n{lines}\n }}\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
