"""The pictures of the Drift page: what came against what was expected, input by input and for the forecast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from app.charts import frame
from app.charts.frame import Array, Picture
from app.text import drift as words
from app.text.numbers import in_unit, month, unit_of

if TYPE_CHECKING:
    from forecast_core import InputPath, WatchView
    from forecast_core.months import Months

PATH_HEIGHT, TRACK_HEIGHT, SMALL_HEIGHT = 320, 320, 190
SHOWN_MONTHS = 30
COLUMNS = 3


def path(shown: InputPath, title: str) -> Picture:
    """Return one input: measured months, what the past expected since the training, its 90 % band."""
    scale, unit = _scale(shown)
    figure: frame.Figure = {"data": [], "layout": frame.layout(PATH_HEIGHT, right=24)}
    x = frame.days(_months(shown))
    figure["data"] = _traces(shown, scale, f"%{{y:,.3~r}} {unit}")
    figure["layout"]["shapes"] = [_training(shown, x)]
    if shown.noticed:
        figure["layout"]["shapes"].append(_dotted(x[-1]))
    frame.ranged(figure, x[0], x[-1])
    name = words.input_name(shown.input.name)
    subtitle = (
        f"{name}, {unit or 'share of files'}; line and 90 % band: what the past up to {month(shown.trained)} expects"
    )
    return Picture(title, subtitle, figure, f"{title}. {subtitle}.")


def _months(shown: InputPath) -> Months:
    return shown.months[-SHOWN_MONTHS:]


def _scale(shown: InputPath) -> tuple[float, str]:
    if shown.input.is_share:
        return 100.0, "%"
    if shown.input.unit == "MB":
        unit = unit_of(float(np.nanmax(shown.observed)) / 1024)
        return in_unit(1 / 1024, unit), unit
    return 1.0, shown.input.unit


def _traces(shown: InputPath, scale: float, form: str, axis: str = "") -> list[dict[str, Any]]:
    x = frame.days(_months(shown))
    observed, expected, lower, upper = (
        scale * grid[-SHOWN_MONTHS:] for grid in (shown.observed, shown.expected, shown.lower, shown.upper)
    )
    traces = [
        frame.band(x, lower, upper, axis),
        frame.line(x, expected, "expected", frame.ACCENT, axis=axis, form=form),
        frame.dots(x, observed, "measured", frame.INK, axis=axis, form=form),
    ]
    off = (observed < lower) | (observed > upper)
    if shown.noticed and off.any():
        traces.append(_missed(x, np.where(off, observed, np.nan), "outside", axis, form))
    return traces


def _missed(x: Sequence[str], y: Array, name: str, axis: str, form: str) -> dict[str, Any]:
    ring = {"color": frame.MISSED, "size": 9, "symbol": "circle-open", "line": {"width": 2}}
    return frame.dots(x, y, name, frame.MISSED, axis=axis, form=form) | {"marker": ring}


def _training(shown: InputPath, x: Sequence[str]) -> dict[str, Any]:
    """Return the shade over the months that count as the past."""
    last = max(frame.days(np.array([shown.trained]))[0], x[0])
    return {
        "type": "rect",
        "x0": x[0],
        "x1": last,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": {"width": 0},
        "fillcolor": frame.GREY,
        "opacity": frame.SHADE_OPACITY,
        "layer": "below",
    }


def _dotted(x: str) -> dict[str, Any]:
    upright = frame.upright(x, frame.MISSED)
    return upright | {"line": {**upright["line"], "dash": "dot"}}


def small(shown: Sequence[InputPath]) -> Picture:
    """Return every input in small, same design, three beside each other."""
    rows = -(-len(shown) // COLUMNS)
    layout = frame.layout(rows * SMALL_HEIGHT, right=24)
    layout["hovermode"] = "closest"
    figure: frame.Figure = {"data": [], "layout": layout}
    for index, each in enumerate(shown):
        axis = "" if index == 0 else str(index + 1)
        scale, unit = _scale(each)
        traces = _traces(each, scale, f"%{{y:,.3~r}} {unit}", axis)
        figure["data"] += [trace | {"xaxis": f"x{axis}"} for trace in traces]
        _place(layout, each, index, rows)
    noticed = [words.input_name(each.input.name) for each in shown if each.noticed]
    title = f"{len(noticed)} of {len(shown)} inputs left their path" if noticed else "Every input is on its path"
    subtitle = "measured, expected and 90 % band; the same design as above"
    return Picture(title, subtitle, figure, f"{title}{': ' + ', '.join(noticed) if noticed else ''}.")


def _place(layout: dict[str, Any], shown: InputPath, index: int, rows: int) -> None:
    """Give one small picture its two axes and its name."""
    axis, row, column = "" if index == 0 else str(index + 1), index // COLUMNS, index % COLUMNS
    width, gap, room = 1 / COLUMNS, 0.05, 0.32 / rows
    x = [column * width + (gap if column else 0), (column + 1) * width]
    y = [1 - (row + 1) / rows + room * 0.4, 1 - row / rows - room * 0.5]
    months = frame.days(_months(shown))
    scale, unit = _scale(shown)
    base = dict(layout["xaxis"]) | {"domain": x, "anchor": f"y{axis}", "range": [months[0], months[-1]], "nticks": 3}
    layout[f"xaxis{axis}"] = base
    layout[f"yaxis{axis}"] = frame.volume_axis(domain=y, anchor=f"x{axis}", nticks=3)
    name = f"{shown.input.title}, {unit}" + (" – left its path" if shown.noticed else "")
    layout["annotations"].append(
        {
            "x": x[0],
            "xref": "paper",
            "xanchor": "left",
            "y": y[1],
            "yref": "paper",
            "yanchor": "bottom",
            "text": f"<b>{name}</b>" if shown.noticed else name,
            "showarrow": False,
            "font": {"size": 12},
        }
    )


def track(view: WatchView) -> Picture:
    """Return what was said a month ahead with its range, what came, and the months it missed."""
    found = view.track
    x = frame.days(found.months)
    unit = unit_of(*[float(value) for value in (*found.upper, *found.actual) if np.isfinite(value)])
    scale, form = in_unit(1, unit), f"%{{y:,.3~r}} {unit}"
    figure: frame.Figure = {"layout": frame.layout(TRACK_HEIGHT, right=24)}
    figure["data"] = [
        frame.band(x, scale * found.lower, scale * found.upper),
        frame.line(x, scale * found.said, "we said", frame.ACCENT, form=form),
        frame.dots(x, scale * found.actual, "what came", frame.INK, form=form),
    ]
    if not found.inside.all():
        missed = np.where(found.inside, np.nan, scale * found.actual)
        figure["data"].append(_missed(x, missed, "outside the range", "", form))
    frozen = int(found.frozen.sum())
    told = f"{frozen} of them frozen then" if frozen else "none was frozen then: what the model would have said"
    title = words.track(found)
    subtitle = f"{unit} archived per month, said one month ahead; range: about 4 in 5 months; {told}"
    return Picture(title, subtitle, figure, f"{title}")
