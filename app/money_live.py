"""The Money page under the hand: levers of the scenario and terms of money in the live component.

In:    a `MoneyReport`, the open scenario's `Ranges`, the terms.
Out:   the component; what takes hundreds of ledgers follows when the hand rests.
Never: computes a price.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from app import money, state, widgets
from app import money_tables as tables
from app.charts import money as charts
from app.live import instrument, panel
from app.money_terms import sliding
from app.state import live
from app.text import money as words
from forecast_core import MoneyReport, Offer, PriceBook, Ranges, Term, Terms

SCENARIO = ("archive_frequency_per_day", "avg_file_size_mb", "recall_ratio_per_month", "horizon_months")
ANSWER = instrument.ANSWER
ACTS = {
    "move": live.take_money,
    "commit": live.take_money_and_commit,
    "back": live.take_money_back,
    "reset": live.take_money_reset,
}


def draw(report: MoneyReport, known: Ranges, book: PriceBook) -> None:
    """Draw the verdict, the way from gross to net and the months; the whole page follows the end of a gesture."""
    archive = book.offer(report.terms.archive)
    said = words.headline(report, archive)
    instrument.draw(said, _groups(report, known), _parts(report, archive), None, ACTS)


def tables_of(report: MoneyReport) -> None:
    """Draw the tables of the pictures."""
    with st.container(horizontal=True, key="details"):
        gross, by_month = partial(charts.waterfall, report), partial(charts.by_month, report)
        widgets.folded_table(lambda: tables.waterfall(report), "waterfall", "From gross to net: table and CSV", gross)
        widgets.folded_table(lambda: tables.ledger(report), "ledger", "By month: table and CSV", by_month)


def _groups(report: MoneyReport, known: Ranges) -> list[dict[str, Any]]:
    found, start = report.scenario.values, state.service().money_terms()
    levers = [
        panel.lever(item, found[item.lever.name], None, state.faults(), report.currency)
        for item in known.available()
        if item.lever.name in SCENARIO
    ]

    def terms(*groups: str) -> list[dict[str, Any]]:
        return [_term(term, report.terms, start) for group in groups for term in sliding(group)]

    return [
        panel.group("Scenario", levers, fold=False),
        panel.group("What people do", terms("Behaviour"), fold=False),
        panel.group("More terms", terms("Microsoft 365", "Files", "Project"), fold=True),
    ]


def _term(term: Term, terms: Terms, start: Terms) -> dict[str, Any]:
    value, today = (float(getattr(each, term.name)) for each in (terms, start))
    return panel.term(term, value, today, state.faults(), words.term(term, today))


def _parts(report: MoneyReport, archive: Offer) -> list[dict[str, Any]]:
    waterfall, months = charts.waterfall(report), charts.by_month(report)
    gap = words.gap(report)
    return [
        panel.words_part("headline", "top", money.headline_html(report, archive)),
        panel.picture_part("waterfall", "left", widgets.title(waterfall.title, waterfall.subtitle), waterfall),
        panel.words_part("gap", "left", widgets.line(gap, "unit") if gap else ""),
        panel.picture_part("months", "right", widgets.title(months.title, months.subtitle), months),
    ]
