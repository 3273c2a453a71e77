"""What comes if nothing changes, how sure are we, and how well was it said before?"""

from __future__ import annotations

import streamlit as st

from app import outlook, widgets
from app.state import drift as watched

with widgets.guard():
    result = watched.forecast()

    outlook.headline(result)
    outlook.tiles(result)
    outlook.flows(result)
    left, right = st.columns(2, gap="large")
    with left:
        outlook.backtest(result)
    with right:
        outlook.by_scope(result)

    widgets.stamp()
