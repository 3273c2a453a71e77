"""The parts of the Data page that show what is in a data set, and what changed between two.

In:    a reading, a `Profile`.
Out:   widgets.
Never: computes.
"""

from __future__ import annotations

import streamlit as st

from app import profile_tables as tables
from app import state, widgets
from app.charts import profile as charts
from app.state import files
from app.text import data as words
from app.text import profile as profile_words
from forecast_core import InventoryReading, Reading


def recognised(found: Reading | InventoryReading) -> None:
    """Draw how a file was read: form, encoding, header, and of a file list which header is what."""
    told = " · ".join(f"{name}: {what}" for name, what in found.how)
    if isinstance(found, InventoryReading):
        st.caption(f"{told}. {profile_words.bytes_counted(found)}")
        with st.expander("Which column was taken for what", type="compact"):
            table = {"column": [header for header, _ in found.headers], "read as": [role for _, role in found.headers]}
            st.html(widgets.text_table(table))
    else:
        st.caption(f"{told}.")


def pictures(found: Reading | InventoryReading) -> None:
    """Draw what is in the file: ages, types, sizes, months; then what is unusual."""
    profile = state.service().intake.profile(found)
    if profile is None:
        return
    left, right = st.columns(2)
    with left:
        if profile.by_age:
            widgets.picture(charts.ages(profile), lambda: tables.slices(profile.by_age, "age_from_months"), "ages")
        if profile.by_type:
            widgets.picture(charts.types(profile), lambda: tables.slices(profile.by_type, "file_type"), "types")
    with right:
        if profile.by_size:
            widgets.picture(charts.sizes(profile), lambda: tables.slices(profile.by_size, "size_from_bytes"), "sizes")
        if profile.by_tier:
            st.html(widgets.title("By storage tier") + widgets.text_table(tables.tiers(profile)))
        if profile.hints:
            st.html(widgets.title("Worth a second look", "unusual, but not wrong: nothing is set aside for it"))
            st.html(widgets.text_table(tables.hints(profile), "faults"))
    widgets.picture(charts.calendar(profile), lambda: tables.calendar(profile), "calendar")


def place(found: Reading | InventoryReading) -> None:
    """Ask whether it takes the place of a data set, and of an inventory whether its earlier months stay."""
    is_list = isinstance(found, InventoryReading)
    infos = {info.id: info for info in state.service().datasets() if info.has_inventory == is_list and not info.is_demo}
    if not infos:
        return
    key = state.prepared("takes_place", files.place()[0])
    st.selectbox(
        "It takes the place of",
        ["", *infos],
        key=key,
        format_func=lambda identity: f"{infos[identity].name} ({identity})" if identity else "nothing: keep both",
        on_change=state.on_value(key, lambda identity: files.choose_place(identity, files.place()[1])),
        help="What is replaced is kept and can be brought back below.",
    )
    if is_list and files.place()[0]:
        joins = state.prepared("joins_months", files.place()[1])
        st.checkbox(
            "Keep its earlier month ends: what became of the files is learned from them",
            key=joins,
            on_change=state.on_value(joins, lambda keep: files.choose_place(files.place()[0], keep)),
        )


def replaced() -> None:
    """Draw what was replaced, each with the button that brings it back."""
    found = state.service().intake.replaced()
    if not found:
        return
    with st.expander(f"Replaced: {words.plural(len(found), 'data set')} that can be brought back", type="compact"):
        for item in found:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{item.name}** ({item.id}) · saved {item.saved_at[:10]} · replaced by {item.by_id}")
                st.button("Bring back", key=f"back_{item.id}", on_click=files.bring_back, args=(item.id,))


def changes() -> None:
    """Draw what changed between two inventories of one estate."""
    infos = {info.id: info for info in state.service().datasets() if info.has_inventory and not info.is_demo}
    if len(infos) < 2:
        return
    with st.expander("What changed between two inventories", type="compact"):
        left, right = st.columns(2)
        names = {identity: f"{info.name} · {words.freshness(info)}" for identity, info in infos.items()}
        earlier = left.selectbox("Earlier", list(infos), index=1, key="earlier", format_func=names.__getitem__)
        later = right.selectbox("Later", list(infos), index=0, key="later", format_func=names.__getitem__)
        with widgets.guard():
            found = state.service().intake.difference(earlier, later)
            st.html(
                widgets.title(
                    profile_words.moved(found), "exact, by scope; without names a change and a deletion look the same"
                )
            )
            widgets.whole_table(tables.moved(found), "changes")
