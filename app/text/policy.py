"""Sentences of the Policy page: what a rule takes at once, what falls due later, how sure, how it was checked."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.text.data import plural, scope
from app.text.inventory import contents
from app.text.levers import TYPE_TITLES
from app.text.numbers import BYTE_GB, count, money, month, out_of, percent, significant, volume, volume_range
from forecast_core.inventory import NO_RULE_MONTHS
from forecast_core.scenario import size_text

if TYPE_CHECKING:
    from forecast_core import Judged, PolicyAnswer, Taker, Total

GB = 2**30
SMALL_SHOWN = 17


def rule(answer: PolicyAnswer) -> str:
    """Return the rule as the start of a sentence."""
    values = answer.scenario.values
    age = int(values["rule_months"])
    if age >= NO_RULE_MONTHS:
        return "Without a rule"
    verb = "opened" if values.get("by_access") else "changed"
    return f"Archiving what nobody {verb} for {plural(age, 'month')}"


def headline(answer: PolicyAnswer) -> str:
    """Return what the rule does: at once, then within the horizon; or when it first does anything."""
    if answer.scenario.values["rule_months"] >= NO_RULE_MONTHS:
        return "No rule is in force: nothing falls due. Move “Untouched for” to draw one."
    months = len(answer.months)
    over = f"in the next {plural(months, 'month')}"
    at_once = answer.at_once
    total = answer.total.scenario.point
    if not total and not at_once:
        return f"{rule(answer)} takes nothing {over}. {_first(answer)}"
    if at_once is None:
        return f"{rule(answer)} takes {volume(total)} {over}, we expect."
    later = max(total - _at_once_taken(answer), 0.0)
    if waits(answer):
        return f"{_queued(answer)}. We expect {volume(total)} archived {over}."
    first = f"{rule(answer)} takes {volume(at_once.bytes / GB)} at once in {month(at_once.month)}"
    return f"{first}; we expect {volume(later)} more to fall due {over}."


def _queued(answer: PolicyAnswer) -> str:
    at_once = answer.at_once
    size = volume(at_once.bytes / GB) if at_once else "0 GB"
    when = (
        f"is worked off by {month(answer.used_up_month)}" if answer.used_up_month else "is not worked off in this time"
    )
    return f"{rule(answer)} finds {size} late already; under the cap it {when}"


def _at_once_taken(answer: PolicyAnswer) -> float:
    return answer.at_once.bytes / GB if answer.at_once and not waits(answer) else 0.0


def waits(answer: PolicyAnswer) -> bool:
    """Return whether anything waits at the end of a month."""
    return bool((answer.waiting_files > 0).any())


def _first(answer: PolicyAnswer) -> str:
    if answer.first_due_month is None:
        return "No file there is will ever fall due under it."
    return f"The first file falls due in {month(answer.first_due_month)}."


def range_line(answer: PolicyAnswer) -> str:
    """Return the range of the headline, what is exact in it, and the money."""
    total = answer.total.scenario
    parts = [f"{volume_range(total.lower, total.upper)} in {plural(len(answer.months), 'month')}"]
    if answer.at_once:
        exact = f"{answer.at_once.bytes:,} bytes in {plural(answer.at_once.files, 'file')}"
        parts.append(f"of it at once, exact: {exact}")
    saved = answer.money.total.scenario
    parts.append(f"{money(saved.point, answer.money.currency)} saved net")
    promised = f"We expect {out_of(answer.provenance.coverage)} such ranges to hold."
    return f"{', '.join(parts)}. {promised}"


def trust_line(answer: PolicyAnswer) -> str:
    """Return the trust words with their reason."""
    reason = answer.trust.reason.rstrip(".")
    return f"{answer.trust.words}: {reason}" if reason else answer.trust.words


def against_today(answer: PolicyAnswer) -> str:
    """Return the change against the rule in force: what is exact, and what depends on files to come."""
    today = answer.baseline.values["rule_months"]
    if not answer.moved or today >= NO_RULE_MONTHS:
        return ""
    change = answer.total.change
    text = f"Against the rule in force ({plural(int(today), 'month')}): {_signed(change.point)}"
    text += f" ({volume_range(change.lower, change.upper)}) in {plural(len(answer.months), 'month')}."
    if answer.at_once:
        text += f" What goes at once ({volume(answer.at_once.bytes / GB)}) lies there already and is exact; the"
        text += " difference in what falls due later depends on what will arrive, and only its range can be told."
    return text


def _signed(gb: float) -> str:
    return f"{volume(abs(gb))} {'more' if gb >= 0 else 'less'}"


def left_out(answer: PolicyAnswer) -> str:
    """Return what the rule never takes, as the name of a fold."""
    out = len(answer.scenario.left_out)
    return f"Left on primary: {plural(out, 'part')}" if out else "Leave out file types or scopes"


def heat(answer: PolicyAnswer) -> str:
    """Return what share of the estate the rule lights up."""
    taken, total = float(answer.heat.taken_gb.sum()), float(answer.heat.total_gb.sum())
    if not taken:
        return "The rule takes nothing of what there is"
    return f"The rule takes {percent(taken / total)} of what there is by {month(answer.months[-1])}"


def heat_legend(answer: PolicyAnswer) -> str:
    """Return what the colours say."""
    start = month(int(answer.scenario.values["start_month"]))
    return f"GB by age and file type; blue: goes in {start}, pink: later by {month(answer.months[-1])}, grey: stays"


def calendar(answer: PolicyAnswer) -> str:
    """Return the largest month of what falls due by its own age, or when the first does."""
    shown = shown_gb(answer)[: max(answer.known_months, 1)]
    if not shown.any():
        return "Nothing falls due month by month " + ("" if answer.at_once else "in this time")
    largest = int(shown.argmax())
    return f"{month(answer.months[largest])} is the largest month: {volume(float(shown[largest]))} {verb(answer)}"


def verb(answer: PolicyAnswer) -> str:
    """Return what happens to the volume of a month: under a cap it is archived later than it falls due."""
    return "archived" if waits(answer) else "falling due"


def shown_gb(answer: PolicyAnswer) -> NDArray[np.float64]:
    """Return archived GB by month without what goes at once, which would dwarf them."""
    shown = answer.archived.scenario.point.copy()
    if answer.at_once and not waits(answer) and not answer.scenario.values["ramp_months"]:
        shown[answer.months == answer.at_once.month] -= answer.at_once.bytes / GB
    return shown.clip(min=0)


def not_drawn(answer: PolicyAnswer) -> str:
    """Return what the calendar leaves out."""
    if answer.at_once and shown_gb(answer).sum() < answer.archived.scenario.point.sum():
        return f"not drawn: {volume(answer.at_once.bytes / GB)} at once in {month(answer.at_once.month)}"
    return ""


def later(answer: PolicyAnswer, total: Total) -> str:
    """Return what can be said of months that stand on files that do not exist yet."""
    start, end = answer.months[answer.known_months], answer.months[-1]
    span = volume_range(total.scenario.lower, total.scenario.upper)
    return f"{month(start)} to {month(end)}: {volume(total.scenario.point)} in all ({span})"


def backlog(answer: PolicyAnswer) -> str:
    """Return when nothing waits any more."""
    peak = float(answer.waiting_gb.max())
    if peak < BYTE_GB:
        return "Nothing waits: what falls due is taken in its month"
    if answer.used_up_month is None:
        left = float(answer.waiting_gb[-1])
        return f"{volume(left)} still wait in {month(answer.months[-1])}: the cap is too low"
    return f"Up to {volume(peak)} wait; the backlog is used up in {month(answer.used_up_month)}"


def takers(found: tuple[Taker, ...]) -> str:
    """Return how few bring most."""
    if not found:
        return "Nothing is taken"
    kind = ("scope" if found[0].kind == "scope" else "file type") + ("s" if len(found) > 1 else "")
    verb = "bring" if len(found) > 1 else "brings"
    return f"{len(found)} {kind} {verb} {percent(found[-1].running_share)} of what is taken"


def taker_rows(found: tuple[Taker, ...]) -> dict[str, list[str]]:
    """Return a line for each that brings much."""
    names = [scope(item.name) if item.kind == "scope" else TYPE_TITLES.get(item.name, item.name) for item in found]
    return {
        "Scope" if found and found[0].kind == "scope" else "File type": names,
        "Taken": [volume(item.gb) for item in found],
        "Share": [percent(item.share) for item in found],
        "Together": [percent(item.running_share) for item in found],
    }


def small_files(answer: PolicyAnswer) -> str:
    """Return what leaving small files on primary would lose: GB and operations."""
    found = next((item for item in answer.small_files if item.size_class == SMALL_SHOWN), None)
    if found is None:
        return ""
    lost, saved = percent(found.gb_share), percent(found.files_share)
    return f"Skipping files under {size_text(SMALL_SHOWN)} loses {lost} of the GB and {saved} of the operations."


def footprint(answer: PolicyAnswer) -> str:
    """Return what an archive could make smaller, and whether the answer counts on it; "" where it was not measured."""
    ratio = answer.contents.footprint_ratio
    if not math.isfinite(ratio):
        return ""
    counted = answer.scenario.values["footprint_ratio"]
    means = f"an archive that makes use of it adds {percent(ratio)} of what is archived; counted: {percent(counted)}."
    return f"{contents(answer.contents)} So {means}"


def counts_on_it(answer: PolicyAnswer) -> float | None:
    """Return the measured footprint where the answer does not count on it yet."""
    ratio = answer.contents.footprint_ratio
    if not math.isfinite(ratio) or abs(answer.scenario.values["footprint_ratio"] - ratio) < 1e-4:
        return None
    return ratio


def cells(answer: PolicyAnswer) -> str:
    """Return how large the cube is."""
    over = f", {plural(answer.snapshots, 'month end')} known" if answer.snapshots > 1 else ""
    return f"{count(answer.estate_files)} files, {volume(answer.estate_gb)}, kept as {count(answer.cells)} cells{over}."


CHECKED = (
    "How this was checked: eight public document libraries, month by month, each at every month end from the third "
    "year on, knowing only what was known then. Real files; the archive rule was applied to them by us, it is not "
    "observed archiving. Error: sum of what was missed over sum of what came."
)


def checked_rows(lines: tuple[Judged, ...]) -> dict[str, list[str]]:
    """Return how the due dates did on real libraries, beside the two obvious ways."""
    return {
        "Rule": [f"{line.rule_months} months" for line in lines],
        "Said": [_said(line) for line in lines],
        "Error": [_error(line.wape) for line in lines],
        "Due dates alone": [_error(line.plain_wape) for line in lines],
        "Mean of the last 12 months": [_error(line.mean_wape) for line in lines],
        "80 % band held": [percent(line.coverage) for line in lines],
    }


def _said(line: Judged) -> str:
    if line.total:
        return f"total of {line.months_ahead} months"
    return "next month" if line.months_ahead == 1 else f"the month {line.months_ahead} months ahead"


def _error(ratio: float) -> str:
    return f"{significant(ratio * 100)} %"
