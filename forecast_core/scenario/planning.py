"""From levers to a plan: what each scope is set to in each coming month.

In:    where the scopes stand today, scenarios of one scope (or of ALL) with one horizon.
Out:   a `Plan` with one question per scenario.
Never: changes anything before the start month; treats ALL as a scope: its levers move every scope in proportion.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from forecast_core.estimators import Plan
from forecast_core.features import Today
from forecast_core.scenario.levers import AVERAGE_SIZE, FREQUENCY, GROWTH, HORIZON, MIX, START, TOTAL_FILES
from forecast_core.scenario.scenario import Scenario

Array = NDArray[np.float64]


def plan(scenarios: Sequence[Scenario], baseline: Scenario, now: Today) -> Plan:
    """Return the plan of K scenarios for the scopes of `now`; a lever at its baseline value changes nothing."""
    months = int(scenarios[0].values[HORIZON.name])
    first = int((now.last_month + 1).astype(int))
    shape = (len(scenarios), len(now.frequency_per_day), months)
    starts = np.array([scenario.values[START.name] for scenario in scenarios])
    acts = (first + np.arange(months))[None, :] >= starts[:, None]

    def path(values: Array, before: Array | float) -> Array:
        """(K, n) new values from the start month on, `before` until then."""
        return np.where(acts[:, None, :], values[:, :, None], np.broadcast_to(before, shape))

    frequency = np.where(np.isfinite(now.frequency_per_day), now.frequency_per_day, np.inf)
    one = np.ones(shape[:2])
    return Plan(
        last_month=now.last_month,
        frequency_per_day=path(_frequency(scenarios, baseline, now), frequency[:, None]),
        files_ratio=path(_ratio(scenarios, baseline, TOTAL_FILES.name)[:, None] * one, 1.0),
        growth_added=path(_difference(scenarios, baseline, GROWTH.name)[:, None] * one, 0.0),
        size_ratio=path(_ratio(scenarios, baseline, AVERAGE_SIZE.name)[:, None] * one, 1.0),
        mix=_mix(scenarios, baseline, now, acts),
    )


def _ratio(scenarios: Sequence[Scenario], baseline: Scenario, name: str) -> Array:
    base = baseline.values.get(name, 0.0)
    return np.array([scenario.values[name] / base if base else 1.0 for scenario in scenarios])


def _difference(scenarios: Sequence[Scenario], baseline: Scenario, name: str) -> Array:
    return np.array([scenario.values.get(name, 0.0) - baseline.values.get(name, 0.0) for scenario in scenarios])


def _frequency(scenarios: Sequence[Scenario], baseline: Scenario, now: Today) -> Array:
    """(K, n): every scope in proportion; where nothing runs today, by its share of the files.

    A scope whose frequency nobody knows is not moved.
    """
    known = np.isfinite(now.frequency_per_day)
    today = np.where(known, now.frequency_per_day, 0.0)
    base = baseline.values.get(FREQUENCY.name)
    if base is None:
        moved = np.broadcast_to(today, (len(scenarios), len(today)))
    else:
        asked = np.array([scenario.values[FREQUENCY.name] for scenario in scenarios])
        moved = (asked / base)[:, None] * today if base > 0 else asked[:, None] * _share_of_files(now, known)
    return np.where(known, moved, np.inf)


def _share_of_files(now: Today, known: NDArray[np.bool_]) -> Array:
    """(n,) summing to 1 over the scopes whose frequency is known."""
    files = np.where(known, np.nan_to_num(now.total_files, nan=1.0), 0.0)
    return files / files.sum() if files.sum() > 0 else known / max(int(known.sum()), 1)


def _mix(scenarios: Sequence[Scenario], baseline: Scenario, now: Today, acts: NDArray[np.bool_]) -> Array:
    """(K, n, H, 3): each scope's shares moved by the same odds as the whole, never beyond 0 … 1 in sum."""
    known = np.where(np.isfinite(now.mix), now.mix, 0.0)
    shape = (len(scenarios), len(known), acts.shape[1], 3)
    if MIX[0].name not in baseline.values:
        return np.broadcast_to(now.mix[None, :, None, :], shape)
    base = _four([baseline])[0]
    asked = _four(scenarios)
    others = (asked != base).any(axis=1)
    moved = np.repeat(known[None], len(scenarios), axis=0)
    moved[others] = _towards(known, base, asked[others, None, :])
    return np.where(acts[:, None, :, None], moved[:, :, None, :], known[None, :, None, :])


def _four(scenarios: Sequence[Scenario]) -> Array:
    """(K, 4): the three shares and what they leave."""
    shares = np.array([[scenario.values[lever.name] for lever in MIX] for scenario in scenarios])
    return np.column_stack([shares, np.maximum(1 - shares.sum(axis=1), 0.0)])


def _towards(known: Array, base: Array, asked: Array) -> Array:
    """(K, n, 3) from `asked` (K, 1, 4): scale each type of each scope by asked/base and normalise.

    A type that the whole lacks is added evenly.
    """
    four = np.concatenate([known, np.clip(1 - known.sum(axis=1, keepdims=True), 0, 1)], axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = np.where(base > 0, four * asked / base, asked)
    total = scaled.sum(axis=-1, keepdims=True)
    return np.where(total > 0, scaled / np.maximum(total, 1e-12), asked)[..., :3]
