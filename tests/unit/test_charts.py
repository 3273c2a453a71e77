"""Are pictures valid Plotly, honest about their bands, and made of plain values?"""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest

from app.charts import bars, curve, forecast, simulator
from app.charts.frame import Picture, days, plain
from forecast_core import Answer, Outlook, Scenario, Service, TypePart


@pytest.fixture(scope="module")
def by_type(faster: Answer) -> tuple[TypePart, ...]:
    flow = np.ones(len(faster.months))
    return tuple(
        TypePart(name, size * flow, 2 * size * flow)
        for name, size in (("pdf", 3), ("docx", 4), ("xlsx", 1), ("other", 2))
    )


@pytest.fixture(scope="module")
def pictures(as_today: Answer, faster: Answer, outlook: Outlook) -> list[Picture]:
    answers = (as_today, faster)
    drawn = [draw(answer) for answer in answers for draw in (simulator.flows, simulator.cumulative_money)]
    drawn.append(forecast.flows(outlook, outlook.past.months[0], outlook.past.months[-1]))
    assert outlook.backtest is not None
    drawn.append(forecast.backtest(outlook.backtest, 0.8))
    found = [picture for picture in drawn if picture is not None]
    assert len(found) == 6
    return found


def test_plotly_accepts_every_picture(pictures: list[Picture]) -> None:
    for picture in pictures:
        go.Figure(picture.figure)


def test_a_figure_is_plain_json(pictures: list[Picture]) -> None:
    for picture in pictures:
        assert json.loads(json.dumps(picture.figure, allow_nan=False)) == picture.figure


def test_every_picture_says_its_finding_in_its_alternative_text(pictures: list[Picture]) -> None:
    for picture in pictures:
        assert picture.title and picture.subtitle and picture.alt.startswith(picture.title)
        assert "nan" not in picture.alt and "0.00" not in picture.alt


def test_heights_are_fixed_and_volumes_start_at_zero(pictures: list[Picture]) -> None:
    for picture in pictures:
        assert picture.figure["layout"]["height"] >= 150
        axes = [axis for name, axis in picture.figure["layout"].items() if name.startswith("yaxis")]
        assert all(axis.get("rangemode", "tozero") == "tozero" for axis in axes)


def test_lines_lie_inside_their_filled_band(faster: Answer, outlook: Outlook) -> None:
    assert outlook.backtest is not None
    months = outlook.past.months
    figures = [
        simulator.flows(faster),
        forecast.flows(outlook, months[0], months[-1]),
        forecast.backtest(outlook.backtest, 0.8),
    ]
    for picture in figures:
        for axis in {trace["yaxis"] for trace in picture.figure["data"]}:
            traces = [trace for trace in picture.figure["data"] if trace["yaxis"] == axis]
            band = next(trace for trace in traces if trace.get("fill") == "toself")
            line = next(
                trace for trace in traces if trace.get("name") in ("scenario", "expected", "we would have said")
            )
            upper, lower = np.array(band["y"][: len(line["y"])]), np.array(band["y"][len(line["y"]) :])[::-1]
            assert (lower <= np.array(line["y"]) + 1e-9).all() and (np.array(line["y"]) <= upper + 1e-9).all()
            assert "dash" not in band["line"]


def test_baseline_appears_only_beside_a_change(as_today: Answer, faster: Answer) -> None:
    def names(picture: Picture) -> set[str]:
        return {trace["name"] for trace in picture.figure["data"] if "name" in trace}

    assert names(simulator.flows(as_today)) == {"expected", "measured"}
    assert names(simulator.flows(faster)) == {"scenario", "as today", "measured"}


def test_the_start_of_the_change_is_marked(service: Service, unchanged: Scenario) -> None:
    start = unchanged.values["start_month"] + 6
    answer = service.simulate(
        unchanged.with_values(start_month=start, avg_file_size_mb=2 * unchanged.values["avg_file_size_mb"])
    )
    texts = [note["text"] for note in simulator.flows(answer).figure["layout"]["annotations"]]
    assert "change starts" in texts


def test_the_month_of_paying_back_is_marked(faster: Answer) -> None:
    assert faster.money is not None
    later = replace(faster, money=replace(faster.money, break_even="pays back", break_even_month=faster.months[7]))
    picture = simulator.cumulative_money(later)
    assert picture is not None
    assert [note["text"] for note in picture.figure["layout"]["annotations"]].count("pays back Jun 2027") == 1


def test_without_savings_one_panel_and_no_money(faster: Answer) -> None:
    bare = replace(faster, savings=None, savings_total=None, money=None, money_note="never measured", by_type=())
    assert {trace["yaxis"] for trace in simulator.flows(bare).figure["data"]} == {"y"}
    assert simulator.cumulative_money(bare) is None
    assert bars.by_type(bare) is None


def test_types_keep_their_colour_and_share_one_scale(faster: Answer, by_type: tuple[TypePart, ...]) -> None:
    one, all_four = (bars.by_type(replace(faster, by_type=parts)) for parts in (by_type[1:2], by_type))
    assert one is not None and all_four is not None
    assert one.bars[0].colour == all_four.bars[1].colour
    assert [bar.title for bar in all_four.bars] == ["PDF", "Word", "Excel", "Other"]
    assert [bar.width for bar in all_four.bars] == [0.75, 1.0, 0.25, 0.5]
    assert [bar.before for bar in all_four.bars] == [0.375, 0.5, 0.125, 0.25]
    assert all_four.bars[1].words == "192 GB"


def test_bars_without_a_change_have_no_mark(as_today: Answer, by_type: tuple[TypePart, ...]) -> None:
    shown = bars.by_type(replace(as_today, by_type=by_type))
    assert shown is not None
    assert {bar.before for bar in shown.bars} == {None}
    zero = np.zeros(len(as_today.months))
    nothing = tuple(replace(part, scenario_gb=zero, baseline_gb=zero) for part in by_type)
    empty = bars.by_type(replace(as_today, by_type=nothing))
    assert empty is not None and [bar.width for bar in empty.bars] == [0, 0, 0, 0]


def test_a_tiny_library_is_drawn_in_its_own_unit(faster: Answer) -> None:
    def small(values: np.ndarray) -> np.ndarray:
        return values * 1e-6

    past = replace(faster.past, archived_gb=small(faster.past.archived_gb), savings_gb=small(faster.past.savings_gb))
    band = replace(
        faster.archived.scenario,
        **{name: small(getattr(faster.archived.scenario, name)) for name in ("point", "lower", "upper")},
    )
    tiny = replace(
        faster,
        past=past,
        archived=replace(faster.archived, baseline=band, scenario=band),
        savings=None,
        savings_total=None,
    )
    picture = simulator.flows(tiny)
    assert picture.subtitle.startswith("KB per month")
    scenario = next(trace for trace in picture.figure["data"] if trace.get("name") == "scenario")
    assert 1 <= max(scenario["y"]) < 1024


def test_the_filter_cuts_history_only(outlook: Outlook) -> None:
    months = outlook.past.months
    short, whole = (forecast.flows(outlook, first, months[-1]) for first in (months[-6], months[0]))
    assert len(short.figure["data"][2]["x"]) == 6
    assert short.figure["data"][1] == whole.figure["data"][1]


def test_months_outside_the_band_are_ringed(outlook: Outlook) -> None:
    assert outlook.backtest is not None
    upper = outlook.backtest.predicted.upper
    missed = replace(outlook.backtest, actual=np.concatenate([upper[:1] * 2, upper[1:]]))
    ringed = forecast.backtest(missed, 0.8).figure["data"][-1]
    assert ringed["name"] == "outside the band" and sum(value is not None for value in ringed["y"]) == 1
    inside = forecast.backtest(replace(outlook.backtest, actual=upper), 0.8)
    assert [trace.get("name") for trace in inside.figure["data"]][-1] == "what came"


def test_small_curves(faster: Answer) -> None:
    effect = replace(faster, frequency_effect_ratio=np.linspace(0.4, 0.1, 24), backlog_files=np.full(24, 5.0))
    drawn = curve.fading(effect)
    assert [item.words.split(":")[0] for item in drawn] == ["Archived", "Backlog"]
    assert drawn[0].svg.count("<polyline") == 1 and drawn[1].svg.count("<polyline") == 2
    assert curve.svg(np.array([1.0])).count("<polyline") == 1


def test_unknown_values_become_gaps() -> None:
    assert plain(np.array([1.0, math.nan, 123456.7])) == [1.0, None, 123460.0]
    assert days(np.array(["2027-03"], "datetime64[M]")) == ["2027-03-01"]
