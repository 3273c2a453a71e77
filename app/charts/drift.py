"""The pictures of the Drift page: what came against what was expected, input by input and for the forecast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from app.charts import frame
from app.charts.frame import Array, Picture
from app.text import drift as words
from app.text import drift_findings as findings
from app.text.numbers import in_unit, unit_of

if TYPE_CHECKING:
    from forecast_core import InputPath, WatchView
    from forecast_core.months import Months

PATH_HEIGHT, TRACK_HEIGHT = 320, 320
SHOWN_MONTHS = 30
SHADE_OPACITY = 0.08  # of the months that count as the past: the band before it must stay visible
WIDTH, HEIGHT, EDGE = 220.0, 70.0, 5.0
# An image does not see the theme: these keep 3:1 against both grounds.
HANG = 0.6  # of what was measured and expected: how far a wide band may reach before it is cut
BLUE, DOT, OFF = "#3b82c4", "#7d838c", "#d9622b"


def path(shown: InputPath, title: str) -> Picture:
    """Return one input: measured months, what the past expected of them, its 90 % band."""
    scale, unit = _scale(shown)
    figure: frame.Figure = {"data": [], "layout": frame.layout(PATH_HEIGHT, right=24)}
    x = frame.days(_months(shown))
    figure["data"] = _traces(shown, scale, f"%{{y:,.3~r}} {unit}")
    low, high = (scale * end for end in _room(shown))
    figure["layout"]["yaxis"] = frame.volume_axis(
        rangemode="normal", range=[low, high], tickformat="~s" if high >= 1e5 else ",~r"
    )
    if shown.trained is not None:
        figure["layout"]["shapes"] = [_training(shown.trained, x)]
    if shown.noticed:
        figure["layout"]["shapes"].append(_dotted(x[-1]))
    frame.ranged(figure, x[0], x[-1])
    subtitle = f"{findings.input_name(shown.input.name)}, {unit}, not from zero; {words.expectation(shown)}"
    return Picture(title, subtitle, figure, f"{title}. {subtitle}.")


def _room(shown: InputPath) -> tuple[float, float]:
    """Return the ends of the axis: all that was measured and expected; a band may hang over."""
    known = np.concatenate([each[-SHOWN_MONTHS:] for each in (shown.observed, shown.expected)])
    known = known[np.isfinite(known)]
    low, high = float(known.min()), float(known.max())
    room = max(high - low, 0.02 * abs(high), 1e-9)
    lower, upper = (each[-SHOWN_MONTHS:] for each in (shown.lower, shown.upper))
    lowest = float(np.min(lower[np.isfinite(lower)], initial=low)) - room / 20
    highest = float(np.max(upper[np.isfinite(upper)], initial=high)) + room / 20
    return max(low - HANG * room, lowest), min(high + HANG * room, highest)


def _top(shown: InputPath) -> float:
    return float(np.nanmax(shown.observed))


def _months(shown: InputPath) -> Months:
    return shown.months[-SHOWN_MONTHS:]


def _scale(shown: InputPath) -> tuple[float, str]:
    if shown.input.is_share:
        return 100.0, "%"
    if shown.input.unit == "MB":
        unit = unit_of(_top(shown) / 1024)
        return in_unit(1 / 1024, unit), unit
    return 1.0, shown.input.unit


def _traces(shown: InputPath, scale: float, form: str, axis: str = "") -> list[dict[str, Any]]:
    x = frame.days(_months(shown))
    observed, expected, lower, upper = (
        scale * grid[-SHOWN_MONTHS:] for grid in (shown.observed, shown.expected, shown.lower, shown.upper)
    )
    traces = [
        frame.band(x, lower, upper, axis),
        frame.line(x, expected, "expected", frame.ACCENT, axis=axis, form=form),
        frame.dots(x, observed, "measured", frame.INK, axis=axis, form=form),
    ]
    off = (observed < lower) | (observed > upper)
    if shown.noticed and off.any():
        traces.append(_missed(x, np.where(off, observed, np.nan), "outside", axis, form))
    return traces


def _missed(x: Sequence[str], y: Array, name: str, axis: str, form: str) -> dict[str, Any]:
    ring = {"color": frame.MISSED, "size": 9, "symbol": "circle-open", "line": {"width": 2}}
    return frame.dots(x, y, name, frame.MISSED, axis=axis, form=form) | {"marker": ring}


def _training(trained: np.datetime64, x: Sequence[str]) -> dict[str, Any]:
    """Return the shade over the months that count as the past."""
    last = max(frame.days(np.array([trained]))[0], x[0])
    return {
        "type": "rect",
        "x0": x[0],
        "x1": last,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": {"width": 0},
        "fillcolor": frame.GREY,
        "opacity": SHADE_OPACITY,
        "layer": "below",
    }


def _dotted(x: str) -> dict[str, Any]:
    upright = frame.upright(x, frame.MISSED)
    return upright | {"line": {**upright["line"], "dash": "dot"}}


@dataclass(frozen=True)
class Small:
    """One input in small: a picture that does not see the theme, its name and what it says."""

    svg: str
    name: str
    said: str


def small(shown: Sequence[InputPath]) -> list[Small]:
    """Return every input in small, same design."""
    return [Small(_svg(each), each.input.title, words.small(each)) for each in shown]


def _svg(shown: InputPath) -> str:
    """Return band, expectation and measured months; the scale is the input's own and does not begin at zero."""
    observed, expected, lower, upper = (
        grid[-SHOWN_MONTHS:] for grid in (shown.observed, shown.expected, shown.lower, shown.upper)
    )
    low, high = _room(shown)
    room = (high - low) or 1.0

    def at(values: Array) -> list[tuple[float, float]]:
        step = WIDTH / max(len(values) - 1, 1)
        y = HEIGHT - EDGE - (np.clip(values, low, high) - low) / room * (HEIGHT - 2 * EDGE)
        return [(index * step, float(each)) for index, each in enumerate(y) if np.isfinite(each)]

    band = " ".join(f"{x:.1f},{y:.1f}" for x, y in [*at(upper), *reversed(at(lower))])
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in at(expected))
    off = (observed < lower) | (observed > upper) if shown.noticed else np.zeros(len(observed), bool)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="1.8" fill="{DOT}"/>' for x, y in at(observed))
    rings = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="none" stroke="{OFF}" stroke-width="1.5"/>'
        for x, y in at(np.where(off, observed, np.nan))
    )
    drawn = f'<polygon points="{band}" fill="{BLUE}" fill-opacity="0.25"/>'
    drawn += f'<polyline points="{line}" fill="none" stroke="{BLUE}" stroke-width="1.5"/>{dots}{rings}'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}">{drawn}</svg>'


def track(view: WatchView) -> Picture:
    """Return what was said a month ahead with its range, what came, and the months it missed."""
    found = view.track
    x = frame.days(found.months)
    unit = unit_of(*[float(value) for value in (*found.upper, *found.actual) if np.isfinite(value)])
    scale, form = in_unit(1, unit), f"%{{y:,.3~r}} {unit}"
    figure: frame.Figure = {"layout": frame.layout(TRACK_HEIGHT, right=24)}
    figure["data"] = [
        frame.band(x, scale * found.lower, scale * found.upper),
        frame.line(x, scale * found.said, "we said", frame.ACCENT, form=form),
        frame.dots(x, scale * found.actual, "what came", frame.INK, form=form),
    ]
    if not found.inside.all():
        missed = np.where(found.inside, np.nan, scale * found.actual)
        figure["data"].append(_missed(x, missed, "outside the range", "", form))
    frozen = int(found.frozen.sum())
    told = f"{frozen} of them frozen then" if frozen else "none was frozen then: what the model would have said"
    title = words.track(found)
    subtitle = f"{unit} archived per month, said one month ahead; range: about 4 in 5 months; {told}"
    return Picture(title, subtitle, figure, f"{title}")
