"""Levers and pictures as the plain values that the component draws.

In:    ranges, an answer, pictures.
Out:   dictionaries for JSON.
Never: a formula; a word that is not in `app.text`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from app.charts.frame import Picture
from app.text import levers as words
from app.text.locale import current
from forecast_core import LeverFault, LeverRange, Step, Term

HUNDRED = 100.0
Described = dict[str, Any]
# How many digits a value is shown with while it moves, in the words of the browser's number format.
_FORMS = {unit: {"maximumSignificantDigits": digits} for unit, digits in (("percent", 4), ("MB", 4), ("price", 5))}


def lever(
    item: LeverRange, value: float, effect: Step | None, faults: Sequence[LeverFault], currency: str
) -> dict[str, Any]:
    """Return a lever with its value, the line below it and the way back; bounds and values in the inner unit."""
    declared = item.lever
    factor = HUNDRED if declared.unit == "percent" else 1.0
    found = [fault for fault in faults if fault.lever == declared.name]
    return {
        "id": declared.name,
        "label": declared.title,
        "help": declared.help,
        "unit": words.unit(declared, currency),
        "kind": declared.unit if declared.unit in ("month", "switch") else "number",
        "names": words.names(item),
        "factor": factor,
        "locale": current().tag,
        "point": current().point,
        "form": _FORMS.get(declared.unit, {"maximumFractionDigits": declared.digits}),
        "digits": declared.digits,
        "min": item.lower,
        "max": item.upper,
        "step": item.step,
        "today": item.today,
        "value": value,
        "effect": "\n".join(words.below(item, effect, currency)),
        "fault": " ".join(words.fault(each) for each in found),
        "back": words.put_back(declared, item.today, currency) if value != item.today else "",
    }


def term(
    declared: Term, value: float, today: float, faults: Sequence[LeverFault], today_in_words: str
) -> dict[str, Any]:
    """Return a term of money as a lever."""
    factor = HUNDRED if declared.unit == "percent" else 1.0
    return {
        "id": declared.name,
        "label": declared.title,
        "help": declared.help,
        "unit": "%" if declared.unit == "percent" else "",
        "kind": "number",
        "names": {},
        "factor": factor,
        "locale": current().tag,
        "point": current().point,
        "form": {"maximumSignificantDigits": 4},
        "digits": 6,
        "min": declared.lower,
        "max": declared.upper,
        "step": declared.step,
        "today": today,
        "value": value,
        "effect": "",
        "fault": " ".join(words.fault(each) for each in faults if each.lever == declared.name),
        "back": f"Changed · back to {today_in_words}" if value != today else "",
    }


def described(said: str, groups: Sequence[Described], parts: Sequence[Described]) -> Described:
    """Return all that follows a move: the sentence that is spoken, the levers, words and pictures."""
    return {"said": said, "groups": groups, "parts": parts}


def group(title: str, levers: Iterable[dict[str, Any]], fold: bool) -> dict[str, Any]:
    """Return levers under a heading; `fold` closes it until something in it was moved."""
    return {"title": title, "fold": fold, "levers": list(levers)}


def words_part(name: str, area: str, html: str) -> dict[str, Any]:
    """Return a part of words only; `html` has its values escaped."""
    return {"id": name, "area": area, "html": html}


def picture_part(name: str, area: str, html: str, shown: Picture, *, hidden: bool = False) -> dict[str, Any]:
    """Return a picture below its words; a hidden one keeps its place until there is something to draw."""
    return {"id": name, "area": area, "html": html, "figure": shown.figure, "alt": shown.alt, "hidden": hidden}
