"""What a bill is made from: baseline and scenario as cases, with the sample paths of what they move.

In:    a `View`, its `Ranges`, a checked scenario, terms, a price book.
Out:   `Costing`.
Never: adds anything up; that is `costs`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast_core.backtest import Trust
from forecast_core.errors import PriceError
from forecast_core.estimators import Flows as Predicted
from forecast_core.estimators import StockFlowModel
from forecast_core.forecast import EFFECT_DOUBT, Paths
from forecast_core.money import Case, Flows, PriceBook, Sizes, Terms, TypeShare, Worth, stored_at, worth, yours
from forecast_core.scenario import Ranges, Scenario, baseline, plan
from forecast_core.scenario.levers import ARCHIVE_PRICE, HORIZON, PRIMARY_PRICE, RECALL, START, Lever
from forecast_core.service.billing import Bill, footprint
from forecast_core.service.learned import View
from forecast_core.service.simulate import NO_SAVINGS, TYPES, paths_of, trust_of

Array = NDArray[np.float64]
SIZES_ASSUMED = "File sizes are taken as log-normal with the spread entered here; an inventory would tell them."
ONE_SCOPE_QUOTA = "The quota is taken as that of this scope alone."


@dataclass(frozen=True, eq=False)
class Costing:
    """Baseline and scenario of `scopes`; paths are summed over the scopes, as `case.on_paths` takes them."""

    scenario: Scenario
    moved: tuple[str, ...]
    scopes: tuple[str, ...]
    base: Case
    case: Case
    archived: Paths
    savings: Paths
    types: tuple[TypeShare, ...]
    trust: Trust
    notes: tuple[str, ...]

    def judge(self, case: Case) -> Worth:
        """Return the worth of a variant of the scenario on its sample paths."""
        paths = case.on_paths(self.archived.scenario, self.savings.scenario).net
        return worth(case.ledger.net, paths, case.terms.interest_ratio_per_year)


def costing(view: View, known: Ranges, scenario: Scenario, terms: Terms, book: PriceBook) -> Costing:
    """Return the costing of a scenario that was checked against `known`; PriceError where freed GB are not known."""
    base = baseline(known).with_values(**{HORIZON.name: scenario.values[HORIZON.name]})
    question = plan((base, scenario), base, view.now)
    predicted = view.model.predict(question)
    trust = trust_of(view, question)
    archived, savings = paths_of(view, predicted, EFFECT_DOUBT[trust.colour])
    if savings is None:
        raise PriceError(f"Not priced: {NO_SAVINGS}", hint="Add savings_gb to the data.")
    bill = Bill(view.history, scenario, base, question.months)
    grown = footprint(view.history)
    base_case, case = (
        Case(
            months=question.months,
            flows=_flows(predicted, row, grown),
            recall_ratio=bill.setting((each,), RECALL.name)[0],
            sizes=Sizes.log_normal(terms.size_spread),
            terms=terms,
            book=yours(as_moved(book, each, base, terms), terms),
        )
        for row, each in enumerate((base, scenario))
    )
    return Costing(
        scenario,
        scenario.moved(base),
        view.history.scopes,
        base_case,
        case,
        archived,
        savings,
        _types(view, predicted, question.mix),
        trust,
        _notes(view, terms),
    )


def without_archiving(stock_gb: Array, freed_gb: Array) -> Array | None:
    """Return GB on primary at month end as if nothing were archived, (H,), of all scopes; None where unknown."""
    freed = freed_gb.sum(axis=0)
    whole = stock_gb.sum(axis=0) - freed + np.cumsum(freed)
    return whole if np.isfinite(whole).all() else None


def _flows(predicted: Predicted, row: int, grown: float) -> Flows:
    archived, freed = predicted.archived_gb[row], predicted.savings_gb[row]
    active = without_archiving(predicted.stock_gb[row], freed)
    return Flows(archived, freed, archived * grown, predicted.files_archived[row], active)


def as_moved(book: PriceBook, scenario: Scenario, base: Scenario, terms: Terms) -> PriceBook:
    """Return the book with prices that a lever was moved to, unless the tier costs just that anyway."""
    start = np.datetime64(int(scenario.values[START.name]), "M")
    roles: tuple[tuple[Lever, str], ...] = ((PRIMARY_PRICE, terms.primary), (ARCHIVE_PRICE, terms.archive))
    for lever, offer_id in roles:
        value, offer = scenario.values[lever.name], book.offer(offer_id)
        if value != base.values[lever.name] and lever.rounded(offer.stored(start).per_unit) != value:
            book = stored_at(book, {offer_id: value}, start)
    return book


def _types(view: View, predicted: Predicted, mix: Array) -> tuple[TypeShare, ...]:
    """Return archived and freed GB by file type, nothing where mix or savings were never measured."""
    effect = view.effect
    if not isinstance(effect, StockFlowModel) or not view.history.knows("pct_pdf"):
        return ()
    freed_ratio = effect.type_ratios(mix[1:2])[0]
    shares = np.concatenate([mix[1], np.clip(1 - mix[1].sum(axis=-1, keepdims=True), 0, 1)], axis=-1)
    total = freed_ratio.sum(axis=-1, keepdims=True)
    part = np.divide(freed_ratio, total, out=np.full_like(freed_ratio, 1 / len(TYPES)), where=total > 0)
    archived = (predicted.archived_gb[1][..., None] * shares).sum(axis=0)
    freed = (predicted.savings_gb[1][..., None] * part).sum(axis=0)
    return tuple(TypeShare(name, archived[:, index], freed[:, index]) for index, name in enumerate(TYPES))


def _notes(view: View, terms: Terms) -> tuple[str, ...]:
    partial = terms.quota_gb is not None and len(view.learned.history.scopes) > len(view.history.scopes)
    return (SIZES_ASSUMED, ONE_SCOPE_QUOTA) if partial else (SIZES_ASSUMED,)
