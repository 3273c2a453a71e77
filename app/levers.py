"""Levers as widgets: a slider or an exact entry, what a step does, the way back, what is wrong.

In:    a `LeverRange`, the value in force, the effect of a step.
Out:   widgets; values go to `app.state` by callbacks.
Never: trusts a bound that only the browser keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from app import state
from app.live import panel
from app.text import levers as words
from forecast_core import Answer, LeverFault, LeverRange, PolicyAnswer, Ranges, Step

_FORMATS = {
    "files": "localized",
    "percent": "%.4g %%",
    "MB": "%.4g MB",
    "files per day": "localized",
    "months": "%d months",
    "price": "%.5g",
    "versions": "%d",
}
_HUNDRED = {"percent": 100.0}
MIX = "File mix"
FOLDED = (MIX, "Money")


def grouped(known: Ranges) -> dict[str, list[LeverRange]]:
    """Return the levers that this data can carry by the heading they stand under."""
    found: dict[str, list[LeverRange]] = {}
    for item in known.available():
        found.setdefault(MIX if item.lever.name in state.SHARES else item.lever.group, []).append(item)
    return found


def declared(
    answer: Answer | PolicyAnswer, known: Ranges, faults: Sequence[LeverFault], folded: Sequence[str] = FOLDED
) -> list[dict[str, Any]]:
    """Return every lever of the scope in its group as the live component draws it."""
    effects = {step.lever: step for step in answer.steps}
    currency = answer.money.currency if answer.money else "USD"

    def one(item: LeverRange) -> dict[str, Any]:
        name = item.lever.name
        return panel.lever(item, answer.scenario.values[name], effects.get(name), faults, currency)

    return [panel.group(title, map(one, items), title in folded) for title, items in grouped(known).items()]


def group(
    title: str,
    items: Sequence[LeverRange],
    answer: Answer | PolicyAnswer,
    exact: bool,
    folded: Sequence[str] = FOLDED,
) -> None:
    """Draw a group under its heading; a group that folds is drawn when it is open, or holds a moved or faulty lever."""
    if title not in folded:
        st.html(f'<h2 class="group">{title}</h2>')
        _levers(items, answer, exact)
        return
    names = {item.lever.name for item in items}
    moved = bool(names & {*answer.moved, *(found.lever for found in state.faults())})
    key = state.opened(f"fold_{title}", at_first=moved)
    fold = st.expander(f"{title} · changed" if moved else title, key=key, on_change="rerun", type="compact")
    if fold.open:
        with fold:
            _levers(items, answer, exact)


def _levers(items: Sequence[LeverRange], answer: Answer | PolicyAnswer, exact: bool) -> None:
    effects = {step.lever: step for step in answer.steps}
    currency = answer.money.currency if answer.money else "USD"
    for item in items:
        lever(item, answer.scenario.values[item.lever.name], effects.get(item.lever.name), currency, exact)


def lever(item: LeverRange, value: float, effect: Step | None, currency: str, exact: bool) -> None:
    """Draw a lever with one line below it and, where it was moved, the way back to today's value."""
    name = item.lever.name
    _entry(item, value, exact)
    for found in state.faults():
        if found.lever == name:
            fault(found)
    if lines := words.below(item, effect, currency):
        st.html("".join(f'<p class="effect">{escape(line)}</p>' for line in lines))
    if value != item.today:
        back = words.put_back(item.lever, item.today, currency)
        st.button(
            back, key=f"back_{name}", icon=":material/undo:", type="tertiary", on_click=state.put_back, args=(name,)
        )


def fault(item: LeverFault, *kept: str) -> None:
    """Show what is wrong with one lever, beside it."""
    st.warning(words.fault(item, *kept), icon=":material/warning:")


def unavailable(known: Ranges) -> None:
    """Name the levers that this data cannot carry, and faults that belong to no lever shown."""
    shown = {item.lever.name for item in known.available()}
    for reason in dict.fromkeys(item.reason for item in known.levers if not item.available):
        st.caption(f":material/lock: {reason}")
    for found in state.faults():
        if found.lever not in shown:
            fault(found, "It is left out.")


def _entry(item: LeverRange, value: float, exact: bool) -> None:
    kind, title = item.lever.unit, item.lever.title
    if kind == "switch":
        key = state.prepared(f"lever_{item.lever.name}", bool(value))
        st.toggle(title, key=key, help=item.lever.help, on_change=_moved(item, key, 1.0))
        return
    if kind in ("month", "age", "size class"):
        options = list(range(int(item.lower), int(item.upper) + 1))
        key = state.prepared(f"lever_{item.lever.name}", int(value))
        act, shown_as = _moved(item, key, 1.0), partial(words.value, item.lever)
        at = int(value)
        st.select_slider(title, options, at, key=key, format_func=shown_as, help=item.lever.help, on_change=act)
        return
    factor = _HUNDRED.get(kind, 1.0)
    number: Callable[[float], float] = int if item.lever.digits == 0 else lambda raw: round(raw * factor, 9)
    key = state.prepared(f"{'exact' if exact else 'lever'}_{item.lever.name}", number(value))
    bounds = {"min_value": number(item.lower), "max_value": number(item.upper), "step": number(item.step)}
    draw: Any = st.number_input if exact else st.slider
    shown = None if exact else _FORMATS[kind]
    # The value is in the session already; a browser that lost that message starts from this one, not from the bound.
    bounds["value"] = number(value)
    draw(title, **bounds, key=key, format=shown, help=item.lever.help, on_change=_moved(item, key, factor))


def _moved(item: LeverRange, key: str, factor: float) -> Callable[[], None]:
    return state.on_value(key, lambda shown: state.move(item.lever.name, item.lever.rounded(shown / factor)))
