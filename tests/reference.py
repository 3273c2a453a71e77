"""The stock-and-flow roll-out as one would do it on paper, scope by scope, month by month; it judges the fast one."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from forecast_core.estimators import Plan, StockFlowModel
from forecast_core.months import days_in_month, month_of_year

DELETED_RATIO = 0.005
GROWTH_FADE = 0.97
MOST_RIPENING = 0.6
MIX_CENTRE = (0.33, 0.28, 0.17)


@dataclass(frozen=True)
class Month:
    """One month: files before it, what moved, files after it, and the GB."""

    before: float
    arrived: float
    archived: float
    deleted: float
    after: float
    stock_gb: float
    archived_gb: float
    backlog: float


def roll_out(model: StockFlowModel, plan: Plan, scope: int, question: int = 0) -> list[Month]:
    """Return the coming months of one scope under one question of a plan."""
    params = model.params
    hot = model.files[scope] * (1 - model.eligible[scope])
    backlog, size = model.files[scope] * model.eligible[scope], model.backlog_size[scope]
    planned, before, months = model.files[scope], 1.0, []
    calendar, days = month_of_year(plan.months) - 1, days_in_month(plan.months)
    ripening = float(params.ripening_ratio()[scope])
    large_first = params.size_exponent.item() - 1
    for index in range(plan.shape[2]):
        ratio = plan.files_ratio[question, scope, index]
        hot, backlog, planned, before = (value * ratio / before for value in (hot, backlog, planned, before))
        before = ratio
        busy = math.exp(params.season[calendar[index]])
        capacity = math.exp(params.usable) * plan.frequency_per_day[question, scope, index] * days[index] * busy
        taken = _taken(backlog, capacity, math.exp(params.sharpness))
        mean = size * min(max(taken / max(backlog, 1e-12), 1e-12), 1) ** large_first
        net = model.pool_growth + (model.growth[scope] - model.pool_growth) * GROWTH_FADE**index
        net = min(max(net + plan.growth_added[question, scope, index], -0.5), 0.5)
        gross = net + model.files_taken[scope] + DELETED_RATIO * model.eligible[scope]
        arrived, leaving = planned * max(gross, 0), max(-gross, 0)
        gb_each = model.size_gb[scope] * plan.size_ratio[question, scope, index]
        stock_gb = (hot + backlog + arrived) * gb_each
        gb = min(taken * mean * gb_each * _weight(model, plan.mix[question, scope, index], scope), stock_gb)
        ripe = min(ripening * busy, MOST_RIPENING)
        ripened, left = ripe * hot, (1 - DELETED_RATIO) * (backlog - taken)
        deleted = DELETED_RATIO * (backlog - taken) + min(hot * leaving, hot - ripened)
        stays = (1 - DELETED_RATIO) * max(backlog * size - taken * mean, 0)
        after = hot + backlog + arrived - taken - deleted
        months.append(Month(hot + backlog, arrived, taken, deleted, after, stock_gb, gb, backlog))
        size = min(max((stays + ripened) / max(left + ripened, 1e-12), 0), 1)
        hot, backlog = max(hot * (1 - ripe - leaving), 0) + arrived, left + ripened
        planned *= 1 + net
    return months


def _taken(backlog: float, capacity: float, sharpness: float) -> float:
    """At most the backlog, at most the capacity, with a soft corner between."""
    backlog = max(backlog, 1e-12)
    ratio = max(capacity / backlog, 1e-12)
    return backlog * (1 + ratio**-sharpness) ** (-1 / sharpness)


def _weight(model: StockFlowModel, mix: np.ndarray, scope: int) -> float:
    """GB of a newly eligible file relative to the average file."""
    params = model.params
    known = np.isfinite(mix)  # a share that nobody knows counts as the centre
    effect = sum(
        (share - centre) * by for share, centre, by in zip(mix, MIX_CENTRE, params.mix, strict=True) if known.all()
    )
    return math.exp(model.bias + params.level[scope] + model.carried[scope] + effect)
