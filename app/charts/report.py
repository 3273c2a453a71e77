"""The pictures of a training as one page that needs no server: kept with the run in MLflow."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

import plotly.io as pio

from app.charts import models
from app.text import models as words

if TYPE_CHECKING:
    from forecast_core import ModelsView

# Outside the app nobody replaces the stand-in colours; these are the light theme's.
COLOURS = {
    "#000001": "#0072B2",
    "#000002": "#D55E00",
    "#000003": "#009E73",
    "#000004": "#CC79A7",
    "#000007": "#6B7280",
    "#000036": "#1b2430",
}


def report_page(view: ModelsView) -> Mapping[str, bytes]:
    """Return `plots/report.html`: the sentence, the leaderboard and every picture."""
    parts = [
        f"<h1>{escape(words.headline(view))}</h1><p>{escape(words.below(view))}</p>",
        _table(words.leaderboard(view)),
    ]
    for index, shown in enumerate(models.all_of(view)):
        drawn = pio.to_html(shown.figure, full_html=False, include_plotlyjs=index == 0, validate=False)
        parts.append(f"<h2>{escape(shown.title)}</h2><p>{escape(shown.subtitle)}</p>{drawn}")
    page = "".join(parts)
    for stand_in, colour in COLOURS.items():
        page = page.replace(f'"{stand_in}"', f'"{colour}"')
    style = "body{font-family:sans-serif;max-width:60rem;margin:2rem auto}td,th{text-align:right;padding:.2rem .6rem}"
    return {"plots/report.html": f"<!doctype html><meta charset=utf-8><style>{style}</style>{page}".encode()}


def _table(board: Mapping[str, list[str]]) -> str:
    rows = [list(board), *zip(*board.values(), strict=True)]
    return (
        "<table>"
        + "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
        + "</table>"
    )
