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
from forecast_core.money import PriceBook, Terms
from forecast_core.scenario import Prices, Ranges, Scenario, checked, inventory_ranges
from forecast_core.service.answers import Answer, Outlook, Provenance
from forecast_core.service.beside import Beside, beside
from forecast_core.service.cost_cases import Asked as CostsAsked
from forecast_core.service.files_view import FilesView, files_view
from forecast_core.service.inventory_outlook import inventory_outlook
from forecast_core.service.inventory_view import InventoryView, StoredInventory, inventory_view
from forecast_core.service.learned import Learned
from forecast_core.service.policy import Asked, policy_answer
from forecast_core.service.policy_answers import Judged, PolicyAnswer
from forecast_core.service.rule_answer import simulate_rule
from forecast_core.service.rule_costs import ask_inventory
from forecast_core.settings import VERSION

KEPT_VIEWS = 64


@dataclass(frozen=True)
class Known:
    """Where answers about inventories find what they stand on, each by the id of its data set.

    `inventory` the stored one; `learned` what a monthly history taught; `edition` changes when it is learned anew.
    """

    inventory: Callable[[str], StoredInventory]
    learned: Callable[[str], Learned]
    edition: Callable[[str], str]


class Inventories:
    """Answers about inventories; `shipped` are the pool of other libraries and how the due dates did on them."""

    def __init__(
        self,
        known: Known,
        book: PriceBook,
        prices: Prices,
        shipped: dict[str, Any],
        seed: int,
    ) -> None:
        self._known, self._book, self._prices, self._seed = known, book, prices, seed
        self._pool = Pool.from_json(shipped)
        self._judged = tuple(Judged(**line) for line in shipped["judged"])
        self._beside = lru_cache(KEPT_VIEWS)(self._compare)
        self._view = lru_cache(KEPT_VIEWS)(self._stand)
        self._ranges = lru_cache(KEPT_VIEWS)(self._measure)
        self._outlook = lru_cache(KEPT_VIEWS)(self._look)
        self._models = lru_cache(KEPT_VIEWS)(self._judge)

    def view(self, dataset_id: str, scope: str) -> InventoryView:
        """Return what a question about a scope stands on."""
        return self._viewed(dataset_id, scope)

    def ranges(self, dataset_id: str, scope: str) -> Ranges:
        """Return the levers of a rule."""
        return self._ranges(dataset_id, scope)

    def simulate(self, scenario: Scenario) -> Answer:
        """Answer a what-if; LeverError lists every value that is out of bounds."""
        known = self._ranges(scenario.dataset_id, scenario.scope)
        checked(scenario, known)
        view = self._viewed(scenario.dataset_id, scenario.scope)
        return simulate_rule(view, known, scenario, self._book, self._stamp(view, scenario.dataset_id))

    def policy(self, scenario: Scenario) -> PolicyAnswer:
        """Return what a rule takes and when; LeverError lists every value that is out of bounds."""
        known = self._ranges(scenario.dataset_id, scenario.scope)
        checked(scenario, known)
        view = self._viewed(scenario.dataset_id, scenario.scope)
        stamp = self._stamp(view, scenario.dataset_id)
        return policy_answer(Asked(view, known, self._book, self._judged, stamp), scenario)

    def costs(
        self, question: tuple[Scenario, Scenario], terms: Terms, book: PriceBook
    ) -> tuple[CostsAsked, Provenance]:
        """Return a scenario that was checked and its baseline as cases of the money engine."""
        dataset_id, scope = question[0].dataset_id, question[0].scope
        view = self._viewed(dataset_id, scope)
        is_part = len(self._known.inventory(dataset_id).inventory.modified.last.scopes) > len(view.model.grid.scopes)
        return ask_inventory(view, question, terms, book, is_part=is_part), self._stamp(view, dataset_id)

    def models(self, dataset_id: str) -> FilesView:
        """Return who answers on an inventory and how well it was said, here and on real libraries."""
        return self._models(dataset_id, self.edition(dataset_id))

    def outlook(self, dataset_id: str, scope: str, months: int) -> Outlook:
        """Return what the rule in force takes if nothing changes."""
        return self._outlook(dataset_id, scope, months, self.edition(dataset_id))

    def edition(self, dataset_id: str) -> str:
        """Return what changes when the history beside an inventory is learned anew."""
        history_id = self._known.inventory(dataset_id).history_id
        return self._known.edition(history_id) if history_id else ""

    def _viewed(self, dataset_id: str, scope: str) -> InventoryView:
        return self._view(dataset_id, scope, self.edition(dataset_id))

    def _stand(self, dataset_id: str, scope: str, edition: str) -> InventoryView:
        stored = self._known.inventory(dataset_id)
        if scope not in stored.scopes:
            raise NotFoundError(f"There is no scope {scope[:60]!r} in this data set.", hint="Choose one of its scopes.")
        return inventory_view(stored, scope, self._pool, self._seed, self._beside(dataset_id, edition))

    def _compare(self, dataset_id: str, _: str) -> Beside | None:
        stored = self._known.inventory(dataset_id)
        if not stored.history_id:
            return None
        return beside(stored.inventory.modified, stored.rule_months, self._pool, self._known.learned(stored.history_id))

    def _judge(self, dataset_id: str, edition: str) -> FilesView:
        scope = self._known.inventory(dataset_id).scopes[0]
        return files_view(self._view(dataset_id, scope, edition), self._judged)

    def _measure(self, dataset_id: str, scope: str) -> Ranges:
        view = self._viewed(dataset_id, scope)
        return inventory_ranges(dataset_id, scope, view.standing, self._prices)

    def _look(self, dataset_id: str, scope: str, months: int, edition: str) -> Outlook:
        view = self._view(dataset_id, scope, edition)
        stamp = self._stamp(view, dataset_id)
        return inventory_outlook(view, self._ranges(dataset_id, scope), months, stamp)

    def _stamp(self, view: InventoryView, dataset_id: str) -> Provenance:
        model = f"due_dates\n{dataset_id}\n{self._seed}"
        stored = self._known.inventory(dataset_id)
        return Provenance(
            dataset_id=dataset_id,
            dataset_name=stored.name,
            is_demo=stored.is_demo,
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
