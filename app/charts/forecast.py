"""The pictures of the Forecast page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from app.charts import frame
from app.charts.frame import Array, Picture
from app.text import outlook as words
from app.text.numbers import in_unit, unit_of

if TYPE_CHECKING:
    from forecast_core import BacktestPicture, Band, Outlook
    from forecast_core.months import Months

FLOW_HEIGHT, BACKTEST_HEIGHT = 400, 300


def flows(result: Outlook, first: np.datetime64, last: np.datetime64) -> Picture:
    """Return what was measured between two months and what comes, archived above freed."""
    panels = [("Archived", result.past.archived_gb, result.archived)]
    if result.savings is not None:
        panels.append(("Freed", result.past.savings_gb, result.savings))
    shown = (result.past.months >= first) & (result.past.months <= last)
    unit = unit_of(*(_top(past[shown], band) for _, past, band in panels))
    figure: frame.Figure = {"data": [], "layout": frame.layout(FLOW_HEIGHT, right=24)}
    for index, (name, past, band) in enumerate(panels):
        panel = frame.Panel(index, len(panels), name)
        figure["data"] += _panel(result, (result.past.months[shown], past[shown]), band, panel.axis, unit)
        panel.place(figure)
    frame.ranged(figure, frame.days(np.array([first - 1]))[0], frame.days(result.months)[-1])
    title = words.flows(result)
    return Picture(
        title,
        f"{unit} per month; dots: {words.past_word(result.past)}; band: {words.promise(result.provenance)}",
        figure,
        f"{title}.",
    )


def _top(past: Array, band: Band) -> float:
    return float(np.nanmax(np.concatenate([past, band.point]), initial=0))


def _panel(result: Outlook, past: tuple[Months, Array], band: Band, axis: str, unit: str) -> list[dict[str, Any]]:
    x, scale, form = frame.days(result.months), in_unit(1, unit), f"%{{y:,.3~r}} {unit}"
    return [
        frame.band(x, scale * band.lower, scale * band.upper, axis),
        frame.line(x, scale * band.point, "expected", frame.ACCENT, axis=axis, form=form),
        frame.dots(frame.days(past[0]), scale * past[1], words.past_word(result.past), frame.INK, axis=axis, form=form),
    ]


def backtest(picture: BacktestPicture, coverage: float) -> Picture:
    """Return what would have been said a month ahead, and what came."""
    x, said = frame.days(picture.months), picture.predicted
    unit = unit_of(_top(picture.actual, said))
    scale, form = in_unit(1, unit), f"%{{y:,.3~r}} {unit}"
    outside = (picture.actual < said.lower) | (picture.actual > said.upper)
    figure: frame.Figure = {"layout": frame.layout(BACKTEST_HEIGHT, right=24)}
    figure["data"] = [
        frame.band(x, scale * said.lower, scale * said.upper),
        frame.line(x, scale * said.point, "we would have said", frame.ACCENT, form=form),
        frame.dots(x, scale * picture.actual, "what came", frame.INK, form=form),
    ]
    if outside.any():
        missed = frame.dots(
            x, np.where(outside, scale * picture.actual, np.nan), "outside the band", frame.MISSED, form=form
        )
        figure["data"].append(
            missed | {"marker": {"color": frame.MISSED, "size": 9, "symbol": "circle-open", "line": {"width": 2}}}
        )
    title = words.backtest(picture)
    subtitle = f"{unit} archived per month, said one month ahead; band: {words.promised(coverage)}"
    return Picture(title, subtitle, figure, f"{title}.")
