"""The parts of the Data page for usage reports: what they tell, which earlier ones they continue, whose stock they are.

In:    `UsageReading`; a monthly history that tells no stock.
Out:   widgets; the report is kept, joined to earlier ones.
Never: keeps a report before the user says so.
"""

from __future__ import annotations

import streamlit as st

from app import profile_tables as tables
from app import state, widgets
from app.charts import profile as charts
from app.state import files
from app.text import usage as words
from forecast_core import Reading, UsageReading


def counts(found: UsageReading) -> None:
    """Draw the sentence, where every row went, and what such a report cannot tell."""
    st.html(widgets.title(words.understood(found)))
    st.markdown(words.counted(found))
    st.info(words.LACKING, icon=":material/help:")


def picture(found: UsageReading) -> None:
    """Draw what such a report can show: how much lies on sites that nobody uses."""
    parts = state.service().intake.activity(found)
    if parts:
        widgets.picture(charts.activity(parts), lambda: tables.slices(parts, "quiet_from_months"), "activity")


def confirm(found: UsageReading) -> None:
    """Ask which reports it continues, and draw the yes."""
    names = {item.id: f"{item.name} · {words.kept(item)}" for item in state.service().intake.usages()}
    if names:
        key = state.prepared("takes_place", files.place()[0])
        st.selectbox(
            "It continues",
            ["", *names],
            key=key,
            format_func=lambda identity: names.get(identity, "none: keep it by itself"),
            on_change=state.on_value(key, lambda identity: files.choose_place(identity, True)),
        )
    st.button("Keep this report", key="use", icon=":material/check:", on_click=files.keep_usage, args=(found,))


def stock(found: Reading) -> None:
    """Ask for the usage reports of the same estate where a history tells no stock."""
    names = {item.id: f"{item.name} · {words.kept(item)}" for item in state.service().intake.usages()}
    if not names or "total_files" not in {missing.column for missing in found.missing}:
        return
    key = state.prepared("usage_beside", files.usage())
    st.selectbox(
        "Which usage reports are of the same estate? They tell the number of files",
        ["", *names],
        key=key,
        format_func=lambda identity: names.get(identity, "none"),
        on_change=state.on_value(key, files.choose_usage),
    )


def kept() -> None:
    """Draw the reports that are kept."""
    found = state.service().intake.usages()
    if found:
        st.html(widgets.title("Usage reports", "joined day by day; they give a monthly history its number of files"))
    for item in found:
        st.markdown(f"**{item.name}** · {item.title} · {words.kept(item)}")
