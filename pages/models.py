"""Which model answers, why, and how good is it?"""

from __future__ import annotations

import streamlit as st

from app import modelling, state, tables, widgets
from app.charts import models as charts
from app.text import models as words
from app.text import origin

with widgets.guard():
    scenario = state.scenario()
    view = state.service().models_of(scenario.dataset_id)

    widgets.headline(words.headline(view), widgets.line(words.below(view)))
    for text in words.notices(view):
        st.info(text, icon=":material/info:")
    modelling.training()

    st.html(widgets.title("Who raced", "on months that none of them had seen; money: primary storage for a month"))
    st.html(f'<div class="wide">{widgets.text_table(words.leaderboard(view), "board")}</div>')
    widgets.folded_table(lambda: words.statistics(view), "statistics", "Everything a statistician would ask for")

    left, right = st.columns(2, gap="large")
    with left:
        widgets.picture(charts.past(view), lambda: tables.past_forecasts(view), "past")
        widgets.picture(charts.horizon(view), lambda: tables.by_months_ahead(view), "horizon")
    with right:
        lever = st.segmented_control(
            "Lever", list(words.LEVERS), default="frequency_per_day", format_func=words.LEVERS.__getitem__, key="sweep"
        )
        chosen = lever or "frequency_per_day"
        widgets.picture(charts.sweep(view, chosen), lambda: tables.sweep(view, chosen), "sweep_picture")
        widgets.picture(charts.calibration(view), lambda: tables.calibration(view), "calibration")

    with st.expander("What was missed, month by month and by scope"):
        widgets.picture(charts.residuals(view), lambda: tables.past_forecasts(view), "residuals")
        st.html(widgets.text_table(words.by_scope(view)))
    with st.expander("Model card: data, limits, assumptions"):
        st.markdown(words.card(view.card))
    with st.expander("Versions and decisions", expanded=bool(view.challenger)):
        modelling.decisions(view)

    answer = state.service().forecast(scenario.dataset_id, scenario.scope, 1)
    widgets.stamp(answer.provenance, origin.stamp(answer.provenance))
