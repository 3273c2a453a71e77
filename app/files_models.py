"""The parts of the Models page where an inventory is open.

In:    a `FilesView`.
Out:   widgets.
Never: computes.
"""

from __future__ import annotations

import streamlit as st

from app import tables, widgets
from app.charts import forecast as charts
from app.text import files_models as words
from app.text import outlook
from app.text import policy as policy_words
from forecast_core import COVERAGE, FilesView


def headline(view: FilesView) -> None:
    """Draw who answers and how well it does that here, or why that is not known."""
    widgets.headline(words.headline(view), widgets.line(words.below(view)))


def here(view: FilesView) -> None:
    """Draw what would have been said here, and who answers for which scope."""
    if view.answerers:
        st.html(widgets.title("Who answers for which scope", words.RULE))
        st.html(f'<div class="wide" tabindex="0">{widgets.text_table(words.answerers(view), "board")}</div>')
    elif view.picture is not None:
        picture = view.picture
        widgets.picture(charts.backtest(picture, COVERAGE), lambda: tables.backtest(picture), "own")
    else:
        st.info(words.not_judged(view), icon=":material/history:")
    if view.scores:
        widgets.folded_table(lambda: outlook.scores(view.scores), "own_scores", "Every model, here")


def elsewhere(view: FilesView) -> None:
    """Draw how the due dates did on real libraries."""
    st.html(widgets.title("On eight real libraries", policy_words.CHECKED))
    rows = policy_words.checked_rows(view.judged)
    st.html(f'<div class="wide" tabindex="0">{widgets.text_table(rows)}</div>')
