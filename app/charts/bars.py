"""What is freed by file type, as bars of plain HTML: a third Plotly figure costs more than the rest of a move."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.text import findings
from app.text.levers import TYPE_TITLES
from app.text.numbers import in_unit, significant, unit_of

if TYPE_CHECKING:
    from forecast_core import Answer

# Okabe-Ito order; each has at least 3:1 on the light and on the dark ground, so a type keeps one colour everywhere.
COLOURS = {
    "pdf": "#0072B2",
    "docx": "#D55E00",
    "xlsx": "#009E73",
    "pptx": "#B5568B",
    "images": "#A97B00",
    "video": "#2E86C1",
    "other": "#6B7280",
}


@dataclass(frozen=True)
class Bar:
    """One type: `width` and the mark `before` are shares (0–1) of the longest; `before` is None if nothing moved."""

    title: str
    words: str
    colour: str
    width: float
    before: float | None


@dataclass(frozen=True)
class Bars:
    """The bars and their words, as in `Picture`."""

    title: str
    subtitle: str
    bars: tuple[Bar, ...]


def by_type(answer: Answer) -> Bars | None:
    """Return the bars over the horizon, None where nothing is known by type."""
    if not answer.by_type:
        return None
    totals = {part.file_type: float(part.scenario_gb.sum()) for part in answer.by_type}
    before = {part.file_type: float(part.baseline_gb.sum()) for part in answer.by_type}
    longest = max(*totals.values(), *before.values()) or 1.0
    unit = unit_of(*totals.values())
    bars = tuple(
        Bar(
            title=TYPE_TITLES[name],
            words=f"{significant(in_unit(total, unit))} {unit}",
            colour=COLOURS[name],
            width=total / longest,
            before=before[name] / longest if answer.moved else None,
        )
        for name, total in totals.items()
    )
    mark = "; upright mark: as today" if answer.moved else ""
    return Bars(findings.by_type(answer), f"Freed {findings.over(answer)}{mark}", bars)
