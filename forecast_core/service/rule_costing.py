"""What the bill of a rule is made from: flows by scope, sizes as counted in the inventory.

In:    an `InventoryView`, its `Ranges`, a checked scenario, terms, a price book.
Out:   `Costing`.
Never: assumes a distribution of sizes where files were counted.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forecast_core.estimators import Plan
from forecast_core.inventory import BYTES, FILES, Policy
from forecast_core.money import Case, Flows, PriceBook, Sizes, Terms, TypeShare, yours
from forecast_core.scenario import Ranges, Scenario, baseline, rule_plan
from forecast_core.scenario.levers import FOOTPRINT, HORIZON, RECALL
from forecast_core.service.billing import Bill
from forecast_core.service.costing import Costing, as_moved, without_archiving
from forecast_core.service.inventory_view import InventoryView
from forecast_core.service.rule_answer import rule_paths, trust, type_shares

Array = NDArray[np.float64]
COUNTED = "File sizes are those of the files the rule takes, as counted in the inventory."


def rule_costing(view: InventoryView, known: Ranges, scenario: Scenario, terms: Terms, book: PriceBook) -> Costing:
    """Return the costing of a scenario that was checked against `known`."""
    base = baseline(known).with_values(**{HORIZON.name: scenario.values[HORIZON.name]})
    plan = rule_plan((base, scenario), base, view.standing)
    paths, _ = rule_paths(view, plan)
    predicted = view.model.predict(plan)
    bill = Bill(None, scenario, base, plan.months)
    cases = []
    for row, each in enumerate((base, scenario)):
        waits = bool((predicted.backlog_files[row] > predicted.files_archived[row]).any())
        share = _by_scope(view, plan, row, waits=waits)
        archived = predicted.archived_gb[row] * share
        flows = Flows(
            archived,
            archived,
            archived * bill.setting((each,), FOOTPRINT.name),
            predicted.files_archived[row] * share,
            without_archiving(predicted.stock_gb[row], predicted.savings_gb[row]),
        )
        cases.append(
            Case(
                months=plan.months,
                flows=flows,
                recall_ratio=bill.setting((each,), RECALL.name)[0],
                sizes=_sizes(view, plan.rules[row].change.after, terms),
                terms=terms,
                book=yours(as_moved(book, each, base, terms), terms),
            )
        )
    return Costing(
        scenario,
        scenario.moved(base),
        view.model.grid.scopes,
        cases[0],
        cases[1],
        paths,
        paths,
        _types(view, plan, cases[1].flows.archived_gb.sum(axis=0)),
        trust(view, scenario, plan),
        (COUNTED,),
    )


def _by_scope(view: InventoryView, plan: Plan, row: int, *, waits: bool) -> Array:
    """Return each scope's share of what is archived in each month, (n, H): as it falls due, or overall under a cap."""
    answer = view.model.unhindered(plan.rules[row], plan.growth_added[row])
    falling_due = answer.taken.archived[BYTES].astype(float)
    whole = falling_due.sum(axis=0)
    overall = falling_due.sum(axis=1, keepdims=True)
    typical = overall / overall.sum() if overall.sum() > 0 else np.full_like(overall, 1 / len(overall))
    share = np.broadcast_to(typical, falling_due.shape).copy()
    return share if waits else np.divide(falling_due, whole, out=share, where=whole > 0)


def _sizes(view: InventoryView, rule: Policy, terms: Terms) -> Sizes:
    """Return the size classes of all files that a rule may take; log-normal where it takes none."""
    grid = view.model.grid
    kinds, scopes = grid.kinds_of(rule), grid.scopes_of(rule)
    counted = grid.amounts[:, kinds][:, :, scopes].sum(axis=(2, 3))
    if not counted[BYTES].any():
        return Sizes.log_normal(terms.size_spread)
    return Sizes.of_classes(counted[FILES], counted[BYTES], "as counted in the inventory")


def _types(view: InventoryView, plan: Plan, archived_gb: Array) -> tuple[TypeShare, ...]:
    shares = type_shares(view, plan)[1]
    names = view.model.cubes.last.file_types
    parts = [share * archived_gb for share in shares]
    return tuple(TypeShare(name, part, part) for name, part in zip(names, parts, strict=True))
