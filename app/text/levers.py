"""Values of levers, and what moving one does, in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from app.text.numbers import MINUS, count, money, month, percent, price, significant, symbol, volume
from forecast_core.inventory import NO_RULE_MONTHS
from forecast_core.scenario import size_text

if TYPE_CHECKING:
    from forecast_core import Answer, Contribution, Lever, LeverFault, LeverRange, Step

MB = 1 / 1024
MIX_NAMES = ("pct_pdf", "pct_docx", "pct_xlsx")
TYPE_TITLES = {
    "pdf": "PDF",
    "docx": "Word",
    "xlsx": "Excel",
    "pptx": "Slides",
    "images": "Images",
    "video": "Video",
    "other": "Other",
}


def value(lever: Lever, number: float, currency: str = "USD") -> str:
    """Return a lever's value as a person says it: `120 files per day`, `1.5 %`, `Mar 2027`."""
    if lever.unit == "price":
        return f"{price(number, currency)} per GB and month"
    return _WRITTEN.get(lever.unit, _rate)(number)


def _rate(number: float) -> str:
    return f"{significant(number)} files per day"


def _age(number: float) -> str:
    return "no rule" if number >= NO_RULE_MONTHS else _months(number)


def _versions(number: float) -> str:
    return f"{int(number)} versions" if number != 1 else "1 version"


def _months(number: float) -> str:
    return f"{int(number)} months" if number != 1 else "1 month"


def size(number_mb: float) -> str:
    """Return the size of a file, in MB where that reads well: `0.1 MB`, `12 KB`."""
    return f"{significant(number_mb)} MB" if 0.0995 <= number_mb < 1000 else volume(number_mb * MB)


_WRITTEN: Mapping[str, Callable[[float], str]] = {
    "percent": percent,
    "MB": size,
    "month": lambda number: month(int(number)),
    "months": _months,
    "age": _age,
    "size class": lambda number: size_text(int(number)),
    "switch": lambda number: "yes" if number else "no",
    "versions": _versions,
    "files": lambda number: f"{count(number)} files",
}


def unit(lever: Lever, currency: str = "USD") -> str:
    """Return what stands behind a lever's number: `files per day`, `%`, `$ per GB and month`."""
    if lever.unit == "price":
        return f"{symbol(currency)} per GB and month"
    return {"percent": "%", "age": "months", "month": "", "size class": "", "switch": ""}.get(lever.unit, lever.unit)


def names(item: LeverRange) -> dict[int, str]:
    """Return the values of a lever that have a name instead of a number: `no rule`, `no cap`, `128 KB`."""
    if item.lever.unit == "size class":
        return {step: size_text(step) for step in range(int(item.lower), int(item.upper) + 1)}
    if item.lever.unit == "files per day" and item.today == item.upper:
        return {int(item.upper): "no cap"}
    return {NO_RULE_MONTHS: _age(NO_RULE_MONTHS)} if item.lever.unit == "age" else {}


def below(item: LeverRange, effect: Step | None, currency: str) -> list[str]:
    """Return the lines below a lever: what one step does, and where little is known about it."""
    lines = [step(item.lever, effect, currency)] if effect is not None else []
    if item.low_evidence:
        lines.append(f"Low evidence: {item.low_evidence}" if item.lever.name == MIX_NAMES[0] else "Low evidence")
    return lines


def fault(item: LeverFault, kept: str = "The value shown is used instead.") -> str:
    """Return what is wrong with one lever, what is allowed, and what was done."""
    return f"{item.what} Allowed: {item.allowed}. {kept}"


def put_back(lever: Lever, number: float, currency: str = "USD") -> str:
    """Return the way back to today's value, which also marks a moved lever."""
    return f"Changed · back to {value(lever, number, currency)}"


def step(lever: Lever, step: Step, currency: str) -> str:
    """Return what one step does: `+10 files per day → +120 GB freed in a year`."""
    how_long = "in a year" if step.months == 12 else f"in {step.months} months"
    amount = price(abs(step.step), currency) if lever.unit == "price" else value(lever, abs(step.step), currency)
    moved = signed(step.step, amount)
    if lever.unit == "size class":
        moved = "twice the size" if step.step > 0 else "half the size"
    return f"{moved} → {_effect(step, currency)} {how_long}"


def _effect(step: Step, currency: str) -> str:
    for amount, text, word in (
        (step.savings_gb, volume(step.savings_gb), "freed"),
        (step.archived_gb, volume(step.archived_gb), "archived"),
        (step.saved_cost, money(step.saved_cost, currency), "saved"),
    ):
        if math.isfinite(amount) and amount != 0:
            return f"{signed(amount, text.lstrip(MINUS))} {word}"
    return "no difference"


def signed(number: float, text: str) -> str:
    """Return an amount with its sign; `text` has none."""
    return f"{MINUS}{text}" if number < 0 else f"+{text}"


def changes(answer: Answer) -> str:
    """Return what the scenario changes, as the start of a sentence: `Archiving twice as often`."""
    groups = _groups(answer.moved)
    if not groups:
        return "If nothing changes"
    if len(groups) > 1:
        return f"With these {len(groups)} changes"
    name = groups[0]
    if name == "left_out":
        return "With other files left out"
    if name == "mix":
        return "With another mix of file types"
    old, new = answer.baseline.values[name], answer.scenario.values[name]
    currency = answer.money.currency if answer.money else "USD"
    return _PHRASES.get(name, _another)(old, new, currency)


def _groups(moved: tuple[str, ...]) -> list[str]:
    """Return the moved levers with the three shares as one."""
    return list(dict.fromkeys("mix" if name in MIX_NAMES else name for name in moved))


def _rule(old: float, new: float, _: str) -> str:
    if new >= NO_RULE_MONTHS:
        return "Without a rule"
    was = "" if old >= NO_RULE_MONTHS else f" instead of {_months(old)}"
    return f"Archiving what nobody touched for {_months(new)}{was}"


def _smallest(_old: float, new: float, _: str) -> str:
    return f"Leaving files below {size_text(int(new))} on primary"


def _another(_old: float, _new: float, _: str) -> str:
    return "With this change"


def _frequency(old: float, new: float, _: str) -> str:
    if new == 0:
        return "Without archiving"
    if old == 0:
        return f"Archiving {significant(new)} files per day"
    ratio = new / old
    if abs(ratio - 2) < 0.01:
        return "Archiving twice as often"
    if abs(ratio - 0.5) < 0.005:
        return "Archiving half as often"
    return f"Archiving {significant(new)} instead of {significant(old)} files per day"


def _files(old: float, new: float, _: str) -> str:
    if old <= 0:
        return f"With {count(new)} files on primary"
    return f"With {percent(abs(new / old - 1))} {'more' if new > old else 'fewer'} files on primary"


def _growth(old: float, new: float, _: str) -> str:
    return f"Growing {percent(new)} a month instead of {percent(old)}"


def _size(old: float, new: float, _: str) -> str:
    return f"With files of {size(new)} on average instead of {size(old)}"


def _recall(_old: float, new: float, _: str) -> str:
    return f"If {percent(new)} of it is recalled each month"


def _primary(old: float, new: float, currency: str) -> str:
    return f"With primary at {price(new, currency)} instead of {price(old, currency)} per GB and month"


def _archive(old: float, new: float, currency: str) -> str:
    return f"With the archive at {price(new, currency)} instead of {price(old, currency)} per GB and month"


_PHRASES: Mapping[str, Callable[[float, float, str], str]] = {
    "archive_frequency_per_day": _frequency,
    "total_files": _files,
    "growth_ratio_per_month": _growth,
    "avg_file_size_mb": _size,
    "recall_ratio_per_month": _recall,
    "primary_cost_per_gb_month": _primary,
    "archive_cost_per_gb_month": _archive,
    "rule_months": _rule,
    "smallest_class": _smallest,
}


_TITLES = {"mix": "File mix", "left_out": "What is left out"}


def contribution(item: Contribution, titles: Mapping[str, str], currency: str) -> tuple[str, str, str]:
    """Return one row of what moved the result: lever, freed, saved."""
    title = _TITLES.get(item.lever) or titles.get(item.lever, item.lever)
    gb = item.savings_gb if math.isfinite(item.savings_gb) else item.archived_gb
    return title, change(gb, volume), change(item.saved_cost, lambda cost: money(cost, currency))


def change(number: float, words: Callable[[float], str]) -> str:
    """Return a change with its sign, `none` where there is none, a dash where it is unknown."""
    if not math.isfinite(number):
        return "–"
    return signed(number, words(abs(number))) if number else "none"
