"""Eight real libraries at every month end, each as it was known then.

The rule was never in force there: it is applied to the real files by us.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from forecast_core.estimators.due_dates import DueDatesModel, Pool, Survival, Triangle
from forecast_core.inventory import BYTES, Change, Cubes, Grid, Policy, Question

FIRST_ORIGIN_MONTHS = 24
POOL_EVERY_MONTHS = 6
EVERYTHING = 2**61


@dataclass(frozen=True, eq=False)
class Library:
    """`cubes` at every month end of one library."""

    name: str
    cubes: Cubes

    @cached_property
    def triangle(self) -> Triangle:
        return Triangle.of(self.cubes)

    @property
    def first(self) -> np.datetime64:
        return self.cubes.months[0]

    @property
    def months(self) -> int:
        return len(self.cubes.months)

    def archived(self, rule_months: int, origin: int, months: int) -> np.ndarray:
        """Return bytes that the rule takes in each of the months after an origin, (months,), as it really came."""
        when = origin + 1 + np.arange(months)
        table, cohort = self.triangle.bytes_at[0], 120 + when - rule_months
        return np.where(cohort >= 0, table[np.maximum(cohort, 0), when], 0)

    def known(self, origin: int) -> Triangle:
        """Return the triangle as it stood at an origin."""
        return Triangle(self.triangle.scopes, self.triangle.bytes_at[:, : 120 + origin + 1, : origin + 1])

    def origin_at(self, month: np.datetime64) -> int:
        return min(int((month - self.first).astype(int)), self.months - 1)


def libraries(folder: Path) -> tuple[Library, ...]:
    """Return the libraries of a folder of real data."""
    return tuple(_library(path) for path in sorted((folder / "real_libraries").glob("cube_history_*.csv.gz")))


def _library(path: Path) -> Library:
    cells = pd.read_csv(path, parse_dates=["snapshot_month", "modified_month"])
    lower = cells.pop("size_from_bytes").to_numpy()
    cells["size_class"] = np.where(lower > 0, np.log2(np.maximum(lower, 1)), -1).astype(int)
    return Library(str(cells["scope"].iloc[0]), Cubes.of(cells))


@dataclass(frozen=True, eq=False)
class Standing:
    """One library at one origin: the model as it would have been then; the pool is that of the others, as of then."""

    of: Library
    origin: int
    model: DueDatesModel


def standings(found: tuple[Library, ...]) -> Iterator[Standing]:
    """Yield every origin of every library from the 25th month on; the pool is renewed every half year."""
    for library in found:
        pool = Pool.of([])
        for origin in range(FIRST_ORIGIN_MONTHS, library.months - 1):
            if (origin - FIRST_ORIGIN_MONTHS) % POOL_EVERY_MONTHS == 0:
                pool = _others(found, library, library.first + origin)
            survival = Survival(library.known(origin), pool)
            cube = library.cubes.cubes[origin]
            yield Standing(library, origin, DueDatesModel(Cubes((cube,)), Grid.of(cube), survival))


def _others(found: tuple[Library, ...], left_out: Library, month: np.datetime64) -> Pool:
    others = (library for library in found if library is not left_out and library.first <= month)
    return Pool.of([library.known(library.origin_at(month)) for library in others])


def asked(rule_months: int) -> Question:
    """Return the question what a rule that is in force goes on taking."""
    rule = Policy(rule_months)
    return Question(Change(rule, rule))


def said(standing: Standing, rule_months: int, months: int) -> np.ndarray:
    """Return bytes (months,) that the engine would have said."""
    room = np.full((1, months), EVERYTHING)
    answer = standing.model.answer(asked(rule_months), room, np.zeros((1, months)))
    return answer.taken.archived[BYTES][0].astype(float)
