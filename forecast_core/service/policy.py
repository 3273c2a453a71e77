"""What a rule takes, from which files, when: everything the Policy page shows, in one pass.

In:    an `InventoryView`, a scenario, a price book, how the due dates did on real libraries.
Out:   `PolicyAnswer`.
Never: gives a month for files that do not exist yet; calls an estimate exact or the reverse.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forecast_core.estimators import Plan
from forecast_core.estimators.due_dates import BYTES_PER_GB, Answered
from forecast_core.forecast import Paths, Total
from forecast_core.inventory import BYTES, FILES, Change, Grid, first_due, within, within_by_kind
from forecast_core.money import PriceBook
from forecast_core.scenario import Ranges, Scenario, baseline, rule_plan
from forecast_core.scenario.levers import HORIZON
from forecast_core.service.answers import Provenance
from forecast_core.service.billing import Bill, money
from forecast_core.service.inventory_view import InventoryView
from forecast_core.service.policy_answers import AtOnce, HeatMap, Judged, PolicyAnswer, SmallFiles, Taker
from forecast_core.service.rule_answer import known_months, notes, rule_paths, trust

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
AGE_BINS = (*range(0, 60, 3), *range(60, 121, 12))
SMALL_CLASSES = (14, 17, 20)
MOST_TAKERS = 20
MOST_SHARE = 0.8


@dataclass(frozen=True)
class Asked:
    """What every question of the page shares."""

    view: InventoryView
    known: Ranges
    book: PriceBook
    judged: tuple[Judged, ...]
    stamp: Provenance


def policy_answer(asked: Asked, scenario: Scenario) -> PolicyAnswer:
    """Return what a checked scenario's rule takes, beside the rule in force."""
    view = asked.view
    base = baseline(asked.known).with_values(**{HORIZON.name: scenario.values[HORIZON.name]})
    plan = rule_plan((base, scenario), base, view.standing)
    paths, answers = rule_paths(view, plan)
    answer, months = answers[1], plan.shape[2]
    model = view.model.standing(answer.question)
    change = answer.question.change
    due_by_scope = within(model.grid, change, months)[BYTES].sum(axis=-1)
    due_by_kind = within_by_kind(model.grid, change, months)
    waiting = answer.taken.waiting[:, 0]
    first = first_due(model.grid, change)
    known = known_months(plan)
    return PolicyAnswer(
        scenario=scenario,
        baseline=base,
        moved=scenario.moved(base),
        months=plan.months,
        known_months=known,
        archived=paths.quantity(),
        archived_files=answer.taken.archived[FILES, 0].astype(float),
        total=paths.total(),
        later=_later(paths, known),
        at_once=_at_once(answer, plan),
        waiting_files=waiting[FILES].astype(float),
        waiting_gb=waiting[BYTES] / BYTES_PER_GB,
        used_up_month=_used_up(waiting[FILES], plan, change.start),
        first_due_month=plan.last_month + first if first is not None else None,
        already_gb=float(answer.due.gone[BYTES].sum() / BYTES_PER_GB),
        estate_gb=float(model.grid.whole[BYTES].sum() / BYTES_PER_GB),
        estate_files=int(model.grid.whole[FILES].sum()),
        cells=model.grid.cells,
        snapshots=len(view.model.cubes.cubes),
        heat=_heat(model.grid, change, months),
        takers=_takers(model.grid, due_by_scope, due_by_kind[BYTES]),
        small_files=_small_files(model.grid, change, months, due_by_kind),
        money=money(Bill(None, scenario, base, plan.months), paths, paths, asked.book),
        contents=view.contents,
        judged=asked.judged,
        trust=trust(view, scenario, plan),
        notes=notes(view, plan),
        provenance=asked.stamp,
    )


def _later(paths: Paths, known: int) -> Total | None:
    """Return the total of the months that stand on files that do not exist yet."""
    if known >= len(paths.scenario_point):
        return None
    return Paths(
        paths.baseline[:, known:], paths.scenario[:, known:], paths.baseline_point[known:], paths.scenario_point[known:]
    ).total()


def _at_once(answer: Answered, plan: Plan) -> AtOnce | None:
    """Return the one-off backlog where the rule changes within the horizon and anything is late for it."""
    start, late = answer.question.change.start, answer.due.at_once.sum(axis=(1, 2))
    if start > plan.shape[2] or not late[FILES]:
        return None
    return AtOnce(int(late[FILES]), int(late[BYTES]), plan.months[start - 1])


def _used_up(waiting: Whole, plan: Plan, start: int) -> np.datetime64 | None:
    """Return the first month at whose end nothing waits any more, None where nothing waits, or always."""
    ever = np.flatnonzero(waiting > 0)
    empty = np.flatnonzero((waiting == 0) & (np.arange(len(waiting)) >= start - 1))
    later = empty[empty > ever[0]] if len(ever) else empty[:0]
    return plan.months[later[0]] if len(later) else None


def _heat(grid: Grid, change: Change, months: int) -> HeatMap:
    names = tuple(grid.by_type)
    everywhere = np.ones(len(grid.scopes), bool)
    total = _by_type(grid, grid.by_kind(everywhere)[BYTES])
    now, taken = (_by_type(grid, within_by_kind(grid, change, until)[BYTES]) for until in (change.start, months))
    return HeatMap(names, AGE_BINS, total, np.minimum(now, taken), taken)


def _by_type(grid: Grid, by_kind: Whole) -> Array:
    """Return GB by file type and bin of age from bytes by kind and age."""
    return np.stack([_binned(by_kind[grid.kind_type == name].sum(axis=0)) for name in grid.by_type])


def _binned(by_age: Whole) -> Array:
    """Return GB by bin of age; the last one has no end."""
    padded = np.concatenate([by_age, np.zeros(max(AGE_BINS[-1] + 1 - len(by_age), 0), np.int64)])
    return np.add.reduceat(padded, AGE_BINS) / BYTES_PER_GB


def _takers(grid: Grid, due_by_scope: Whole, due_by_kind: Whole) -> tuple[Taker, ...]:
    """Return the scopes (the file types of a single scope) that bring 80 % of what is taken, twenty at most."""
    by_scope = dict(zip(grid.scopes, due_by_scope.tolist(), strict=True))
    kind = "scope" if len(by_scope) > 1 else "type"
    if kind == "type":
        by_scope = {name: int(due_by_kind[grid.kind_type == name].sum()) for name in grid.by_type}
    whole, so_far, found = sum(by_scope.values()), 0, []
    for name, volume in sorted(by_scope.items(), key=lambda item: -item[1])[:MOST_TAKERS]:
        if not volume or so_far >= MOST_SHARE * whole:
            break
        so_far += volume
        found.append(Taker(kind, name, volume / BYTES_PER_GB, volume / whole, so_far / whole))
    return tuple(found)


def _small_files(grid: Grid, change: Change, months: int, due_by_kind: Whole) -> tuple[SmallFiles, ...]:
    """Return what leaving out small files would lose of what is taken; nothing where nothing is."""
    whole = due_by_kind.sum(axis=(1, 2))
    found = []
    for size_class in SMALL_CLASSES if whole.all() else ():
        if size_class > change.after.smallest_class:
            stricter = replace(change, after=replace(change.after, smallest_class=size_class))
            lost = whole - within_by_kind(grid, stricter, months).sum(axis=(1, 2))
            found.append(SmallFiles(size_class, float(lost[BYTES] / whole[BYTES]), float(lost[FILES] / whole[FILES])))
    return tuple(found)
