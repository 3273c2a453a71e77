"""The three pictures of the Money page."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from app.charts import frame
from app.charts.frame import Picture
from app.text import money as words
from app.text.findings import promise
from app.text.numbers import money
from forecast_core import KINDS

if TYPE_CHECKING:
    from forecast_core import MoneyReport, Swing

ROW_HEIGHT, MONTH_HEIGHT = 44, 280
GROUPS = {
    "saved": ("no longer paid", frame.ACCENT),
    "stored": ("storing", "#000005"),
    "moved": ("moving and reading", frame.MISSED),
    "project": ("project", "#000004"),
}


def waterfall(report: MoneyReport) -> Picture:
    """Return the way from the gross saving to the net, one bar per line."""
    names, starts, amounts, colours = [], [], [], []
    at = 0.0
    for step in report.waterfall:
        names.append(step.title)
        starts.append(min(at, at + step.amount))
        amounts.append(step.amount)
        colours.append(GROUPS[KINDS[step.name].group][1])
        at += step.amount
    names, starts, amounts, colours = (
        [*names, "Net"],
        [*starts, min(report.total, 0.0)],
        [*amounts, report.total],
        [*colours, frame.INK],
    )
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "base": starts,
        "x": [abs(value) for value in amounts],
        "marker": {"color": colours},
        "text": [words.exact(value, report.currency) for value in amounts],
        "textposition": "outside",
        "cliponaxis": False,
        "width": 0.42,
        "hovertemplate": "%{y}: %{text}<extra></extra>",
    }
    figure = _rows(bars, names, report.currency)
    title = words.waterfall(report)
    return Picture(
        title, f"{report.currency} {words.over(report)}, from gross to net, to the cent", figure, f"{title}."
    )


def _rows(bars: dict[str, Any], names: list[str], currency: str) -> frame.Figure:
    """Return lying bars, each with its name above it, so that long names leave room for the bars on a phone."""
    layout = frame.layout(44 + ROW_HEIGHT * len(names), right=100)
    layout["margin"] |= {"l": 12, "t": 6, "b": 32}
    layout["hovermode"] = "closest"
    layout["xaxis"] = frame.volume_axis(
        rangemode="normal", zeroline=True, zerolinecolor=frame.INK, zerolinewidth=1, **frame.money_axis(currency)
    )
    layout["yaxis"] = {"autorange": "reversed", "fixedrange": True, "showticklabels": False, "showgrid": False}
    layout["annotations"] = [
        {
            "x": 0,
            "xref": "paper",
            "xanchor": "left",
            "y": name,
            "yshift": 17,
            "text": name,
            "showarrow": False,
            "font": {"color": frame.INK, "size": 12},
        }
        for name in names
    ]
    return {"data": [bars], "layout": layout}


def by_month(report: MoneyReport) -> Picture:
    """Return what is saved and paid each month, stacked, with the net as a line and its band."""
    x, form = frame.days(report.months), frame.money_hover(report.currency, ",.2f")
    figure: frame.Figure = {"data": [], "layout": frame.layout(MONTH_HEIGHT, right=24)}
    for group, (name, colour) in GROUPS.items():
        found = [step.name for step in report.waterfall if KINDS[step.name].group == group]
        if found:
            amounts = np.sum([report.ledger.amount(line) for line in found], axis=0)
            figure["data"].append(
                {
                    "type": "bar",
                    "x": x,
                    "y": frame.plain(amounts),
                    "name": name,
                    "marker": {"color": colour},
                    "opacity": 0.85,
                    "hovertemplate": form,
                }
            )
    figure["data"].append(
        frame.band(x, report.net.lower, report.net.upper) | {"fillcolor": frame.INK, "showlegend": False}
    )
    figure["data"].append(frame.line(x, report.net.point, "net", frame.INK, form=form))
    figure["layout"] |= {"barmode": "relative", "bargap": 0.25, "showlegend": True, "legend": _legend()}
    figure["layout"]["margin"] |= {"t": 40}
    figure["layout"]["yaxis"] |= {"zeroline": True, "zerolinecolor": frame.INK, **frame.money_axis(report.currency)}
    title = words.by_month(report)
    return Picture(
        title, f"{report.currency} per month; line: net; band: {promise(report.provenance)}", figure, f"{title}."
    )


def _legend() -> dict[str, Any]:
    return {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"}


def sensitivity(report: MoneyReport) -> Picture:
    """Return what each assumption does to the worth at both ends of its range, the widest first."""
    found = [swing for swing in report.swings if math.isfinite(swing.width)]
    names = [swing.title for swing in found]
    value = report.verdict.worth.value.point
    low, high = (
        [min(swing.value_lower, swing.value_upper) for swing in found],
        [max(swing.value_lower, swing.value_upper) for swing in found],
    )
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "base": low,
        "x": [top - bottom for top, bottom in zip(high, low, strict=True)],
        "marker": {"color": frame.ACCENT},
        "text": [_range(swing) for swing in found],
        "textposition": "outside",
        "cliponaxis": False,
        "width": 0.42,
        "customdata": [_spoken(swing, report.currency) for swing in found],
        "hovertemplate": "%{y}: %{customdata}<extra></extra>",
    }
    figure = _rows(bars, names, report.currency)
    figure["layout"]["shapes"].append(frame.upright("", frame.INK) | {"x0": value, "x1": value})
    title = words.sensitivity(report)
    subtitle = f"{report.currency} worth today when one assumption moves through its range; upright line: as it is"
    return Picture(
        title,
        subtitle,
        figure,
        f"{title}. " + "; ".join(f"{swing.title}: {_spoken(swing, report.currency)}" for swing in found),
    )


def _range(swing: Swing) -> str:
    return f"{words.setting(swing, swing.lower)} to {words.setting(swing, swing.upper)}"


def _spoken(swing: Swing, currency: str) -> str:
    ends = ((swing.lower, swing.value_lower), (swing.upper, swing.value_upper))
    return ", ".join(f"{money(value, currency)} at {words.setting(swing, at)}" for at, value in ends)
