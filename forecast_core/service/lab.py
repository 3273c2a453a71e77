"""The lab: scenarios compared, and searched for.

In:    questions; what to reach or to look for.
Out:   comparisons, settings that were found, what each assumption does.
Never: shows a setting as found that was not run again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from forecast_core.errors import ScenarioError
from forecast_core.money import Terms, checked_terms
from forecast_core.scenario import LeverRange, Ranges, Scenario, checked
from forecast_core.scenario.choosing import Report
from forecast_core.scenario.levers import HORIZON
from forecast_core.service.answers import Provenance
from forecast_core.service.best_policy import BestPolicy, PolicyLimits, best_policy
from forecast_core.service.costs import MoneyReport
from forecast_core.service.ground import Ground
from forecast_core.service.measuring import Measuring
from forecast_core.service.pricing import Pricing
from forecast_core.service.recipe import Recipe, recipe
from forecast_core.service.seeking import Found, Goal, movable, sought
from forecast_core.service.side_by_side import Comparison, side_by_side
from forecast_core.service.swinging import LeverMap, Tornado, heat, tornado


class Doors(Protocol):
    """What the lab asks of the service."""

    def ranges(self, dataset_id: str, scope: str) -> Ranges:
        """Return the levers of a scope."""
        ...

    def ground(self, dataset_id: str, scope: str) -> Ground:
        """Return what questions about a scope stand on."""
        ...

    def stamp(self, dataset_id: str, scope: str) -> Provenance:
        """Return where the numbers of a scope come from."""
        ...

    def money(self, scenario: Scenario, terms: Terms) -> MoneyReport:
        """Return the whole bill of a scenario."""
        ...


class Lab:
    """The lab of a service."""

    def __init__(self, doors: Doors, pricing: Pricing) -> None:
        self._doors, self._pricing = doors, pricing

    def compare(self, questions: Sequence[tuple[Scenario, Terms]]) -> Comparison:
        """Return 2 to 6 scenarios of one scope side by side, their differences on common futures."""
        if not questions:
            raise ScenarioError("Nothing was chosen to compare.", hint="Choose 2 to 6 scenarios.")
        for scenario, terms in questions:
            self._checked(scenario, terms)
        place = questions[0][0].dataset_id, questions[0][0].scope
        return side_by_side(self._doors.ground(*place), questions, self._pricing.book, self._doors.stamp(*place))

    def seek(self, start: Scenario, terms: Terms, goal: Goal, bounds: Mapping[str, tuple[float, float]]) -> Found:
        """Return levers set so that a goal is reached over the scenario's horizon, at least cost."""
        return sought(self._measuring(start, terms, goal.until), start, goal, bounds)

    def tornado(self, scenario: Scenario, terms: Terms, yardstick: str) -> Tornado:
        """Return what each lever and assumption does to a scenario."""
        return tornado(self._measuring(scenario, terms), scenario, yardstick)

    def heat(self, scenario: Scenario, terms: Terms, yardstick: str, levers: tuple[str, str]) -> LeverMap:
        """Return what two levers come to together."""
        return heat(self._measuring(scenario, terms), scenario, yardstick, levers)

    def best_policy(self, start: Scenario, terms: Terms, limits: PolicyLimits, report: Report) -> BestPolicy:
        """Return the policy that saves most inside limits; `report` is told how far the search is."""
        return best_policy(self._measuring(start, terms), start, limits, report)

    def recipe(self, scenario: Scenario, terms: Terms) -> Recipe:
        """Return how the numbers of a scenario are made; PriceError where there is no bill."""
        report = self._doors.money(scenario, terms)
        return recipe(
            self._doors.ground(scenario.dataset_id, scenario.scope), report, self._pricing.book(terms.imported)
        )

    def movable(self, scenario: Scenario) -> tuple[LeverRange, ...]:
        """Return the levers that a search may move."""
        return movable(self._doors.ranges(scenario.dataset_id, scenario.scope).available())

    def _measuring(self, scenario: Scenario, terms: Terms, until: int = 0) -> Measuring:
        self._checked(scenario, terms)
        ground = self._doors.ground(scenario.dataset_id, scenario.scope)
        months = int(scenario.values[HORIZON.name])
        return Measuring(ground, terms, self._pricing.book(terms.imported), months, until)

    def _checked(self, scenario: Scenario, terms: Terms) -> None:
        checked(scenario, self._doors.ranges(scenario.dataset_id, scenario.scope))
        self._pricing.checked(checked_terms(terms))
