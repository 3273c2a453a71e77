"""What the bill of a rule is made from: flows by scope, sizes as counted in the inventory.

In:    an `InventoryView`, its `Ranges`, a checked scenario, terms, a price book.
Out:   `Costing`.
Never: assumes a distribution of sizes where files were counted.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forecast_core.estimators import Flows as Predicted
from forecast_core.estimators import Plan
from forecast_core.estimators.due_dates import BYTES_PER_GB
from forecast_core.inventory import BYTES, FILES, Policy
from forecast_core.money import Case, Flows, PriceBook, Sizes, Terms, TypeShare, yours
from forecast_core.scenario import Ranges, Scenario, baseline, rule_plan
from forecast_core.scenario.levers import FOOTPRINT, HORIZON, RECALL
from forecast_core.service.billing import Bill
from forecast_core.service.costing import Costing, as_moved, without_archiving
from forecast_core.service.inventory_view import InventoryView
from forecast_core.service.rule_answer import levelled, rule_paths, trust, type_shares

Array = NDArray[np.float64]
COUNTED = "File sizes are those of the files the rule takes, as counted in the inventory."


def rule_costing(view: InventoryView, known: Ranges, scenario: Scenario, terms: Terms, book: PriceBook) -> Costing:
    """Return the costing of a scenario that was checked against `known`."""
    base = baseline(known).with_values(**{HORIZON.name: scenario.values[HORIZON.name]})
    plan = rule_plan((base, scenario), base, view.standing)
    archived, freed = levelled(view, plan, rule_paths(view, plan)[0])
    predicted = view.model.predict(plan)
    bill = Bill(None, scenario, base, plan.months)
    totals = ((archived.baseline_point, freed.baseline_point), (archived.scenario_point, freed.scenario_point))
    base_case, case = (
        Case(
            months=plan.months,
            flows=_flows(view, plan, row, predicted, totals[row], bill.setting((each,), FOOTPRINT.name)),
            recall_ratio=bill.setting((each,), RECALL.name)[0],
            sizes=_sizes(view, plan.rules[row].change.after, terms),
            terms=terms,
            book=yours(as_moved(book, each, base, terms), terms),
        )
        for row, each in enumerate((base, scenario))
    )
    return Costing(
        scenario,
        scenario.moved(base),
        view.model.grid.scopes,
        base_case,
        case,
        archived,
        freed,
        _types(view, plan, *totals[1]),
        trust(view, scenario, plan),
        (COUNTED,),
    )


def _flows(
    view: InventoryView, plan: Plan, row: int, predicted: Predicted, totals: tuple[Array, Array], footprint: Array
) -> Flows:
    """Return what each scope moves: the totals of archived and freed GB, shared out."""
    share = _by_scope(view, plan, row, predicted)
    archived, freed = (total * share for total in totals)
    files, gb = predicted.files_archived[row], predicted.archived_gb[row]
    typical = files.sum() / gb.sum() if gb.sum() > 0 else _files_per_gb(view)
    per_gb = np.divide(files, gb, out=np.full_like(gb, typical), where=gb > 0)
    active = without_archiving(predicted.stock_gb[row], predicted.savings_gb[row])
    return Flows(archived, freed, archived * footprint, archived * per_gb, active)


def _files_per_gb(view: InventoryView) -> float:
    files, volume = view.model.grid.whole.sum(axis=(1, 2))
    return float(files / (volume / BYTES_PER_GB)) if volume else 0.0


def _by_scope(view: InventoryView, plan: Plan, row: int, predicted: Predicted) -> Array:
    """Return each scope's share of what is archived in each month, (n, H): as it falls due, or overall under a cap."""
    falling_due = view.model.unhindered(plan.rules[row], plan.growth_added[row]).taken.archived[BYTES] / BYTES_PER_GB
    if view.level is not None:
        unchanged = view.model.unhindered(plan.rules[0], plan.growth_added[0]).taken.archived[BYTES] / BYTES_PER_GB
        rows = view.level.rows
        falling_due[rows] += view.level.archived_point[:, : plan.shape[2]] - unchanged[rows]
        falling_due = np.maximum(falling_due, 0)
    whole, overall = falling_due.sum(axis=0), falling_due.sum(axis=1, keepdims=True)
    typical = overall / overall.sum() if overall.sum() > 0 else np.full_like(overall, 1 / len(overall))
    share = np.broadcast_to(typical, falling_due.shape).copy()
    waits = (predicted.backlog_files[row] > predicted.files_archived[row]).any()
    return share if waits else np.divide(falling_due, whole, out=share, where=whole > 0)


def _sizes(view: InventoryView, rule: Policy, terms: Terms) -> Sizes:
    """Return the size classes of all files that a rule may take; log-normal where it takes none."""
    grid = view.model.grid
    kinds, scopes = grid.kinds_of(rule), grid.scopes_of(rule)
    counted = grid.amounts[:, kinds][:, :, scopes].sum(axis=(2, 3))
    if not counted[BYTES].any():
        return Sizes.log_normal(terms.size_spread)
    return Sizes.of_classes(counted[FILES], counted[BYTES], "as counted in the inventory")


def _types(view: InventoryView, plan: Plan, archived_gb: Array, freed_gb: Array) -> tuple[TypeShare, ...]:
    shares = zip(view.model.cubes.last.file_types, type_shares(view, plan)[1], strict=True)
    return tuple(TypeShare(name, share * archived_gb, share * freed_gb) for name, share in shares)
