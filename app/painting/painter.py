"""A whole picture on paper: title, figure, where the numbers come from."""

from __future__ import annotations

import io
import logging
import textwrap
import threading
from dataclasses import dataclass
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas

from app.charts.frame import Figure, Picture
from app.painting.axes import Scale, dress
from app.painting.notes import annotate, shape
from app.painting.theme import INK, SOFT, font
from app.painting.traces import draw

PIXELS = 96  # a pixel of the figure is a pixel of CSS
TITLE, SUBTITLE, FOOT = 15.0, 11.5, 8.5
LINE, BELOW, FOOTER, FOOT_LINE = 26, 22, 20, 14
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # it warns of every weight it has to stretch
_LOCK = threading.Lock()  # matplotlib's fonts and settings are shared by the whole process


@dataclass(frozen=True)
class Paper:
    """How wide the picture is (pixels at 96 a point of CSS), how fine, with its title, and what stands at its foot.

    `height` 0 takes the figure's own.
    """

    width: int = 900
    height: int = 0
    scale: float = 2.0
    titled: bool = True
    foot: str = ""


PLAIN = Paper()


def png(picture: Picture, paper: Paper = PLAIN) -> bytes:
    """Return the picture as PNG."""
    return _painted(picture, paper, "png")


def svg(picture: Picture, paper: Paper = PLAIN) -> bytes:
    """Return the picture as SVG, its letters as outlines: it looks the same everywhere."""
    return _painted(picture, paper, "svg")


def _painted(picture: Picture, paper: Paper, kind: str) -> bytes:
    stream = io.BytesIO()
    plain: Any = {"svg.hashsalt": "archive-forecast", "svg.fonttype": "path", "text.parse_math": False}
    told = {"Title": picture.title} | ({"Date": None, "Description": paper.foot} if kind == "svg" else {})
    with _LOCK, rc_context(plain):
        canvas = _canvas(picture, paper)
        canvas.savefig(stream, format=kind, dpi=PIXELS * paper.scale, metadata=told, facecolor="white")
    return stream.getvalue()


def _canvas(picture: Picture, paper: Paper) -> Canvas:
    figure = picture.figure
    margin = {"l": 48, "r": 76, "t": 22, "b": 40, **figure["layout"].get("margin", {})}
    title = textwrap.wrap(picture.title, max(int(paper.width / 8.2), 20)) if paper.titled else []
    below = textwrap.wrap(picture.subtitle, max(int(paper.width / 6.0), 20)) if paper.titled else []
    head = LINE * len(title) + BELOW * len(below) + (6 if title else 0)
    said = textwrap.wrap(paper.foot, max(int(paper.width / 4.6), 20))
    foot = FOOTER + FOOT_LINE * (len(said) - 1) if said else 0
    height = paper.height or int(figure["layout"]["height"]) + head + foot
    canvas = Canvas(figsize=(paper.width / PIXELS, height / PIXELS), dpi=PIXELS)
    FigureCanvasAgg(canvas)
    _head(canvas, paper, height, title, below)
    if said:
        canvas.text(12 / paper.width, 7 / height, "\n".join(said), fontproperties=font(), fontsize=FOOT, color=SOFT)
    area = (margin["l"], margin["b"] + foot, paper.width - margin["l"] - margin["r"],
            height - head - foot - margin["t"] - margin["b"])  # fmt: skip
    _plot(canvas, figure, tuple(part / whole for part, whole in zip(area, (paper.width, height) * 2, strict=True)))
    return canvas


def _head(canvas: Canvas, paper: Paper, height: int, title: list[str], below: list[str]) -> None:
    at = height - LINE + 4
    for line in title:
        canvas.text(12 / paper.width, at / height, line, fontproperties=font(True), fontsize=TITLE, color=INK)
        at -= LINE
    for line in below:
        canvas.text(12 / paper.width, (at + 4) / height, line, fontproperties=font(), fontsize=SUBTITLE, color=SOFT)
        at -= BELOW


def _plot(canvas: Canvas, figure: Figure, area: tuple[float, ...]) -> None:
    layout, (left, bottom, width, height) = figure["layout"], area
    whole = canvas.add_axes((left, bottom, width, height), frameon=False, xticks=[], yticks=[])
    names = sorted(name.removeprefix("yaxis") for name in layout if name.startswith("yaxis"))
    scale_x = Scale(layout["xaxis"], [value for trace in figure["data"] for value in trace["x"]])
    panels: dict[str, tuple[Axes, Scale]] = {}
    for name in names:
        low, high = layout[f"yaxis{name}"].get("domain", (0, 1))
        ax = canvas.add_axes((left, bottom + low * height, width, (high - low) * height), frameon=False)
        traces = [trace for trace in figure["data"] if trace.get("yaxis", "y") == f"y{name}"]
        scale_y = Scale(layout[f"yaxis{name}"], [value for trace in traces for value in trace["y"]])
        piles: dict[str, Any] = {}
        for trace in traces:
            draw(ax, trace, (scale_x, scale_y), piles)
        _limits(ax, scale_y)
        panels[name] = (ax, scale_y)
    _dress(layout, panels, scale_x)
    _over(layout, whole, panels, scale_x)
    if layout.get("showlegend"):
        first = panels[names[0]][0]
        first.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=6, frameon=False, prop=font(), handlelength=1.2,
                     borderaxespad=0.2, columnspacing=1.4)  # fmt: skip


def _limits(ax: Axes, scale: Scale) -> None:
    """Leave the room around what was drawn that the browser leaves."""
    bars = bool(ax.patches)
    ax.margins(x=0.03 if bars else 0, y=0.06 if bars else 0.05 if scale.kind == "linear" else 0.02)
    ax.autoscale_view()


def _dress(layout: dict[str, Any], panels: dict[str, tuple[Axes, Scale]], scale_x: Scale) -> None:
    lowest = layout["xaxis"].get("anchor", "y").removeprefix("y")
    for name, (ax, scale_y) in panels.items():
        below = {} if name == lowest or len(panels) == 1 else {"showticklabels": False, "title": None}
        dress(ax, "x", layout["xaxis"] | below, scale_x)
        dress(ax, "y", layout[f"yaxis{name}"], scale_y)


def _over(layout: dict[str, Any], whole: Axes, panels: dict[str, tuple[Axes, Scale]], scale_x: Scale) -> None:
    first = next(iter(panels))
    for drawer, items in ((annotate, layout.get("annotations", [])), (shape, layout.get("shapes", []))):
        for item in items:
            name = str(item.get("yref", "y")).removeprefix("y")
            ax, scale_y = panels.get(name, panels[first])
            drawer(whole, ax, item, (scale_x, scale_y))
