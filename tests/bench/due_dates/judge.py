"""What the engine and its rivals would have said at every origin, against what then came.

A rival sees the flows that the rule would have taken until the origin, the engine the files as they stood then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from forecast_core.estimators.due_dates import Chance, draws
from forecast_core.inventory import BYTES
from tests.bench.due_dates.libraries import EVERYTHING, Standing, asked

CASES = ((6, 1), (6, 6), (12, 1), (12, 6), (12, 12), (24, 1), (24, 6), (24, 12), (24, 24))
TOTALS = ((6, 6), (12, 12), (24, 12), (6, 24), (12, 24), (24, 24))
PATHS, MOST_MONTHS = 200, 24
CHANCE = Chance.of(PATHS, 1, MOST_MONTHS, seed=0)
ENGINE, PLAIN, MEAN = "due dates", "plain due dates", "mean of the last 12"
Row = tuple[str, int, int]


@dataclass
class Tally:
    """Σ|error| and Σ actual by row, model and library; months and how many fell inside their band by row."""

    sums: dict[tuple[Row, str], dict[str, np.ndarray]] = field(default_factory=lambda: defaultdict(dict))
    inside: dict[Row, np.ndarray] = field(default_factory=lambda: defaultdict(lambda: np.zeros(2)))

    def add(self, row: Row, model: str, library: str, said: float, came: float) -> None:
        before = self.sums[row, model].get(library, np.zeros(2))
        self.sums[row, model][library] = before + np.array([abs(said - came), came])

    def pooled(self, row: Row, model: str) -> float:
        """Return WAPE over all libraries."""
        error, came = sum(self.sums[row, model].values())
        return float(error / came)

    def by_library(self, row: Row, model: str) -> dict[str, float]:
        """Return WAPE of each library in which anything came."""
        return {name: float(error / came) for name, (error, came) in self.sums[row, model].items() if came > 0}

    def worst_against_plain(self, row: Row) -> float:
        """Return by how much the engine is worse than plain due dates in the library where it is worst."""
        engine, plain = self.by_library(row, ENGINE), self.by_library(row, PLAIN)
        return max(engine[name] - plain[name] for name in engine)

    def coverage(self, row: Row) -> float:
        """Return how often what came fell inside the 80 % band, where anything was due."""
        inside, months = self.inside[row]
        return float(inside / months)

    def models(self) -> list[str]:
        return list(dict.fromkeys(model for _, model in self.sums))


def judge(standings: Iterable[Standing]) -> Tally:
    """Return the tally over every origin."""
    tally = Tally()
    for standing in standings:
        for rule in (6, 12, 24):
            _judge(tally, standing, rule)
    return tally


def _judge(tally: Tally, standing: Standing, rule: int) -> None:
    months = min(MOST_MONTHS, standing.of.months - 1 - standing.origin)
    question, room = asked(rule), np.full((1, months), EVERYTHING)
    answer = standing.model.answer(question, room, np.zeros((1, months)))
    said = answer.taken.archived[BYTES][0].astype(float)
    due = (answer.due.monthly + answer.due.left)[BYTES][0]
    paths = draws(standing.model, answer, CHANCE)[:, 0]
    came = standing.of.archived(rule, standing.origin, months)
    rivals = {name: rival(standing, rule, months) for name, rival in RIVALS.items()}
    name = standing.of.name
    for _, ahead in (case for case in CASES if case[0] == rule and case[1] <= months):
        row, at = ("month", rule, ahead), ahead - 1
        tally.add(row, ENGINE, name, said[at], came[at])
        tally.add(row, PLAIN, name, due[at], came[at])
        for rival, flows in rivals.items():
            tally.add(row, rival, name, flows[at], came[at])
        if due[at] > 0:
            tally.inside[row] += [_inside(paths[:, at], said[at], came[at]), 1]
    for _, span in (case for case in TOTALS if case[0] == rule and case[1] <= months):
        row = ("total", rule, span)
        tally.add(row, ENGINE, name, said[:span].sum(), came[:span].sum())
        tally.add(row, PLAIN, name, due[:span].sum(), came[:span].sum())
        for rival, flows in rivals.items():
            tally.add(row, rival, name, flows[:span].sum(), came[:span].sum())
        if due[:span].any():
            tally.inside[row] += [_inside(paths[:, :span].sum(axis=1), said[:span].sum(), came[:span].sum()), 1]


def _inside(paths: np.ndarray, said: float, came: float) -> bool:
    """Whether a value is inside the 80 % band; half a byte of rounding is no miss."""
    lower, upper = np.quantile(paths, [0.1, 0.9])
    return min(lower, said) - 0.5 <= came <= max(upper, said) + 0.5


# ── rivals ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def _past(standing: Standing, rule: int) -> np.ndarray:
    """Return what the rule took in each month until the origin; nothing can be older than the library."""
    return standing.of.archived(rule, -1, standing.origin + 1)


def _last_month(standing: Standing, rule: int, months: int) -> np.ndarray:
    return np.full(months, _past(standing, rule)[-1])


def _mean_of_year(standing: Standing, rule: int, months: int) -> np.ndarray:
    return np.full(months, _past(standing, rule)[-12:].mean())


def _same_month_last_year(standing: Standing, rule: int, months: int) -> np.ndarray:
    return np.resize(_past(standing, rule)[-12:], months)


def _mean_hazards(standing: Standing, rule: int, months: int) -> np.ndarray:
    """What is due times the mean share kept to the rule's age: what an actuary would try first."""
    triangle, origin = standing.of.known(standing.origin), standing.origin
    table = triangle.bytes_at[0]
    flows = _mean_of_year(standing, rule, months).copy()
    for ahead in range(1, min(months, rule) + 1):
        kept = 1.0
        for age in range(rule - ahead, rule):
            seen = triangle.ratios(age, age + 1)
            kept *= float(np.nanmean(seen)) if np.isfinite(seen).any() else 1.0
        cohort = 120 + origin + ahead - rule
        flows[ahead - 1] = table[cohort, origin] * kept if cohort >= 0 else 0.0
    return flows


Rival = Callable[[Standing, int, int], np.ndarray]
RIVALS: dict[str, Rival] = {
    MEAN: _mean_of_year,
    "last month": _last_month,
    "same month last year": _same_month_last_year,
    "mean hazards": _mean_hazards,
}
