"""What a question stands on, a monthly history or a file inventory, behind one interface.

In:    a view of a scope, its `Ranges`.
Out:   `Ground`: plan and flows of any scenarios; sample paths of one, on luck that all of them share.
Never: knows a price.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from forecast_core.backtest import Trust
from forecast_core.estimators import Flows, Plan
from forecast_core.forecast import EFFECT_DOUBT, Paths
from forecast_core.inventory import BYTES, within
from forecast_core.inventory import Question as Rule
from forecast_core.money import Case, PriceBook, Terms
from forecast_core.scenario import Ranges, Scenario, plan
from forecast_core.service.cost_cases import history_cases
from forecast_core.service.inventory_view import InventoryView
from forecast_core.service.learned import View
from forecast_core.service.rule_answer import levelled, rule_paths, trust
from forecast_core.service.rule_costs import rule_cases, rule_flows
from forecast_core.service.simulate import paths_of, trust_of

Array = NDArray[np.float64]
YEAR = 12
Question = tuple[Plan, Flows]
Priced = tuple[Terms, PriceBook]


@dataclass(frozen=True, eq=False)
class Drawn:
    """A question and its baseline on sample paths; `savings` is None where freed GB were never measured."""

    plan: Plan
    flows: Flows
    archived: Paths
    savings: Paths | None
    trust: Trust


class Ground(Protocol):
    """A view of a scope, or of ALL."""

    @property
    def known(self) -> Ranges:
        """The levers."""
        ...

    def flows(self, scenarios: Sequence[Scenario], base: Scenario) -> tuple[Plan, Flows]:
        """Return plan and flows of scenarios of one horizon; they change what differs from the baseline."""
        ...

    def cases(self, asked: Question, scenarios: Sequence[Scenario], base: Scenario, priced: Priced) -> tuple[Case, ...]:
        """Return what money needs to know of each scenario of a plan, in its order."""
        ...

    def drawn(self, scenario: Scenario, base: Scenario) -> Drawn:
        """Return baseline and scenario on sample paths."""
        ...

    def returned_ratio(self, plan: Plan, flows: Flows) -> Array:
        """Return what share of what is archived is changed or deleted within a year after, (K,); NaN if not known."""
        ...


@dataclass(frozen=True, eq=False)
class HistoryGround:
    """A monthly history."""

    view: View
    known: Ranges

    def flows(self, scenarios: Sequence[Scenario], base: Scenario) -> tuple[Plan, Flows]:
        """Return plan and flows."""
        question = plan(scenarios, base, self.view.now)
        return question, self.view.model.predict(question)

    def cases(self, asked: Question, scenarios: Sequence[Scenario], base: Scenario, priced: Priced) -> tuple[Case, ...]:
        """Return what money needs to know."""
        return history_cases(self.view, asked, scenarios, base, priced)

    def drawn(self, scenario: Scenario, base: Scenario) -> Drawn:
        """Return baseline and scenario on sample paths."""
        question, flows = self.flows((base, scenario), base)
        light = trust_of(self.view, question)
        archived, savings = paths_of(self.view, flows, EFFECT_DOUBT[light.colour])
        return Drawn(question, flows, archived, savings, light)

    def returned_ratio(self, plan: Plan, flows: Flows) -> Array:
        """Nobody knows the files of a history."""
        return np.full(len(flows.archived_gb), np.nan)


@dataclass(frozen=True, eq=False)
class InventoryGround:
    """A file inventory; what is archived is freed."""

    view: InventoryView
    known: Ranges

    def flows(self, scenarios: Sequence[Scenario], base: Scenario) -> tuple[Plan, Flows]:
        """Return plan and flows."""
        return rule_flows(self.view, scenarios, base)

    def cases(self, asked: Question, scenarios: Sequence[Scenario], base: Scenario, priced: Priced) -> tuple[Case, ...]:
        """Return what money needs to know."""
        return rule_cases(self.view, asked, scenarios, base, priced)

    def drawn(self, scenario: Scenario, base: Scenario) -> Drawn:
        """Return baseline and scenario on sample paths."""
        question, flows = self.flows((base, scenario), base)
        archived, freed = levelled(self.view, question, rule_paths(self.view, question)[0])
        return Drawn(question, flows, archived, freed, trust(self.view, scenario, question))

    def returned_ratio(self, plan: Plan, flows: Flows) -> Array:
        """Return it from what files of the same age did before, GB by GB."""
        return np.array([self._returned(rule, plan.shape[2]) for rule in plan.rules])

    def _returned(self, rule: Rule, months: int) -> float:
        model = self.view.model.standing(rule)
        taken = within(model.grid, rule.change, months)[BYTES].astype(float)
        ages = np.maximum(np.arange(taken.shape[-1]), rule.change.after.age_months)
        whole = taken.sum()
        if whole <= 0:
            return 0.0
        gone = np.stack([1 - model.survival.spread(int(age), YEAR).mean(axis=1) for age in ages], axis=1)
        return float((taken * gone).sum() / whole)
