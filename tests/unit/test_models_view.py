"""The words and pictures of the Models page, and its report for the record."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest

from app import tables
from app.charts import models as charts
from app.charts.report import report_page
from app.text import models as words
from forecast_core import ModelsView, Service
from forecast_core.service.comparing import models_view
from forecast_core.service.learned import Learned, learned_of
from forecast_core.service.training import train
from forecast_core.shelf import Decision
from tests.builders import NEXT, history
from tests.unit.test_published import NOW


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> ModelsView:
    """The view of a small estate whose whole field was trained."""
    service = Service(tmp_path_factory.mktemp("view"), NEXT)
    learned: Learned = train(history(), lambda: 1.0, lambda _: None).champion
    return models_view(learned, ("sound", "Sound"), service.models, 0.02)


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> ModelsView:
    return Service(tmp_path_factory.mktemp("quick"), NEXT).models_of("demo")


def test_one_sentence_says_who_how_good_against_whom(view: ModelsView) -> None:
    said = words.headline(replace(view, trained_at=NOW))
    assert said.startswith("Stock and flow answers since 23 Nov 2026: it misses a month by ")
    assert "the original proof of concept by " in said and "the best simple rule by " in said
    assert words.below(view).startswith("Judged on 36 months that it had not seen; its range held ")
    assert "about 4 in 5 was promised" in words.below(view)


def test_a_naive_champion_is_called_one(view: ModelsView) -> None:
    naive = view.line("mean_of_year")
    assert naive is not None
    simple = replace(view, champion=replace(naive, is_champion=True), is_levelled=True)
    assert words.headline(simple) == "A simple rule answers, “mean of the last 12 months”: no model did better."
    assert "comes from another model: low evidence" in words.below(simple)


def test_no_signal_is_the_headline(view: ModelsView) -> None:
    sentence = "No model beats guessing the mean; this file holds no signal."
    said = replace(view, signal_sentence=sentence)
    assert words.headline(said) == sentence
    assert "“Stock and flow” answers." in words.below(said)


def test_what_is_wrong_is_said_and_nothing_else(view: ModelsView, quick: ModelsView) -> None:
    assert [text for text in words.notices(view) if "less error; within 5 %" not in text] == []
    assert "Only the quick field has raced" in words.notices(quick)[0]
    odd = replace(view, refused="demo-v2 is refused.", untold="MLflow is down.")
    assert [text.split(".")[0] for text in words.notices(odd)][-2:] == ["demo-v2 is refused", "MLflow is down"]


def test_a_better_model_that_does_not_answer_is_explained(view: ModelsView) -> None:
    best = view.champion
    assert best.score is not None
    rival = view.line("mean_of_year")
    assert rival is not None and rival.score is not None
    close = replace(rival, score=replace(best.score, wape_archived=best.score.wape_archived * 0.97))
    said = words.notices(replace(view, lines=(best, close)))
    assert said[0].endswith("within 5 % stock and flow answers, because it keeps account of what is there.")
    far = replace(rival, score=replace(best.score, wape_archived=best.score.wape_archived * 0.5))
    assert "not beaten the champion clearly enough" in words.notices(replace(view, lines=(best, far)))[0]


def test_the_leaderboard_names_everybody_once_best_first(view: ModelsView) -> None:
    board = words.leaderboard(view)
    assert len(board["Model"]) == 11 and board["Model"][0] == "Stock and flow (answers)"
    assert "Original proof of concept" in board["Model"] and "Same as last month" in board["Model"]
    assert {len(column) for column in board.values()} == {11}
    assert all("nan" not in cell for column in board.values() for cell in column)


def test_the_quick_field_still_shows_the_original(quick: ModelsView) -> None:
    board = words.leaderboard(quick)
    original = board["Model"].index("Original proof of concept")
    assert board["Note"][original].startswith("not raced yet")
    assert board["Model"][0] == "Stock and flow (answers)"


def test_a_statistician_finds_every_number(view: ModelsView) -> None:
    found = words.statistics(view)
    wanted = {"wape_archived", "bias", "mae_gb", "mase", "r2", "held_80%", "held_95%", "width_80%", "fit_seconds"}
    assert wanted | {"answer_seconds", "size_bytes", "effect_error", "gates not passed", "wape 4–6 ahead"} <= set(found)
    assert {len(column) for column in found.values()} == {11}
    best = found["model"].index("Stock and flow")
    assert math.isfinite(found["mase"][best]) and found["size_bytes"][best] > 500
    assert found["gates not passed"][found["model"].index("Tuned forest")] == "steps"


def test_the_titles_carry_the_finding(view: ModelsView) -> None:
    assert words.sweep(view).startswith("The original turns the wrong way in ")
    assert words.sweep(view).endswith("stock and flow never does")
    assert words.past(view).startswith("Stock and flow missed past months by ")
    assert words.horizon(view).endswith("months ahead")
    assert "A range that promises 80 %" in words.calibration(view)
    assert words.residuals(view)
    assert list(words.by_scope(view)) == ["Scope", "Misses a month by"]


def test_pictures_are_plain_valid_and_say_their_finding(view: ModelsView, quick: ModelsView) -> None:
    for shown in (*charts.all_of(view), *charts.all_of(quick)):
        go.Figure(shown.figure)
        assert json.loads(json.dumps(shown.figure, allow_nan=False)) == shown.figure
        assert shown.alt.startswith(shown.title) and "nan" not in shown.alt
        assert shown.figure["layout"]["height"] == charts.HEIGHT


def test_the_forest_goes_in_steps_where_stock_and_flow_is_smooth(view: ModelsView) -> None:
    traces = {trace["name"]: trace["y"] for trace in charts.sweep(view, "frequency_per_day").figure["data"]}
    smooth, steps = (np.diff(traces[name]) for name in ("Stock and flow", "Original proof of concept"))
    assert (smooth > 0).all() and (steps == 0).sum() > len(steps) / 5


def test_tables_beside_the_pictures(view: ModelsView) -> None:
    for table in (
        tables.past_forecasts(view),
        tables.by_months_ahead(view),
        tables.sweep(view, "size_ratio"),
        tables.calibration(view),
    ):
        assert len({len(column) for column in table.values()}) == 1 and len(next(iter(table.values())))
    assert {"archived_gb", "seed_forest_gb", "stock_flow_gb"} <= set(tables.past_forecasts(view))


def test_card_record_and_versions_in_words(view: ModelsView) -> None:
    text = words.card(view.card)
    assert text.startswith("**Stock and flow**") and "**Limits**" in text and "**Assumptions**" in text
    record = (Decision(NOW, "publish", "a-v1", "first"), Decision(NOW, "rollback", "a-v1", "leans"))
    assert words.record(replace(view, record=record))["What"] == ["rolled back to a-v1", "trained a-v1"]
    assert words.versions(view) == {}
    assert words.progress(3, 22, "Ridge raced") == "3 of 22: Ridge raced"
    assert words.day("2026-02-03T00:00:00+00:00") == "3 Feb 2026" and words.day("someday") == "someday"


def test_the_report_is_one_page_in_real_colours(view: ModelsView) -> None:
    page = report_page(view)["plots/report.html"].decode()
    assert page.count("<h2>") == 7 and "plotly" in page
    assert '"#000001"' not in page and "#0072B2" in page


def test_a_model_that_could_not_run_says_why() -> None:
    past = history("no_stock")
    found = train(past, lambda: 1.0, lambda _: None).champion
    assert learned_of(past, found.race).race is not None
    out = {entrant.estimator.name: entrant.fault for entrant in found.race.entrants if entrant.score is None}
    assert "seed_forest" in out and "tweedie_glm" in out
    assert found.judged["tweedie_glm"].behaviour is None
