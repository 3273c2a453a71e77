"""The pictures of what is in a data set."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from app.charts import frame
from app.charts.bars import COLOURS
from app.charts.frame import Picture
from app.text import profile as words
from app.text.levers import TYPE_TITLES
from app.text.numbers import count, in_unit, unit_of, volume

if TYPE_CHECKING:
    from forecast_core import Profile, Slice

HEIGHT, ROW_HEIGHT, LEAST_HEIGHT = 260, 24, 150
COLD_MONTHS = 12


def ages(profile: Profile) -> Picture:
    """Return GB by age, what is older than a year in the accent."""
    return _by_time(words.age(profile), profile.by_age, "time since the last change")


def activity(parts: tuple[Slice, ...]) -> Picture:
    """Return GB of sites by how long nobody was active there, what is quiet for a year in the accent."""
    return _by_time(words.quiet(parts), parts, "time since anybody was active on the site")


def _by_time(title: str, parts: tuple[Slice, ...], what: str) -> Picture:
    following = [*(part.start for part in parts[1:]), None]
    names = [words.band(part.start, after) for part, after in zip(parts, following, strict=True)]
    colours = [frame.ACCENT if part.start >= COLD_MONTHS else frame.GREY for part in parts]
    unit = unit_of(*(part.gb for part in parts))
    return Picture(title, f"{unit} by {what}", _bars(names, parts, unit, colours), f"{title}.")


def sizes(profile: Profile) -> Picture:
    """Return files and GB by size, one above the other."""
    parts = profile.by_size
    names = [words.size(part.start) for part in parts]
    unit, title = unit_of(*(part.gb for part in parts)), words.sizes(profile)
    hover = [
        f"from {name}: {count(part.files)} files, {volume(part.gb)}" for name, part in zip(names, parts, strict=True)
    ]
    panels = [frame.Panel(0, 2, "files"), frame.Panel(1, 2, unit)]
    amounts = [[part.files for part in parts], [in_unit(part.gb, unit) for part in parts]]
    figure: frame.Figure = {
        "data": [
            _column(names, values, colour) | {"yaxis": f"y{panel.axis}", "text": hover, **_SAID}
            for panel, values, colour in zip(panels, amounts, (frame.GREY, frame.ACCENT), strict=True)
        ],
        "layout": frame.layout(HEIGHT + 40, right=12),
    }
    figure["layout"] |= {"hovermode": "closest", "xaxis": _names(names, every=max(len(names) // 5, 1))}
    for panel in panels:
        panel.place(figure)
    return Picture(title, f"files and {unit} by size, in powers of two", figure, f"{title}.")


def types(profile: Profile) -> Picture:
    """Return the mix of types as lying bars, each type in its colour."""
    parts = profile.by_type
    by_files = any(math.isnan(part.gb) for part in parts)
    unit = "files" if by_files else unit_of(*(part.gb for part in parts))
    values = [part.files if by_files else in_unit(part.gb, unit) for part in parts]
    hover = [f"{count(part.files)} files" + ("" if by_files else f", {volume(part.gb)}") for part in parts]
    names = [TYPE_TITLES.get(part.name, part.name) for part in parts]
    colours = [COLOURS.get(part.name, COLOURS["other"]) for part in parts]
    figure: frame.Figure = {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "x": frame.plain_list(values),
                "y": names,
                "marker": {"color": colours},
                "text": hover,
                **_SAID,
            }
        ],
        "layout": frame.layout(HEIGHT, right=24),
    }
    side = {"fixedrange": True, "showgrid": False, "autorange": "reversed", "ticksuffix": "  "}
    figure["layout"] |= {"hovermode": "closest", "yaxis": side, "xaxis": frame.volume_axis()}
    figure["layout"]["margin"] |= {"l": 84}
    title = words.types(profile)
    when = ", each scope at its last month" if by_files else ""
    return Picture(title, f"{unit} by type{when}", figure, f"{title}.")


def calendar(profile: Profile) -> Picture:
    """Return scope by month: the deeper the more, and hatched by a cross where a month is missing."""
    depth = np.sqrt(np.nan_to_num(profile.calendar) / max(float(np.nanmax(profile.calendar, initial=0)), 1e-12))
    missing = np.isnan(profile.calendar)
    months, names = frame.days(profile.months), [_short(name) for name in profile.scopes]
    said = [
        [f"{name}: " + ("no row" if lacks else volume(float(gb))) for lacks, gb in zip(lack, row, strict=True)]
        for name, lack, row in zip(profile.scopes, missing, profile.calendar, strict=True)
    ]
    gaps = [(months[column], names[row]) for row, column in np.argwhere(missing)]
    figure: frame.Figure = {
        "data": [
            {
                "type": "heatmap",
                "x": months,
                "y": names,
                "z": [frame.plain(row) for row in np.where(missing, np.nan, 0.08 + 0.92 * depth)],
                "zmin": 0,
                "zmax": 1,
                "colorscale": [[0, "rgba(40, 145, 206, 0)"], [1, frame.ACCENT]],
                "showscale": False,
                "xgap": 1,
                "ygap": 2,
                "text": said,
                **_SAID,
            },
            {
                "type": "scatter",
                "mode": "markers",
                "x": [month for month, _ in gaps],
                "y": [name for _, name in gaps],
                "marker": {"symbol": "x-thin-open", "size": 7, "color": frame.MISSED},
                "hoverinfo": "skip",
            },
        ],
        "layout": frame.layout(max(LEAST_HEIGHT, 70 + ROW_HEIGHT * len(names)), right=12),
    }
    side = {"fixedrange": True, "showgrid": False, "autorange": "reversed", "ticksuffix": "  ", "type": "category"}
    figure["layout"] |= {"hovermode": "closest", "yaxis": side}
    figure["layout"]["margin"] |= {"l": 130}
    title = words.calendar(profile)
    below = "volume by scope and month of the last change" if profile.is_inventory else "archived per month; × no row"
    return Picture(title, f"{below}; the deeper the more", figure, f"{title}.")


_SAID = {"hoverinfo": "text", "hovertemplate": "%{text}<extra></extra>", "textposition": "none"}


def _bars(names: list[str], parts: tuple[Slice, ...], unit: str, colours: list[str]) -> frame.Figure:
    hover = [f"{name}: {count(part.files)} files, {volume(part.gb)}" for name, part in zip(names, parts, strict=True)]
    column = _column(names, [in_unit(part.gb, unit) for part in parts], "") | {"text": hover, **_SAID}
    figure: frame.Figure = {
        "data": [column | {"marker": {"color": colours}}],
        "layout": frame.layout(HEIGHT, right=12),
    }
    figure["layout"] |= {"hovermode": "closest", "xaxis": _names(names)}
    return figure


def _column(names: list[str], values: list[float], colour: str) -> dict[str, Any]:
    return {"type": "bar", "x": names, "y": frame.plain_list(values), "marker": {"color": colour}}


def _names(names: list[str], every: int = 1) -> dict[str, Any]:
    return {"type": "category", "fixedrange": True, "showgrid": False, "tickvals": names[::every], **frame.UNMEASURED}


def _short(name: str) -> str:
    return name if len(name) <= 18 else f"…{name[-17:]}"
