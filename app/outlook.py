"""The parts of the Forecast page.

In:    an `Outlook`.
Out:   widgets.
Never: computes.
"""

from __future__ import annotations

from html import escape

import numpy as np
import streamlit as st

from app import state, tables, widgets
from app.charts import forecast as charts
from app.text import outlook as words
from app.text.numbers import month
from forecast_core import Outlook

MONTHS_AT_FIRST = 36


def headline(result: Outlook) -> None:
    """Draw what comes, how well that can be said, and what must be known about the data."""
    notes = "".join(widgets.line(note) for note in result.notes)
    widgets.headline(words.headline(result), widgets.line(words.below(result)), notes)


def tiles(result: Outlook) -> None:
    """Draw the totals of next month, quarter and year side by side, each with its range."""
    for column, ahead in zip(st.columns(len(result.ahead), border=True), result.ahead, strict=True):
        title, *amounts = words.tile(ahead)
        lines = (
            f'<p class="amount">{escape(figure)}</p>{widgets.line(between, "unit")}' for figure, between in amounts
        )
        column.html(widgets.title(title) + "".join(lines))


def flows(result: Outlook) -> None:
    """Draw the filter of the history shown, and the picture."""
    first, last = _shown(result)
    widgets.picture(charts.flows(result, first, last), lambda: tables.forecast(result), "forecast")


def _shown(result: Outlook) -> tuple[np.datetime64, np.datetime64]:
    months = result.past.months
    if len(months) < 2:
        return months[0], months[-1]
    options = [int(value) for value in months.astype(int)]
    start = options[max(-MONTHS_AT_FIRST, -len(options))]
    key = f"shown_{state.scenario().dataset_id}_{state.scenario().scope}"
    chosen = st.select_slider(
        "History shown", options, (start, options[-1]), format_func=month, key=key, persist_state="session"
    )
    return np.datetime64(chosen[0], "M"), np.datetime64(chosen[1], "M")


def backtest(result: Outlook) -> None:
    """Draw what would have been said and what came, and every model in the race."""
    if (picture := result.backtest) is None:
        st.info(words.no_backtest(result), icon=":material/history:")
    else:
        shown = charts.backtest(picture, result.provenance.coverage)
        widgets.picture(shown, lambda: tables.backtest(picture), "backtest")
    widgets.folded_table(lambda: words.scores(result.scores), "scores", "Every model in the race")


def by_scope(result: Outlook) -> None:
    """Draw the next twelve months of every scope."""
    table = words.by_scope(result)
    st.html(widgets.title("The next 12 months by scope"))
    few = len(table["Scope"]) < 12
    st.dataframe(table, hide_index=True, height="content" if few else 420, key="scopes")
