"""The due dates on real libraries: real files, an age rule applied to them by us, knowing only what was known then."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from forecast_core.estimators.due_dates import Pool
from forecast_core.inventory import BYTES, Change, Grid, Policy, due
from forecast_core.sources.pool import read_pool
from tests.bench.due_dates.__main__ import lines
from tests.bench.due_dates.judge import CASES, ENGINE, MEAN, TOTALS, Tally, judge
from tests.bench.due_dates.libraries import libraries, standings

MONTHS = {(12, 1): 0.003, (12, 6): 0.03, (12, 12): 0.12, (6, 6): 0.12, (24, 12): 0.16, (24, 24): 0.27}
SUMS = {(12, 12): 0.06, (24, 12): 0.09, (24, 24): 0.17, (12, 24): 0.42, (6, 24): 0.60}


@pytest.fixture(scope="module")
def tally(real_data: Path) -> Tally:
    return judge(standings(libraries(real_data)))


@pytest.mark.parametrize("case", MONTHS, ids=str)
def test_a_month_is_hit_and_no_library_is_worse_off_than_with_plain_due_dates(
    tally: Tally, case: tuple[int, int]
) -> None:
    row = ("month", *case)
    assert tally.pooled(row, ENGINE) <= MONTHS[case]
    assert tally.worst_against_plain(row) <= 0.02
    assert tally.pooled(row, MEAN) > 1.2, "the mean of the last twelve months is no rival"


@pytest.mark.parametrize("case", SUMS, ids=str)
def test_a_total_is_hit(tally: Tally, case: tuple[int, int]) -> None:
    assert tally.pooled(("total", *case), ENGINE) <= SUMS[case]


@pytest.mark.parametrize(
    "row", [*(("month", *case) for case in CASES), *(("total", *case) for case in TOTALS)], ids=str
)
def test_the_band_holds(tally: Tally, row: tuple[str, int, int]) -> None:
    """One month ahead 95 to 98 of 100 months come exactly as due: there the band is a point, and holds more often."""
    assert 0.78 <= tally.coverage(row) <= (1.0 if row[2] == 1 else 0.95)


def test_what_the_page_shows_of_it_is_what_is_measured(tally: Tally) -> None:
    shown = read_pool()["judged"]
    for line, now in zip(shown, lines(tally), strict=True):
        assert line == pytest.approx(now, abs=0.002)


def test_the_shipped_pool_is_that_of_the_libraries(real_data: Path) -> None:
    assert Pool.of([library.triangle for library in libraries(real_data)]).to_json() == read_pool()["kept"]


@pytest.mark.parametrize(("before", "after"), [(24, 12), (24, 6), (12, 6)])
def test_what_a_stricter_rule_takes_at_once_is_what_the_measured_stocks_differ_by(
    real_data: Path, before: int, after: int
) -> None:
    """Both rules were applied to the same files: what is on primary under one and not under the other goes at once."""
    stocks = [_primary_bytes(real_data, rule) for rule in (before, after)]
    for library in libraries(real_data):
        for origin in range(24, library.months, 12):
            cube = library.cubes.cubes[origin]
            falling = due(Grid.of(cube), Change(Policy(before), Policy(after)), 1)
            month = (library.name, str(cube.taken_month))
            measured, rounding = stocks[0][month][0] - stocks[1][month][0], stocks[0][month][1]
            assert falling.at_once[BYTES].sum() == pytest.approx(measured, abs=rounding)


def _primary_bytes(folder: Path, rule: int) -> dict[tuple[str, str], tuple[float, float]]:
    """Return bytes on primary by library and month, and what the rounding of the average size may hide."""
    rows = pd.read_csv(folder / "real_libraries" / f"history_rule{rule:02d}.csv")
    volume, rounding = rows["total_files"] * rows["avg_file_size_mb"] * 2**20, rows["total_files"] * 1.1 + 100
    keys = zip(rows["scope"], rows["month"].str[:7], strict=True)
    return dict(zip(keys, zip(volume, rounding, strict=True), strict=True))
