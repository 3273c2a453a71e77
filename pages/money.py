"""Is it worth it, after every fee, and where does each amount come from?"""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from app import money, money_live, money_terms, state, widgets
from app.state import live
from forecast_core import PriceError


@st.fragment(key=money_live.ANSWER)
def answered() -> None:
    """Levers and verdict redraw together while something moves; a price that is lacking is named below."""
    with suppress(PriceError):
        report = state.service().money(state.scenario(), state.terms())
        money_live.draw(report, state.ranges())


with widgets.guard():
    terms = state.terms()
    book = state.service().pricing.book(terms.imported)
    if live.wanted():
        money_terms.offers(terms, book)
        answered()
    left, right = st.columns([1, 2.7], gap="large")
    with left:
        money_terms.column(terms, book)
    with right, money.priced(book):
        report = state.service().money(state.scenario(), terms)
        if live.wanted():
            money_live.tables_of(report)
        else:
            money.headline(report, book.offer(terms.archive))
            money.waterfall(report)
            money.by_month(report)
        money.details(report, book)
        widgets.stamp(report.provenance)
