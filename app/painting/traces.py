"""Lines, bands, dots, bars and tiles of a painted picture."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from numpy.typing import NDArray

from app.painting.axes import Scale
from app.painting.theme import INK, Rgba, font, rgba

Array = NDArray[np.float64]
DASHES = {"solid": "-", "dash": (0, (5, 3)), "dot": (0, (1.5, 2)), "dashdot": "-."}
TEXT = 9.7
USUAL_BAR = 0.75


def draw(ax: Axes, trace: dict[str, Any], scales: tuple[Scale, Scale], piles: dict[str, Array]) -> None:
    """Draw one trace; `piles` are how high the bars already are, by direction."""
    if trace["type"] == "bar":
        _bar(ax, trace, scales, piles)
    elif trace["type"] == "heatmap":
        _tiles(ax, trace, scales)
    else:
        _scatter(ax, trace, scales)


def _scatter(ax: Axes, trace: dict[str, Any], scales: tuple[Scale, Scale]) -> None:
    x, y = scales[0].numbers(trace["x"]), scales[1].numbers(trace["y"])
    opacity, line, mode = trace.get("opacity", 1.0), trace.get("line", {}), trace.get("mode", "lines")
    if trace.get("fill") == "toself":
        ax.fill(x, y, color=rgba(trace.get("fillcolor", INK), opacity), linewidth=0, zorder=1.8)
        return
    if trace.get("fill") == "tozeroy":
        ax.fill_between(x, 0, y, color=rgba(trace.get("fillcolor", line.get("color", INK)), opacity), linewidth=0)
    if "lines" in mode and line.get("width", 2):
        ax.plot(
            x, y, color=rgba(line.get("color", INK), opacity), linewidth=line.get("width", 2) * 0.8,
            linestyle=DASHES.get(line.get("dash", "solid"), "-"), label=trace.get("name", "_"), zorder=2.5,
        )  # fmt: skip
    if "markers" in mode:
        _dots(ax, trace, x, y)


def _dots(ax: Axes, trace: dict[str, Any], x: Array, y: Array) -> None:
    marker, opacity = trace.get("marker", {}), trace.get("opacity", 1.0)
    given = marker.get("color", trace.get("line", {}).get("color", INK))
    colours = _each(given, len(x), opacity)
    for way in ("x", "y"):
        if error := trace.get(f"error_{way}"):
            ends = np.array([error.get("arrayminus", error["array"]), error["array"]], float)
            ax.errorbar(
                x, y, fmt="none", ecolor=rgba(error.get("color", INK)), elinewidth=error.get("thickness", 2) * 0.8,
                zorder=2.6, **{f"{way}err": np.maximum(ends, 0)},
            )  # fmt: skip
    hollow = "open" in str(marker.get("symbol", ""))
    sizes = np.broadcast_to(np.asarray(marker.get("size", 6), float), x.shape) ** 2 * 0.6
    name = "_" if "lines" in trace.get("mode", "") else trace.get("name", "_")
    ax.scatter(x, y, s=sizes, c="none" if hollow else colours, edgecolors=colours, linewidths=1.2 if hollow else 0,
               zorder=3, clip_on=False, label=name)  # fmt: skip


def _each(colour: str | list[str], count: int, opacity: float) -> list[Rgba]:
    """Return a colour for each point."""
    return [rgba(one, opacity) for one in (colour if isinstance(colour, list) else [colour] * count)]


def _bar(ax: Axes, trace: dict[str, Any], scales: tuple[Scale, Scale], piles: dict[str, Array]) -> None:
    lying = trace.get("orientation") == "h"
    along, across = ("y", "x") if lying else ("x", "y")
    place = scales[1 if lying else 0].numbers(trace[along])
    length = scales[0 if lying else 1].numbers(trace[across])
    start = np.asarray(trace["base"], float) if "base" in trace else _piled(length, place, piles)
    given = trace.get("marker", {}).get("color", INK)
    colours = [
        rgba(each, trace.get("opacity", 1.0)) for each in (given if isinstance(given, list) else [given] * len(place))
    ]
    step = float(np.min(np.diff(np.unique(place)))) if len(np.unique(place)) > 1 else 1.0
    wide = trace.get("width", USUAL_BAR * step)
    draw_bars = ax.barh if lying else ax.bar
    draw_bars(place, length, wide, start, color=colours, zorder=2.2, label=trace.get("name", "_"))
    if lying and trace.get("textposition") == "outside":
        for at, first, long, text in zip(place, start, length, trace.get("text", []), strict=False):
            end = max(first, first + long)
            ax.annotate(text, (end, at), (6, 0), textcoords="offset points", va="center", ha="left",
                        fontproperties=font(), fontsize=TEXT, color=INK, annotation_clip=False)  # fmt: skip


def _piled(length: Array, place: Array, piles: dict[str, Array]) -> Array:
    """Stack bars on what is there already, upwards and downwards apart."""
    up, down = (piles.setdefault(name, np.zeros(len(place))) for name in ("up", "down"))
    known = np.nan_to_num(length)
    start = np.where(known >= 0, up, down)
    piles["up"], piles["down"] = up + np.maximum(known, 0), down + np.minimum(known, 0)
    return np.asarray(start)


def _tiles(ax: Axes, trace: dict[str, Any], scales: tuple[Scale, Scale]) -> None:
    values = np.array([[np.nan if cell is None else cell for cell in row] for row in trace["z"]], float)
    x, y = scales[0].numbers(trace["x"]), scales[1].numbers(trace["y"])
    low, high = (rgba(colour) for _, colour in (trace["colorscale"][0], trace["colorscale"][-1]))
    least, most = trace.get("zmin", np.nanmin(values)), trace.get("zmax", np.nanmax(values))
    ax.pcolormesh(
        _edges(x), _edges(y), values, cmap=LinearSegmentedColormap.from_list("scale", [low, high]), vmin=least,
        vmax=most if most > least else least + 1, edgecolors="white", linewidth=trace.get("xgap", 1), zorder=1,
    )  # fmt: skip


def _edges(centres: Array) -> Array:
    if len(centres) == 1:
        return np.array([centres[0] - 0.5, centres[0] + 0.5])
    middle = (centres[1:] + centres[:-1]) / 2
    return np.concatenate([[2 * centres[0] - middle[0]], middle, [2 * centres[-1] - middle[-1]]])
