"""The pictures of searching: the frontier, the tornado, the map of two levers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from app.charts import frame
from app.charts.frame import Picture
from app.text import search as words
from app.text.levers import value
from app.text.numbers import in_unit, unit_of

if TYPE_CHECKING:
    from forecast_core import BestPolicy, LeverMap, Tornado

FRONTIER_HEIGHT, MAP_HEIGHT, ROW_HEIGHT = 360, 420, 46
MOST_BARS = 12


def frontier(found: BestPolicy) -> Picture:
    """Return every policy that keeps the limits as a dot, GB across and money up; today's and the best are named."""
    mark = frame.money_axis(found.currency)
    unit = unit_of(*(gb for gb, _ in found.looked), found.today.freed_gb)
    scale = in_unit(1, unit)
    layout = frame.layout(FRONTIER_HEIGHT, right=40)
    layout["margin"] |= {"l": 64, "b": 52, "t": 16}
    layout["hovermode"] = "closest"
    layout["xaxis"] = frame.volume_axis(title={"text": f"{unit} freed", "font": {"size": 12}}, showgrid=False)
    layout["yaxis"] |= {**mark, "rangemode": "tozero"}
    data: list[dict[str, Any]] = [
        _dots([scale * gb for gb, _ in found.looked], [net for _, net in found.looked], frame.GREY, 5)
        | {"opacity": 0.45}
    ]
    edge = [(scale * each.freed_gb, each.net) for each in found.frontier]
    if edge:
        data.append(
            _dots([gb for gb, _ in edge], [net for _, net in edge], frame.ACCENT, 7)
            | {"mode": "lines+markers", "line": {"color": frame.ACCENT, "width": 2}}
        )
    for name, candidate, colour in (("as opened", found.today, frame.INK), ("best", found.best, frame.MISSED)):
        if candidate:
            data.append(_dots([scale * candidate.freed_gb], [candidate.net], colour, 12))
            layout["annotations"].append(_named(name, scale * candidate.freed_gb, candidate.net, colour))
    title = words.frontier_title(found)
    below = f"{found.currency} saved net against {unit} freed, over {found.months} months; line: no policy beats these"
    return Picture(title, below, {"data": data, "layout": layout}, f"{title}.")


def _dots(x: list[float], y: list[float], colour: str, size: int) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": frame.plain_list(x),
        "y": frame.plain_list(y),
        "marker": {"color": colour, "size": size},
        "hovertemplate": "%{x:,.3~r} freed, %{y:,.3~r} saved<extra></extra>",
        "cliponaxis": False,
    }


def _named(name: str, x: float, y: float, colour: str) -> dict[str, Any]:
    return {"x": x, "y": y, "text": name, "showarrow": False, "xanchor": "right", "xshift": -10, "yshift": 10,
            "font": {"color": colour, "size": 13}}  # fmt: skip


def tornado(found: Tornado, currency: str) -> Picture:
    """Return what both ends of each range come to, the widest first; decisions in the accent, beliefs grey."""
    bars = [bar for bar in found.bars if bar.width > 0][:MOST_BARS]
    with_money = found.yardstick.startswith("net")
    unit = currency if with_money else unit_of(found.value, *(max(bar.value_lower, bar.value_upper) for bar in bars))
    scale, mark = (1.0, frame.money_axis(currency)) if with_money else (in_unit(1, unit), {})
    low = [scale * min(bar.value_lower, bar.value_upper) for bar in bars]
    high = [scale * max(bar.value_lower, bar.value_upper) for bar in bars]
    names = [bar.title for bar in bars]
    rows = list(range(len(bars)))
    trace = {
        "type": "bar",
        "orientation": "h",
        "y": rows,
        "base": frame.plain_list(low),
        "x": frame.plain_list([top - bottom for top, bottom in zip(high, low, strict=True)]),
        "marker": {"color": [frame.ACCENT if bar.decided else frame.GREY for bar in bars]},
        "text": [words.ends(bar, currency) for bar in bars],
        "textposition": "outside",
        "cliponaxis": False,
        "width": 0.42,
        "customdata": [words.bar(bar, found.yardstick, currency) for bar in bars],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    layout = frame.layout(48 + ROW_HEIGHT * len(bars), right=190)
    layout["margin"] |= {"l": 12, "t": 6, "b": 32}
    layout["hovermode"] = "closest"
    layout["xaxis"] = frame.volume_axis(rangemode="normal", **mark)
    layout["yaxis"] = {"range": [len(bars) - 0.4, -0.8], "fixedrange": True, "showticklabels": False, "showgrid": False,
                       "zeroline": False}  # fmt: skip
    layout["annotations"] = [
        {"x": 0, "xref": "paper", "xanchor": "left", "y": row, "yshift": 17, "text": name, "showarrow": False,
         "font": {"color": frame.INK, "size": 12}}
        for row, name in zip(rows, names, strict=True)
    ]  # fmt: skip
    layout["shapes"].append(frame.upright("", frame.INK) | {"x0": scale * found.value, "x1": scale * found.value})
    title = words.widest_title(found, currency)
    below = f"{unit} {words.DONE[found.yardstick]} {words.over(found.months)}; blue: we decide, grey: we believe"
    spoken = "; ".join(f"{bar.title}: {words.bar(bar, found.yardstick, currency)}" for bar in bars)
    return Picture(title, below, {"data": [trace], "layout": layout}, f"{title}. {spoken}.")


def lever_map(found: LeverMap, currency: str) -> Picture:
    """Return two levers against each other; the scenario's own place is ringed."""
    with_money = found.yardstick.startswith("net")
    unit = currency if with_money else unit_of(float(np.abs(found.values).max()))
    scale = 1.0 if with_money else in_unit(1, unit)
    across = [value(found.across.lever, float(at), currency) for at in found.across_at]
    down = [value(found.down.lever, float(at), currency) for at in found.down_at]
    cells = [[words.amount(found.yardstick, float(cell), currency) for cell in row] for row in found.values]
    trace = {
        "type": "heatmap",
        "x": list(range(len(across))),
        "y": list(range(len(down))),
        "z": [frame.plain(row, scale) for row in found.values],
        "colorscale": [[0, "rgba(40, 145, 206, 0.04)"], [1, frame.ACCENT]],
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "text": cells,
        "hovertemplate": "%{text}<extra></extra>",
    }
    layout = frame.layout(MAP_HEIGHT, right=64)  # room for half of the last label, which Plotly hides otherwise
    layout["margin"] |= {"l": 120, "b": 96, "t": 8}
    layout["hovermode"] = "closest"
    layout["xaxis"] = _axis(across, found.across.lever.title)
    layout["yaxis"] = _axis(down, found.down.lever.title)
    x, y = (int(np.argmin(np.abs(places - at))) for places, at in
            ((found.across_at, found.here[0]), (found.down_at, found.here[1])))  # fmt: skip
    layout["shapes"].append(
        {"type": "rect", "x0": x - 0.5, "x1": x + 0.5, "y0": y - 0.5, "y1": y + 0.5,
         "line": {"color": frame.MISSED, "width": 3}}
    )  # fmt: skip
    title = words.map_title(found, currency)
    below = (
        f"{unit} {words.DONE[found.yardstick]} {words.over(found.months)}; deeper is more; the frame is this scenario"
    )
    return Picture(title, below, {"data": [trace], "layout": layout}, f"{title}.")


def _axis(labels: list[str], title: str) -> dict[str, Any]:
    shown = sorted({0, len(labels) // 2, len(labels) - 1})
    return {
        "tickvals": shown,
        "ticktext": [labels[place] for place in shown],
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "title": {"text": title, "font": {"size": 12}},
        "tickangle": 0,
    }
