"""The use cases on file inventories; `Service` hands over what concerns one.

In:    stored inventories, questions.
Out:   ranges, answers, outlooks, rules.
Never: knows where anything is stored.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from forecast_core.errors import NotFoundError
from forecast_core.estimators.due_dates import Pool
from forecast_core.forecast import COVERAGE
from forecast_core.inventory import Inventory
from forecast_core.money import PriceBook
from forecast_core.scenario import Prices, Ranges, Scenario, checked, inventory_ranges
from forecast_core.service.answers import Answer, Outlook, Provenance
from forecast_core.service.inventory_outlook import inventory_outlook
from forecast_core.service.inventory_view import InventoryView, inventory_view
from forecast_core.service.policy import Asked, policy_answer
from forecast_core.service.policy_answers import Judged, PolicyAnswer
from forecast_core.service.rule_answer import simulate_rule
from forecast_core.settings import VERSION

KEPT_VIEWS = 64


@dataclass(frozen=True, eq=False)
class StoredInventory:
    """An inventory with what is known about it; `rule_months` is the rule in force (121: none)."""

    dataset_id: str
    name: str
    inventory: Inventory
    rule_months: int
    scopes: tuple[str, ...]


class Inventories:
    """Answers about inventories; `find` returns the stored one of an id."""

    def __init__(
        self,
        find: Callable[[str], StoredInventory],
        book: PriceBook,
        prices: Prices,
        shipped: dict[str, Any],
        seed: int,
    ) -> None:
        self._find, self._book, self._prices, self._seed = find, book, prices, seed
        self._pool = Pool.from_json(shipped)
        self._judged = tuple(Judged(**line) for line in shipped["judged"])
        self._view = lru_cache(KEPT_VIEWS)(self._stand)
        self._ranges = lru_cache(KEPT_VIEWS)(self._measure)
        self._outlook = lru_cache(KEPT_VIEWS)(self._look)

    def view(self, dataset_id: str, scope: str) -> InventoryView:
        """Return what a question about a scope stands on."""
        return self._view(dataset_id, scope)

    def ranges(self, dataset_id: str, scope: str) -> Ranges:
        """Return the levers of a rule."""
        return self._ranges(dataset_id, scope)

    def simulate(self, scenario: Scenario) -> Answer:
        """Answer a what-if; LeverError lists every value that is out of bounds."""
        known = self._ranges(scenario.dataset_id, scenario.scope)
        checked(scenario, known)
        view = self._view(scenario.dataset_id, scenario.scope)
        return simulate_rule(view, known, scenario, self._book, self._stamp(view, scenario.dataset_id))

    def policy(self, scenario: Scenario) -> PolicyAnswer:
        """Return what a rule takes and when; LeverError lists every value that is out of bounds."""
        known = self._ranges(scenario.dataset_id, scenario.scope)
        checked(scenario, known)
        view = self._view(scenario.dataset_id, scenario.scope)
        stamp = self._stamp(view, scenario.dataset_id)
        return policy_answer(Asked(view, known, self._book, self._judged, stamp), scenario)

    def outlook(self, dataset_id: str, scope: str, months: int) -> Outlook:
        """Return what the rule in force takes if nothing changes."""
        return self._outlook(dataset_id, scope, months)

    def _stand(self, dataset_id: str, scope: str) -> InventoryView:
        stored = self._find(dataset_id)
        if scope not in stored.scopes:
            raise NotFoundError(f"There is no scope {scope[:60]!r} in this data set.", hint="Choose one of its scopes.")
        return inventory_view(stored.inventory, stored.rule_months, scope, self._pool, self._seed)

    def _measure(self, dataset_id: str, scope: str) -> Ranges:
        view = self._view(dataset_id, scope)
        return inventory_ranges(dataset_id, scope, view.standing, self._prices)

    def _look(self, dataset_id: str, scope: str, months: int) -> Outlook:
        view = self._view(dataset_id, scope)
        stamp = self._stamp(view, dataset_id)
        return inventory_outlook(view, self._ranges(dataset_id, scope), months, stamp)

    def _stamp(self, view: InventoryView, dataset_id: str) -> Provenance:
        model = f"due_dates\n{dataset_id}\n{self._seed}"
        return Provenance(
            dataset_id=dataset_id,
            dataset_name=self._find(dataset_id).name,
            is_demo=False,
            data_to=view.standing.last_month,
            model_name="due_dates",
            model_title="Due dates",
            model_id=hashlib.sha256(model.encode()).hexdigest()[:8],
            price_book=self._book.name,
            code_version=VERSION,
            coverage=COVERAGE,
            measured_coverage=float("nan"),
            months_judged=0,
        )
