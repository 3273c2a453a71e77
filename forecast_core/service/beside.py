"""The monthly history beside an inventory: who answers for which scope, and what the history says if nothing changes.

In:    inventories, the history of the same estate as learned.
Out:   `Beside`; `Level`, the history's own forecast for the scopes it answers.
Never: judges either with what it could not have known.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast_core.backtest import Answerer, answerer, recorded_plan
from forecast_core.estimators import Evidence
from forecast_core.estimators.due_dates import BYTES_PER_GB, DueDatesModel, Pool
from forecast_core.forecast import Luck
from forecast_core.inventory import BYTES, NO_RULE_MONTHS, Change, Cubes, Policy, Question
from forecast_core.months import Months, months_between
from forecast_core.service.answers import Past
from forecast_core.service.learned import Learned
from forecast_core.service.simulate import past_of_history

Array = NDArray[np.float64]
MOST_JUDGED, MOST_CELLS, MOST_BEHIND_MONTHS = 24, 200_000, 12


@dataclass(frozen=True, eq=False)
class Level:
    """What the history says if nothing changes, for scopes at `rows` of the view; points (w, H), paths (P, w, H)."""

    rows: NDArray[np.int64]
    archived_point: Array
    archived: Array
    freed_point: Array
    freed: Array


@dataclass(frozen=True, eq=False)
class Beside:
    """The history of an estate whose files are known; `answerers` has every scope that both know.

    `said` (3, n, T): GB one month ahead by the files, by the history, and what was recorded, NaN where one is missing.
    """

    learned: Learned
    title: str
    answerers: tuple[Answerer, ...]
    said: Array

    def of(self, scopes: tuple[str, ...]) -> tuple[Answerer, ...]:
        """Return who answers for these scopes, as far as both know them."""
        return tuple(found for found in self.answerers if found.scope in scopes)

    def judged(self, scopes: tuple[str, ...]) -> tuple[Array, Array, Array, Array]:
        """Return files, history, what came and whoever answers, of all scopes and months that both were judged on."""
        rows = [row for row, found in enumerate(self.answerers) if found.scope in scopes]
        files, history, came = self.said[:, rows]
        by_files = np.array([self.answerers[row].by_files for row in rows], bool)[:, None]
        both = np.isfinite(self.said[:, rows]).all(axis=0)
        return files[both], history[both], came[both], np.where(by_files, files, history)[both]

    def past(self, scopes: tuple[str, ...]) -> Past | None:
        """Return what was measured of these scopes; None where the history lacks one."""
        if not set(scopes) <= set(self.learned.history.scopes):
            return None
        return past_of_history(self.learned.history.only(scopes))

    def recorded(self, scopes: tuple[str, ...], months: Months) -> Array:
        """Return GB that were archived in these months, summed over scopes, NaN where no row tells."""
        known = self.past(scopes)
        if known is None:
            return np.full(len(months), np.nan)
        by_month = dict(zip(known.months.tolist(), known.archived_gb.tolist(), strict=True))
        return np.array([by_month.get(month, np.nan) for month in months.tolist()])

    def level(self, scopes: tuple[str, ...], last: np.datetime64, months: int, paths: int, seed: int) -> Level | None:
        """Return the history's forecast from the month after `last` on; None where it answers for no scope."""
        names = tuple(found.scope for found in self.of(scopes) if not found.by_files)
        if not names:
            return None
        history = self.learned.history.only(names).until(last)
        behind = months_between(history.last_month, last)
        flows = self.learned.model.update(Evidence(history)).predict(
            recorded_plan(history, history.last_month, behind + months)
        )
        point, freed = flows.archived_gb[0], flows.savings_gb[0]
        luck = Luck.of(self.learned.calibration.take(names), behind + months, seed)
        drawn = _as_many(luck.archived(point), paths)
        if not history.knows("savings_gb") or not np.isfinite(freed).all():
            freed, drawn_freed = point, drawn
        else:
            ratio = np.divide(freed, point, out=np.zeros_like(freed), where=point > 0)
            drawn_freed = _as_many(luck.freed(luck.archived(point), ratio), paths)
        rows = np.array([scopes.index(name) for name in names])
        return Level(rows, *(part[..., behind:] for part in (point, drawn, freed, drawn_freed)))


def _as_many(drawn: Array, paths: int) -> Array:
    return drawn[np.arange(paths) % len(drawn)]


def beside(cubes: Cubes, rule_months: int, pool: Pool, learned: Learned) -> Beside:
    """Judge files and history side by side, one month ahead from every inventory, on what was then recorded."""
    said = _said(cubes, rule_months, pool, learned)
    scopes, has_rule = cubes.last.scopes, rule_months < NO_RULE_MONTHS
    joint = [
        row
        for row, name in enumerate(scopes)
        if name in learned.history.live_scopes and _reaches(learned, name, cubes.last.taken_month)
    ]
    found = tuple(answerer(scopes[row], *said[:, row], has_rule=has_rule) for row in joint)
    return Beside(learned, learned.race.champion.estimator.title, found, said[:, joint])


def _reaches(learned: Learned, scope: str, last: np.datetime64) -> bool:
    known = learned.history.only([scope])
    return months_between(known.last_month, last) <= MOST_BEHIND_MONTHS and bool(known.months[0] <= last)


def _said(cubes: Cubes, rule_months: int, pool: Pool, learned: Learned) -> Array:
    """Return GB one month ahead by the files and by the history, and what was recorded, (3, n, T) by inventory."""
    scopes = cubes.last.scopes
    origins = cubes.cubes[-MOST_JUDGED:] if len(cubes.last.cells) <= MOST_CELLS else ()
    grids = np.full((3, len(scopes), len(origins)), np.nan)
    rolled, known = learned.race.champion.rolled, learned.history.scopes
    if rolled is None:
        return grids
    rule = Policy(rule_months)
    question, joint = Question(Change(rule, rule)), [name for name in scopes if name in known]
    rows, columns = [scopes.index(name) for name in joint], [known.index(name) for name in joint]
    for index, cube in enumerate(origins):
        at = np.flatnonzero(rolled.origins == cube.taken_month)
        if not len(at):
            continue
        grids[1, rows, index] = rolled.predicted_archived[at[0], columns, 0]
        grids[2, rows, index] = rolled.actual_archived[at[0], columns, 0]
        model = DueDatesModel.of(cubes.until(cube.taken_month), pool)
        due = model.unhindered(question, np.zeros((1, 1))).taken.archived[BYTES][:, 0] / BYTES_PER_GB
        for row, name in enumerate(scopes):
            if name in model.grid.scopes:
                grids[0, row, index] = due[model.grid.scopes.index(name)]
    return grids
