"""The parts of the Models page that do something: train, cancel, promote, roll back."""

from __future__ import annotations

import streamlit as st

from app import state, widgets
from app.text import models as words
from forecast_core import ModelsView

EVERY = "1s"


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


def decisions(view: ModelsView) -> None:
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
