"""How far a question lies from what was ever seen.

In:    the rows of the history; what a scenario sets for each scope.
Out:   `Trust`: green, amber or red with the reason in words.
Never: forbids a question.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from forecast_core.features import Examples, examples
from forecast_core.history import History

Array = NDArray[np.float64]
Colour = Literal["green", "amber", "red"]
NEIGHBOURS = 5
WATCHED = {0: "files on primary", 1: "average file size", 6: "files archived per day"}
AMBER_DISTANCE, RED_DISTANCE = 1.0, 3.0
AMBER_EXCESS, RED_EXCESS = 1e-6, 1.0 + 1e-6
WORDS: dict[Colour, str] = {"green": "inside your experience", "amber": "at the edge", "red": "outside: a guess"}


@dataclass(frozen=True)
class Trust:
    """`colour` and its standard words; `reason` in a sentence, "" when green."""

    colour: Colour
    reason: str = ""

    @property
    def words(self) -> str:
        """The standard words of the colour."""
        return WORDS[self.colour]


@dataclass(frozen=True, eq=False)
class Guard:
    """Standardised log features of every row seen, and the own range of each scope.

    `seen` (rows, 3), `typical` the 99 % quantile of the distance of a seen row to its neighbours,
    `largest` and `smallest` (n, 3) per scope in natural units.
    """

    scopes: tuple[str, ...]
    seen: Array
    centre: Array
    spread: Array
    typical: float
    largest: Array
    smallest: Array

    @classmethod
    def of(cls, history: History) -> Guard | None:
        """Return the guard of a history, None where the features were never measured."""
        rows = examples(history)
        if len(rows.archived_gb) <= NEIGHBOURS:
            return None
        logs = _logs(rows.features[:, list(WATCHED)])
        centre, spread = logs.mean(axis=0), np.maximum(logs.std(axis=0), 0.05)
        seen = (logs - centre) / spread
        typical = float(np.quantile(_distance(seen, seen, skip_self=True), 0.99))
        largest, smallest = _own_range(rows, len(history.scopes))
        return cls(history.scopes, seen, centre, spread, max(typical, 1e-6), largest, smallest)

    def check(self, scopes: tuple[str, ...], asked: Array, unmoved: Array) -> Trust:
        """Return the worst colour over the scopes; `asked` and `unmoved` are (n, 3): files, MB, files per day.

        What already lies outside without the scenario is the history's, not the scenario's, and is not held against it.
        """
        worst = Trust("green")
        moved = ~np.isclose(asked, unmoved, rtol=1e-6)
        if not moved.any():
            return worst
        distance, base = np.split(self._relative(np.concatenate([asked, unmoved])), 2)
        for row, scope in enumerate(scopes):
            if not moved[row].any():
                continue
            own = self.scopes.index(scope)
            seen = self.largest[own], self.smallest[own]
            excess = np.where(moved[row], _excess(asked[row], *seen), 0.0)
            further = distance[row] if distance[row] > base[row] else 0.0
            colour = _colour(further, float(excess.max()))
            if _ORDER[colour] > _ORDER[worst.colour]:
                worst = Trust(colour, _reason(seen, asked[row], excess, scope if len(scopes) > 1 else ""))
        return worst

    def rows(self, asked: Array, scope: str = "", unmoved: Array | None = None) -> list[Trust]:
        """Return the trust of rows (K, 3), each for itself: of a scope that stands at `unmoved` (3,), else of any."""
        distance = self._relative(asked)
        moved = np.ones(asked.shape, bool)
        own = slice(None)
        if unmoved is not None:
            place = self.scopes.index(scope)
            moved, own = ~np.isclose(asked, unmoved, rtol=1e-6), slice(place, place + 1)
            further = moved.any(axis=1) & (distance > self._relative(unmoved[None]))
            distance = np.where(further, distance, 0.0)
        seen = self.largest[own].max(axis=0), self.smallest[own].min(axis=0)
        excess = np.where(moved, _excess(asked, *seen), 0.0)
        colours = [_colour(*pair) for pair in zip(distance, excess.max(axis=1), strict=True)]
        return [
            Trust(colour, "" if colour == "green" else _reason(seen, asked[row], excess[row], ""))
            for row, colour in enumerate(colours)
        ]

    def _relative(self, asked: Array) -> Array:
        """Return the distance to what was seen, 1 where it is as far as seen rows are from each other at most."""
        return _distance((_logs(asked) - self.centre) / self.spread, self.seen) / self.typical


def _excess(value: Array, largest: Array, smallest: Array) -> Array:
    above = value / np.maximum(largest, 1e-9) - 1
    below = smallest / np.maximum(value, 1e-9) - 1
    return np.maximum(np.maximum(above, np.minimum(below, 10.0)), 0.0)


def _reason(seen: tuple[Array, Array], asked: Array, excess: Array, scope: str) -> str:
    """Say what lies outside `seen`, the largest and smallest ever, (3,) each."""
    where = f" in {scope}" if scope else ""
    which = int(excess.argmax())
    name = list(WATCHED.values())[which]
    if excess[which] <= 0:
        return f"This combination was never seen{where}."
    largest, smallest = seen[0][which], seen[1][which]
    if asked[which] > largest > 0:
        return f"{name.capitalize()} would be {asked[which] / largest:.1f} × the largest ever seen{where}."
    if asked[which] > largest:
        return f"{name.capitalize()} was never above zero{where}."
    if asked[which] <= 0:
        return f"{name.capitalize()} was never zero{where}."
    return f"{name.capitalize()} would be {smallest / asked[which]:.1f} × smaller than ever seen{where}."


_ORDER: dict[Colour, int] = {"green": 0, "amber": 1, "red": 2}


def _colour(distance: float, excess: float) -> Colour:
    if distance > RED_DISTANCE or excess > RED_EXCESS:
        return "red"
    if distance > AMBER_DISTANCE or excess > AMBER_EXCESS:
        return "amber"
    return "green"


def _logs(features: Array) -> Array:
    return np.log(np.maximum(features, 1e-3))


def _distance(points: Array, seen: Array, *, skip_self: bool = False) -> Array:
    """Return the mean distance to the five nearest rows seen."""
    apart = np.sqrt(((points[:, None, :] - seen[None, :, :]) ** 2).sum(axis=-1))
    near = min(NEIGHBOURS + int(skip_self), apart.shape[1])
    nearest = np.sort(np.partition(apart, near - 1, axis=1)[:, :near], axis=1)
    return nearest[:, int(skip_self) :].mean(axis=1)


def _own_range(rows: Examples, scopes: int) -> tuple[Array, Array]:
    """Return the 1 % and 99 % values per scope, NaN-free: an unseen scope has the range of nobody."""
    watched = rows.features[:, list(WATCHED)]
    largest, smallest = np.zeros((scopes, 3)), np.full((scopes, 3), np.inf)
    for scope in np.unique(rows.scope):
        own = watched[rows.scope == scope]
        largest[scope], smallest[scope] = own.max(axis=0), own.min(axis=0)
    return largest, smallest
