"""What the rule in force takes if nothing changes, and how well the due dates said it before.

In:    an `InventoryView`, its `Ranges`, a horizon.
Out:   `Outlook`.
Never: judges an origin with anything that was not known then.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forecast_core.estimators.due_dates import BYTES_PER_GB, Chance, DueDatesModel, draws
from forecast_core.forecast import COVERAGE, band, interval
from forecast_core.inventory import BYTES, NO_RULE_MONTHS, AgeCube, Change, Cubes, Policy, Question
from forecast_core.scenario import Ranges, baseline, rule_plan
from forecast_core.scenario.levers import HORIZON, MOST_MONTHS
from forecast_core.service.answers import Ahead, BacktestPicture, ModelScore, Outlook, Provenance, ScopeLine
from forecast_core.service.inventory_view import InventoryView, past_of_inventory
from forecast_core.service.rule_answer import known_months, notes, until

Array = NDArray[np.float64]
SPANS = (1, 3, 12)
YEAR = 12
MOST_JUDGED, MOST_CELLS = 24, 200_000
EVERYTHING = 2**61
NO_RULE = "No rule is in force here, so nothing is archived if nothing changes; draw a rule on the Policy page."


def inventory_outlook(view: InventoryView, known: Ranges, months: int, stamp: Provenance) -> Outlook:
    """Return what comes in the next `months` if nothing changes."""
    span = max(months, YEAR)
    base = baseline(known).with_values(**{HORIZON.name: min(span, MOST_MONTHS)})
    plan = rule_plan((base,), base, view.standing)
    scopes = view.model.scopes
    answer = view.model.answer(plan.rules[0], np.full((scopes, span), EVERYTHING), plan.growth_added[0])
    point = answer.taken.archived[BYTES] / BYTES_PER_GB
    paths = draws(view.model, answer, view.chance) / BYTES_PER_GB
    said = until(band(point.sum(axis=0)[:months], paths.sum(axis=1)[:, :months]), known_months(plan, 0))
    picture, scores = judged(view)
    error = scores[0].wape_archived if scores else float("nan")
    return Outlook(
        scope=view.scope,
        past=past_of_inventory(view),
        months=plan.last_month + 1 + np.arange(months),
        archived=said,
        savings=said,
        ahead=tuple(_ahead(point.sum(axis=0), paths.sum(axis=1), ahead) for ahead in SPANS),
        by_scope=tuple(_line(view, row, point[row], paths[:, row]) for row in range(scopes)),
        backtest=picture,
        scores=scores,
        predictable=True,
        error_ratio=error,
        notes=((NO_RULE,) if view.standing.rule_months >= NO_RULE_MONTHS else ()) + notes(view, plan),
        provenance=stamp,
    )


def _ahead(point: Array, paths: Array, months: int) -> Ahead:
    total = interval(float(point[:months].sum()), paths[:, :months].sum(axis=1))
    return Ahead(months, total, total)


def _line(view: InventoryView, row: int, point: Array, paths: Array) -> ScopeLine:
    return ScopeLine(view.model.grid.scopes[row], view.standing.last_month, True, _ahead(point, paths, YEAR))


def judged(view: InventoryView) -> tuple[BacktestPicture | None, tuple[ModelScore, ...]]:
    """Return what would have been said one month ahead from each earlier inventory, and what then was due.

    Nothing where no rule is in force, where there is one inventory only, or where the cubes are too large to go back.
    """
    rule, cubes = view.standing.rule_months, view.model.cubes.cubes
    pairs = [(index, cubes[index + 1]) for index in range(len(cubes) - 1) if _follows(cubes[index], cubes[index + 1])]
    if rule >= NO_RULE_MONTHS or not pairs or len(cubes[-1].cells) > MOST_CELLS:
        return None, ()
    policy = Policy(rule)
    question = Question(Change(policy, policy))
    points, futures, came, year = [], [], [], []
    for index, after in pairs[-MOST_JUDGED:]:
        model = DueDatesModel.of(Cubes(cubes[: index + 1]), view.model.survival.pool)
        answer = model.answer(question, np.full((model.scopes, 1), EVERYTHING), np.zeros((1, 1)))
        points.append(answer.taken.archived[BYTES].sum())
        luck = Chance.of(len(view.chance.fate), model.scopes, 1, seed=index)
        futures.append(draws(model, answer, luck).sum(axis=(1, 2)))
        came.append(_at_age(after, rule))
        year.append(np.mean([_at_age(cube, rule) for cube in cubes[max(index - 11, 0) : index + 1]]))
    said, actual = np.array(points) / BYTES_PER_GB, np.array(came) / BYTES_PER_GB
    predicted = band(said, np.stack(futures, axis=1) / BYTES_PER_GB, COVERAGE)
    inside = int(((actual >= predicted.lower - 1e-9) & (actual <= predicted.upper + 1e-9)).sum())
    months = np.array([after.taken_month for _, after in pairs[-MOST_JUDGED:]])
    rival = np.array(year) / BYTES_PER_GB
    scores = (
        _score("due_dates", "Due dates", said, actual, is_champion=True),
        _score("mean_of_year", "Mean of the last 12 months", rival, actual, is_champion=False),
    )
    return BacktestPicture(months, predicted, actual, inside), scores


def _follows(cube: AgeCube, after: AgeCube) -> bool:
    return bool(after.taken_month == cube.taken_month + 1)


def _at_age(cube: AgeCube, age: int) -> float:
    """Return bytes that are exactly so old: what the rule takes at that month end."""
    return float(cube.cells["bytes"].to_numpy()[cube.ages == age].sum())


def _score(name: str, title: str, said: Array, actual: Array, *, is_champion: bool) -> ModelScore:
    error, total = said - actual, float(actual.sum())
    wape = float(np.abs(error).sum() / total) if total > 0 else float("nan")
    bias = float(error.sum() / total) if total > 0 else float("nan")
    return ModelScore(name, title, wape, wape, bias, float(np.abs(error).mean()), len(actual), is_champion, "")
