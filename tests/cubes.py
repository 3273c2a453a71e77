"""Small inventories for tests: random cubes, cubes that age month by month."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from forecast_core.inventory import AgeCube, Cubes, Grid, Policy

TAKEN = np.datetime64("2026-10", "M")
TYPES = ("docx", "other", "pdf")
Cell = tuple[str, str, int, int, int, int]


def cube(cells: Sequence[Cell], taken: np.datetime64 = TAKEN) -> AgeCube:
    """Return the cube of (scope, type, size class, age in months, files, bytes); equal keys are added."""
    names = ["scope", "file_type", "size_class", "age", "files", "bytes"]
    rows = pd.DataFrame(cells, columns=names).groupby(names[:4], as_index=False).sum()
    rows["modified_month"] = (taken - rows.pop("age").to_numpy(np.int64)).astype("datetime64[s]")
    return AgeCube.of(rows, taken)


def grid(cells: Sequence[Cell]) -> Grid:
    """Return the grid of such cells."""
    return Grid.of(cube(cells))


def one_scope(by_age: dict[int, tuple[int, int]]) -> Grid:
    """Return the grid of one scope and one type from age → (files, bytes)."""
    return grid([("hr", "pdf", 20, age, files, size) for age, (files, size) in by_age.items()])


@st.composite
def cells(draw: st.DrawFn) -> list[Cell]:
    """Draw cells of up to three scopes; whole files and bytes, some huge."""
    scope, kind = st.sampled_from(("hr", "it", "law")), st.sampled_from(TYPES)
    size, age = st.integers(-1, 30), st.integers(0, 60)
    files = st.integers(1, 10**9)
    volume = st.integers(0, 10**15)
    return draw(st.lists(st.tuples(scope, kind, size, age, files, volume), min_size=1, max_size=25))


def rules() -> st.SearchStrategy[Policy]:
    """Draw a rule, now and then none."""
    left_out = st.frozensets(st.sampled_from(TYPES), max_size=2)
    ages = st.one_of(st.integers(0, 60), st.just(121))
    return st.builds(
        Policy,
        age_months=ages,
        smallest_class=st.integers(-1, 31),
        class_limit=st.integers(-1, 63),
        types_left_out=left_out,
        scopes_left_out=st.frozensets(st.sampled_from(("hr", "it")), max_size=1),
    )


def ageing(kept: Sequence[float], months: int, born: int = 1000) -> Cubes:
    """Return the month ends of a library: each month brings `born` bytes, of which `kept[age]` are still there."""
    shares = [*kept, *([kept[-1]] * months)]
    found = []
    for now in range(months):
        ages = np.arange(now + 1)
        rows = [("lib", "pdf", 10, int(age), 1, round(born * shares[int(age)])) for age in ages]
        found.append(cube(rows, TAKEN - (months - 1) + now))
    return Cubes(tuple(found))
