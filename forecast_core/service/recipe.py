"""How the numbers of a scenario are made, for a door that writes them out as formulas.

In:    a ground, a scenario, terms, a price book.
Out:   `Recipe`: levers, the estate the model stands on, the case of the bill, the report.
Never: computes anything that the report does not hold.
"""

from __future__ import annotations

from dataclasses import dataclass

from forecast_core.estimators import Flows, StockFlowModel
from forecast_core.features import Today
from forecast_core.money import Case, PriceBook
from forecast_core.scenario import Ranges, Scenario, baseline
from forecast_core.scenario.levers import HORIZON
from forecast_core.service.costs import MoneyReport
from forecast_core.service.ground import Ground, HistoryGround


@dataclass(frozen=True, eq=False)
class Recipe:
    """Everything behind a bill. `model` and `today` are None where the volumes cannot be written as formulas.

    `book` is the price book without the user's layer; `flows` are those of the scenario alone, row 0.
    """

    known: Ranges
    base: Scenario
    scenario: Scenario
    flows: Flows
    case: Case
    book: PriceBook
    model: StockFlowModel | None
    today: Today | None
    report: MoneyReport


def recipe(ground: Ground, report: MoneyReport, book: PriceBook) -> Recipe:
    """Return the recipe of a report."""
    scenario, terms = report.scenario, report.terms
    base = baseline(ground.known).with_values(**{HORIZON.name: scenario.values[HORIZON.name]})
    plan, flows = ground.flows((scenario,), base)
    (case,) = ground.cases((plan, flows), (scenario,), base, (terms, book))
    model, today = None, None
    if isinstance(ground, HistoryGround) and isinstance(ground.view.model, StockFlowModel):
        model, today = ground.view.model, ground.view.now
    return Recipe(ground.known, base, scenario, flows, case, book, model, today, report)
