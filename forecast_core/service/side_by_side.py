"""Scenarios side by side: each with its band, and each pair's difference on the same futures.

In:    2 to 6 questions about one scope of one data set, each with its terms; the ground they stand on.
Out:   `Comparison`.
Never: subtracts one band from another: a difference is taken future by future.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast_core.backtest import Trust
from forecast_core.errors import PriceError, ScenarioError
from forecast_core.forecast import Band, Interval, band, interval
from forecast_core.money import PriceBook, Terms
from forecast_core.months import Months
from forecast_core.scenario import Scenario, baseline
from forecast_core.scenario.levers import BY_NAME, HORIZON
from forecast_core.service.answers import Provenance
from forecast_core.service.ground import Ground
from forecast_core.service.simulate import NO_SAVINGS

Array = NDArray[np.float64]
FEWEST, MOST = 2, 6
MEASURES = ("net", "savings_gb", "archived_gb")


@dataclass(frozen=True, eq=False)
class Futures:
    """A quantity month by month: the point (H,), and the same under each of the futures (P, H)."""

    point: Array
    paths: Array

    @property
    def band(self) -> Band:
        """The band per month."""
        return band(self.point, self.paths)

    @property
    def so_far(self) -> Futures:
        """The running sum."""
        return Futures(np.cumsum(self.point), np.cumsum(self.paths, axis=1))

    @property
    def total(self) -> Interval:
        """The sum over all months."""
        return interval(float(self.point.sum()), self.paths.sum(axis=1))


@dataclass(frozen=True, eq=False)
class Side:
    """One scenario; `futures` by measure, without what was never measured or cannot be priced (`note` says why)."""

    scenario: Scenario
    terms: Terms
    moved: tuple[str, ...]
    futures: dict[str, Futures]
    trust: Trust
    currency: str
    note: str


@dataclass(frozen=True)
class Against:
    """One scenario less another over all months; `better` is the share of futures in which it is more, ties half."""

    difference: Interval
    better: float


@dataclass(frozen=True, eq=False)
class Comparison:
    """Scenarios over the same `months`; `against` by measure and by the places of two sides, first less second.

    `differing` are the levers that are not the same in all of them, `alike` the others.
    """

    months: Months
    sides: tuple[Side, ...]
    measures: tuple[str, ...]
    against: dict[str, dict[tuple[int, int], Against]]
    differing: tuple[str, ...]
    alike: tuple[str, ...]
    currency: str
    provenance: Provenance


Question = tuple[Scenario, Terms]


def side_by_side(
    ground: Ground, questions: Sequence[Question], book_of: Callable[[str], PriceBook], stamp: Provenance
) -> Comparison:
    """Return the comparison over the longest horizon; ScenarioError where these cannot be compared."""
    _check(questions)
    months = max(scenario.values[HORIZON.name] for scenario, _ in questions)
    base = baseline(ground.known).with_values(**{HORIZON.name: months})
    asked = [(scenario.with_values(**{HORIZON.name: months}), terms) for scenario, terms in questions]
    sides = tuple(_side(ground, each, base, book_of(each[1].imported)) for each in asked)
    measures = tuple(name for name in MEASURES if all(name in side.futures for side in sides))
    if len({side.currency for side in sides}) > 1:
        measures = tuple(name for name in measures if name != "net")
    names = [name for name in BY_NAME if name in base.values and name != HORIZON.name]
    differing = tuple(name for name in names if len({side.scenario.values[name] for side in sides}) > 1)
    return Comparison(
        months=base_months(ground, base),
        sides=sides,
        measures=measures,
        against={name: _pairs([side.futures[name] for side in sides]) for name in measures},
        differing=differing,
        alike=tuple(name for name in names if name not in differing),
        currency=sides[0].currency,
        provenance=stamp,
    )


def base_months(ground: Ground, base: Scenario) -> Months:
    """Return the coming months of a horizon."""
    return ground.flows((base,), base)[0].months


def _check(questions: Sequence[Question]) -> None:
    if not FEWEST <= len(questions) <= MOST:
        raise ScenarioError(f"{len(questions)} scenarios cannot be compared.", allowed=f"{FEWEST} to {MOST} scenarios")
    if len({(scenario.dataset_id, scenario.scope) for scenario, _ in questions}) > 1:
        raise ScenarioError(
            "Scenarios of different data or scopes share no future, so their difference has no range.",
            allowed="scenarios of one data set and one scope",
            hint="Choose others, or open them one by one.",
        )


def _side(ground: Ground, question: Question, base: Scenario, book: PriceBook) -> Side:
    scenario, terms = question
    drawn = ground.drawn(scenario, base)
    futures = {"archived_gb": Futures(drawn.archived.scenario_point, drawn.archived.scenario)}
    note = "" if drawn.savings else NO_SAVINGS
    if drawn.savings:
        futures["savings_gb"] = Futures(drawn.savings.scenario_point, drawn.savings.scenario)
        try:
            _, case = ground.cases((drawn.plan, drawn.flows), (base, scenario), base, (terms, book))
            paths = case.on_paths(drawn.archived.scenario, drawn.savings.scenario).net
            futures["net"] = Futures(case.ledger.net, paths)
        except PriceError as error:
            note = str(error)
    return Side(scenario, terms, scenario.moved(base), futures, drawn.trust, terms.currency or book.currency, note)


def _pairs(futures: Sequence[Futures]) -> dict[tuple[int, int], Against]:
    return {
        (one, other): _against(futures[one], futures[other])
        for one in range(len(futures))
        for other in range(len(futures))
        if one != other
    }


def _against(one: Futures, other: Futures) -> Against:
    totals = one.paths.sum(axis=1) - other.paths.sum(axis=1)
    point = float(one.point.sum() - other.point.sum())
    nothing = np.abs(totals) <= 1e-9 * max(float(np.abs(one.paths.sum(axis=1)).max()), 1e-12)
    return Against(interval(point, totals), float(np.where(nothing, 0.5, totals > 0).mean()))
