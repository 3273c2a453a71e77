"""The pictures of the Models page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from app.charts import frame
from app.charts.frame import Picture
from app.text import models as words
from app.text.numbers import in_unit, unit_of

if TYPE_CHECKING:
    from forecast_core import ModelLine, ModelsView

HEIGHT = 300
RIVALS = ("seed_forest", "monotone_boosting", "loglog_ridge")
COLOURS = {"seed_forest": frame.MISSED, "monotone_boosting": "#000003", "loglog_ridge": "#000004"}


def past(view: ModelsView) -> Picture:
    """Return what the champion and the published forest would have said a month ahead, and what came."""
    best = view.champion
    unit = unit_of(float(np.nanmax(best.actual_gb, initial=0)))
    scale, form = in_unit(1, unit), f"%{{y:,.3~r}} {unit}"
    figure: frame.Figure = {"layout": frame.layout(HEIGHT, right=24), "data": []}
    rival = view.original
    if rival is not None and len(rival.months):
        line = frame.line(
            frame.days(rival.months), scale * rival.said_gb, "original", frame.MISSED, dash="dot", form=form
        )
        figure["data"].append(line)
    x = frame.days(best.months)
    figure["data"] += [
        frame.line(x, scale * best.said_gb, best.title, frame.ACCENT, form=form),
        frame.dots(x, scale * best.actual_gb, "what came", frame.INK, form=form),
    ]
    title = words.past(view)
    return Picture(title, f"{unit} archived per month, said one month ahead; dots: what came", figure, f"{title}.")


def horizon(view: ModelsView) -> Picture:
    """Return the error by months ahead of the champion, the published forest and the best simple rule."""
    figure: frame.Figure = {"layout": frame.layout(HEIGHT, right=24), "data": []}
    for line, colour, dash in _compared(view):
        spans = line.judged.spans
        if spans:
            names = [words.ahead(span.first, span.last) for span in spans]
            errors = np.array([100 * span.wape_archived for span in spans])
            drawn = frame.line(names, errors, line.title, colour, dash=dash, form="%{y:.0f} %")
            figure["data"].append(drawn | {"mode": "lines+markers"})
    figure["layout"]["xaxis"] = _axis(type="category")
    _legend(figure)
    title = words.horizon(view)
    return Picture(
        title,
        "typical miss of a month, % of its volume; across: how many months ahead it was said",
        figure,
        f"{title}.",
    )


def sweep(view: ModelsView, lever: str) -> Picture:
    """Return how each model answers the same move of a lever, half to double."""
    figure: frame.Figure = {"layout": frame.layout(HEIGHT, right=24), "data": []}
    shown = [line for line in _swept(view) if line.judged.behaviour is not None]
    found = {line.name: _of(line, lever) for line in shown}
    unit = unit_of(*(float(np.nanmax(gb, initial=0)) for _, gb in found.values()))
    for line in shown:
        factors, gb = found[line.name]
        colour = frame.ACCENT if line.is_champion else COLOURS.get(line.name, frame.GREY)
        drawn = frame.line([], in_unit(1, unit) * gb, line.title, colour, form=f"%{{y:,.4~r}} {unit}")
        figure["data"].append(drawn | {"x": frame.plain(factors)})
    ticks = [0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0]
    figure["layout"]["xaxis"] = _axis(type="linear", tickvals=ticks, tickprefix="× ", hoverformat=".2f")
    figure["layout"]["yaxis"] = frame.volume_axis(rangemode="normal")
    _legend(figure)
    title = words.sweep(view)
    subtitle = f"{unit} archived next month while “{words.LEVERS[lever]}” moves from half to double"
    return Picture(title, subtitle, figure, f"{title}.")


def residuals(view: ModelsView) -> Picture:
    """Return what the champion missed, month by month."""
    best = view.champion
    missed = best.said_gb - best.actual_gb
    unit = unit_of(float(np.nanmax(np.abs(missed), initial=0)))
    figure: frame.Figure = {"layout": frame.layout(HEIGHT, right=24)}
    bars = {
        "type": "bar",
        "x": frame.days(best.months),
        "y": frame.plain(in_unit(1, unit) * missed),
        "marker": {"color": frame.ACCENT},
        "name": "said less came",
        "hovertemplate": f"%{{y:+,.3~r}} {unit}",
    }
    figure["data"] = [bars]
    figure["layout"]["yaxis"] = frame.volume_axis(rangemode="normal", zeroline=True)
    title = words.residuals(view)
    return Picture(title, f"{unit}, what was said less what came, one month ahead, all scopes", figure, f"{title}.")


def calibration(view: ModelsView) -> Picture:
    """Return what ranges promised against what they held."""
    bands = [band for band in view.champion.judged.bands if np.isfinite(band.held)]
    promised, held = (np.array([getattr(band, name) for band in bands]) * 100 for name in ("promised", "held"))
    figure: frame.Figure = {"layout": frame.layout(HEIGHT, right=24)}
    ideal = np.array([50.0, 95.0])
    figure["data"] = [
        frame.line([], ideal, "as promised", frame.GREY, dash="dot", form="%{y:.0f} %") | {"x": frame.plain(ideal)},
        frame.line([], held, "held", frame.ACCENT, form="%{y:.0f} %")
        | {"x": frame.plain(promised), "mode": "lines+markers"},
    ]
    figure["layout"]["xaxis"] = _axis(type="linear", ticksuffix=" %")
    figure["layout"]["yaxis"] = frame.volume_axis(rangemode="normal", range=[30, 102], ticksuffix=" %")
    title = words.calibration(view)
    return Picture(
        title, "share of months inside the range: held against promised (dotted: as promised)", figure, f"{title}."
    )


def all_of(view: ModelsView) -> list[Picture]:
    """Return every picture, each lever's sweep once."""
    return [
        past(view),
        horizon(view),
        *(sweep(view, lever) for lever in words.LEVERS),
        residuals(view),
        calibration(view),
    ]


def _compared(view: ModelsView) -> list[tuple[ModelLine, str, str]]:
    pairs = [
        (view.champion, frame.ACCENT, "solid"),
        (view.original, frame.MISSED, "dot"),
        (words.simple(view), frame.GREY, "dash"),
    ]
    seen: dict[str, tuple[ModelLine, str, str]] = {}
    for line, colour, dash in pairs:
        if line is not None:
            seen.setdefault(line.name, (line, colour, dash))
    return list(seen.values())


def _swept(view: ModelsView) -> list[ModelLine]:
    rivals = [line for name in RIVALS if (line := view.line(name)) is not None and not line.is_champion]
    return [*rivals, view.champion]


def _of(line: ModelLine, lever: str) -> tuple[frame.Array, frame.Array]:
    sweeps = line.judged.behaviour.sweeps if line.judged.behaviour else ()
    return next(
        ((sweep.factors, sweep.archived_gb) for sweep in sweeps if sweep.lever == lever), (np.empty(0), np.empty(0))
    )


def _axis(**more: Any) -> dict[str, Any]:
    return {"showgrid": False, "automargin": False, "fixedrange": True, **more}


def _legend(figure: frame.Figure) -> None:
    """Several lines cross at their ends here, so their names stand below."""
    figure["layout"]["showlegend"] = True
    figure["layout"]["legend"] = {"orientation": "h", "y": -0.16, "x": 0}
    figure["layout"]["margin"] = {**figure["layout"]["margin"], "b": 60}
