"""From flows to cases: what money needs to know of a question.

In:    flows of scenarios, terms, a price book.
Out:   a `Case` per scenario.
Never: prices anything; forgets a price that a lever was moved to.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forecast_core.estimators import Flows as Predicted
from forecast_core.estimators import Plan
from forecast_core.history import History
from forecast_core.money import Case, Flows, PriceBook, Sizes, Terms, stored_at, yours
from forecast_core.scenario import Scenario
from forecast_core.scenario.levers import ARCHIVE_PRICE, PRIMARY_PRICE, RECALL, START, Lever
from forecast_core.service.billing import Bill


def cases(
    question: tuple[Plan, Predicted],
    scenarios: Sequence[Scenario],
    base: Scenario,
    history: History | None,
    priced: tuple[Terms, PriceBook],
    first: int = 0,
) -> tuple[Case, ...]:
    """Return the case of scenarios of a plan from its row `first` on; `priced` are terms and book as shipped."""
    plan, predicted = question
    terms, book = priced
    sizes = Sizes.log_normal(terms.size_spread)
    found = []
    for row, scenario in enumerate(scenarios):
        bill = Bill(history, scenario, base, plan.months)
        grown = bill.added((scenario,), len(plan.months))
        found.append(
            Case(
                months=plan.months,
                flows=_flows(predicted, first + row, grown),
                recall_ratio=bill.setting((scenario,), RECALL.name)[0],
                sizes=sizes,
                terms=terms,
                book=yours(_as_moved(book, scenario, base, terms), terms),
            )
        )
    return tuple(found)


def _flows(predicted: Predicted, row: int, grown: np.ndarray | float) -> Flows:
    archived, freed = predicted.archived_gb[row], predicted.savings_gb[row]
    end = predicted.stock_gb[row].sum(axis=0) - freed.sum(axis=0)
    without = end + np.cumsum(freed.sum(axis=0))
    known = bool(np.isfinite(without).all())
    return Flows(archived, freed, archived * grown, predicted.files_archived[row], without if known else None)


def _as_moved(book: PriceBook, scenario: Scenario, base: Scenario, terms: Terms) -> PriceBook:
    """Return the book with prices that a lever was moved to, unless the tier costs just that anyway."""
    start = np.datetime64(int(scenario.values[START.name]), "M")
    roles: tuple[tuple[Lever, str], ...] = ((PRIMARY_PRICE, terms.primary), (ARCHIVE_PRICE, terms.archive))
    for lever, offer_id in roles:
        value, offer = scenario.values[lever.name], book.offer(offer_id)
        if value != base.values[lever.name] and lever.rounded(offer.stored(start).per_unit) != value:
            book = stored_at(book, {offer_id: value}, start)
    return book
