"""Age by file type with what a rule takes lit up, in plain HTML: a second Plotly figure costs more than the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.text import policy as words
from app.text.levers import TYPE_TITLES
from app.text.numbers import volume

if TYPE_CHECKING:
    from forecast_core import HeatMap, PolicyAnswer

LABEL_EVERY = 4


@dataclass(frozen=True)
class Tile:
    """One type at one age: `depth` 0–1 how much there is; shares of it that go `now`, and by the end (`taken`)."""

    depth: float
    now: float
    taken: float
    words: str


@dataclass(frozen=True)
class Heat:
    """The tiles and their words, as in `Picture`; `labels` below every fourth age; an empty tile is None."""

    title: str
    subtitle: str
    rows: tuple[tuple[str, tuple[Tile | None, ...]], ...]
    labels: tuple[str, ...]


def heat(answer: PolicyAnswer) -> Heat:
    """Return GB by file type and age: what the rule takes at first, later, and what stays."""
    found = answer.heat
    strength = np.sqrt(found.total_gb / max(float(found.total_gb.max()), 1e-12))
    rows = tuple(
        (
            TYPE_TITLES.get(name, name),
            tuple(_tile(found, row, column, float(strength[row, column])) for column in range(len(found.ages))),
        )
        for row, name in enumerate(found.file_types)
    )
    labels = tuple(_age(found, index) for index in range(0, len(found.ages), LABEL_EVERY))
    return Heat(words.heat(answer), words.heat_legend(answer), rows, labels)


def _tile(found: HeatMap, row: int, column: int, depth: float) -> Tile | None:
    there, now, taken = (float(part[row, column]) for part in (found.total_gb, found.now_gb, found.taken_gb))
    if there <= 0:
        return None
    name = TYPE_TITLES.get(found.file_types[row], found.file_types[row])
    goes = f"goes at first {volume(now)}, in all {volume(taken)}"
    return Tile(depth, now / there, taken / there, f"{name}, {_age(found, column)} months: {volume(there)}; {goes}")


def _age(found: HeatMap, index: int) -> str:
    first = found.ages[index]
    return f"{first}+" if index + 1 == len(found.ages) else f"{first}–{found.ages[index + 1] - 1}"
