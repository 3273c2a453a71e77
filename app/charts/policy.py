"""The pictures of the Policy page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from app.charts import frame
from app.charts.frame import Array, Picture
from app.text import policy as words
from app.text.data import plural
from app.text.levers import TYPE_TITLES
from app.text.numbers import in_unit, unit_of, volume
from forecast_core.inventory import NO_RULE_MONTHS

if TYPE_CHECKING:
    from forecast_core import HeatMap, PolicyAnswer

HEAT_HEIGHT, CALENDAR_HEIGHT, BACKLOG_HEIGHT = 300, 320, 220
# No colour at all, but of a hue near the one it fades into: Plotly blends the hue as well.
CLEAR = {
    frame.ACCENT: "rgba(40, 145, 206, 0)",
    frame.LATER: "rgba(204, 121, 167, 0)",
    frame.GREY: "rgba(120, 125, 135, 0)",
}


def heat(answer: PolicyAnswer) -> Picture:
    """Return GB by file type and age, grey; what the rule takes in the accent."""
    found = answer.heat
    strength = np.sqrt(found.total_gb / max(float(found.total_gb.max()), 1e-12))
    taken, now = (_share(part, found.total_gb) for part in (found.taken_gb, found.now_gb))
    ages = [_age(found, index) for index in range(len(found.ages))]
    names = [TYPE_TITLES.get(name, name) for name in found.file_types]
    text = [[_cell(found, row, column) for column in range(len(ages))] for row in range(len(names))]
    figure: frame.Figure = {
        "data": [
            _tiles(ages, names, strength * (1 - taken), frame.GREY),
            _tiles(ages, names, strength * (taken - now), frame.LATER),
            _tiles(ages, names, strength * now, frame.ACCENT)
            | {"text": text, "hoverinfo": "text", "hovertemplate": "%{text}<extra></extra>"},
        ],
        "layout": frame.layout(HEAT_HEIGHT, right=12),
    }
    figure["layout"]["xaxis"] = {
        "type": "category",
        "fixedrange": True,
        "showgrid": False,
        "tickvals": ages[::4],
        "title": {"text": "months since the last change", "font": {"size": 12}},
    }
    figure["layout"]["yaxis"] = {"fixedrange": True, "showgrid": False, "autorange": "reversed", "ticksuffix": "  "}
    figure["layout"]["margin"] |= {"l": 64, "t": 22, "b": 54}
    _rule(figure, answer)
    figure["layout"]["hovermode"] = "closest"
    title = words.heat(answer)
    return Picture(title, words.heat_legend(answer), figure, f"{title}.")


def _rule(figure: frame.Figure, answer: PolicyAnswer) -> None:
    """Draw the rule's age as an upright line: what lies to its right is old enough."""
    months, ages = answer.scenario.values["rule_months"], answer.heat.ages
    if months >= NO_RULE_MONTHS:
        return
    column = int(np.searchsorted(ages, months, "right")) - 1
    width = (ages[column + 1] if column + 1 < len(ages) else NO_RULE_MONTHS) - ages[column]
    at = column + float(months - ages[column]) / width - 0.5
    figure["layout"]["shapes"].append(frame.upright("", frame.INK) | {"x0": at, "x1": at})
    text = f"the rule: {plural(int(months), 'month')}"
    figure["layout"]["annotations"].append(frame.note("", text, frame.INK) | {"x": at, "xanchor": "auto"})


def _share(part: Array, whole: Array) -> Array:
    return np.divide(part, whole, out=np.zeros_like(whole), where=whole > 0)


def _tiles(ages: list[str], names: list[str], depth: Array, colour: str) -> dict[str, Any]:
    return {
        "type": "heatmap",
        "x": ages,
        "y": names,
        "z": [frame.plain(row) for row in depth],
        "zmin": 0,
        "zmax": 1,
        "colorscale": [[0, CLEAR[colour]], [1, colour]],
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
        "hoverinfo": "skip",
    }


def _age(found: HeatMap, index: int) -> str:
    first = found.ages[index]
    if index + 1 == len(found.ages):
        return f"{first}+"
    return f"{first}–{found.ages[index + 1] - 1}"


def _cell(found: HeatMap, row: int, column: int) -> str:
    name = TYPE_TITLES.get(found.file_types[row], found.file_types[row])
    there, now, taken = (float(part[row, column]) for part in (found.total_gb, found.now_gb, found.taken_gb))
    return f"{name}, {_age(found, column)} months: {volume(there)}; goes at first {volume(now)}, in all {volume(taken)}"


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
        | {"fill": "tozeroy", "fillcolor": CLEAR[frame.ACCENT]}
    )
    if answer.used_up_month is not None:
        at = frame.days(np.array([answer.used_up_month]))[0]
        figure["layout"]["shapes"].append(frame.upright(at, frame.INK))
        figure["layout"]["annotations"].append(frame.note(at, "used up", frame.INK))
    title = words.backlog(answer)
    return Picture(title, f"{unit} waiting at month end", figure, f"{title}.")
