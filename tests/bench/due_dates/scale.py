"""A billion files: how many cells, how long, how much memory."""

from __future__ import annotations

import time
import tracemalloc

import numpy as np
import pandas as pd

from forecast_core.estimators.due_dates import Chance, DueDatesModel, Pool, draws
from forecast_core.inventory import AgeCube, Change, Cubes, Policy, Question

LAST = np.datetime64("2026-10", "M")
FILES = 10**9


def billion(scopes: int = 200, types: int = 8, classes: int = 20, months: int = 120, seed: int = 1) -> AgeCube:
    """Return a cube of a billion files, three quarters of its cells filled."""
    rng = np.random.default_rng(seed)
    names = [f"Scope {index:03d}" for index in range(scopes)]
    kinds = [f"type {index}" for index in range(types)]
    keys = pd.MultiIndex.from_product([names, kinds, range(10, 10 + classes), range(months)])
    cells = keys.to_frame(index=False, name=["scope", "file_type", "size_class", "age"])
    weight = rng.exponential(size=len(cells)) * (rng.random(len(cells)) < 0.75)
    cells["files"] = rng.multinomial(FILES, weight / weight.sum())
    cells["bytes"] = cells["files"] * 3 * 2 ** (cells["size_class"] - 1)
    cells["modified_month"] = (LAST - cells.pop("age").to_numpy()).astype("datetime64[s]")
    return AgeCube.of(cells[cells["files"] > 0], LAST)


def scale(months: int = 60, paths: int = 100) -> str:
    """Return the figures in words: median of eleven moves of the rule, each after its first visit."""
    cube = billion()
    began = time.perf_counter()
    model = DueDatesModel.of(Cubes((cube,)), Pool.of([]))
    loaded = time.perf_counter() - began
    scopes = len(cube.scopes)
    room, growth = np.full((scopes, months), 200_000), np.zeros((scopes, months))
    chance = Chance.of(paths, scopes, months, seed=0)
    point, whole = [], []
    tracemalloc.start()
    for age in range(6, 39, 3):
        question = Question(Change(Policy(), Policy(age, smallest_class=17)))
        began = time.perf_counter()
        answer = model.answer(question, room, growth)
        point.append(time.perf_counter() - began)
        draws(model, answer, chance)
        whole.append(time.perf_counter() - began)
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    grid_mb = model.grid.amounts.nbytes / 2**20
    return (
        f"{cube.total_files:,} files are {model.grid.cells:,} cells ({grid_mb:.0f} MB), ready in {loaded:.1f} s; "
        f"{scopes} scopes × {months} months roll forward in {np.median(point) * 1000:.0f} ms, "
        f"with {paths} futures for the band in {np.median(whole) * 1000:.0f} ms; {peak:.0f} MB on top"
    )
