"""The pictures of the Policy page that Plotly draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from app.charts import frame
from app.charts.frame import Array, Picture
from app.text import policy as words
from app.text.numbers import in_unit, unit_of

if TYPE_CHECKING:
    from forecast_core import PolicyAnswer

CALENDAR_HEIGHT, BACKLOG_HEIGHT = 320, 220
# No colour at all, but of a hue near the one it fades into: Plotly blends the hue as well.
CLEAR = "rgba(40, 145, 206, 0)"


def calendar(answer: PolicyAnswer) -> Picture:
    """Return what falls due when: bars with a band while the files exist, one area for all that comes later."""
    known, shown = answer.known_months, words.shown_gb(answer)
    hidden = answer.archived.scenario.point - shown
    low, high = answer.archived.scenario.lower - hidden, answer.archived.scenario.upper - hidden
    monthly = answer.later.scenario.point / max(len(answer.months) - known, 1) if answer.later else 0.0
    unit = unit_of(float(np.max(high[:known], initial=0)), monthly)
    scale, x = in_unit(1, unit), frame.days(answer.months)
    figure: frame.Figure = {"data": [], "layout": frame.layout(CALENDAR_HEIGHT, right=16)}
    if known:
        figure["data"].append(_bars(x[:known], scale * shown[:known], scale * low[:known], scale * high[:known], unit))
    base = answer.archived.baseline.point
    if base.any() and answer.moved:
        line = frame.line(x[:known], scale * base[:known], "as today", frame.GREY, dash="dot", width=2)
        figure["data"].append(line)
    if answer.later is not None:
        figure["data"] += _later(x[known:], scale * monthly, words.later(answer, answer.later))
        figure["layout"]["annotations"].append(_sum(x, known, words.later(answer, answer.later)))
    frame.ranged(figure, frame.days(answer.months[:1] - 1)[0], frame.days(answer.months[-1:] + 1)[0])
    title, missing = words.calendar(answer).strip(), words.not_drawn(answer)
    subtitle = f"{unit} {words.verb(answer)} per month; whiskers: 4 in 5 months" + (f"; {missing}" if missing else "")
    spoken = f" {words.later(answer, answer.later)}." if answer.later else ""
    return Picture(title, subtitle, figure, f"{title}.{spoken}")


def _bars(x: list[str], point: Array, low: Array, high: Array, unit: str) -> dict[str, Any]:
    return {
        "type": "bar",
        "x": x,
        "y": frame.plain(point),
        "name": "falls due",
        "marker": {"color": frame.ACCENT},
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": frame.plain(np.maximum(high - point, 0)),
            "arrayminus": frame.plain(np.maximum(point - low, 0)),
            "color": frame.INK,
            "thickness": 1,
            "width": 2,
        },
        "hovertemplate": f"%{{y:,.3~r}} {unit}",
    }


def _later(x: list[str], height: float, text: str) -> list[dict[str, Any]]:
    """One flat area: its surface is the sum, and no month of it is a forecast."""
    level = np.full(len(x), height)
    area = frame.band(x, np.zeros(len(x)), level, opacity=frame.BAND_OPACITY)
    return [area | {"hoverinfo": "text", "text": text, "name": ""}]


def _sum(x: list[str], known: int, text: str) -> dict[str, Any]:
    middle = x[(known + len(x)) // 2 if known < len(x) - 1 else known]
    where, _, amount = text.partition(": ")
    return frame.note(middle, f"{amount}<br>files to come, {where}", frame.INK, y=0.72) | {"align": "center"}


def backlog(answer: PolicyAnswer) -> Picture:
    """Return what waits under the cap, and when nothing does any more."""
    unit = unit_of(float(answer.waiting_gb.max()))
    scale, x = in_unit(1, unit), frame.days(answer.months)
    figure: frame.Figure = {"data": [], "layout": frame.layout(BACKLOG_HEIGHT, right=16)}
    figure["data"].append(
        frame.line(x, scale * answer.waiting_gb, "waiting", frame.ACCENT, form=f"%{{y:,.3~r}} {unit}")
        | {"fill": "tozeroy", "fillcolor": CLEAR}
    )
    if answer.used_up_month is not None:
        at = frame.days(np.array([answer.used_up_month]))[0]
        figure["layout"]["shapes"].append(frame.upright(at, frame.INK))
        figure["layout"]["annotations"].append(frame.note(at, "used up", frame.INK))
    title = words.backlog(answer)
    return Picture(title, f"{unit} waiting at month end", figure, f"{title}.")
