"""The Money page under the hand: levers of the scenario and terms of money in the live component.

In:    a `MoneyReport`, the open scenario's `Ranges`, the terms.
Out:   the component; what takes hundreds of ledgers follows when the hand rests.
Never: computes a price.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from app import money, state, widgets
from app import money_tables as tables
from app.asked import Asked
from app.charts import money as charts
from app.live import instrument, panel
from app.live.panel import Described
from app.money_terms import sliding
from app.state import live
from app.text import money as words
from forecast_core import LeverFault, MoneyReport, Offer, Ranges, Term, Terms

SCENARIO = ("archive_frequency_per_day", "avg_file_size_mb", "recall_ratio_per_month", "horizon_months")
ANSWER = instrument.ANSWER
ACTS = {**instrument.SCENARIO, "reset": live.take_money_reset}


def draw(report: MoneyReport, known: Ranges) -> None:
    """Draw the verdict, the way from gross to net and the months; the whole page follows the end of a gesture."""
    instrument.draw("money", _described(report, known, state.faults()), None, ACTS)


def moved(asked: Asked) -> Described:
    """Return what the component draws of an answer to a move."""
    return _described(state.service().money(asked.scenario, asked.terms), asked.known, asked.faults)


def _described(report: MoneyReport, known: Ranges, faults: Sequence[LeverFault]) -> Described:
    archive = state.service().pricing.book(report.terms.imported).offer(report.terms.archive)
    return panel.described(words.headline(report, archive), _groups(report, known, faults), _parts(report, archive))


def tables_of(report: MoneyReport) -> None:
    """Draw the tables of the pictures."""
    with st.container(horizontal=True, key="details"):
        gross, by_month = partial(charts.waterfall, report), partial(charts.by_month, report)
        widgets.folded_table(lambda: tables.waterfall(report), "waterfall", "From gross to net: table and CSV", gross)
        widgets.folded_table(lambda: tables.ledger(report), "ledger", "By month: table and CSV", by_month)


def _groups(report: MoneyReport, known: Ranges, faults: Sequence[LeverFault]) -> list[dict[str, Any]]:
    found, start = report.scenario.values, state.service().money_terms()
    levers = [
        panel.lever(item, found[item.lever.name], None, faults, report.currency)
        for item in known.available()
        if item.lever.name in SCENARIO
    ]

    def terms(*groups: str) -> list[dict[str, Any]]:
        return [_term(term, report.terms, start, faults) for group in groups for term in sliding(group)]

    return [
        panel.group("Scenario", levers, fold=False),
        panel.group("What people do", terms("Behaviour"), fold=False),
        panel.group("More terms", terms("Microsoft 365", "Files", "Project"), fold=True),
    ]


def _term(term: Term, terms: Terms, start: Terms, faults: Sequence[LeverFault]) -> dict[str, Any]:
    value, today = (float(getattr(each, term.name)) for each in (terms, start))
    return panel.term(term, value, today, faults, words.term(term, today))


def _parts(report: MoneyReport, archive: Offer) -> list[dict[str, Any]]:
    waterfall, months = charts.waterfall(report), charts.by_month(report)
    gap = words.gap(report)
    return [
        panel.words_part("headline", "top", money.headline_html(report, archive)),
        panel.picture_part("waterfall", "left", widgets.title(waterfall.title, waterfall.subtitle), waterfall),
        panel.words_part("gap", "left", widgets.line(gap, "unit") if gap else ""),
        panel.picture_part("months", "right", widgets.title(months.title, months.subtitle), months),
    ]
