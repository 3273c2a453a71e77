"""The policy that is worth most: age, size floor, file types, tier and files per day, inside limits.

In:    a ground, a scenario to start from, terms, a price book, limits.
Out:   `BestPolicy`: the best one, today's, and the frontier of GB against money.
Never: recommends what breaks a limit; hides how much of it comes back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forecast_core.errors import PriceError, ScenarioError
from forecast_core.money import Case, Terms, yours
from forecast_core.months import days_in_month
from forecast_core.scenario import Scenario
from forecast_core.scenario.choosing import Dimensions, Report, choose
from forecast_core.scenario.levers import FREQUENCY, HORIZON, RECALL, RULE, SMALLEST
from forecast_core.service.cost_cases import as_moved
from forecast_core.service.measuring import Measuring
from forecast_core.service.simulate import NO_SAVINGS

Array = NDArray[np.float64]
MOST_TYPES, MOST_AGE = 6, 60
SMALLEST_CLASSES = (-1, *range(10, 21))
FLOORS_KB = (0.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0)
FRONTIER, LOOKED = 24, 300
NOTHING = "nothing"
YEAR, MOST_RECALL = 12, 0.2
CANNOT = 1e6  # breaks every limit: a policy that cannot be priced is not on offer


@dataclass(frozen=True)
class PolicyLimits:
    """What a policy may not pass; None where it may.

    `returned_ratio`  share of what is archived that is changed or deleted within a year after
    `files_per_day`   files archived per day in the busiest month
    `paid`            money paid for archiving over the horizon, fees and storage
    """

    returned_ratio: float | None = None
    files_per_day: float | None = None
    paid: float | None = None


@dataclass(frozen=True)
class Candidate:
    """A policy and what it comes to over the horizon; `returned_ratio` is NaN where no inventory tells it."""

    scenario: Scenario
    terms: Terms
    net: float
    freed_gb: float
    paid: float
    files_per_day: float
    returned_ratio: float


@dataclass(frozen=True)
class BestPolicy:
    """`best` is None where no policy keeps the limits; `frontier` from least to most GB, none beaten in both.

    `looked` are GB and money of some of the policies that keep the limits.
    """

    limits: PolicyLimits
    months: int
    currency: str
    best: Candidate | None
    today: Candidate
    frontier: tuple[Candidate, ...]
    looked: tuple[tuple[float, float], ...]
    tried: int
    notes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Choices:
    """What the numbers of a policy mean, by place."""

    start: Scenario
    terms: Terms
    tiers: tuple[str, ...]
    types: tuple[str, ...]
    has_rule: bool
    most_files: float

    @property
    def dimensions(self) -> tuple[Array, Array, NDArray[np.bool_]]:
        """Bounds and which are whole: tier, floor, files per day, then the age and each type with a rule."""
        floors = SMALLEST_CLASSES if self.has_rule else FLOORS_KB
        upper = [len(self.tiers) - 1, len(floors) - 1, self.most_files]
        whole = [True, True, False]
        if self.has_rule:
            upper += [MOST_AGE, *(1 for _ in self.types)]
            whole += [True] * (1 + len(self.types))
        lower = np.zeros(len(upper))
        lower[3:4] = 1  # nobody archives what was changed yesterday
        return lower, np.array(upper, float), np.array(whole)

    def read(self, policy: Array) -> tuple[Scenario, Terms]:
        """Return scenario and terms of a policy."""
        tier, floor = self.tiers[int(policy[0])], int(policy[1])
        moved = {FREQUENCY.name: float(policy[2])} if FREQUENCY.name in self.start.values else {}
        if not self.has_rule:
            return self.start.with_values(**moved), replace(self.terms, archive=tier, skip_below_kb=FLOORS_KB[floor])
        moved |= {RULE.name: float(policy[3]), SMALLEST.name: float(SMALLEST_CLASSES[floor])}
        left = tuple(name for name, out in zip(self.types, policy[4:], strict=True) if out > 0.5)
        others = tuple(part for part in self.start.left_out if not part.startswith("type:"))
        found = replace(self.start.with_values(**moved), left_out=tuple(sorted((*left, *others))))
        return found, replace(self.terms, archive=tier)

    def of(self, scenario: Scenario, terms: Terms) -> Array:
        """Return the policy of a scenario and its terms, as near as it can be said."""
        files = min(scenario.values.get(FREQUENCY.name, 0.0), self.most_files)
        tier = self.tiers.index(terms.archive) if terms.archive in self.tiers else 0
        if not self.has_rule:
            floor = int(np.argmin(np.abs(np.array(FLOORS_KB) - terms.skip_below_kb)))
            return np.array([tier, floor, files], float)
        floor = int(np.argmin(np.abs(np.array(SMALLEST_CLASSES) - scenario.values[SMALLEST.name])))
        left = [float(name in scenario.left_out) for name in self.types]
        return np.array([tier, floor, files, min(scenario.values[RULE.name], MOST_AGE), *left], float)


def best_policy(measuring: Measuring, start: Scenario, limits: PolicyLimits, report: Report) -> BestPolicy:
    """Return the policy that saves most inside limits; ScenarioError where money or flows are not known."""
    choices = _choices(measuring, start, limits)
    lower, upper, whole = choices.dimensions
    found: dict[bytes, Candidate] = {}

    def measure(policies: Array) -> tuple[Array, Array]:
        candidates = _candidates(measuring, [choices.read(policy) for policy in policies])
        for policy, candidate in zip(policies, candidates, strict=True):
            if candidate:
                found[policy.tobytes()] = candidate
        gains = np.array([each.net if each else -CANNOT for each in candidates])
        return gains, np.array([_over(each, limits) for each in candidates])

    (today,) = _candidates(measuring, [(start, measuring.terms)])
    if today is None:
        raise ScenarioError("Today's policy cannot be priced.", hint="See the Money page for what is missing.")
    begin = np.vstack([choices.of(start, measuring.terms), *_corners(choices)])
    chosen = choose(measure, Dimensions(lower, upper, whole, begin), report)
    kept = (chosen.over <= 1e-9).all(axis=1)
    inside = [found[policy.tobytes()] for policy in chosen.policies[kept] if policy.tobytes() in found]
    return BestPolicy(
        limits=limits,
        months=measuring.months,
        currency=measuring.terms.currency or measuring.book.currency,
        best=found.get(chosen.best.tobytes()) if chosen.best is not None else None,
        today=today,
        frontier=_frontier(inside),
        looked=tuple((each.freed_gb, each.net) for each in inside[:: max(len(inside) // LOOKED, 1)]),
        tried=len(chosen.policies),
        notes=_notes(choices),
    )


def _choices(measuring: Measuring, start: Scenario, limits: PolicyLimits) -> _Choices:
    known = measuring.ground.known
    has_rule = known.by_name(RULE.name).available if RULE.name in {each.lever.name for each in known.levers} else False
    rate = known.by_name(FREQUENCY.name)
    most = rate.upper if rate.available else 0.0
    if limits.files_per_day is not None and has_rule:
        most = min(most, limits.files_per_day)
    types = tuple(part for part in known.parts if part.startswith("type:"))[:MOST_TYPES] if has_rule else ()
    return _Choices(start, measuring.terms, _tiers(measuring, start), types, has_rule, most)


def _tiers(measuring: Measuring, start: Scenario) -> tuple[str, ...]:
    """Return the tiers that the start can be priced in, its own first."""
    offers = [measuring.terms.archive, *(offer.id for offer in measuring.book.of_role("archive"))]
    names = [name for name in dict.fromkeys(offers) if name != measuring.terms.primary]
    asked = [(start, replace(measuring.terms, archive=name)) for name in names]
    found = _candidates(measuring, asked)
    return tuple(name for name, candidate in zip(names, found, strict=True) if candidate)


def _corners(choices: _Choices) -> list[Array]:
    """Return policies worth a look from the start: every tier with today's settings."""
    begin = choices.of(choices.start, choices.terms)
    corners = []
    for tier in range(len(choices.tiers)):
        policy = begin.copy()
        policy[0] = tier
        corners.append(policy)
    return corners


def _candidates(measuring: Measuring, asked: Sequence[tuple[Scenario, Terms]]) -> list[Candidate | None]:
    """Return what policies come to, None for one that cannot be priced; the flows of all in one batch."""
    scenarios = [scenario.with_values(**{HORIZON.name: measuring.months}) for scenario, _ in asked]
    plan, flows = measuring.ground.flows(scenarios, measuring.base)
    if not np.isfinite(flows.savings_gb).all():
        raise ScenarioError(f"No policy can be looked for: {NO_SAVINGS}", hint="Add savings_gb to the data.")
    returned = measuring.ground.returned_ratio(plan, flows)
    busiest = (flows.files_archived.sum(axis=1) / days_in_month(plan.months)).max(axis=1)
    paying = [_paying_for(scenario, float(back)) for (scenario, _), back in zip(asked, returned, strict=True)]
    common = measuring.ground.cases((plan, flows), paying, measuring.base, (measuring.terms, measuring.book))
    return [
        _candidate(measuring, case, (scenario, terms), (float(busiest[row]), float(returned[row])))
        for row, (case, scenario, (_, terms)) in enumerate(zip(common, paying, asked, strict=True))
    ]


def _paying_for(scenario: Scenario, returned_ratio: float) -> Scenario:
    """Return the scenario with at least so much recalled each month as comes back within a year."""
    if not np.isfinite(returned_ratio):
        return scenario
    monthly = 1 - (1 - min(returned_ratio, 0.999)) ** (1 / YEAR)
    most = max(scenario.values[RECALL.name], min(monthly, MOST_RECALL))
    return scenario.with_values(**{RECALL.name: most})


def _candidate(
    measuring: Measuring, case: Case, asked: tuple[Scenario, Terms], seen: tuple[float, float]
) -> Candidate | None:
    """Return what a policy comes to in its own tier, None where that cannot be priced."""
    scenario, terms = asked
    try:
        book = yours(as_moved(measuring.book, scenario, measuring.base, terms), terms)
        tiered = case.varied(terms=terms, book=book)
        net, paid = float(tiered.ledger.net.sum()), float(tiered.ledger.paid.sum())
        freed = float(tiered.by_scope.freed_gb.sum())
    except PriceError:
        return None
    return Candidate(scenario, terms, net, freed, paid, *seen)


def _over(candidate: Candidate | None, limits: PolicyLimits) -> list[float]:
    """Return by how much each limit is broken, relative to it."""
    pairs: Mapping[str, float | None] = {
        "returned_ratio": limits.returned_ratio,
        "files_per_day": limits.files_per_day,
        "paid": limits.paid,
    }
    if candidate is None:
        return [CANNOT for most in pairs.values() if most is not None] or [CANNOT]
    found = []
    for name, most in pairs.items():
        if most is not None:
            value = getattr(candidate, name)
            found.append((value - most) / max(abs(most), 1e-9) if np.isfinite(value) else -1.0)
    return found or [-1.0]


def _frontier(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Return the policies that no other beats in both GB and money, thinned out evenly."""
    order = sorted(candidates, key=lambda each: (-each.freed_gb, -each.net))
    kept: list[Candidate] = []
    for candidate in order:
        if not kept or candidate.net > kept[-1].net + 1e-9:
            kept.append(candidate)
    kept.reverse()
    if len(kept) <= FRONTIER:
        return tuple(kept)
    places = np.unique(np.linspace(0, len(kept) - 1, FRONTIER).round().astype(int))
    return tuple(kept[place] for place in places)


def _notes(choices: _Choices) -> tuple[str, ...]:
    if choices.has_rule:
        return (
            "What comes back is what files of that age did before, here and elsewhere: they are changed or deleted "
            "within a year. The money counts it as recalled.",
        )
    return (
        "Without a file inventory nobody knows how old files are: age and file types cannot be chosen, and what comes "
        "back is only what the recall lever says.",
    )
