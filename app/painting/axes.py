"""Axes of a painted picture: months, categories or numbers, as the figure says."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from app.painting.theme import GRID, INK, SOFT, font
from app.text.locale import digits
from app.text.numbers import month

Array = NDArray[np.float64]
TICK = 9.7
MOST_MONTHS_SHOWN = 7
STEPS = (1, 2, 3, 4, 6, 12, 24, 36, 60, 120)


class Scale:
    """Turns values of one axis into numbers; the first trace decides what an axis without a type holds."""

    def __init__(self, axis: dict[str, Any], values: Sequence[Any]) -> None:
        given = axis.get("type")
        texts = any(isinstance(value, str) for value in values)
        self.kind = given or ("category" if texts else "linear")
        self.categories = list(dict.fromkeys(map(str, values))) if self.kind == "category" else []

    def numbers(self, values: Sequence[Any]) -> Array:
        """Return the numbers of values, NaN where there is none."""
        return np.array([self.number(value) for value in values], float)

    def number(self, value: Any) -> float:
        """Return the number of a value."""
        if value is None:
            return math.nan
        if self.kind == "date" and isinstance(value, str):
            return float(np.datetime64(value, "D").astype(int))
        if self.kind == "category" and str(value) in self.categories:
            return float(self.categories.index(str(value)))
        return float(value)


def dress(ax: Axes, way: str, axis: dict[str, Any], scale: Scale) -> None:
    """Give an axis its range, ticks, grid and title; `way` is x or y."""
    target = ax.xaxis if way == "x" else ax.yaxis
    _ranged(ax, way, axis, scale)
    if axis.get("showgrid", True):
        ax.grid(True, axis="x" if way == "x" else "y", color=GRID, linewidth=0.8, zorder=0)
    _ticks(target, axis, scale)
    if not axis.get("showticklabels", True):
        target.set_tick_params(labelbottom=False, labelleft=False)
    target.set_tick_params(length=0, labelsize=TICK, labelcolor=SOFT, pad=5)
    for label in target.get_ticklabels():
        label.set_fontproperties(font())
        label.set_fontsize(TICK)
    title = axis.get("title")
    if title:
        text = title["text"] if isinstance(title, dict) else title
        setter = ax.set_xlabel if way == "x" else ax.set_ylabel
        setter(text, fontproperties=font(), fontsize=TICK + 1, color=SOFT, labelpad=6)
    if axis.get("zeroline") and scale.kind == "linear":
        line = ax.axvline if way == "x" else ax.axhline
        line(0, color=INK, linewidth=axis.get("zerolinewidth", 1), zorder=1.5)


def _ranged(ax: Axes, way: str, axis: dict[str, Any], scale: Scale) -> None:
    setter, getter = (ax.set_xlim, ax.get_xlim) if way == "x" else (ax.set_ylim, ax.get_ylim)
    if "range" in axis:
        low, high = (scale.number(end) for end in axis["range"])
        setter(low, high)
        return
    low, high = sorted(getter())
    if axis.get("rangemode") == "tozero" and scale.kind == "linear":
        low, high = min(low, 0.0), max(high, 0.0)
    if axis.get("autorange") == "reversed":
        low, high = high, low
    setter(low, high)


def _ticks(target: Any, axis: dict[str, Any], scale: Scale) -> None:
    if "tickvals" in axis:
        places = [scale.number(value) for value in axis["tickvals"]]
        target.set_major_locator(FixedLocator(places))
        texts = axis.get("ticktext") or [str(value) for value in axis["tickvals"]]
        target.set_ticklabels(list(texts))
    elif scale.kind == "date":
        places = _months(*target.get_view_interval())
        target.set_major_locator(FixedLocator(places))
        target.set_ticklabels(_month_texts(places))
    elif scale.kind == "category":
        target.set_major_locator(FixedLocator(list(range(len(scale.categories)))))
        target.set_ticklabels(scale.categories)
    else:
        before, after, percent = marks(axis)
        target.set_major_locator(MaxNLocator(nbins=max(int(axis.get("nticks", 6)), 3)))
        target.set_major_formatter(FuncFormatter(lambda value, _: tick(value, before, after, percent=percent)))


def marks(axis: dict[str, Any]) -> tuple[str, str, bool]:
    """Return what stands before and after the numbers of an axis, and whether they are shares."""
    written = str(axis.get("tickformat", ""))
    before = axis.get("tickprefix", "") or ("$" if written.startswith("$") else "")
    return before, axis.get("ticksuffix", "").strip(" "), "%" in written


def tick(value: float, before: str = "", after: str = "", *, percent: bool = False) -> str:
    """Return the text of a tick: at most three digits that count, the sign before the mark of a currency."""
    shown = value * 100 if percent else value
    if abs(shown) < 1e-12:
        text = "0"
    else:
        decimals = max(0, 2 - math.floor(math.log10(abs(shown))))
        text = f"{abs(shown):,.{min(decimals, 6)}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    sign, text = "−" if shown < 0 and text != "0" else "", digits(text)
    return f"{sign}{before}{text}{'%' if percent else ''}{after}"


def _months(low: float, high: float) -> list[float]:
    first, last = (np.datetime64(int(end), "D").astype("datetime64[M]") for end in sorted((low, high)))
    every = np.arange(first + 1, last + 1)
    step = next((step for step in STEPS if len(every) / step <= MOST_MONTHS_SHOWN), STEPS[-1])
    shown = [each for each in every if int(each.astype(int)) % step == 0]
    return [float(each.astype("datetime64[D]").astype(int)) for each in shown]


def _month_texts(places: Sequence[float]) -> list[str]:
    """Name months, and the year where it begins."""
    texts, before = [], ""
    for place in places:
        name, _, year = month(np.datetime64(int(place), "D")).partition(" ")
        texts.append(f"{name}\n{year if year != before else ''}")
        before = year
    return texts
