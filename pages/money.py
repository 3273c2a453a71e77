"""Is it worth it, after every fee, and where does each amount come from?"""

from __future__ import annotations

import streamlit as st

from app import money, money_terms, state, widgets

with widgets.guard():
    terms = state.terms()
    book = state.service().pricing.book(terms.imported)
    left, right = st.columns([1, 2.7], gap="large")
    with left:
        money_terms.column(terms, book)
    with right, money.priced(book):
        report = state.service().money(state.scenario(), terms)
        money.headline(report, book.offer(terms.archive))
        money.waterfall(report)
        money.by_month(report)
        money.details(report, book)
        widgets.stamp(report.provenance)
