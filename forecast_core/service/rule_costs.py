"""A change of rule on a file inventory as cases of the money engine: sizes as counted, scopes by what falls due.

In:    an `InventoryView`, a checked scenario and its baseline, terms, a price book.
Out:   `Asked`: both as cases, with their sample paths and what they rest on.
Never: assumes a distribution of sizes where files were counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from forecast_core.estimators import Flows as Predicted
from forecast_core.estimators import Plan
from forecast_core.estimators.due_dates import BYTES_PER_GB, Answered
from forecast_core.inventory import BYTES, FILES, Question, within
from forecast_core.inventory.queue import capacity, released
from forecast_core.money import Case, PriceBook, Sizes, Terms, TypeShare, yours
from forecast_core.months import days_in_month
from forecast_core.scenario import Scenario, rule_plan
from forecast_core.scenario.levers import FOOTPRINT, RECALL
from forecast_core.service.billing import Bill
from forecast_core.service.cost_cases import Asked, as_moved, flows_of
from forecast_core.service.inventory_view import InventoryView
from forecast_core.service.rule_answer import levelled, levelled_points, notes, rule_paths, trust

Array = NDArray[np.float64]
NOTHING_GB = 1e-12
SIZES_COUNTED = "File sizes are those of the files that fall due, as counted in the inventory by powers of two."
SHARED_CAP = "Scopes share one archiver: each has of a month what has fallen due in it so far, as a share of all."


def ask_inventory(
    view: InventoryView, question: tuple[Scenario, Scenario], terms: Terms, book: PriceBook, *, is_part: bool
) -> Asked:
    """Return scenario and baseline as cases; `is_part` is whether the inventory has other scopes."""
    scenario, base = question
    asked = rule_plan((base, scenario), base, view.standing)
    files, answers = rule_paths(view, asked)
    archived, freed = levelled(view, asked, files)
    predicted = _by_scope(view.model.predict(asked), answers)
    if view.level is not None:
        totals = [np.stack([paths.baseline_point, paths.scenario_point]) for paths in (archived, freed)]
        predicted = _levelled(view, asked, predicted, (totals[0], totals[1]))
    cases = rule_cases(view, (asked, predicted), (base, scenario), base, (terms, book))
    said = (SIZES_COUNTED, *([SHARED_CAP] if len(view.model.grid.scopes) > 1 else []), *notes(view, asked))
    types = _types(view, asked, predicted)
    found = trust(view, scenario, asked)
    return Asked(cases[0], cases[1], archived, freed, types, found, view.model.grid.scopes, is_part, said)


def rule_flows(view: InventoryView, scenarios: Sequence[Scenario], base: Scenario) -> tuple[Plan, Predicted]:
    """Return plan and flows of scenarios, a row for each scope, with the totals that answers have."""
    asked = rule_plan(scenarios, base, view.standing)
    rooms = capacity(asked.frequency_per_day, days_in_month(asked.months))
    each = zip(asked.rules, rooms, asked.growth_added, strict=True)
    answers = [view.model.answer(rule, room, growth) for rule, room, growth in each]
    predicted = _by_scope(view.model.predict(asked), answers)
    if view.level is not None:
        points = np.stack([answer.taken.archived[BYTES].sum(axis=0) / BYTES_PER_GB for answer in answers])
        predicted = _levelled(view, asked, predicted, levelled_points(view, asked, points))
    return asked, predicted


def rule_cases(
    view: InventoryView,
    asked: tuple[Plan, Predicted],
    scenarios: Sequence[Scenario],
    base: Scenario,
    priced: tuple[Terms, PriceBook],
) -> tuple[Case, ...]:
    """Return the cases of the scenarios of a plan, in its order; `priced` are the terms and the book as shipped."""
    (question, predicted), (terms, book) = asked, priced
    bill = Bill(None, base, base, question.months)
    return tuple(
        Case(
            months=question.months,
            flows=flows_of(predicted, row, bill.setting((each,), FOOTPRINT.name)[0]),
            recall_ratio=bill.setting((each,), RECALL.name)[0],
            sizes=_sizes(view, rule, question),
            terms=terms,
            book=yours(as_moved(book, each, base, terms), terms),
        )
        for row, (each, rule) in enumerate(zip(scenarios, question.rules, strict=True))
    )


def _levelled(view: InventoryView, asked: Plan, predicted: Predicted, both: tuple[Array, Array]) -> Predicted:
    """Return the flows with the totals of the answers (K, H), the scopes that the history answers for by its level."""
    level, months = view.level, asked.shape[2]
    if level is None:
        return predicted
    unchanged = view.model.unhindered(asked.rules[0], asked.growth_added[0]).taken.archived[BYTES] / BYTES_PER_GB
    part = predicted.archived_gb.copy()
    part[:, level.rows] += level.archived_point[:, :months] - unchanged[level.rows]
    part = np.maximum(part, 0)
    whole = part.sum(axis=1, keepdims=True)
    share = np.divide(part, whole, out=np.full_like(part, 1 / part.shape[1]), where=whole > 0)
    archived, freed = (total[:, None] * share for total in both)
    files, volume = view.model.grid.whole.sum(axis=(1, 2))
    typical = files / max(volume / BYTES_PER_GB, NOTHING_GB)
    before = predicted.archived_gb
    per_gb = np.divide(predicted.files_archived, before, out=np.full_like(before, typical), where=before > 0)
    return replace(predicted, archived_gb=archived, savings_gb=freed, files_archived=archived * per_gb)


def _by_scope(predicted: Predicted, answers: Iterable[Answered]) -> Predicted:
    """Return the flows with a row for each scope, (2, n, H)."""
    shares = [_shares(answer) for answer in answers]
    gb, files = (np.stack([share[which] for share in shares]) for which in (BYTES, FILES))
    archived = predicted.archived_gb.sum(axis=1, keepdims=True) * gb
    return replace(
        predicted,
        archived_gb=archived,
        savings_gb=archived,
        files_archived=predicted.files_archived.sum(axis=1, keepdims=True) * files,
    )


def _shares(answer: Answered) -> Array:
    """Return each scope's share of what is archived, (2, n, H).

    Exact where nothing waits; where a cap holds files back, what has fallen due in a scope so far.
    """
    due = replace(answer.due, monthly=answer.due.monthly + answer.arrived)
    ready = released(due, answer.question.change.start).astype(float)
    waits = answer.taken.waiting.any()
    part = np.cumsum(ready, axis=-1) if waits else ready
    total = part.sum(axis=1, keepdims=True)
    return np.divide(part, total, out=np.full_like(part, 1 / part.shape[1]), where=total > 0)


def _sizes(view: InventoryView, rule: Question, asked: Plan) -> Sizes:
    """Return the sizes of the files that fall due in each scope."""
    grid = view.model.standing(rule).grid
    classes = [grid.part(grid.kind_class == each) for each in np.unique(grid.kind_class)]
    counted = np.stack([within(part, rule.change, asked.shape[2]).sum(axis=-1) for part in classes], axis=-1)
    return Sizes.of_scopes(counted[FILES], counted[BYTES], "as counted in the inventory")


def _types(view: InventoryView, asked: Plan, predicted: Predicted) -> tuple[TypeShare, ...]:
    """Return what is archived of each file type, in the proportion of what falls due."""
    rule = asked.rules[1]
    parts = view.model.standing(rule).grid.by_type
    due = {name: float(within(part, rule.change, asked.shape[2])[BYTES].sum()) for name, part in parts.items()}
    whole, gb = sum(due.values()), predicted.archived_gb[1].sum(axis=0)
    return tuple(TypeShare(name, gb * each / whole, gb * each / whole) for name, each in due.items() if each > 0)
