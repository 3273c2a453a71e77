"""Which data do we stand on, and what was understood of mine?"""

from __future__ import annotations

import streamlit as st

from app import profile, state, upload, upload_inventory, upload_usage, widgets
from app.text import data as words
from forecast_core import InventoryReading, UsageReading

st.html('<h1 class="headline">Your data</h1>')
st.caption("A monthly history, a list of files or a usage report. You see what was understood and what is wrong first.")

with widgets.guard():
    found = upload.ask()
    if isinstance(found, InventoryReading):
        upload_inventory.counts(found)
        profile.recognised(found)
        upload_inventory.dates(found)
        upload_inventory.folders(found)
        profile.pictures(found)
        upload.issues(found)
        upload_inventory.rule(found)
        upload_inventory.history(found)
        profile.place(found)
        upload_inventory.confirm(found)
    elif isinstance(found, UsageReading):
        upload_usage.counts(found)
        upload_usage.picture(found)
        upload.issues(found)
        upload_usage.confirm(found)
    elif found is not None:
        upload.counts(found)
        profile.recognised(found)
        upload.questions(found)
        upload_usage.stock(found)
        upload.issues(found)
        upload.columns(found)
        profile.pictures(found)
        profile.place(found)
        upload.confirm(found)
    else:
        upload.empty()

st.html('<h2 class="finding">Data sets in this workspace</h2>')
for info in state.service().datasets():
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{info.name}** · {words.freshness(info)} · {words.plural(info.rows, 'row')}")
        if info.id == state.scenario().dataset_id:
            st.badge("open", color="green")
        else:
            st.button("Open", key=f"open_{info.id}", on_click=state.open_dataset, args=(info.id,))

upload_usage.kept()
profile.replaced()
profile.changes()

with widgets.guard():
    widgets.stamp()
