"""The parts of the Simulator page.

In:    an `Answer` and its `Ranges`.
Out:   widgets; moves go to `app.state` by callbacks.
Never: computes; sends more elements than it must, for each is a message to the browser at every move.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from app import examples, levers, simulator_markup, state, tables, widgets
from app.asked import Asked
from app.charts import simulator as charts
from app.live import instrument, panel
from app.live.panel import Described
from app.simulator_markup import NO_TYPES
from app.state import live
from app.text import explain
from app.text import headline as words
from app.widgets import line
from forecast_core import Answer, LeverFault, Ranges

DATA_PAGE = str(Path(__file__).resolve().parents[1] / "pages" / "data.py")
ANSWER, DETAILS = instrument.ANSWER, "details"


def questions(known: Ranges) -> None:
    """Draw the worked questions and the way to one's own data."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="questions"):
        for example in examples.examples(known, state.service().price_book):
            st.button(example.title, key=f"ask_{example.name}", on_click=state.change, kwargs=example.values)
        st.page_link(DATA_PAGE, label="Use your data", icon=":material/upload_file:")


def answer(found: Answer, known: Ranges) -> None:
    """Draw levers and answer, live or with Streamlit's own widgets."""
    if live.wanted():
        _live(found, known)
    else:
        _plain(found, known)


def details(found: Answer) -> None:
    """Draw what follows a live answer when the hand rests: tables, link, small print."""
    if not live.wanted():
        return
    with st.container(horizontal=True, key="details"):
        widgets.folded_table(
            lambda: tables.flows(found), "flows", "Archived and freed: table and CSV", lambda: charts.flows(found)
        )
        if found.money:
            widgets.folded_table(
                lambda: tables.cumulative_money(found),
                "money",
                "Money: table and CSV",
                lambda: charts.cumulative_money(found),
            )
        if found.by_type:
            widgets.folded_table(lambda: tables.by_type(found), "types", "File types: table and CSV")
        _copy_link()
    levers.unavailable(state.ranges())
    _numbers(found)


# ── live ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def _live(found: Answer, known: Ranges) -> None:
    instrument.draw("simulator", _described(found, known, state.faults()), (DETAILS,))


def moved(asked: Asked) -> Described:
    """Return what the component draws of an answer to a move."""
    return _described(state.service().simulate(asked.scenario), asked.known, asked.faults)


def _described(found: Answer, known: Ranges, faults: Sequence[LeverFault]) -> Described:
    return panel.described(words.headline(found), levers.declared(found, known, faults), _parts(found, known))


def _parts(found: Answer, known: Ranges) -> list[dict[str, Any]]:
    flows, money = charts.flows(found), charts.cumulative_money(found)
    return [
        panel.words_part("headline", "top", simulator_markup.headline(found, state.outlook_of(found.scenario))),
        panel.picture_part("flows", "left", widgets.title(flows.title, flows.subtitle), flows),
        panel.words_part("why", "left", simulator_markup.why(found, known)),
        panel.picture_part("money", "right", widgets.title(money.title, money.subtitle), money)
        if money
        else panel.words_part("money", "right", line(found.money_note)),
        panel.words_part("types", "right", simulator_markup.types(found) or line(NO_TYPES)),
    ]


# ── plain ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def _plain(found: Answer, known: Ranges) -> None:
    st.html(simulator_markup.headline(found, state.outlook()))
    column, left, right = st.columns([1, 1.35, 1.35], gap="medium")
    with column:
        _lever_column(found, known)
    with left:
        widgets.picture(charts.flows(found), lambda: tables.flows(found), "flows")
        st.html(simulator_markup.why(found, known))
    with right:
        _money(found)
        _types(found)
    _numbers(found)


def _lever_column(found: Answer, known: Ranges) -> None:
    with st.container(key="levers", gap=None):
        exact = st.toggle("Type exact values", key=state.kept("exact"))
        for title, items in levers.grouped(known).items():
            levers.group(title, items, found, exact)
        levers.unavailable(known)
        st.button("Reset", key="reset", icon=":material/undo:", disabled=not found.moved, on_click=state.reset)
        _copy_link()


def _money(found: Answer) -> None:
    if shown := charts.cumulative_money(found):
        widgets.picture(shown, lambda: tables.cumulative_money(found), "money")
    else:
        st.info(found.money_note, icon=":material/payments:")


def _types(found: Answer) -> None:
    if shown := simulator_markup.types(found):
        st.html(shown)
        widgets.folded_table(lambda: tables.by_type(found), "types")
    else:
        st.info(NO_TYPES, icon=":material/category:")


# ── both ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def _copy_link() -> None:
    fold = st.expander("Copy link", key="copy_link", icon=":material/link:", on_change="rerun", type="compact")
    if fold.open:
        fold.code(state.link(), language=None, wrap_lines=True)


def _numbers(found: Answer) -> None:
    fold = st.expander("Numbers and method", key="numbers", on_change="rerun", type="compact")
    if fold.open:
        fold.markdown("\n".join(f"- {text}" for text in explain.numbers(found)))
