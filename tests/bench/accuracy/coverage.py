"""Do the bands keep their promise: of what comes, by months ahead and size of the history; of the change, by trust.

In:    fresh worlds.
Out:   `Tally` of months inside over months judged; the doubt about effects that would give 80 %.
Never: asks the interval of a month that the calibration has seen.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from forecast_core.backtest import Guard, recorded_plan, roll
from forecast_core.estimators import Evidence, Plan, StockFlow
from forecast_core.features import today
from forecast_core.forecast import EFFECT_DOUBT, Luck
from forecast_core.intervals import bounds, calibrate
from tests.bench.accuracy.tally import Tally
from tests.bench.accuracy.trials import Stand
from tests.bench.accuracy.worlds import Moves, World

Array = NDArray[np.float64]
MONTHS = 24
COVERAGES = (0.8, 0.95)
BANDS = {"month 1": slice(0, 1), "2–6": slice(1, 6), "7–12": slice(6, 12), "13–24": slice(12, 24)}
TOTALS = {"12-month total": 12, "24-month total": 24}
DOUBTS = (0.0, 0.1, 0.2, 0.3, 0.5, 0.8, 1.2)
QUESTIONS = 12
MOST_MOVE = 3.0
LEAST_EFFECT = 0.02


def learned_luck(stand: Stand) -> tuple[Luck, StockFlow]:
    """Return the luck that the product would show at this stand, and whose it is."""
    estimator = StockFlow()
    known = stand.known
    return Luck.of(calibrate(roll(known, estimator, MONTHS), known), MONTHS, seed=0), estimator


def judge_bands(tally: Tally, size: str, world: World, month: int) -> None:
    """Count the months and totals of the following 24 that fall inside, the recorded policy known."""
    stand = Stand(world, month)
    luck, estimator = learned_luck(stand)
    history = world.history.only(stand.known.scopes)
    plan = recorded_plan(history, stand.known.last_month, MONTHS)
    point = estimator.fit(Evidence(stand.known)).predict(plan).archived_gb[0]
    actual = world.archived_gb[stand.rows, month + 1 : month + 1 + MONTHS]
    paths = luck.archived(point)
    for coverage in COVERAGES:
        inside = _inside(paths, actual, coverage)
        for band, steps in BANDS.items():
            tally.count(f"{size}, {coverage:.0%}", band, "", float(inside[:, steps].sum()), inside[:, steps].size)
        for name, months in TOTALS.items():
            summed = _inside(paths[..., :months].sum(axis=-1), actual[:, :months].sum(axis=-1), coverage)
            tally.count(f"{size}, {coverage:.0%}", name, "", float(summed.sum()), summed.size)
            whole = _inside(paths[..., :months].sum(axis=(1, 2)), actual[:, :months].sum(), coverage)
            tally.count(f"{size}, {coverage:.0%}", f"{name}, all", "", float(whole), 1)


def _inside(paths: Array, actual: Array | float, coverage: float) -> NDArray[np.bool_]:
    lower, upper = bounds(paths, coverage)
    return np.asarray((actual >= lower) & (actual <= upper))


@dataclass
class Changes:
    """Shares inside the change interval by (colour, what, doubt), errors of the log effect by (colour, what)."""

    inside: dict[tuple[str, str, float], list[float]] = field(default_factory=lambda: defaultdict(list))
    expected: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    misses: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))

    def covered(self, colour: str, what: str, doubt: float) -> float:
        """Return the share of true changes inside the 80 % interval at a doubt."""
        return float(np.mean(self.inside[colour, what, doubt]))

    def needed(self, colour: str, what: str) -> float:
        """Return the doubt under which 80 % of log effects would lie within 1.28 of it."""
        return float(np.quantile(np.abs(self.misses[colour, what]), 0.8) / 1.2816)


def judge_changes(changes: Changes, world: World, month: int, seed: int) -> None:
    """Ask random joint moves of each scope on its own and hold the true change, luck included, against the interval."""
    stand = Stand(world, month)
    guard = Guard.of(stand.known)
    if guard is None:
        return
    moves = _random_moves(np.random.default_rng(seed), len(world.frequency))
    luck, estimator = learned_luck(stand)
    plan = stand.plan(moves, MONTHS)
    said = estimator.fit(Evidence(stand.known)).predict(plan).archived_gb
    truth = stand.truth(moves, MONTHS)
    for question in range(1, len(said)):
        colours = _colours(guard, stand, plan, question)
        _hold_against(changes, luck, (said[0], said[question]), (truth[0], truth[question]), colours)


def _random_moves(rng: np.random.Generator, scopes: int) -> Moves:
    """Question 0 moves nothing; then each lever moves with even odds, in some questions little, in others up to × 3."""
    shape = (3, QUESTIONS + 1, scopes)
    reach = np.log(MOST_MOVE) * rng.uniform(0.1, 1, (1, QUESTIONS + 1, 1))
    factors = np.exp(rng.uniform(-1, 1, shape) * reach * (rng.random(shape) < 0.5))
    factors[:, 0] = 1.0
    return Moves(*factors)


def _colours(guard: Guard, stand: Stand, plan: Plan, question: int) -> list[str]:
    now = today(stand.known)

    def asked(row: int, which: int) -> Array:
        ratio, size = plan.files_ratio[which, row, -1], plan.size_ratio[which, row, -1]
        return np.array(
            [[now.total_files[row] * ratio, now.avg_file_size_mb[row] * size, plan.frequency_per_day[which, row, -1]]]
        )

    scopes = stand.known.scopes
    return [guard.check((scope,), asked(row, question), asked(row, 0)).colour for row, scope in enumerate(scopes)]


def _hold_against(
    changes: Changes, luck: Luck, said: tuple[Array, Array], truth: tuple[Array, Array], colours: list[str]
) -> None:
    base, true_change = luck.archived(said[0]), truth[1] - truth[0]
    intervals = {doubt: luck.moved(base, *said, doubt) - base for doubt in DOUBTS}
    for what, steps in {
        "month 1": slice(0, 1),
        "month 12": slice(11, 12),
        "12 months": slice(0, 12),
        "24 months": slice(0, 24),
    }.items():
        came = true_change[..., steps].sum(axis=-1)
        held = {doubt: _inside(paths[..., steps].sum(axis=-1), came, 0.8) for doubt, paths in intervals.items()}
        sums = [flow[..., steps].sum(axis=-1) for flow in (*said, *truth)]
        effect, true_effect = np.log(sums[1] / sums[0]), np.log(sums[3].mean(axis=0) / sums[2].mean(axis=0))
        for row, colour in enumerate(colours):
            if abs(effect[row]) < LEAST_EFFECT:
                continue
            doubt = EFFECT_DOUBT[colour]
            paths = intervals[doubt][:, row, steps].sum(axis=-1)
            changes.expected[colour, what].append(float(_inside(paths, came[:, row].mean(), 0.8)))
            changes.misses[colour, what].append(float(true_effect[row] / effect[row] - 1))
            for other, inside in held.items():
                changes.inside[colour, what, other].append(float(inside[:, row].mean()))
