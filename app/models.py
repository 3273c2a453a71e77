"""The parts of the Models page: who answers, everybody's score and behaviour, training and decisions."""

from __future__ import annotations

import streamlit as st

from app import state, tables, widgets
from app.charts import models as charts
from app.text import models as words
from forecast_core import ModelsView

EVERY = "1s"
FIRST_LEVER = "frequency_per_day"


def headline(view: ModelsView) -> None:
    """Draw the one sentence, and what should be known before it is trusted."""
    widgets.headline(words.headline(view), widgets.line(words.below(view)))
    for text in words.notices(view):
        st.info(text, icon=":material/info:")


def training() -> None:
    """Draw the button that trains, or the progress of what runs."""
    run = state.retraining().run
    if run.is_running:
        _watched()
        return
    st.button("Train the whole field", key="train", on_click=state.train, icon=":material/model_training:")
    if run.said:
        (st.error if run.state == "failed" else st.info)(run.said)


@st.fragment(run_every=EVERY)
def _watched() -> None:
    """Redraw the progress every second; when it has ended the page is drawn anew."""
    run = state.retraining().run
    if not run.is_running:
        st.rerun()
    st.progress(run.done / run.total if run.total else 0.0, words.progress(run.done, run.total, run.what))
    st.button("Cancel", key="cancel_training", on_click=state.retraining().cancel)


def leaderboard(view: ModelsView) -> None:
    """Draw everybody's score in words, and every number one click further."""
    st.html(widgets.title("Who raced", "on months that none of them had seen; money: primary storage for a month"))
    st.html(f'<div class="wide" tabindex="0">{widgets.text_table(words.leaderboard(view), "board")}</div>')
    widgets.folded_table(lambda: words.statistics(view), "statistics", "Everything a statistician would ask for")


def quality(view: ModelsView) -> None:
    """Draw forecasts against what came, and the error by months ahead."""
    widgets.picture(charts.past(view), lambda: tables.past_forecasts(view), "past")
    widgets.picture(charts.horizon(view), lambda: tables.by_months_ahead(view), "horizon")


def behaviour(view: ModelsView) -> None:
    """Draw how each model follows the same lever, and whether the ranges hold."""
    names = list(words.LEVERS)
    lever = st.segmented_control("Lever", names, default=FIRST_LEVER, format_func=words.LEVERS.__getitem__, key="sweep")
    chosen = lever or FIRST_LEVER
    widgets.picture(charts.sweep(view, chosen), lambda: tables.sweep(view, chosen), "sweep_picture")
    widgets.picture(charts.calibration(view), lambda: tables.calibration(view), "calibration")


def details(view: ModelsView) -> None:
    """Draw what was missed, the model card, and the versions with their record."""
    with st.expander("What was missed, month by month and by scope"):
        widgets.picture(charts.residuals(view), lambda: tables.past_forecasts(view), "residuals")
        st.html(widgets.text_table(words.by_scope(view)))
    with st.expander("Model card: data, limits, assumptions"):
        st.markdown(words.card(view.card))
    with st.expander("Versions and decisions", expanded=bool(view.challenger)):
        _decisions(view)


def _decisions(view: ModelsView) -> None:
    """Draw who else may answer, with the reason that is asked for, and what was decided so far."""
    others = words.versions(view)
    if others and not state.retraining().run.is_running:
        names = list(others)
        first = names.index(view.challenger) if view.challenger in names else 0
        st.selectbox("Version", names, index=first, key="version", format_func=lambda name: others[name])
        reason = st.text_input("Why", key="reason", placeholder="kept in the record")
        with st.container(horizontal=True):
            st.button("Let it answer", key="promote", on_click=state.promote, disabled=not reason.strip())
            st.button("Go back to the one before", key="rollback", on_click=state.rollback, disabled=not reason.strip())
    if view.record:
        st.html(widgets.text_table(words.record(view), "faults"))
    else:
        st.caption("Nothing was published for this data yet; what answers was learned when it was opened.")
