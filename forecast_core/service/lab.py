"""The lab: scenarios compared, and searched for.

In:    questions; what to reach or to look for.
Out:   comparisons, settings that were found, what each assumption does.
Never: shows a setting as found that was not run again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from forecast_core.errors import ScenarioError
from forecast_core.money import Terms, checked_terms
from forecast_core.scenario import Ranges, Scenario, checked
from forecast_core.service.answers import Provenance
from forecast_core.service.ground import Ground
from forecast_core.service.pricing import Pricing
from forecast_core.service.side_by_side import Comparison, side_by_side


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

    def _checked(self, scenario: Scenario, terms: Terms) -> None:
        checked(scenario, self._doors.ranges(scenario.dataset_id, scenario.scope))
        self._pricing.checked(checked_terms(terms))
