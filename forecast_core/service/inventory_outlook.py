"""What the rule in force takes if nothing changes, and how well the due dates said it before.

In:    an `InventoryView`, its `Ranges`, a horizon.
Out:   `Outlook`.
Never: judges an origin with anything that was not known then.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forecast_core.estimators import Plan
from forecast_core.estimators.due_dates import BYTES_PER_GB, draws
from forecast_core.forecast import Band, band, interval
from forecast_core.inventory import BYTES, NO_RULE_MONTHS
from forecast_core.scenario import Ranges, baseline, rule_plan
from forecast_core.scenario.levers import HORIZON, MOST_MONTHS
from forecast_core.service.answers import Ahead, Outlook, Provenance, ScopeLine
from forecast_core.service.inventory_view import InventoryView, past_of_inventory
from forecast_core.service.judged_inventory import judged_here
from forecast_core.service.rule_answer import known_months, notes, until

Array = NDArray[np.float64]
SPANS = (1, 3, 12)
YEAR = 12
NO_RULE = "No rule is in force here, so nothing is archived if nothing changes; draw a rule on the Policy page."


def inventory_outlook(view: InventoryView, known: Ranges, months: int, stamp: Provenance) -> Outlook:
    """Return what comes in the next `months` if nothing changes."""
    span = max(months, YEAR)
    base = baseline(known).with_values(**{HORIZON.name: min(span, MOST_MONTHS)})
    plan = rule_plan((base,), base, view.standing)
    archived, freed = _levelled(view, plan)
    told = span if view.level is not None and len(view.level.rows) == view.model.scopes else known_months(plan, 0)
    is_idle = view.standing.rule_months >= NO_RULE_MONTHS and view.level is None
    picture, scores = judged_here(view)
    error = scores[0].wape_archived if scores else float("nan")
    return Outlook(
        scope=view.scope,
        past=past_of_inventory(view),
        months=plan.last_month + 1 + np.arange(months),
        archived=until(_summed(archived, months), told),
        savings=until(_summed(freed, months), told),
        ahead=tuple(_ahead(_sum(archived), _sum(freed), ahead) for ahead in SPANS),
        by_scope=tuple(_line(view, row, archived, freed) for row in range(view.model.scopes)),
        backtest=picture,
        scores=scores,
        predictable=True,
        error_ratio=error,
        notes=((NO_RULE,) if is_idle else ()) + notes(view, plan),
        provenance=stamp,
    )


Sample = tuple[Array, Array]


def _levelled(view: InventoryView, plan: Plan) -> tuple[Sample, Sample]:
    """Return points (n, H) and paths (P, n, H) of archived and freed GB, the history's where it answers."""
    answer, months = view.model.unhindered(plan.rules[0], plan.growth_added[0]), plan.shape[2]
    point = answer.taken.archived[BYTES] / BYTES_PER_GB
    paths = draws(view.model, answer, view.chance) / BYTES_PER_GB
    freed, freed_paths = point.copy(), paths.copy()
    if (level := view.level) is not None:
        point[level.rows], paths[:, level.rows] = level.archived_point[:, :months], level.archived[..., :months]
        freed[level.rows], freed_paths[:, level.rows] = level.freed_point[:, :months], level.freed[..., :months]
    return (point, paths), (freed, freed_paths)


def _sum(sample: Sample) -> Sample:
    return sample[0].sum(axis=0), sample[1].sum(axis=1)


def _summed(sample: Sample, months: int) -> Band:
    point, paths = _sum(sample)
    return band(point[:months], paths[:, :months])


def _ahead(archived: Sample, freed: Sample, months: int) -> Ahead:
    totals = (
        interval(float(point[:months].sum()), paths[:, :months].sum(axis=1)) for point, paths in (archived, freed)
    )
    return Ahead(months, *totals)


def _line(view: InventoryView, row: int, archived: Sample, freed: Sample) -> ScopeLine:
    name, title = view.model.grid.scopes[row], view.beside.title if view.beside else ""
    by_history = view.level is not None and row in view.level.rows
    own, own_freed = ((point[row], paths[:, row]) for point, paths in (archived, freed))
    who = (title if by_history else "Due dates") if view.beside else ""
    return ScopeLine(name, view.standing.last_month, True, _ahead(own, own_freed, YEAR), who)
