"""A change of rule, start to end: flows, bands, money, what moved it: the simulator's answer on a file inventory.

In:    an `InventoryView`, its `Ranges`, a checked scenario, a price book.
Out:   `Answer`.
Never: shows what the rule would have taken as something that was observed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forecast_core.backtest import Trust
from forecast_core.estimators import Plan
from forecast_core.estimators.due_dates import BYTES_PER_GB, Answered, draws
from forecast_core.forecast import Band, Paths, Quantity
from forecast_core.inventory import BYTES, NO_RULE_MONTHS, capacity, within
from forecast_core.money import PriceBook
from forecast_core.months import days_in_month
from forecast_core.scenario import Ranges, Scenario, baseline, rule_plan
from forecast_core.scenario.levers import HORIZON
from forecast_core.service.answers import Answer, Provenance, TypePart
from forecast_core.service.asking import Batch, batch
from forecast_core.service.attribution import explained
from forecast_core.service.billing import Bill, money
from forecast_core.service.inventory_view import InventoryView, past_of_inventory

Array = NDArray[np.float64]
COMPUTED = "Past months are what the rule in force would have taken of the files still there, not observed archiving."
NOT_JUDGED = "There are too few inventories to judge files and history side by side; the due dates answer."
JUDGED = "The due dates answer: one month ahead they missed {files} of what was archived, “{title}” {history}."
LEVEL = "For {names} the level comes from the monthly history, “{title}”: {reasons}."
NO_COMMON_SCOPE = "The monthly history has no scope of this inventory, so it cannot help; compare their names."
ONE_INVENTORY = "With one inventory nothing is known of what becomes of files here; the band stands on other libraries."
LEVELLED = "The level of some scopes comes from the monthly history, the change from the files: low evidence."
BEYOND = "beyond {months} months the answer depends on files that do not exist yet; take the sum with its range"


def simulate_rule(view: InventoryView, known: Ranges, scenario: Scenario, book: PriceBook, stamp: Provenance) -> Answer:
    """Return the answer to a scenario that was checked against `known`."""
    base = baseline(known).with_values(**{HORIZON.name: scenario.values[HORIZON.name]})
    asked = batch(known, scenario, base, lambda scenarios: rule_plan(scenarios, base, view.standing), view.model)
    archived, savings = levelled(view, asked.plan, rule_paths(view, asked.plan)[0])
    bill = Bill(None, scenario, base, asked.plan.months)
    contributions, steps = explained(asked, bill, measured=True)
    moved = scenario.moved(base)
    waiting = asked.flows.backlog_files[:, 0]
    return Answer(
        scenario=scenario,
        baseline=base,
        moved=moved,
        past=past_of_inventory(view),
        months=asked.plan.months,
        archived=told(archived.quantity(), asked.plan),
        savings=told(savings.quantity(), asked.plan),
        archived_total=archived.total(),
        savings_total=savings.total(),
        money=money(bill, archived, savings, book),
        money_note="",
        by_type=_by_type(view, asked.plan, savings),
        baseline_backlog_files=waiting[0],
        backlog_files=waiting[1],
        baseline_used_up_month=_used_up(asked, 0),
        used_up_month=_used_up(asked, 1),
        frequency_effect_ratio=_effect(asked),
        contributions=contributions,
        steps=steps,
        trust=trust(view, scenario, asked.plan),
        notes=(*notes(view, asked.plan), *([LEVELLED] if view.level and moved else [])),
        provenance=stamp,
    )


def rule_paths(view: InventoryView, plan: Plan) -> tuple[Paths, list[Answered]]:
    """Return archived GB of the first two questions of a plan, on common luck, and the answers behind them."""
    rooms = capacity(plan.frequency_per_day[:2], days_in_month(plan.months))
    asked = zip(plan.rules[:2], rooms, plan.growth_added[:2], strict=True)
    answers = [view.model.answer(rule, room, growth) for rule, room, growth in asked]
    points = [answer.taken.archived[BYTES].sum(axis=0) / BYTES_PER_GB for answer in answers]
    paths = [draws(view.model, answer, view.chance).sum(axis=1) / BYTES_PER_GB for answer in answers]
    return Paths(paths[0], paths[1], points[0], points[1]), answers


def levelled(view: InventoryView, plan: Plan, files: Paths) -> tuple[Paths, Paths]:
    """Return archived and freed GB with the level of the history where it answers; the files say what changes."""
    level, months = view.level, plan.shape[2]
    if level is None:
        return files, files
    unchanged = view.model.unhindered(plan.rules[0], plan.growth_added[0])
    point = unchanged.taken.archived[BYTES][level.rows] / BYTES_PER_GB
    paths = draws(view.model, unchanged, view.chance)[:, level.rows] / BYTES_PER_GB
    shifts = (
        ((own_point[:, :months] - point).sum(axis=0), (own[..., :months] - paths).sum(axis=1))
        for own_point, own in ((level.archived_point, level.archived), (level.freed_point, level.freed))
    )
    archived, freed = (_shifted(files, *shift) for shift in shifts)
    return archived, freed


def levelled_points(view: InventoryView, plan: Plan, points: Array) -> tuple[Array, Array]:
    """Return archived and freed GB of every question of a plan (K, H) with the level of the history, as `levelled`."""
    level, months = view.level, plan.shape[2]
    if level is None:
        return points, points
    unchanged = view.model.unhindered(plan.rules[0], plan.growth_added[0])
    point = unchanged.taken.archived[BYTES][level.rows] / BYTES_PER_GB
    archived, freed = (
        _carried(points + (own[:, :months] - point).sum(axis=0)) for own in (level.archived_point, level.freed_point)
    )
    return archived, freed


def _shifted(files: Paths, point: Array, paths: Array) -> Paths:
    return Paths(
        _carried(files.baseline + paths),
        _carried(files.scenario + paths),
        _carried(files.baseline_point + point),
        _carried(files.scenario_point + point),
    )


def _carried(monthly: Array) -> Array:
    """Return months (…, H) that are never negative: what a month lacks, the next ones give, so the total holds."""
    so_far = np.maximum(np.maximum.accumulate(np.cumsum(monthly, axis=-1), axis=-1), 0)
    return np.diff(so_far, axis=-1, prepend=0)


def known_months(plan: Plan, index: int = 1) -> int:
    """Return how many coming months stand on files that exist: until the rule in force is that old."""
    change, months = plan.rules[index].change, plan.shape[2]
    age = change.after.age_months if change.start == 1 else min(change.before.age_months, change.after.age_months)
    return min(age if age < NO_RULE_MONTHS else months, months)


def told(quantity: Quantity, plan: Plan) -> Quantity:
    """Return the months that stand on files that exist; of the others no single one can be told, they are NaN."""
    base, moved = known_months(plan, 0), known_months(plan, 1)
    return Quantity(
        until(quantity.baseline, base), until(quantity.scenario, moved), until(quantity.change, min(base, moved))
    )


def until(shown: Band, known: int) -> Band:
    """Return a band with everything after its first `known` months unknown."""
    inside = np.arange(len(shown.point)) < known
    return Band(*(np.where(inside, part, np.nan) for part in (shown.point, shown.lower, shown.upper)))


def trust(view: InventoryView, scenario: Scenario, plan: Plan) -> Trust:
    """Return how much of the answer stands on files that exist."""
    known = known_months(plan)
    if known == 0:
        return Trust("red", "nothing that this rule will take exists yet")
    if known < plan.shape[2]:
        return Trust("amber", BEYOND.format(months=known))
    return Trust("green")


def notes(view: InventoryView, plan: Plan) -> tuple[str, ...]:
    """Return what must be said with every answer on this inventory."""
    found = [COMPUTED] if view.standing.rule_months < NO_RULE_MONTHS and not measured(view) else []
    if len(view.model.cubes.cubes) == 1:
        found.append(ONE_INVENTORY)
    return (*found, *answered_by(view))


def measured(view: InventoryView) -> bool:
    """Return whether the past was measured, not computed."""
    return view.beside is not None and view.beside.past(view.model.grid.scopes) is not None


def answered_by(view: InventoryView) -> tuple[str, ...]:
    """Return in a sentence or two who answers where a history is known beside the files."""
    beside, found = view.beside, view.answerers
    if beside is None:
        return ()
    if not found:
        return (NO_COMMON_SCOPE,)
    by_history = [each for each in found if not each.by_files]
    if by_history:
        reasons = "; ".join(dict.fromkeys(each.reason for each in by_history))
        return (LEVEL.format(names=_some([each.scope for each in by_history]), title=beside.title, reasons=reasons),)
    files, history, came, _ = beside.judged(view.model.grid.scopes)
    if not came.any():
        return (NOT_JUDGED,)
    errors = (f"{np.abs(said - came).sum() / came.sum() * 100:.2g} %" for said in (files, history))
    return (JUDGED.format(title=beside.title, files=next(errors), history=next(errors)),)


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _by_type(view: InventoryView, plan: Plan, freed: Paths) -> tuple[TypePart, ...]:
    """Split freed GB by what falls due of each type; under a cap in the same proportion."""
    share = type_shares(view, plan)
    base, moved = (np.outer(*pair) for pair in zip(share, (freed.baseline_point, freed.scenario_point), strict=True))
    names = view.model.cubes.last.file_types
    return tuple(TypePart(name, base[row], moved[row]) for row, name in enumerate(names))


def type_shares(view: InventoryView, plan: Plan) -> Array:
    """Return each file type's share of what falls due under the first two questions of a plan, (2, types)."""
    names = view.model.cubes.last.file_types
    parts = np.zeros((2, len(names)))
    for index, rule in enumerate(plan.rules[:2]):
        model = view.model.standing(rule)
        for row, name in enumerate(names):
            parts[index, row] = within(model.grid.by_type[name], rule.change, plan.shape[2])[BYTES].sum()
    total = parts.sum(axis=1, keepdims=True)
    return np.divide(parts, total, out=np.zeros_like(parts), where=total > 0)


def _used_up(asked: Batch, index: int) -> np.datetime64 | None:
    """Return the first month from the start on at whose end nothing waits, None where nothing ever waited."""
    after = asked.flows.backlog_files[index, 0] - asked.flows.files_archived[index, 0]
    start = asked.plan.rules[index].change.start - 1
    if not (after > 0).any():
        return None
    empty = np.flatnonzero((after <= 0) & (np.arange(len(after)) >= start))
    return asked.plan.months[empty[0]] if len(empty) else None


def _effect(asked: Batch) -> Array:
    base, point = asked.flows.archived_gb[0, 0], asked.flows.archived_gb[1, 0]
    return np.divide(point, base, out=np.ones_like(point), where=base > 0) - 1
