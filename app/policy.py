"""The parts of the Policy page.

In:    a `PolicyAnswer` and its `Ranges`.
Out:   widgets; moves go to `app.state` by callbacks.
Never: computes.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from app import levers, state, tables, widgets
from app.asked import Asked
from app.charts import policy as charts
from app.live import instrument, panel
from app.live.panel import Described
from app.state import live
from app.text import policy as words
from app.text.levers import TYPE_TITLES
from app.text.numbers import percent
from forecast_core import NO_RULE_MONTHS, LeverFault, PolicyAnswer, Ranges

DATA_PAGE = str(Path(__file__).resolve().parents[1] / "pages" / "data.py")
SHOWN_AGES = (6, 12, 24, 36)
MOST_SCOPES = 60
ANSWER = instrument.ANSWER
NOTHING_WAITS = ("Nothing waits", "the cap takes all that falls due")
FOLDED = ("Estate", "Money", levers.MIX)
NO_INVENTORY = (
    "A rule needs to know how old the files are, and a monthly history does not. Two ways: upload a file list with "
    "path, size and last change, or count a folder yourself; no name or path leaves your machine:"
)
COMMAND = "archive-forecast scan /path/to/share --out age-cube.csv"


def empty() -> None:
    """Draw what the page will show, and the way there."""
    st.html('<h1 class="headline">Draw an archive rule and see what it takes</h1>')
    st.markdown(NO_INVENTORY)
    st.code(COMMAND, language=None)
    st.page_link(DATA_PAGE, label="Upload it on the Data page", icon=":material/upload_file:")
    for info in state.service().datasets():
        if info.has_inventory:
            act = "Try it on the" if info.is_demo else "Open"
            name = info.name[:1].lower() + info.name[1:] if info.is_demo else info.name
            st.button(f"{act} {name}", key=f"open_{info.id}", on_click=state.open_dataset, args=(info.id,))


# ── live ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def answer(found: PolicyAnswer, known: Ranges) -> None:
    """Draw rule and answer, live or with Streamlit's own widgets."""
    if live.wanted():
        instrument.draw("policy", _described(found, known, state.faults()), None)
    else:
        _plain(found, known)


def moved(asked: Asked) -> Described:
    """Return what the component draws of an answer to a move."""
    return _described(state.service().policy(asked.scenario), asked.known, asked.faults)


def _described(found: PolicyAnswer, known: Ranges, faults: Sequence[LeverFault]) -> Described:
    return panel.described(words.headline(found), levers.declared(found, known, faults, FOLDED), _parts(found))


def _parts(found: PolicyAnswer) -> list[dict[str, Any]]:
    """Return what the component draws; what does not wait still has its place, so that nothing is built anew."""
    heat, calendar, backlog = charts.heat(found), charts.calendar(found), charts.backlog(found)
    waits = words.waits(found)
    queue = widgets.title(backlog.title, backlog.subtitle) if waits else widgets.title(*NOTHING_WAITS)
    return [
        panel.words_part("headline", "top", _headline(found)),
        panel.picture_part("heat", "left", widgets.title(heat.title, heat.subtitle), heat),
        panel.words_part("takers", "left", widgets.line(words.cells(found), "unit") + _takers(found)),
        panel.picture_part("calendar", "right", widgets.title(calendar.title, calendar.subtitle), calendar),
        panel.picture_part("backlog", "right", queue, backlog, hidden=not waits),
    ]


def above(found: PolicyAnswer, known: Ranges) -> None:
    """Draw rules to start from and what is left out; they follow a live answer when the hand rests."""
    if live.wanted():
        rules(found)
        fold = st.expander(
            words.left_out(found), key=state.opened("fold_left", bool(found.scenario.left_out)), type="compact"
        )
        with fold:
            _left_out(known, found)


def details(found: PolicyAnswer) -> None:
    """Draw what follows a live answer when the hand rests: tables, and how all this was checked."""
    if live.wanted():
        with st.container(horizontal=True, key="details"):
            widgets.folded_table(
                lambda: tables.heat(found), "heat", "Age and type: table and CSV", lambda: charts.heat(found)
            )
            widgets.folded_table(
                lambda: tables.calendar(found), "calendar", "Due dates: table and CSV", lambda: charts.calendar(found)
            )
        _footprint(found)
        levers.unavailable(state.ranges())
        _checked(found)


# ── plain ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def _plain(found: PolicyAnswer, known: Ranges) -> None:
    st.html(_headline(found))
    rules(found)
    column, left, right = st.columns([1, 1.35, 1.35], gap="medium")
    with column:
        _lever_column(known, found)
    with left:
        widgets.picture(charts.heat(found), lambda: tables.heat(found), "heat")
        st.html(widgets.line(words.cells(found), "unit") + _takers(found))
        _footprint(found)
    with right:
        widgets.picture(charts.calendar(found), lambda: tables.calendar(found), "calendar")
        _backlog(found)
    _checked(found)


# ── both ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def _headline(answer: PolicyAnswer) -> str:
    light = f'<span class="{answer.trust.colour}" aria-hidden="true">●</span>'
    trust = f'<p class="range">{light} {escape(words.trust_line(answer))}</p>'
    today = words.against_today(answer)
    lines = [widgets.line(words.range_line(answer)), trust, widgets.line(today) if today else ""]
    return widgets.spoken(words.headline(answer), *lines)


def rules(answer: PolicyAnswer) -> None:
    """Draw rules to start from."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="rules"):
        for months in SHOWN_AGES:
            drawn = answer.scenario.values["rule_months"] == months
            title = f"{months} months"
            st.button(
                title, key=f"rule_{months}", disabled=drawn, on_click=state.change, kwargs={"rule_months": months}
            )
        if answer.baseline.values["rule_months"] < NO_RULE_MONTHS or answer.moved:
            st.button(
                "As today", key="as_today", icon=":material/undo:", disabled=not answer.moved, on_click=state.reset
            )


def _lever_column(known: Ranges, answer: PolicyAnswer) -> None:
    """Draw the rule, then what is believed, folded."""
    with st.container(key="levers", gap=None):
        exact = st.toggle("Type exact values", key=state.kept("exact"))
        for title, items in levers.grouped(known).items():
            levers.group(title, items, answer, exact, FOLDED)
            if title == "Policy":
                _left_out(known, answer)
        levers.unavailable(known)


def _left_out(known: Ranges, answer: PolicyAnswer) -> None:
    kinds: dict[str, list[str]] = {"type:": [], "scope:": []}
    for part in known.parts:
        kinds["type:" if part.startswith("type:") else "scope:"].append(part)
    _picked("File types left on primary", "left_types", kinds["type:"], kinds["scope:"], answer)
    if 1 < len(kinds["scope:"]) <= MOST_SCOPES:
        _picked("Scopes left on primary", "left_scopes", kinds["scope:"], kinds["type:"], answer)


def _picked(label: str, name: str, mine: Sequence[str], others: Sequence[str], answer: PolicyAnswer) -> None:
    chosen = [part for part in answer.scenario.left_out if part in mine]
    kept = [part for part in answer.scenario.left_out if part in others]
    key = state.prepared(name, chosen)
    act = state.on_value(key, lambda parts: state.leave_out(*parts, *kept))
    st.multiselect(label, mine, key=key, format_func=_part, on_change=act, placeholder="none")


def _part(name: str) -> str:
    kind, _, plain = name.partition(":")
    return TYPE_TITLES.get(plain, plain) if kind == "type" else plain


def _backlog(answer: PolicyAnswer) -> None:
    if words.waits(answer):
        widgets.picture(charts.backlog(answer), lambda: tables.calendar(answer), "backlog")
    else:
        st.html(widgets.title(*NOTHING_WAITS))


def _takers(answer: PolicyAnswer) -> str:
    """Return who brings most of it, and what small files matter."""
    parts = [widgets.title(words.takers(answer.takers))]
    if answer.takers:
        parts.append(
            f'<div class="wide" tabindex="0">{widgets.text_table(words.taker_rows(answer.takers), "takers")}</div>'
        )
    sentences = (words.small_files(answer), words.footprint(answer), *answer.notes)
    return "".join([*parts, *(widgets.line(text, "why") for text in sentences if text)])


def _footprint(answer: PolicyAnswer) -> None:
    """Offer to count what copies and compression spare."""
    if (ratio := words.counts_on_it(answer)) is not None:
        title = f"Count {percent(ratio)} per GB archived"
        st.button(title, key="footprint", on_click=state.change, kwargs={"footprint_ratio": round(ratio, 4)})


def _checked(answer: PolicyAnswer) -> None:
    """Draw how the due dates did on real libraries; made only when it is opened."""
    fold = st.expander("How these statements were checked", key="checked", on_change="rerun", type="compact")
    if fold.open:
        fold.caption(words.CHECKED)
        fold.html(widgets.text_table(words.checked_rows(answer.judged)))
