"""Is it worth it, after every fee, and where does each amount come from?"""

from __future__ import annotations

import streamlit as st

from app import money, money_live, money_terms, state, widgets
from app.state import live


@st.fragment(key=money_live.ANSWER)
def answered() -> None:
    """Levers and verdict redraw together while something moves."""
    with widgets.guard():
        report = state.service().money(state.scenario(), state.terms())
        money_live.draw(report, state.ranges(), state.service().pricing.book(report.terms.imported))


with widgets.guard():
    terms = state.terms()
    book = state.service().pricing.book(terms.imported)
    if live.wanted():
        money_terms.offers(terms, book)
        answered()
    left, right = st.columns([1, 2.7], gap="large")
    with left:
        money_terms.column(terms, book)
    with right, widgets.guard():
        report = state.service().money(state.scenario(), terms)
        if live.wanted():
            money_live.details(report)
        else:
            money.headline(report, book.offer(terms.archive))
            money.waterfall(report)
            money.by_month(report)
        money.stress(report)
        money.tiers(report)
        money.sensitivity(report)
        money.scopes(report)
        money.prices(report)
        money.notes(report)
        widgets.stamp(report.provenance)
