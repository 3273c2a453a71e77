"""The two pictures of a comparison: the courses on one axis, and the differences with their ranges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from app.charts import frame
from app.charts.frame import Picture
from app.text import scenarios as words
from app.text.findings import promise
from app.text.numbers import in_unit, unit_of

if TYPE_CHECKING:
    from forecast_core import Comparison

COLOURS = (frame.ACCENT, frame.MISSED, "#000003", "#000005", "#000006", "#000008")
COURSE_HEIGHT, ROW_HEIGHT = 360, 54
NARROW = 0.06


def _scale(comparison: Comparison, measure: str) -> tuple[float, str, dict[str, str]]:
    """Return factor, unit and how the numbers of an axis are marked."""
    if measure == "net":
        return 1.0, comparison.currency, frame.money_axis(comparison.currency)
    tops = [abs(side.futures[measure].total.upper) for side in comparison.sides]
    unit = unit_of(*tops)
    return in_unit(1, unit), unit, {}


def course(comparison: Comparison, names: Sequence[str], measure: str) -> Picture:
    """Return the running sum of every scenario on one axis; the band is that of the one that ends highest."""
    scale, unit, mark = _scale(comparison, measure)
    x, title = frame.days(comparison.months), words.course_title(comparison, names, measure)
    figure: frame.Figure = {"data": [], "layout": frame.layout(COURSE_HEIGHT, right=150)}
    bands = [side.futures[measure].so_far.band for side in comparison.sides]
    best = max(range(len(bands)), key=lambda place: bands[place].point[-1])
    figure["data"].append(
        frame.band(x, scale * bands[best].lower, scale * bands[best].upper) | {"fillcolor": COLOURS[best]}
    )
    form = frame.money_hover(unit, ",.3~r") if measure == "net" else f"%{{y:,.3~r}} {unit}"
    for place, (name, shown) in enumerate(zip(names, bands, strict=True)):
        figure["data"].append(frame.line(x, scale * shown.point, name, COLOURS[place], form=form))
    figure["layout"]["margin"] |= {"l": frame.MONEY_LEFT} if measure == "net" else {}
    figure["layout"]["annotations"] = _end_labels(x[-1], [float(scale * shown.point[-1]) for shown in bands], names)
    figure["layout"]["yaxis"] |= {"zeroline": True, "zerolinecolor": frame.INK, **mark}
    frame.ranged(figure, x[0], x[-1])
    below = f"{unit} {words.FULL[measure]} so far; band of the highest: {promise(comparison.provenance)}"
    return Picture(title, below, figure, f"{title}.")


def _end_labels(x: str, ends: Sequence[float], names: Sequence[str]) -> list[dict[str, Any]]:
    """Name the lines at their ends, moved apart where they end together."""
    span = max(max(*ends, 0.0) - min(*ends, 0.0), 1e-12)
    order, labels, last = sorted(range(len(ends)), key=lambda place: -ends[place]), [], None
    at = 0.0
    for place in order:
        at = ends[place] if last is None else min(ends[place], last - NARROW * span)
        shift = (at - ends[place]) / span * (COURSE_HEIGHT - 62)
        labels.append(frame.end_label(x, ends[place], _short(names[place]), COLOURS[place], shift=round(shift)))
        last = at
    return labels


def _short(name: str) -> str:
    return name if len(name) <= 20 else f"{name[:19]}…"


def differences(comparison: Comparison, names: Sequence[str], measure: str, to: int) -> Picture:
    """Return how every other scenario differs from one of them, with the range of the difference."""
    scale, unit, mark = _scale(comparison, measure)
    others = [place for place in range(len(names)) if place != to]
    found = [comparison.against[measure][place, to] for place in others]
    points = [scale * each.difference.point for each in found]
    spoken = [words.against(each, measure, comparison.currency) for each in found]
    rows = list(range(len(others)))
    trace = {
        "type": "scatter",
        "mode": "markers",
        "x": frame.plain_list(points),
        "y": rows,
        "marker": {"color": [COLOURS[place] for place in others], "size": 11},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": frame.plain_list([scale * (each.difference.upper - each.difference.point) for each in found]),
            "arrayminus": frame.plain_list([scale * (each.difference.point - each.difference.lower) for each in found]),
            "thickness": 2.5,
            "width": 0,
            "color": frame.GREY,
        },
        "customdata": spoken,
        "hovertemplate": "%{customdata}<extra></extra>",
        "cliponaxis": False,
    }
    layout = frame.layout(40 + ROW_HEIGHT * len(others), right=24)
    layout["margin"] |= {"l": 16, "t": 8, "b": 36}
    layout["hovermode"] = "closest"
    layout["xaxis"] = frame.volume_axis(
        rangemode="tozero", zeroline=True, zerolinecolor=frame.INK, zerolinewidth=1, **mark
    )
    layout["yaxis"] = {
        "range": [len(others) - 0.4, -0.75], "fixedrange": True, "showticklabels": False, "showgrid": False,
        "zeroline": False,
    }  # fmt: skip
    layout["annotations"] = [
        {"x": 0, "xref": "paper", "xanchor": "left", "xshift": 6, "y": row, "yshift": 18, "showarrow": False,
         "text": f"{_short(names[place])}: {text}", "font": {"color": frame.INK, "size": 12}}
        for row, place, text in zip(rows, others, spoken, strict=True)
    ]  # fmt: skip
    title = words.difference_title(comparison, names, measure, to)
    below = (
        f"{unit} {words.FULL[measure]} over {len(comparison.months)} months, less “{names[to]}”; {_held(comparison)}"
    )
    listed = "; ".join(f"{names[place]}: {text}" for place, text in zip(others, spoken, strict=True))
    return Picture(title, below, {"data": [trace], "layout": layout}, f"{title}. {listed}.")


def _held(comparison: Comparison) -> str:
    return f"range: {promise(comparison.provenance).replace('months', 'futures')}"
