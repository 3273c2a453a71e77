"""What the Drift page says and draws: every template, no p-values, valid pictures, plain numbers."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest

from app import drift_tables as numbers
from app.charts import drift as charts
from app.text import drift as words
from app.text import drift_findings as findings
from app.text import drift_tables as tables
from forecast_core import ALL, Due, Finding, Service, Stake, WatchView, month_text
from forecast_core.drift.quality import RULES

OCTOBER = np.datetime64("2026-10", "M")
SHARES = ("pct_pdf", "estate_share_pdf", "estate_cold_share")


@pytest.fixture(scope="module")
def view(service: Service) -> WatchView:
    """Return the Drift page of the demo company."""
    return service.watch.view(service.demo_id, ALL)


def with_worst(view: WatchView, finding: Finding) -> WatchView:
    """Return the page as if this were its worst finding, red."""
    return replace(view, findings=(finding,), overall=replace(view.overall, colour="red", worst=finding))


def test_pictures_are_valid_plain_and_say_their_finding(view: WatchView) -> None:
    drawn = [charts.path(path, words.path_title(path, view.shown_scope)) for path in view.paths] + [charts.track(view)]
    for picture in drawn:
        go.Figure(picture.figure)
        assert json.loads(json.dumps(picture.figure, allow_nan=False)) == picture.figure
        assert picture.alt.startswith(picture.title)
        assert "nan" not in picture.title + picture.subtitle


def test_small_pictures_are_well_formed_and_stay_inside(view: WatchView) -> None:
    shown = charts.small(view.paths)
    assert len(shown) == 7
    for each in shown:
        root = ET.fromstring(each.svg)
        circles = root.findall("{http://www.w3.org/2000/svg}circle")
        assert circles
        assert all(0 <= float(circle.attrib["cy"]) <= charts.HEIGHT for circle in circles)
        assert each.said


def test_tables_behind_the_pictures_have_one_row_a_month(view: WatchView) -> None:
    path, track = numbers.path(view.paths[0]), numbers.track(view)
    assert path["month"][-1] == track["month"][-1] == month_text(OCTOBER)
    assert len({len(column) for column in numbers.paths(view.paths).values()}) == 1


@pytest.mark.parametrize("what", [*findings.INPUTS, "estate_share_pdf"])
def test_every_input_has_a_name_a_unit_and_a_sentence(view: WatchView, what: str) -> None:
    finding = Finding("inputs", "Legal", what, "red", OCTOBER, 0.31, 0.2, 0.11, 0.001, stake=Stake(5, 0.2, 3))
    said = words.headline(with_worst(view, finding))
    assert said.startswith(findings.input_name(what).capitalize()[0])
    assert (
        "11 points above expected" if what in SHARES or "share" in what or what.startswith("pct") else "11 %"
    ) in said
    assert "p =" not in said


def test_a_doubling_is_told_as_times(view: WatchView) -> None:
    finding = Finding(
        "inputs", "Legal", "archive_frequency_per_day", "red", OCTOBER, 4, 2, 1.0, 0.001, stake=Stake(84, 0.3, 1930)
    )
    page = with_worst(view, finding)
    assert words.headline(page) == (
        "The archive frequency in Legal was 2 times what was expected in Oct 2026 (4 a day instead of 2 a day)."
    )
    assert words.below(page) == (
        "The forecast of the next 12 months is 84 GB (30 %) higher, worth $1,930 more saved. "
        "Confirm that it was meant; the forecast already uses it, no training is needed."
    )


@pytest.mark.parametrize(
    "what",
    ["unit:avg_file_size_mb", "missing", "gap", "double", "stale", "shares", "negative:archived_gb",
     "unknown:pct_pdf", "freed:savings_gb", "archived:archived_gb"],
)  # fmt: skip
def test_every_data_rule_has_its_sentence(view: WatchView, what: str) -> None:
    finding = Finding("quality", "Legal", what, "red", OCTOBER, 3.0, 2.0, 1024.0, stake=Stake(12, 1.0))
    said = words.headline(with_worst(view, finding))
    assert said.startswith("Legal")
    assert "unknown" not in said
    assert "on hold" in words.below(with_worst(view, finding))


def test_no_rule_is_without_a_sentence() -> None:
    assert len(RULES) == 8


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        (
            Finding("accuracy", "ALL", "", "red", OCTOBER, change=-0.25, months=3, stake=Stake(-30, -0.25)),
            "All scopes together archived 25 % less than forecast in the last 3 months.",
        ),
        (
            Finding("accuracy", "Legal", "", "amber", OCTOBER, change=0.08, months=1),
            "Legal archived 8 % more than forecast last month.",
        ),
        (
            Finding("range", "Legal", "", "amber", OCTOBER, observed=3, months=6),
            "Legal was outside the 90 % range in 3 of the last 6 months.",
        ),
        (
            Finding("integrity", "ALL", "model", "red", OCTOBER),
            "The model that answers is not the one that was put there.",
        ),
    ],
)
def test_accuracy_range_and_model_have_their_sentences(view: WatchView, finding: Finding, said: str) -> None:
    assert words.headline(with_worst(view, finding)) == said
    assert words.below(with_worst(view, finding))


def test_green_says_what_would_have_been_noticed(view: WatchView) -> None:
    page = replace(view, overall=replace(view.overall, colour="green"), growth=0.31)
    assert re.search(r"We would have noticed a change of [\d.]+ % in ", words.headline(page))
    assert words.below(page).startswith("Files are 31 % above the average up to")


def test_four_questions_are_answered_in_words_whatever_the_colour(view: WatchView) -> None:
    for colour in ("green", "amber", "red", "grey"):
        tile = replace(view.overall.data, colour=colour)
        page = replace(view, overall=replace(view.overall, data=tile, inputs=tile, accuracy=tile), forecast=tile)
        for title, shown, answer, behind in words.tiles(page):
            assert title.endswith("?")
            assert (shown, bool(answer), bool(behind)) == (colour, True, True)


@pytest.mark.parametrize("why", ["first", "alarm", "year", "too soon", "fine"])
def test_training_is_explained(why: str) -> None:
    assert words.due(Due(why in ("first", "alarm", "year"), why, 4, ("ALL",)))  # type: ignore[arg-type]


def test_statistics_name_everything_and_the_index_is_left_out_where_it_would_be_noise(view: WatchView) -> None:
    table = tables.statistics(view)
    assert len(table["Input"]) == 7
    assert all(table["Noticed from"])
    assert set(tables.background(view)["Stability index"]) == {"too few rows"}
    assert "one amber alarm" in words.false_alarms()
