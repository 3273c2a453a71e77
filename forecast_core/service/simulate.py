"""One what-if, start to end: plan, flows, bands, money, what moved it.

In:    a `View`, its `Ranges`, a checked scenario, a price book.
Out:   `Answer`.
Never: predicts more than once: baseline, scenario, corners and steps are one batch.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forecast_core.backtest import Trust
from forecast_core.estimators import Flows, LinearModel, Plan, StockFlowModel
from forecast_core.forecast import EFFECT_DOUBT, Paths
from forecast_core.history import History
from forecast_core.money import PriceBook
from forecast_core.months import days_in_month
from forecast_core.scenario import Ranges, Scenario, baseline
from forecast_core.scenario.levers import HORIZON
from forecast_core.service.answers import Answer, Past, Provenance, TypePart
from forecast_core.service.asking import Batch, ask
from forecast_core.service.attribution import explained
from forecast_core.service.billing import Bill, money
from forecast_core.service.learned import View, sum_or_nan

Array = NDArray[np.float64]
TYPES = ("pdf", "docx", "xlsx", "other")
NO_SAVINGS = "Freed GB were never measured in this data, so money cannot be computed; add savings_gb."
TOO_BARE = "This data is too short or too bare to know what was seen before."
NO_LEVERS = "No model can answer levers on this data; only prices and recall move the result."
NO_FADING = "Without total_files nobody knows when the backlog is used up; the effect of a lever does not fade here."


def simulate(view: View, known: Ranges, scenario: Scenario, book: PriceBook, stamp: Provenance) -> Answer:
    """Return the answer to a scenario that was checked against `known`."""
    base = baseline(known).with_values(**{HORIZON.name: scenario.values[HORIZON.name]})
    batch = ask(view, known, scenario, base)
    months = batch.plan.months
    trust = trust_of(view, batch.plan)
    archived, savings = paths_of(view, batch.flows, EFFECT_DOUBT[trust.colour])
    bill = Bill(view.history, scenario, base, months)
    measured = savings is not None
    contributions, steps = explained(batch, bill, measured)
    return Answer(
        scenario=scenario,
        baseline=base,
        moved=scenario.moved(base),
        past=past_of(view),
        months=months,
        archived=archived.quantity(),
        savings=savings.quantity() if savings else None,
        archived_total=archived.total(),
        savings_total=savings.total() if savings else None,
        money=money(bill, archived, savings, book) if savings else None,
        money_note="" if measured else NO_SAVINGS,
        by_type=_by_type(view, batch),
        baseline_backlog_files=batch.flows.backlog_files[0].sum(axis=0),
        backlog_files=batch.flows.backlog_files[1].sum(axis=0),
        baseline_used_up_month=_used_up(batch, 0),
        used_up_month=_used_up(batch, 1),
        frequency_effect_ratio=_effect(batch.flows),
        contributions=contributions,
        steps=steps,
        trust=trust,
        notes=_notes(view, known, scenario.moved(base)),
        provenance=stamp,
    )


def past_of(view: View) -> Past:
    """Return what was measured of the view's scopes."""
    return past_of_history(view.history)


def past_of_history(history: History) -> Past:
    """Return what was measured, summed over scopes."""
    grids = {name: sum_or_nan(history.grid(name)) for name in ("archived_gb", "savings_gb", "total_files")}
    return Past(history.months, grids["archived_gb"], grids["savings_gb"], grids["total_files"])


def trust_of(view: View, asked: Plan) -> Trust:
    """Return how near the question is to what was seen."""
    guard = view.learned.guard
    if guard is None or not view.history.has_stock:
        return Trust("amber", TOO_BARE) if _moves(asked) else Trust("green")
    last = asked.shape[2] - 1

    def levels(question: int) -> Array:
        columns = (
            view.now.total_files * asked.files_ratio[question, :, last],
            view.now.avg_file_size_mb * asked.size_ratio[question, :, last],
            np.where(np.isfinite(view.now.frequency_per_day), asked.frequency_per_day[question, :, last], 0.0),
        )
        return np.nan_to_num(np.column_stack(columns))

    return guard.check(view.history.scopes, levels(1), levels(0))


def _moves(asked: Plan) -> bool:
    return any(
        not np.array_equal(getattr(asked, name)[0], getattr(asked, name)[1])
        for name in ("frequency_per_day", "files_ratio", "size_ratio", "growth_added")
    )


def paths_of(view: View, flows: Flows, doubt: float) -> tuple[Paths, Paths | None]:
    """Return archived and freed GB of baseline and scenario, summed over scopes, on common luck."""
    base, point = flows.archived_gb[0], flows.archived_gb[1]
    freed, measured = flows.savings_gb[:2], view.history.knows("savings_gb")
    ratio = None
    if measured and np.isfinite(freed).all():
        ratio = np.divide(freed, flows.archived_gb[:2], out=np.zeros_like(freed), where=flows.archived_gb[:2] > 0)
    usual = view.usual(base, None if ratio is None else ratio[0])
    paths = view.luck.moved(usual.archived, base, point, doubt)
    archived = Paths(usual.archived_sum, paths.sum(axis=1), base.sum(axis=0), point.sum(axis=0))
    if ratio is None or usual.freed_sum is None:
        return archived, None
    moved = view.luck.freed(paths, ratio[1]).sum(axis=1)
    return archived, Paths(usual.freed_sum, moved, freed[0].sum(axis=0), freed[1].sum(axis=0))


def _by_type(view: View, batch: Batch) -> tuple[TypePart, ...]:
    """Split freed GB by what each type frees per archived GB; nothing where mix or savings were never measured."""
    effect = view.effect
    measured = view.history.knows("pct_pdf") and view.history.knows("savings_gb")
    if not isinstance(effect, StockFlowModel | LinearModel) or not measured:
        return ()
    ratios = effect.type_ratios(batch.plan.mix[:2])
    total = ratios.sum(axis=-1, keepdims=True)
    part = np.divide(ratios, total, out=np.full_like(ratios, 1 / len(TYPES)), where=total > 0)
    freed = (batch.flows.savings_gb[:2, ..., None] * part).sum(axis=1)
    return tuple(TypePart(name, freed[0, :, index], freed[1, :, index]) for index, name in enumerate(TYPES))


def _used_up(batch: Batch, question: int) -> np.datetime64 | None:
    capacity = batch.plan.frequency_per_day[question] * days_in_month(batch.plan.months)
    backlog = batch.flows.backlog_files[question].sum(axis=0)
    with np.errstate(invalid="ignore"):
        empty = np.flatnonzero((backlog <= capacity.sum(axis=0)) & np.isfinite(capacity.sum(axis=0)))
    return batch.plan.months[empty[0]] if len(empty) else None


def _effect(flows: Flows) -> Array:
    base, point = flows.archived_gb[0].sum(axis=0), flows.archived_gb[1].sum(axis=0)
    return np.divide(point, base, out=np.ones_like(point), where=base > 0) - 1


def _notes(view: View, known: Ranges, moved: tuple[str, ...]) -> tuple[str, ...]:
    notes = [known.by_name(name).low_evidence for name in moved if known.by_name(name).low_evidence]
    if view.learned.is_levelled and moved:
        title = view.learned.race.champion.estimator.title.lower()
        notes.append(f"The level comes from “{title}”, the effect of levers from another model: low evidence.")
    if view.effect is None and moved:
        notes.append(NO_LEVERS)
    if view.effect is not None and not view.history.knows("total_files"):
        notes.append(NO_FADING)
    return tuple(dict.fromkeys(notes))
