"""Titles of pictures: the finding, not the quantity."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from app.text.headline import CENT, main_volume, noticeable
from app.text.levers import TYPE_TITLES
from app.text.numbers import count, money, month, out_of, percent, volume

if TYPE_CHECKING:
    from forecast_core import Answer, Provenance


def promise(provenance: Provenance) -> str:
    """Return what a band promises."""
    return f"{out_of(provenance.coverage)} months"


def over(answer: Answer) -> str:
    """Return `over 24 months`."""
    return "in one month" if len(answer.months) == 1 else f"over {len(answer.months)} months"


def flows(answer: Answer) -> str:
    """Return the title of the flows."""
    total, word = main_volume(answer)
    months = len(answer.months)
    if not answer.moved:
        return f"About {volume(total.scenario.point / months)} {word} per month"
    if not noticeable(total):
        return f"No noticeable difference in what is {word}"
    change = total.change.point
    return f"{volume(abs(change))} {'more' if change > 0 else 'less'} {word} {over(answer)}"


def flow_alt(answer: Answer) -> str:
    """Return what a listener should know of the curve: first and last month."""
    point = answer.archived.scenario.point
    told = [index for index, value in enumerate(point) if math.isfinite(value)]
    if not told:
        return "Archived: no single month can be told."
    ends = dict.fromkeys((told[0], told[-1]))
    return f"Archived: {', '.join(f'{volume(float(point[at]))} in {month(answer.months[at])}' for at in ends)}."


def cumulative(answer: Answer) -> str:
    """Return the title of the money picture."""
    if answer.money is None:
        return ""
    total, currency = answer.money.total, answer.money.currency
    if answer.moved and not noticeable(total, CENT):
        return f"No noticeable difference in money {over(answer)}"
    if answer.moved:
        change = total.change.point
        return f"{money(abs(change), currency)} {'more' if change > 0 else 'less'} saved by {month(answer.months[-1])}"
    saved = total.scenario.point
    what = f"{money(saved, currency)} saved" if saved >= 0 else f"{money(-saved, currency)} lost"
    return f"{what} by {month(answer.months[-1])}"


def by_type(answer: Answer) -> str:
    """Return the title of the types: which one carries most."""
    totals = {part.file_type: float(part.scenario_gb.sum()) for part in answer.by_type}
    whole, top = sum(totals.values()), max(totals, key=lambda name: totals[name])
    if whole <= 0:
        return "Nothing is freed"
    return f"{TYPE_TITLES[top]} files carry {percent(totals[top] / whole)} of what is freed"


def effect(answer: Answer) -> str:
    """Return where the effect of another frequency begins and ends: `+41 % in Nov 2026, +9 % in Oct 2028`."""
    first = _first_effect(answer)
    if first is None:
        return "Archived: no difference in any month"
    ends = (first, -1) if first < len(answer.months) - 1 else (first,)
    parts = [f"{_signed(answer.frequency_effect_ratio[index])} in {month(answer.months[index])}" for index in ends]
    return f"Archived: {', '.join(parts)}"


def _first_effect(answer: Answer) -> int | None:
    return next((index for index, value in enumerate(answer.frequency_effect_ratio) if abs(value) > 1e-9), None)


def frequency(answer: Answer) -> str:
    """Return why the effect of another frequency fades, "" where it does not or was not moved."""
    first = _first_effect(answer)
    if "archive_frequency_per_day" not in answer.moved:
        return ""
    if first is None:
        return "The archiver already takes what there is to take: another frequency changes nothing."
    begin, end = answer.frequency_effect_ratio[first], answer.frequency_effect_ratio[-1]
    if abs(end) >= abs(begin) * 0.8:
        return ""
    if begin > 0:
        return (
            "The effect fades because only what lies in the backlog can be archived, and a faster archiver empties it."
        )
    return "The effect fades because what is not archived now stays in the backlog and is archived later."


def _signed(ratio: float) -> str:
    text = percent(ratio)
    return text if text.startswith("−") else f"+{text}"


def backlog(answer: Answer) -> str:
    """Return what the backlog does, "" where it is not known."""
    then, base = float(answer.backlog_files[-1]), float(answer.baseline_backlog_files[-1])
    if not math.isfinite(then):
        return ""
    text = f"Backlog: {count(then)} files in {month(answer.months[-1])}"
    return f"{text} instead of {count(base)}" if answer.moved and count(then) != count(base) else text
