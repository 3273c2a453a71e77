"""The answer of the Money page: sentence, waterfall, months; and the parts that are one click away.

In:    a `MoneyReport`, the offer that was chosen.
Out:   widgets.
Never: computes; shows an amount without the way to its price.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from html import escape

import streamlit as st

from app import money_parts as parts
from app import money_tables as tables
from app import widgets
from app.charts import money as charts
from app.text import money as words
from forecast_core import MoneyReport, Offer, PriceBook

PARTS = {
    "Amounts and prices": parts.amounts,
    "Tiers": parts.tiers,
    "What could turn it": parts.sensitivity,
    "If it goes wrong": parts.stress,
    "By scope": parts.scopes,
    "Notes": parts.notes,
}


def priced(book: PriceBook) -> AbstractContextManager[None]:
    """Guard what needs prices: one that is lacking can be entered where it is missed."""
    return widgets.guard(lambda error: parts.lacking(error, book))


def headline(report: MoneyReport, archive: Offer) -> None:
    """Draw the verdict, the numbers behind it, and what limits it."""
    st.html(headline_html(report, archive))


def headline_html(report: MoneyReport, archive: Offer) -> str:
    """Return the verdict, the numbers behind it, and what limits it."""
    light = words.COLOURS[report.verdict.word]
    found = f'<p class="range"><span class="{light}" aria-hidden="true">●</span> {escape(report.verdict.word)}: '
    first, *more = words.below(report)
    lines = [f"{found}{escape(first)}</p>", *(widgets.line(text) for text in [*more, words.change(report)] if text)]
    return widgets.spoken(words.headline(report, archive), *lines)


def waterfall(report: MoneyReport) -> None:
    """Draw the way from gross to net."""
    widgets.picture(charts.waterfall(report), lambda: tables.waterfall(report), "waterfall")
    if text := words.gap(report):
        st.caption(text)


def by_month(report: MoneyReport) -> None:
    """Draw the ledger by month."""
    widgets.picture(charts.by_month(report), lambda: tables.ledger(report), "ledger")


def details(report: MoneyReport, book: PriceBook) -> None:
    """Draw the rest, one part at a time; a part is made only when it is open."""
    for (_, part), tab in zip(PARTS.items(), st.tabs(list(PARTS), key="money_part", on_change="rerun"), strict=True):
        if tab.open:
            with tab:
                part(report, book)
