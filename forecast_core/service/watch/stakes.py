"""What an unexpected input moves: the forecast with it, less the forecast without it.

In:    what was learned, a history up to a month, that month's check.
Out:   the next twelve months' GB by scope, and a `Stake` for each scope with a finding.
Never: counts a finding that moves nothing as a risk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from forecast_core.backtest import recorded_plan
from forecast_core.drift.changes import Checked
from forecast_core.drift.inputs import FILES, FREQUENCY, SIZE
from forecast_core.drift.verdict import Stake
from forecast_core.estimators import Evidence, Flows, Plan
from forecast_core.history import ALL, History
from forecast_core.money import storage_ledger
from forecast_core.scenario import Prices
from forecast_core.service.learned import Learned

Array = NDArray[np.float64]
AHEAD_MONTHS = 12
AS_IT_IS, WITHOUT, ALL_WITHOUT = 0, 1, 2


def stakes(
    learned: Learned, history: History, checked: Checked, prices: Prices
) -> tuple[dict[str, float], dict[str, Stake]]:
    """Return GB of the next twelve months by scope and for ALL, and what the noticed inputs of each scope move."""
    live = history.only(history.live_scopes)
    plan = recorded_plan(live, live.last_month, AHEAD_MONTHS)
    three = _three(plan, live.scopes, checked)
    flows = learned.model.update(Evidence(live)).predict(three)
    archived = flows.archived_gb.sum(axis=2)
    if learned.effect is None:  # the model that answers knows no levers: in proportion to files and their size
        archived = archived * (three.files_ratio * three.size_ratio)[:, :, -1]
    worth = _worth(flows, prices)
    gb = {scope: float(archived[AS_IT_IS, row]) for row, scope in enumerate(live.scopes)}
    gb[ALL] = float(archived[AS_IT_IS].sum())
    found = {
        scope: _stake(archived[:2, row], worth[:2, row])
        for row, scope in enumerate(live.scopes)
        if checked.noticed[checked.scopes.index(scope)].any()
    }
    if checked.noticed[-1].any():
        found[ALL] = _stake(archived[[AS_IT_IS, ALL_WITHOUT]].sum(axis=1), worth[[AS_IT_IS, ALL_WITHOUT]].sum(axis=1))
    return gb, found


def _stake(gb: Array, worth: Array) -> Stake:
    usual = float(gb[1])
    moved = float(gb[0]) - usual
    ratio = moved / usual if usual > 0 else float(moved != 0)
    return Stake(moved, ratio, float(worth[0] - worth[1]))


def _worth(flows: Flows, prices: Prices) -> Array:
    """Return what a year saves on stored data, (K, n)."""
    nothing = np.zeros(1)
    primary, archive = (np.full(1, price) for price in (prices.primary, prices.archive))
    freed = np.nan_to_num(flows.savings_gb)
    return storage_ledger(freed, flows.archived_gb, nothing, primary, archive).cumulative_saved_cost[..., -1]


def _three(plan: Plan, scopes: tuple[str, ...], checked: Checked) -> Plan:
    """Return the plan as it is, with each scope's noticed inputs as expected, and with those of ALL as expected."""
    three = plan.questions(np.zeros(3, np.int64))
    files, size, frequency, mix = (
        np.array(grid) for grid in (three.files_ratio, three.size_ratio, three.frequency_per_day, three.mix)
    )
    for row, scope in enumerate(scopes):
        for question, place in ((WITHOUT, checked.scopes.index(scope)), (ALL_WITHOUT, len(checked.scopes) - 1)):
            ratio = _ratios(checked, place)
            files[question, row] *= ratio[FILES]
            size[question, row] *= ratio[SIZE]
            frequency[question, row] *= ratio[FREQUENCY]
            shares = slice(SIZE + 1, SIZE + 4)
            if question == WITHOUT and checked.noticed[place, shares].any():
                mix[question, row] = _shares(checked, place, mix[question, row])
    return replace(three, files_ratio=files, size_ratio=size, frequency_per_day=frequency, mix=mix)


def _ratios(checked: Checked, place: int) -> Array:
    """Return expected over observed of what was noticed, 1 elsewhere, (7,)."""
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        ratio = np.exp(-checked.effect[place])
    return np.where(checked.noticed[place] & np.isfinite(ratio), ratio, 1.0)


def _shares(checked: Checked, place: int, mix: Array) -> Array:
    """Return the shares of pdf, docx, xlsx as expected where they were noticed, never more than 1 together."""
    shares = slice(SIZE + 1, SIZE + 4)
    known = np.where(checked.noticed[place, shares], checked.expected[place, shares], mix[-1])
    return np.broadcast_to(known / max(float(known.sum()), 1.0), mix.shape)


def total(stakes_by_scope: Mapping[str, Stake], yearly_gb: Mapping[str, float]) -> Stake:
    """Return what all findings together move, ALL's own left out where a scope explains it."""
    own = [stake for scope, stake in stakes_by_scope.items() if scope != ALL]
    counted = own or [stake for stake in stakes_by_scope.values()]
    gb, money = sum(stake.gb for stake in counted), sum(stake.money for stake in counted)
    before = yearly_gb.get(ALL, 0.0) - gb
    return Stake(gb, gb / before if before > 0 else 0.0, money if counted else 0.0)
