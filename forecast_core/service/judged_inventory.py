"""How well it was said on this very inventory, one month ahead.

In:    an `InventoryView`.
Out:   what would have been said at each earlier inventory beside what came; a score for each who could have answered.
Never: judges an origin with anything that was not known then.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from forecast_core.estimators.due_dates import BYTES_PER_GB, Chance, DueDatesModel, draws
from forecast_core.forecast import COVERAGE, Band, band
from forecast_core.inventory import BYTES, NO_RULE_MONTHS, AgeCube, Change, Cubes, Policy, Question
from forecast_core.service.answers import BacktestPicture, ModelScore
from forecast_core.service.inventory_view import InventoryView

Array = NDArray[np.float64]
MOST_JUDGED, MOST_CELLS, YEAR = 24, 200_000, 12
NOTHING_GB = 1e-9
RECORDED_GB = 1e-6  # months are recorded in GB with six digits: a band that is a point must forgive the rounding


def judged_here(view: InventoryView) -> tuple[BacktestPicture | None, tuple[ModelScore, ...]]:
    """Return how well it was said here one month ahead: against what was recorded, else against what then was due."""
    if view.beside is None:
        return judged(view)
    by_files = bool(view.answerers) and view.level is None and view.beside.past(view.model.grid.scopes) is not None
    return judged(view)[0] if by_files else None, _side_by_side(view)


def judged(view: InventoryView) -> tuple[BacktestPicture | None, tuple[ModelScore, ...]]:
    """Return what would have been said one month ahead from each earlier inventory, and what then was due.

    With a history beside it: what then was recorded. Nothing where no rule is in force, where there is one inventory
    only, or where the cubes are too large to go back.
    """
    rule, cubes = view.standing.rule_months, view.model.cubes.cubes
    origins = [index for index in range(len(cubes) - 1) if _follows(cubes[index], cubes[index + 1])][-MOST_JUDGED:]
    if rule >= NO_RULE_MONTHS or not origins or len(cubes[-1].cells) > MOST_CELLS:
        return None, ()
    said, futures = _said(view, origins)
    actual = np.array([_at_age(cubes[index + 1], rule) for index in origins])
    months = np.array([cubes[index + 1].taken_month for index in origins])
    exactness = NOTHING_GB
    if view.beside is not None:
        actual, exactness = view.beside.recorded(view.model.grid.scopes, months), RECORDED_GB
    known = np.isfinite(actual)
    if not known.any():
        return None, ()
    said, futures, actual, months = said[known], futures[:, known], actual[known], months[known]
    drawn = band(said, futures, COVERAGE)
    predicted = Band(said, np.maximum(drawn.lower - exactness, 0), drawn.upper + exactness)
    inside = (actual >= predicted.lower) & (actual <= predicted.upper)
    scores = (
        _score("due_dates", "Due dates", said, actual, is_champion=True),
        _score("mean_of_year", "Mean of the last 12 months", _means(view, origins)[known], actual, is_champion=False),
    )
    return BacktestPicture(months, predicted, actual, int(inside.sum())), scores


def _said(view: InventoryView, origins: Sequence[int]) -> tuple[Array, Array]:
    """Return GB said for the month after each origin, (T,), and its possible futures, (P, T)."""
    rule, cubes = Policy(view.standing.rule_months), view.model.cubes.cubes
    points, futures = [], []
    for index in origins:
        model = DueDatesModel.of(Cubes(cubes[: index + 1]), view.model.survival.pool)
        answer = model.unhindered(Question(Change(rule, rule)), np.zeros((1, 1)))
        points.append(answer.taken.archived[BYTES].sum())
        luck = Chance.of(len(view.chance.fate), model.scopes, 1, seed=index)
        futures.append(draws(model, answer, luck).sum(axis=(1, 2)))
    return np.array(points) / BYTES_PER_GB, np.stack(futures, axis=1) / BYTES_PER_GB


def _means(view: InventoryView, origins: Sequence[int]) -> Array:
    """Return the mean of the year before each origin, of what the rule would have taken."""
    cubes, rule = view.model.cubes.cubes, view.standing.rule_months
    years = (cubes[max(index - YEAR + 1, 0) : index + 1] for index in origins)
    return np.array([np.mean([_at_age(cube, rule) for cube in year]) for year in years])


def _side_by_side(view: InventoryView) -> tuple[ModelScore, ...]:
    """Return how files and history did side by side on the months that both were judged on, summed over scopes."""
    said, history, came, chosen = view.beside.judged(view.model.grid.scopes) if view.beside else (np.empty(0),) * 4
    if not came.any():
        return ()
    title = view.beside.title if view.beside else ""
    return (
        _score("per_scope", "Whoever answers, scope by scope", chosen, came, is_champion=True),
        _score("due_dates", "Due dates", said, came, is_champion=False),
        _score("history", title, history, came, is_champion=False),
    )


def _follows(cube: AgeCube, after: AgeCube) -> bool:
    return bool(after.taken_month == cube.taken_month + 1)


def _at_age(cube: AgeCube, age: int) -> float:
    """Return GB that are exactly so old: what the rule takes at that month end."""
    return float(cube.cells["bytes"].to_numpy()[cube.ages == age].sum()) / BYTES_PER_GB


def _score(name: str, title: str, said: Array, actual: Array, *, is_champion: bool) -> ModelScore:
    error, total = said - actual, float(actual.sum())
    wape = float(np.abs(error).sum() / total) if total > 0 else float("nan")
    bias = float(error.sum() / total) if total > 0 else float("nan")
    return ModelScore(name, title, wape, wape, bias, float(np.abs(error).mean()), len(actual), is_champion, "")
