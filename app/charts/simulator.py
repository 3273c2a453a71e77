"""The two pictures over time of the simulator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from app.charts import frame
from app.charts.frame import Array, Picture
from app.text import findings
from app.text.numbers import in_unit, month, unit_of
from app.text.outlook import past_word

if TYPE_CHECKING:
    from forecast_core import Answer, Quantity

HISTORY_MONTHS = 24
FLOW_HEIGHT, MONEY_HEIGHT = 380, 380


def flows(answer: Answer) -> Picture:
    """Return archived and freed per month, one above the other: history, baseline, scenario and its band."""
    panels = [("Archived", answer.archived, answer.past.archived_gb)]
    if answer.savings is not None:
        panels.append(("Freed", answer.savings, answer.past.savings_gb))
    unit = _unit([quantity for _, quantity, _ in panels], [past for _, _, past in panels])
    figure: frame.Figure = {"data": [], "layout": frame.layout(FLOW_HEIGHT)}
    for index, (name, quantity, past) in enumerate(panels):
        panel = frame.Panel(index, len(panels), name)
        _panel(figure, answer, panel.axis, _scaled(quantity, past, unit), unit)
        panel.place(figure)
    _start(figure, answer)
    shown = np.concatenate([answer.past.months[-HISTORY_MONTHS:], answer.months])
    frame.ranged(figure, frame.days(shown[:1] - 1)[0], frame.days(shown)[-1])
    title = findings.flows(answer)
    return Picture(
        title,
        f"{unit} per month; band: {findings.promise(answer.provenance)}",
        figure,
        f"{title}. {findings.flow_alt(answer)}",
    )


def _unit(quantities: list[Quantity], pasts: list[Array]) -> str:
    tops = [float(np.nanmax(band.point, initial=0)) for item in quantities for band in (item.baseline, item.scenario)]
    tops += [float(np.nanmax(past[-HISTORY_MONTHS:], initial=0)) for past in pasts]
    return unit_of(*tops)


@dataclass(frozen=True, eq=False)
class _Lines:
    """A quantity and its past in the unit of the figure."""

    base: Array
    point: Array
    lower: Array
    upper: Array
    past: Array


def _scaled(quantity: Quantity, past: Array, unit: str) -> _Lines:
    scale, scenario = in_unit(1, unit), quantity.scenario
    bands = (quantity.baseline.point, scenario.point, scenario.lower, scenario.upper, past[-HISTORY_MONTHS:])
    return _Lines(*(scale * values for values in bands))


def _panel(figure: frame.Figure, answer: Answer, axis: str, lines: _Lines, unit: str) -> None:
    x, moved, form = frame.days(answer.months), bool(answer.moved), f"%{{y:,.3~r}} {unit}"
    traces = [frame.band(x, lines.lower, lines.upper, axis)]
    expected = frame.line(x, lines.point, "scenario" if moved else "expected", frame.ACCENT, axis=axis, form=form)
    if moved:
        traces.append(frame.line(x, lines.base, "as today", frame.GREY, dash="dash", axis=axis, form=form, width=2))
        expected |= frame.SHADED
    traces.append(expected)
    past_x = frame.days(answer.past.months[-HISTORY_MONTHS:])
    traces.append(frame.dots(past_x, lines.past, past_word(answer.past), frame.INK, axis=axis, form=form))
    figure["data"] += traces
    end, base_end = _last(lines.point), _last(lines.base) if moved else None
    if end is not None:
        point, base = float(lines.point[end]), float(lines.base[end]) if base_end == end else None
        name = "scenario" if moved else "expected"
        figure["layout"]["annotations"] += _end_labels(x[end], point, base, axis, name)
    if base_end is not None and base_end != end:
        label = frame.end_label(x[base_end], float(lines.base[base_end]), "as today", frame.GREY, axis=axis)
        figure["layout"]["annotations"].append(label)


def _last(values: Array) -> int | None:
    """Return the last month that is told; None where none is."""
    known = np.flatnonzero(np.isfinite(values))
    return int(known[-1]) if len(known) else None


def _end_labels(x: str, point: float, base: float | None, axis: str, name: str = "expected") -> list[dict[str, Any]]:
    """Name the lines at their ends; where they meet, the labels move apart."""
    if base is None:
        return [frame.end_label(x, point, name, frame.ACCENT, axis=axis)]
    apart = 9 if point >= base else -9
    near = abs(point - base) < 0.25 * max(abs(point), abs(base), 1e-12)
    return [
        frame.end_label(x, point, "scenario", frame.ACCENT, axis=axis, shift=apart if near else 0),
        frame.end_label(x, base, "as today", frame.GREY, axis=axis, shift=-apart if near else 0),
    ]


def _start(figure: frame.Figure, answer: Answer) -> None:
    start = np.datetime64(int(answer.scenario.values["start_month"]), "M")
    if answer.moved and answer.months[0] < start <= answer.months[-1]:
        x = frame.days(np.array([start]))[0]
        figure["layout"]["shapes"].append(frame.upright(x, frame.GREY))
        figure["layout"]["annotations"].append(frame.note(x, "change starts", frame.INK))


def cumulative_money(answer: Answer) -> Picture | None:
    """Return what has been saved so far, month by month, or None where it cannot be priced."""
    if answer.money is None:
        return None
    x, moved, saved = frame.days(answer.months), bool(answer.moved), answer.money.cumulative
    form = frame.money_hover(answer.money.currency, ",.3~r")
    figure: frame.Figure = {"data": [], "layout": frame.layout(MONEY_HEIGHT)}
    figure["data"].append(frame.band(x, saved.scenario.lower, saved.scenario.upper))
    if moved:
        figure["data"].append(
            frame.line(x, saved.baseline.point, "as today", frame.GREY, dash="dash", form=form, width=2)
        )
    figure["data"].append(
        frame.line(x, saved.scenario.point, "scenario" if moved else "expected", frame.ACCENT, form=form)
    )
    base_end = float(saved.baseline.point[-1]) if moved else None
    figure["layout"]["annotations"] = _end_labels(x[-1], float(saved.scenario.point[-1]), base_end, "")
    figure["layout"]["margin"] |= {"l": frame.MONEY_LEFT}
    figure["layout"]["yaxis"] |= {
        "zeroline": True,
        "zerolinecolor": frame.INK,
        "zerolinewidth": 1,
        **frame.money_axis(answer.money.currency),
    }
    _break_even(figure, answer)
    frame.ranged(figure, x[0], x[-1])
    title = findings.cumulative(answer)
    return Picture(title, f"{answer.money.currency} saved net since {month(answer.months[0])}", figure, f"{title}.")


def _break_even(figure: frame.Figure, answer: Answer) -> None:
    when = answer.money.break_even_month if answer.money else None
    if when is not None and answer.moved and when > answer.months[0]:
        x = frame.days(np.array([when]))[0]
        figure["layout"]["shapes"].append(frame.upright(x, frame.INK))
        figure["layout"]["annotations"].append(frame.note(x, f"pays back {month(when)}", frame.INK))
