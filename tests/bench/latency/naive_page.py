"""The comparator: the simulator as it is usually written.

The whole script runs at every move, the published forest (two times 200 trees on nine features) answers, plotly.express
draws. Same data, same levers, same three pictures. Its title names the lever, so that a picture changes even where the
forest's answer does not.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.express as px
import streamlit as st
from sklearn.ensemble import RandomForestRegressor
from sklearn.multioutput import MultiOutputRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from forecast_core.sources.demo import read_demo

FEATURES = [
    "total_files",
    "avg_file_size_mb",
    "pct_pdf",
    "pct_docx",
    "pct_xlsx",
    "archive_frequency_per_day",
    "month_sin",
    "month_cos",
    "month",
]
LABELS = ["archived_gb", "savings_gb"]


@st.cache_resource
def trained() -> tuple[object, pd.DataFrame]:
    """Return the fitted forest and the monthly means it was fitted on."""
    rows = pd.DataFrame(read_demo()).groupby("month", as_index=False).mean(numeric_only=True)
    number = rows["month"].dt.month
    frame = rows.assign(
        month_sin=np.sin(2 * np.pi * number / 12), month_cos=np.cos(2 * np.pi * number / 12), month=number
    )
    forest = MultiOutputRegressor(RandomForestRegressor(200, random_state=0))
    return make_pipeline(StandardScaler(), forest).fit(frame[FEATURES][:-1], frame[LABELS][1:]), frame


st.set_page_config(layout="wide")
model, history = trained()
last = history.iloc[-1]
with st.sidebar:
    per_day = st.slider(
        "Archived per day", 0.0, 4 * last.archive_frequency_per_day, last.archive_frequency_per_day, 5.0
    )
    files = st.slider("Files on primary", 0.0, 4 * last.total_files, last.total_files, 1000.0)
    growth = st.slider("Growth per month", -5.0, 10.0, 0.9, 0.1)
    size = st.slider("Average file size", 0.1, 6.0, float(last.avg_file_size_mb), 0.01)
    pdf = st.slider("Share of PDF", 0.0, 1.0, float(last.pct_pdf), 0.01)
    docx = st.slider("Share of Word", 0.0, 1.0, float(last.pct_docx), 0.01)
    xlsx = st.slider("Share of Excel", 0.0, 1.0, float(last.pct_xlsx), 0.01)
    recall = st.slider("Recalled per month", 0.0, 20.0, 0.0, 0.1)
    primary = st.slider("Price of primary", 0.0, 1.0, 0.2, 0.001)
    archive = st.slider("Price of the archive", 0.0, 1.0, 0.0152, 0.0001)
    months = st.slider("Months ahead", 1, 60, 24)

ahead = np.arange(1, months + 1)
calendar = ahead % 12 + 1
question = pd.DataFrame(
    {
        "total_files": files * (1 + growth / 100) ** ahead,
        "avg_file_size_mb": size,
        "pct_pdf": pdf,
        "pct_docx": docx,
        "pct_xlsx": xlsx,
        "archive_frequency_per_day": per_day,
        "month_sin": np.sin(2 * np.pi * calendar / 12),
        "month_cos": np.cos(2 * np.pi * calendar / 12),
        "month": calendar,
    }
)
answer = pd.DataFrame(model.predict(question[FEATURES]), columns=LABELS).assign(ahead=ahead)
answer["saved"] = (answer.savings_gb.cumsum() * primary - answer.archived_gb.cumsum() * archive).cumsum() * (
    1 - recall / 100
)
types = pd.DataFrame(
    {"type": ["pdf", "docx", "xlsx"], "gb": [answer.savings_gb.sum() * share for share in (pdf, docx, xlsx)]}
)

st.metric("Freed", f"{answer.savings_gb.sum():.1f} GB")
left, right = st.columns(2)
left.plotly_chart(px.line(answer, x="ahead", y=LABELS, title=f"Archived and freed at {per_day:.0f} files a day"))
right.plotly_chart(px.area(answer, x="ahead", y="saved", title=f"Saved at {per_day:.0f} files a day"))
left.plotly_chart(px.bar(types, x="type", y="gb", color="type", title=f"By type at {per_day:.0f} files a day"))
