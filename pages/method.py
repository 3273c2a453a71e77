"""How are the numbers made, and what do the words mean?"""

from __future__ import annotations

import streamlit as st

from app import documents, widgets

st.html('<h1 class="headline">How the numbers are made</h1>')
with st.container(key="method"):
    for tab, text in zip(st.tabs(list(documents.titles())), documents.texts(), strict=True):
        tab.markdown(text)

with widgets.guard():
    widgets.stamp()
