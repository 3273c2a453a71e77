"""Colours and type of painted pictures: the light theme, on paper."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from matplotlib import colors, font_manager

FONTS = Path(__file__).resolve().parents[1] / "fonts"
REGULAR, BOLD = FONTS / "SourceSans3-Regular.ttf", FONTS / "SourceSans3-Semibold.ttf"
# What the browser takes for the stand-ins of `app.charts.frame`, in the light theme of .streamlit/config.toml.
CATEGORIES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#6B7280", "#F0E442")
STAND_INS = {f"#00000{place + 1}": colour for place, colour in enumerate(CATEGORIES)} | {"#000036": "#1b2430"}
INK, SOFT, GRID = "#1b2430", "#5b6470", "#e3e6ea"
Rgba = tuple[float, float, float, float]
_RGBA = re.compile(r"rgba\(\s*(\d+),\s*(\d+),\s*(\d+),\s*([\d.]+)\)")


@cache
def font(bold: bool = False) -> font_manager.FontProperties:
    """Return the typeface; a letter it lacks is taken from matplotlib's own."""
    for path in (REGULAR, BOLD):
        font_manager.fontManager.addfont(path)
    return font_manager.FontProperties(
        family=["Source Sans 3", "DejaVu Sans"], weight="semibold" if bold else "regular"
    )


def rgba(colour: str, opacity: float = 1.0) -> Rgba:
    """Return a colour of a figure, stand-ins replaced."""
    if found := _RGBA.match(colour):
        red, green, blue = (int(found[part]) / 255 for part in (1, 2, 3))
        return red, green, blue, float(found[4]) * opacity
    return colors.to_rgba(STAND_INS.get(colour, colour), opacity)
