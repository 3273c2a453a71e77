"""The line on top of every page: which data, which scope, how fresh, and whether it is real."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path

import streamlit as st

from app import exporting, kept_menu, state, widgets
from app.state import formats
from app.text import data as words
from app.text import locale

STYLE = Path(__file__).with_name("style.css")


def draw() -> None:
    """Draw the pickers and badges; a link that could not be opened says so here."""
    st.html(STYLE)
    scenario, service = state.scenario(), state.service()
    sets = {info.id: info for info in service.datasets()}
    info = sets[scenario.dataset_id]
    with st.container(horizontal=True, vertical_alignment="center", key="frame"):
        if len(sets) > 1:
            _pick("Data set", "dataset", list(sets), scenario.dataset_id, lambda identity: sets[identity].name)
        scopes = list(service.scopes(scenario.dataset_id))
        if len(scopes) > 1:
            _pick("Scope", "scope", scopes, scenario.scope, words.scope)
        st.caption(words.freshness(info))
        if old := words.stale(info, state.this_month()):
            st.badge(old, color="orange", icon=":material/history:")
        if info.origin:
            kind, _, where = info.origin.partition(": ")
            st.badge(kind, color="blue", icon=":material/database:", help=where)
        if info.is_demo:
            st.badge("Demo data", color="orange", icon=":material/science:", help="Generated: no such company exists.")
        kept_menu.keep()
        exporting.block()
        _formats()
        if state.access.signs_in():
            way = "account" if state.access.has_password() else "sign out"
            st.html(f'<a class="leave" href="/logout" target="_self">{escape(state.access.who().name)}: {way}</a>')
    if problem := state.notice():
        widgets.problem(problem)


def _formats() -> None:
    """Draw the choice of how numbers are written."""
    pop = st.popover("Formats", key="formats_pop", icon=":material/language:", on_change="rerun")
    if not pop.open:
        return
    with pop:
        titles = {tag: found.title for tag, found in locale.LOCALES.items()}
        key = state.prepared("formats_choice", formats.chosen().tag)
        act = state.on_value(key, formats.choose)
        st.radio("Numbers and amounts", list(titles), key=key, format_func=titles.__getitem__, on_change=act)
        st.caption("On pages and in exports. CSV and JSON stay as programs read them.")


def _pick(label: str, key: str, options: list[str], value: str, written: Callable[[str], str]) -> None:
    st.selectbox(
        label,
        options,
        key=state.prepared(key, value),
        format_func=written,
        on_change=state.choose,
        args=(key,),
        label_visibility="collapsed",
        width=200,
    )
