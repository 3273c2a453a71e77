"""Small curves drawn as SVG: how an effect fades and what the backlog does; light enough to follow every move."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.text import findings

if TYPE_CHECKING:
    from app.charts.frame import Array
    from forecast_core import Answer

WIDTH, HEIGHT, EDGE = 200.0, 44.0, 2.0
# An image does not see the theme: this blue keeps 3:1 against both grounds.
INK = "#3b82c4"


@dataclass(frozen=True)
class Curve:
    """A small curve and what it shows in words."""

    svg: str
    words: str


def fading(answer: Answer) -> list[Curve]:
    """Return the effect of another frequency over the months, where it was moved, and the backlog."""
    found = []
    if "archive_frequency_per_day" in answer.moved:
        found.append(Curve(svg(answer.frequency_effect_ratio), findings.effect(answer)))
    if words := findings.backlog(answer):
        base = answer.baseline_backlog_files if answer.moved else None
        found.append(Curve(svg(answer.backlog_files, base), words))
    return found


def svg(values: Array, base: Array | None = None) -> str:
    """Return one line, and a dashed one to compare with; the scale includes zero."""
    both = values if base is None else np.concatenate([values, base])
    low, high = min(float(both.min()), 0.0), max(float(both.max()), 0.0)
    height = (high - low) or 1.0
    zero = HEIGHT - EDGE - (0 - low) / height * (HEIGHT - 2 * EDGE)
    lines = f'<line x1="0" x2="{WIDTH:g}" y1="{zero:.1f}" y2="{zero:.1f}" stroke="{INK}" stroke-opacity="0.3"/>'
    if base is not None:
        lines += _line(base, low, height, 'stroke-opacity="0.6" stroke-dasharray="4 3" stroke-width="1.5"')
    lines += _line(values, low, height, 'stroke-width="2"')
    box = f'viewBox="0 0 {WIDTH:g} {HEIGHT:g}" preserveAspectRatio="none"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{lines}</svg>'


def _line(values: Array, low: float, height: float, style: str) -> str:
    x = np.linspace(0, WIDTH, len(values)) if len(values) > 1 else np.array([WIDTH / 2])
    y = HEIGHT - EDGE - (values - low) / height * (HEIGHT - 2 * EDGE)
    points = " ".join(f"{left:.1f},{top:.1f}" for left, top in zip(x, y, strict=True))
    return f'<polyline points="{points}" fill="none" stroke="{INK}" {style} vector-effect="non-scaling-stroke"/>'
