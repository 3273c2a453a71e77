"""What all pictures share: colours, axes, bands, lines and labels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.text.locale import ENGLISH, SYMBOLS, WIDE, current

Array = NDArray[np.float64]
Figure = dict[str, Any]

# Stand-ins that the browser replaces by the colours of the theme in force, also when the user switches it: the
# categorical colours of .streamlit/config.toml in their order, then the theme's own text colour.
LATER = "#000004"
ACCENT, MISSED, GREY, INK = "#000001", "#000002", "#000007", "#000036"
BAND_OPACITY = 0.18
# The change: between a line and the one drawn before it, the accent at 14 %. Its own trace would cost at every redraw.
SHADED = {"fill": "tonexty", "fillcolor": f"{ACCENT}24"}
CONFIG = {"displayModeBar": False}
GAP = 0.07
MONEY_LEFT = 62  # pixels: room for −$90,000
# Plotly measures every tick label to turn or hide it, a sixth of a redraw; these are short enough to stay.
UNMEASURED = {"tickangle": 0, "ticklabeloverflow": "allow"}


@dataclass(frozen=True, eq=False)
class Picture:
    """A figure and its words: `title` the finding, `subtitle` quantity and unit, `alt` what a listener hears."""

    title: str
    subtitle: str
    figure: Figure
    alt: str


def days(months: NDArray[np.datetime64]) -> list[str]:
    """Return months as Plotly reads them: the first day."""
    return [f"{month}-01" for month in np.datetime_as_string(months, unit="M")]


def plain(values: Array, factor: float = 1.0) -> list[float | None]:
    """Return numbers as JSON carries them, five significant digits, None where unknown."""
    # plain numbers first: a number of numpy costs three times as much, thousands of times a second while a lever moves
    scaled = (np.asarray(values, float) * factor).tolist()
    return [float(f"{value:.5g}") if math.isfinite(value) else None for value in scaled]


def plain_list(values: Sequence[float]) -> list[float | None]:
    """Return numbers as JSON carries them."""
    return plain(np.asarray(values, float))


def band(x: Sequence[str], lower: Array, upper: Array, axis: str = "", opacity: float = BAND_OPACITY) -> dict[str, Any]:
    """Return the area between two lines as one closed shape without hover, over the months that are known."""
    known = np.isfinite(lower) & np.isfinite(upper)
    x, lower, upper = [when for when, is_known in zip(x, known, strict=True) if is_known], lower[known], upper[known]
    return {
        "type": "scatter",
        "x": [*x, *reversed(x)],
        "y": [*plain(upper), *reversed(plain(lower))],
        "fill": "toself",
        "fillcolor": ACCENT,
        "opacity": BAND_OPACITY,
        "line": {"width": 0},
        "mode": "lines",
        "hoverinfo": "skip",
        "yaxis": f"y{axis}",
    }


def line(x: Sequence[str], y: Array, name: str, colour: str, **style: Any) -> dict[str, Any]:
    """Return a line with hover; `dash`, `axis`, `width` and the hover `form` may be given."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(x),
        "y": plain(y),
        "name": name,
        "yaxis": f"y{style.get('axis', '')}",
        "line": {"color": colour, "width": style.get("width", 2.5), "dash": style.get("dash", "solid")},
        "hovertemplate": style.get("form", "%{y:,.3~r}"),
    }


def dots(x: Sequence[str], y: Array, name: str, colour: str, **style: Any) -> dict[str, Any]:
    """Return measured months as dots with hover."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": list(x),
        "y": plain(y),
        "name": name,
        "yaxis": f"y{style.get('axis', '')}",
        "marker": {"color": colour, "size": 5},
        "cliponaxis": False,
        "hovertemplate": style.get("form", "%{y:,.3~r}"),
    }


def end_label(x: str, y: float, text: str, colour: str, **place: Any) -> dict[str, Any]:
    """Return the name of a line at its end; `axis` and `shift` (pixels upwards) may be given."""
    return {
        "x": x,
        "y": float(f"{y:.5g}"),
        "yref": f"y{place.get('axis', '')}",
        "text": text,
        "showarrow": False,
        "xanchor": "left",
        "xshift": 6,
        "yshift": place.get("shift", 0),
        "font": {"color": colour, "size": 13},
    }


def upright(x: str, colour: str) -> dict[str, Any]:
    """Return a thin upright line over the whole height."""
    return {"type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper", "line": {"color": colour, "width": 1}}


def note(x: str, text: str, colour: str, y: float = 1.0) -> dict[str, Any]:
    """Return a short text at the top of an upright line."""
    return {
        "x": x,
        "y": y,
        "yref": "paper",
        "yanchor": "bottom",
        "text": text,
        "showarrow": False,
        "font": {"color": colour, "size": 12},
    }


def layout(height: int, right: int = 76) -> dict[str, Any]:
    """Return the layout every picture starts from: fixed height and margins, light grid, no legend."""
    return {
        "template": {},
        "height": height,
        "margin": {"l": 48, "r": right, "t": 22, "b": 40, "pad": 4},
        "showlegend": False,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "hovermode": "x unified",
        "dragmode": False,
        "xaxis": {
            "type": "date",
            "showgrid": False,
            "tickformat": "%b\n%Y",
            "hoverformat": "%b %Y",
            "nticks": 7,
            "automargin": False,
            "fixedrange": True,
            **UNMEASURED,
        },
        "yaxis": volume_axis(),
        "annotations": [],
        "shapes": [],
        **_separators(),
    }


def _separators() -> dict[str, str]:
    """Return point and groups of the reader, where they are not Plotly's own."""
    return {} if current() is ENGLISH else {"separators": current().separators}


def money_axis(currency: str) -> dict[str, str]:
    """Return where the mark of a currency stands at the numbers of an axis; Plotly's own dollar goes after a minus."""
    if current().mark_after:
        return {"ticksuffix": f"{WIDE}{SYMBOLS.get(currency, currency)}"}
    return {"tickformat": "$,~r"} if currency == "USD" else {"tickprefix": SYMBOLS.get(currency, "")}


def money_hover(currency: str, form: str, way: str = "y") -> str:
    """Return the text of a hover with the mark of a currency at its place."""
    axis = money_axis(currency)
    dollar = "$" if "tickformat" in axis else ""
    return f"{axis.get('tickprefix', '')}%{{{way}:{dollar}{form}}}{axis.get('ticksuffix', '')}"


def ranged(figure: Figure, first: str, last: str) -> None:
    """Fix the months shown; otherwise Plotly makes room for labels that hang over the right edge."""
    figure["layout"]["xaxis"]["range"] = [first, last]


def volume_axis(**more: Any) -> dict[str, Any]:
    """Return an axis that starts at zero."""
    return {
        "rangemode": "tozero",
        "zeroline": False,
        "nticks": 5,
        "tickformat": ",~r",
        "fixedrange": True,
        "automargin": False,
        **UNMEASURED,
        **more,
    }


class Panel:
    """One of the pictures stacked in a figure: its axis, its part of the height, its name above it."""

    def __init__(self, index: int, of: int, name: str) -> None:
        self.axis = "" if index == 0 else str(index + 1)
        self.name = name
        height = 1 / of - (GAP if of > 1 else 0)
        top = 1 - index * (1 / of + (GAP / max(of - 1, 1) if of > 1 else 0))
        self.domain = [max(top - height, 0.0), top]

    def place(self, figure: Figure) -> None:
        """Give the figure this panel's axis and name."""
        figure["layout"][f"yaxis{self.axis}"] = volume_axis(domain=self.domain)
        figure["layout"]["xaxis"]["anchor"] = f"y{self.axis}"
        figure["layout"]["annotations"].append(
            {
                "x": 0,
                "xref": "paper",
                "xanchor": "left",
                "y": self.domain[1],
                "yref": "paper",
                "yanchor": "bottom",
                "text": f"<b>{self.name}</b>",
                "showarrow": False,
            }
        )
