"""A what-if on a monthly history as cases of the money engine.

In:    a `View`, a checked scenario and its baseline, terms, a price book.
Out:   `Asked`: both as cases, with their sample paths and what they rest on.
Never: takes a number of files that nobody measured or modelled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forecast_core.backtest import Trust
from forecast_core.errors import PriceError
from forecast_core.estimators import Flows as Predicted
from forecast_core.estimators import Plan, StockFlowModel
from forecast_core.forecast import EFFECT_DOUBT, Paths
from forecast_core.history import History
from forecast_core.money import Case, Flows, PriceBook, Sizes, Terms, TypeShare, Worth, stored_at, worth, yours
from forecast_core.months import days_in_month
from forecast_core.scenario import Scenario, plan
from forecast_core.scenario.levers import ARCHIVE_PRICE, PRIMARY_PRICE, RECALL, START, Lever
from forecast_core.service.billing import Bill, footprint
from forecast_core.service.learned import View
from forecast_core.service.simulate import NO_SAVINGS, TYPES, paths_of, trust_of

Array = NDArray[np.float64]
SIZES_ASSUMED = "File sizes are taken as log-normal with the spread entered here; an inventory would tell them."
FILES_MEASURED = (
    "The model of this data tells no files, so an archived file is taken as large as those archived so far, by scope."
)


@dataclass(frozen=True, eq=False)
class Asked:
    """Baseline and scenario as cases, with their sample paths.

    `scopes` name the rows of the flows; `is_part` is whether the data has more scopes than these; `notes` say what the
    cases rest on.
    """

    base: Case
    case: Case
    archived: Paths
    savings: Paths
    types: tuple[TypeShare, ...]
    trust: Trust
    scopes: tuple[str, ...]
    is_part: bool
    notes: tuple[str, ...]

    def judge(self, case: Case) -> Worth:
        """Return the worth of a variant of the scenario on its sample paths."""
        paths = case.on_paths(self.archived.scenario, self.savings.scenario).net
        return worth(case.ledger.net, paths, case.terms.interest_ratio_per_year)


def ask_history(view: View, question: tuple[Scenario, Scenario], terms: Terms, book: PriceBook) -> Asked:
    """Return scenario and baseline as cases; PriceError where freed GB were never measured."""
    scenario, base = question
    asked = plan((base, scenario), base, view.now)
    predicted = view.model.predict(asked)
    trust = trust_of(view, asked)
    archived, savings = paths_of(view, predicted, EFFECT_DOUBT[trust.colour])
    if savings is None:
        raise PriceError(f"Not priced: {NO_SAVINGS}", hint="Add savings_gb to the data.")
    measured = not np.isfinite(predicted.files_archived).all()
    base_case, case = history_cases(view, (asked, predicted), (base, scenario), base, (terms, book))
    types = _types(view, predicted, asked.mix)
    notes = (SIZES_ASSUMED, FILES_MEASURED) if measured and terms.mean_file_mb is None else (SIZES_ASSUMED,)
    scopes = view.history.scopes
    is_part = len(view.learned.history.scopes) > len(scopes)
    return Asked(base_case, case, archived, savings, types, trust, scopes, is_part, notes)


def history_cases(
    view: View,
    asked: tuple[Plan, Predicted],
    scenarios: Sequence[Scenario],
    base: Scenario,
    priced: tuple[Terms, PriceBook],
) -> tuple[Case, ...]:
    """Return the cases of the scenarios of a plan, in its order; `priced` are the terms and the book as shipped."""
    (question, predicted), (terms, book) = asked, priced
    if not np.isfinite(predicted.files_archived).all():
        predicted = replace(predicted, files_archived=_files_as_measured(view.history, predicted.archived_gb))
    sizes, grown = Sizes.log_normal(terms.size_spread), footprint(view.history)
    bill = Bill(view.history, base, base, question.months)
    return tuple(
        Case(
            months=question.months,
            flows=flows_of(predicted, row, grown),
            recall_ratio=bill.setting((each,), RECALL.name)[0],
            sizes=sizes,
            terms=terms,
            book=yours(as_moved(book, each, base, terms), terms),
        )
        for row, each in enumerate(scenarios)
    )


def flows_of(predicted: Predicted, row: int, grown: float | Array) -> Flows:
    """Return the flows of a question; `grown` GB are added to the archive per GB archived, one number or (H,)."""
    archived, freed = predicted.archived_gb[row], predicted.savings_gb[row]
    end = predicted.stock_gb[row].sum(axis=0) - freed.sum(axis=0)
    without = end + np.cumsum(freed.sum(axis=0))
    known = bool(np.isfinite(without).all())
    return Flows(archived, freed, archived * grown, predicted.files_archived[row], without if known else None)


def _files_as_measured(history: History, archived_gb: Array) -> Array:
    """Return files (questions, n, H) of the mean size archived so far in each scope; NaN where that was not measured.

    A rate that was observed tells how many files were archived; one that was set is only the most there can have been.
    """
    if history.knows("files_archived"):
        files = history.grid("files_archived")
    elif history.knows("archive_frequency_per_day") and history.frequency_is_observed:
        files = history.grid("archive_frequency_per_day") * days_in_month(history.months)
    else:
        return np.full_like(archived_gb, np.nan)
    both = np.isfinite(files) & np.isfinite(history.grid("archived_gb"))
    count, gb = (np.where(both, grid, 0).sum(axis=1) for grid in (files, history.grid("archived_gb")))
    whole = gb.sum() / count.sum() if count.sum() > 0 else np.nan
    mean = np.divide(gb, count, out=np.full(len(gb), whole), where=(gb > 0) & (count > 0))
    return np.asarray(archived_gb / mean[:, None])


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
