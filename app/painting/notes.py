"""Words and lines laid over a painted picture: names at line ends, marks, frames."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.transforms import Transform, blended_transform_factory

from app.painting.axes import Scale
from app.painting.theme import INK, font, rgba

POINTS_PER_PIXEL = 0.75
SIZE = 9.7  # points for the 12 pixels of a usual note
_SIDES = {"left": "left", "right": "right", "center": "center", "auto": "center"}
_ENDS = {"top": "top", "bottom": "bottom", "middle": "center", "auto": "center"}


def annotate(whole: Axes, ax: Axes, note: dict[str, Any], scales: tuple[Scale, Scale]) -> None:
    """Write a note; `whole` is the whole plotting area, which "paper" means, `ax` the panel the note belongs to."""
    text = str(note["text"])
    bold = text.startswith("<b>")
    plain = unescape(re.sub(r"<[^>]+>", "", re.sub(r"<br\s*/?>", "\n", text)))
    x, y, place = _place(whole, ax, note, scales, ("x", "y"))
    shown = note.get("font", {})
    ax.annotate(
        plain,
        (x, y),
        (note.get("xshift", 0) * POINTS_PER_PIXEL, note.get("yshift", 0) * POINTS_PER_PIXEL),
        xycoords=place,
        textcoords="offset points",
        ha=_SIDES[note.get("xanchor", "center")],
        va=_ENDS[note.get("yanchor", "middle")],
        fontproperties=font(bold),
        fontsize=shown.get("size", 12) * SIZE / 12,
        color=rgba(shown.get("color", INK)),
        annotation_clip=False,
        zorder=5,
    )


def shape(whole: Axes, ax: Axes, drawn: dict[str, Any], scales: tuple[Scale, Scale]) -> None:
    """Draw a line or a frame."""
    x0, y0, place = _place(whole, ax, drawn, scales, ("x0", "y0"))
    x1, y1, _ = _place(whole, ax, drawn, scales, ("x1", "y1"))
    line = drawn.get("line", {})
    colour, width = rgba(line.get("color", INK), drawn.get("opacity", 1.0)), line.get("width", 1) * 0.8
    if drawn["type"] == "line":
        dash = {"dot": ":", "dash": "--"}.get(line.get("dash", ""), "-")
        ax.plot([x0, x1], [y0, y1], transform=place, color=colour, linewidth=width, linestyle=dash, zorder=2,
                clip_on=False, scalex=False, scaley=False)  # fmt: skip
        return
    filled = rgba(drawn["fillcolor"], drawn.get("opacity", 1.0)) if "fillcolor" in drawn else "none"
    edge = colour if line.get("width", 1) else "none"
    ax.add_patch(Rectangle((min(x0, x1), min(y0, y1)), abs(x1 - x0), abs(y1 - y0), transform=place, facecolor=filled,
                           edgecolor=edge, linewidth=width, zorder=1.2 if "fillcolor" in drawn else 4))  # fmt: skip


def _place(
    whole: Axes, ax: Axes, item: dict[str, Any], scales: tuple[Scale, Scale], names: tuple[str, str]
) -> tuple[float, float, Transform]:
    paper = [item.get(f"{way}ref", "") == "paper" for way in ("x", "y")]
    values = [
        float(item[name]) if on_paper else scale.number(item[name])
        for name, on_paper, scale in zip(names, paper, scales, strict=True)
    ]
    ways = [whole.transAxes if on_paper else ax.transData for on_paper in paper]
    return values[0], values[1], blended_transform_factory(ways[0], ways[1])
