"""Eight real document libraries: who wins a rolling-origin race, how wrong everyone is, whether the bands hold.

In:    the folder named by ARCHIVE_FORECAST_REAL_DATA.
Out:   a `RealResult` per archive rule.
Never: says more than this: the files are real, the rule was applied to them afterwards, no policy is known ahead.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from forecast_core.backtest import Race, Rolled, race, wape
from forecast_core.estimators import Estimator
from forecast_core.forecast import Luck
from forecast_core.history import History, read
from forecast_core.intervals import bounds, calibrate, known_at
from forecast_core.sources import read_table

Array = NDArray[np.float64]
RULES = (6, 12, 24)
HORIZON = 12
FIRST_JUDGED_ORIGIN = 6
COVERAGES = (0.8, 0.95)
SPANS = {"month 1": slice(0, 1), "2–12": slice(1, 12)}
LATER_THAN_ALL = np.datetime64("2100-01", "M")


@dataclass(frozen=True)
class RealScore:
    """WAPE of the next month and of the next twelve together, pooled over libraries; `coverage` by (promised, span)."""

    next_month: float
    twelve_months: float
    coverage: dict[tuple[float, str], float]


@dataclass(frozen=True)
class RealResult:
    """One archive rule; `silent` is the share of judged months in which nothing was archived."""

    rule: int
    champion: str
    silent: float
    scores: dict[str, RealScore]


def real_history(folder: Path, rule: int) -> History:
    """Return the history under a rule, read as an upload would be."""
    path = folder / "real_libraries" / f"history_rule{rule:02d}.csv"
    history = read(read_table(path.name, path.read_bytes()), LATER_THAN_ALL).history
    if history is None:
        raise SystemExit(f"{path.name} could not be read as a history")
    return history


def judge(folder: Path, rule: int, entrants: Sequence[Estimator]) -> RealResult:
    """Race on one rule; months in which nothing could be old enough are not judged."""
    history = real_history(folder, rule)
    found: Race = race(history, HORIZON, entrants)
    rolls = {entrant.estimator.name: entrant.rolled for entrant in found.entrants if entrant.rolled is not None}
    judged = {name: _ripe_only(rolled, history, rule) for name, rolled in rolls.items()}
    actual = next(iter(judged.values())).actual_archived[:, :, 0]
    return RealResult(
        rule,
        found.champion.estimator.name,
        float((actual[np.isfinite(actual)] == 0).mean()),
        {name: _score(rolled, history) for name, rolled in judged.items()},
    )


def _ripe_only(rolled: Rolled, history: History, rule: int) -> Rolled:
    """Hide what came in a library's first months: nothing can be older than the library."""
    begun = np.isfinite(history.grid("total_files")).argmax(axis=1)
    steps = rolled.actual_archived.shape[2]
    ahead = (rolled.origins[:, None] + 1 + np.arange(steps) - history.months[0]).astype(int)
    too_early = ahead[:, None, :] < (begun + rule)[None, :, None]
    hidden = np.where(too_early, np.nan, rolled.actual_archived)
    return replace(rolled, actual_archived=hidden)


def _score(rolled: Rolled, history: History) -> RealScore:
    twelve = wape(rolled.predicted_archived.sum(axis=2), rolled.actual_archived.sum(axis=2))
    return RealScore(
        wape(rolled.predicted_archived[..., 0], rolled.actual_archived[..., 0]), twelve, _coverage(rolled, history)
    )


def _coverage(rolled: Rolled, history: History) -> dict[tuple[float, str], float]:
    """Return the share inside the bands shown to a user; each origin's band comes from the origins before it."""
    inside: dict[tuple[float, str], list[float]] = defaultdict(list)
    for origin in range(FIRST_JUDGED_ORIGIN, len(rolled.origins)):
        luck = Luck.of(calibrate(known_at(rolled, origin), history), HORIZON, seed=0)
        paths, actual = luck.archived(rolled.predicted_archived[origin]), rolled.actual_archived[origin]
        for name, steps in SPANS.items():
            for share in COVERAGES:
                lower, upper = bounds(paths[..., steps], share)
                known = np.isfinite(actual[:, steps])
                held = (actual[:, steps] >= lower) & (actual[:, steps] <= upper)
                inside[share, name].extend(held[known].astype(float))
    return {key: float(np.mean(held)) for key, held in inside.items() if held}
