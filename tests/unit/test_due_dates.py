"""What becomes of files until they fall due, what arrives, and how sure that is."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from forecast_core.errors import ModelError
from forecast_core.estimators import Evidence, Plan
from forecast_core.estimators.due_dates import (
    FADE_RATIO_PER_MONTH,
    Chance,
    DueDates,
    DueDatesModel,
    Pool,
    Survival,
    Triangle,
    draws,
)
from forecast_core.inventory import BYTES, NO_RULE_MONTHS, Beliefs, Change, Cubes, Policy, Question
from forecast_core.sources.pool import read_pool
from tests.cubes import TAKEN, ageing, cube

NOTHING = Pool.of([])
SHIPPED = Pool.from_json(read_pool())
UNLIMITED = 2**61


def asked(age: int, **beliefs: float) -> Question:
    return Question(Change(Policy(age), Policy(age)), beliefs=Beliefs(**beliefs))


def answered(model: DueDatesModel, question: Question, months: int = 24) -> np.ndarray:
    room = np.full((model.scopes, months), UNLIMITED)
    return model.answer(question, room, np.zeros((1, months))).taken.archived[BYTES, 0]


def test_the_triangle_knows_what_each_month_kept() -> None:
    ratios = Triangle.of(ageing([1.0, 0.8, 0.4], 6)).ratios(0, 2)
    known = ratios[np.isfinite(ratios)]
    assert known == pytest.approx([0.4] * 4)


def test_one_inventory_teaches_nothing_about_fates() -> None:
    assert not np.isfinite(Triangle.of(Cubes((ageing([1.0], 30).last,))).ratios(0, 6)).any()


def test_a_cohort_month_is_one_voice_however_many_files_it_has() -> None:
    """Three quiet months and one bulk deletion of a hundred times the size: the typical month keeps all."""
    rows = [
        [("lib", "pdf", 10, 1 + age, 1, 100) for age in range(3)],
        [("lib", "pdf", 10, 7 + age, 1, 100) for age in range(3)],
    ]
    first = cube([*rows[0], ("lib", "pdf", 10, 4, 900, 10**6)], TAKEN - 6)
    fates = Survival(Triangle.of(Cubes((first, cube(rows[1])))), NOTHING)
    assert fates.kept(1, 6).tolist() == [1.0]


def test_the_typical_share_is_the_product_of_its_stages_and_small_losses_count_as_none() -> None:
    fates = Survival(Triangle.of(ageing([1.0, 0.5], 40)), NOTHING)
    assert fates.kept(0, 6) == pytest.approx([0.5])
    nearly = Survival(Triangle.of(ageing([1.0, 0.9], 60)), NOTHING)
    assert nearly.kept(0, 12).tolist() == [1.0]
    assert 0.9 < float(nearly.kept(0, 24)[0]) < 1.0, "beyond a year small losses count by their evidence"


def test_files_that_rest_do_not_move_within_half_a_year() -> None:
    fates = Survival(Triangle.of(ageing([1.0, 0.9, 0.8, 0.2], 40)), NOTHING)
    assert fates.kept(3, 5).tolist() == [1.0]


def test_keeping_longer_never_keeps_more() -> None:
    rng = np.random.default_rng(3)
    fates = Survival(Triangle.of(ageing(np.sort(rng.random(50))[::-1].tolist(), 60)), SHIPPED)
    for age in (0, 1, 3, 7):
        shares = [float(fates.kept(age, ahead)[0]) for ahead in range(6, 40)]
        assert np.all(np.diff(shares) <= 1e-12)


def test_the_shipped_pool_speaks_alone_where_there_is_one_inventory() -> None:
    fates = Survival(Triangle.of(Cubes((ageing([1.0], 30).last,))), SHIPPED)
    spread = fates.spread(0, 6)[0]
    assert spread.min() == 0.0
    assert spread.max() == 1.0
    assert np.all(np.diff(spread) >= 0)
    assert SHIPPED.between(70, 100).tolist() == SHIPPED.fates[48, 60].tolist()


def test_the_pool_is_a_table_of_shares_and_says_where_it_comes_from() -> None:
    table = read_pool()
    assert "Derived figures only" in table["origin"]
    assert all(np.all(np.diff([0, *fates, 1]) >= 0) for fates in table["kept"].values())
    assert Pool.from_json(table).to_json() == table["kept"]


def test_due_dates_are_the_files_of_that_age_while_they_exist_and_arrivals_fade_after() -> None:
    model = DueDatesModel.of(ageing([1.0], 30), NOTHING)
    found = answered(model, asked(12))
    assert found[:12].tolist() == [1000] * 12
    expected = 1000 * np.cumprod(np.full(12, 1 + FADE_RATIO_PER_MONTH))
    assert found[12:] == pytest.approx(expected, abs=1)


@pytest.mark.parametrize(
    ("beliefs", "factor"),
    [({"arrivals_ratio": 2.0}, 2.0), ({"arrivals_ratio": 0.0}, 0.0), ({"type_ratio": {"pdf": 3.0}}, 3.0)],
)
def test_beliefs_about_new_content_move_only_what_comes_later(beliefs: dict[str, float], factor: float) -> None:
    model = DueDatesModel.of(ageing([1.0], 30), NOTHING)
    plain, moved = answered(model, asked(12)), answered(model, asked(12, **beliefs))
    assert np.array_equal(plain[:12], moved[:12])
    assert moved[12:].sum() == pytest.approx(factor * plain[12:].sum(), abs=12)


def test_touching_and_deleting_leave_less_to_archive() -> None:
    model = DueDatesModel.of(ageing([1.0, 0.5], 40), NOTHING)
    plain = answered(model, asked(12), 12).sum()
    assert answered(model, asked(12, touch_ratio=2.0), 12).sum() < plain
    assert answered(model, asked(12, deleted_ratio_per_month=0.1), 12).sum() < plain
    assert answered(model, asked(12, touch_ratio=0.0), 12).sum() > plain


def test_no_draw_archives_more_than_is_due_and_the_backlog_is_certain() -> None:
    model = DueDatesModel.of(Cubes((ageing([1.0, 0.7], 40).last,)), SHIPPED)
    question = Question(Change(Policy(), Policy(12)))
    room = np.full((1, 12), UNLIMITED)
    answer = model.answer(question, room, np.zeros((1, 12)))
    paths = draws(model, answer, Chance.of(50, 1, 12, seed=1))
    due = (answer.due.monthly + answer.due.left)[BYTES, 0]
    assert (paths[:, 0, 1:] <= due[1:] + 1e-6).all()
    at_once = answer.due.at_once[BYTES].sum()
    assert (paths[:, 0, 0] >= at_once).all()
    assert paths[:, 0, 5:].std() > 0


def test_the_cap_holds_every_draw_back() -> None:
    model = DueDatesModel.of(Cubes((ageing([1.0], 40).last,)), SHIPPED)
    answer = model.answer(Question(Change(Policy(), Policy(6))), np.full((1, 12), 2), np.zeros((1, 12)))
    paths = draws(model, answer, Chance.of(30, 1, 12, seed=1))
    assert (paths[:, 0] <= answer.taken.archived[BYTES, 0].max() + 1e-6).all()


def test_all_scopes_may_share_one_cap() -> None:
    rows = [("a", "pdf", 10, 9, 10, 100), ("b", "pdf", 10, 20, 10, 500)]
    model = DueDatesModel.of(Cubes((cube(rows),)), NOTHING)
    answer = model.answer(Question(Change(Policy(), Policy(6))), np.array([[10, 10]]), np.zeros((1, 2)))
    assert answer.taken.archived[BYTES, 0].tolist() == [500, 100], "the oldest first, whichever scope"


def test_it_is_an_estimator_like_the_others() -> None:
    model = DueDates(SHIPPED).fit(Evidence(cubes=ageing([1.0], 30)))
    shape = (2, 1, 6)
    ones = np.ones(shape)
    rules = (Question(), asked(12))
    plan = Plan(TAKEN, np.full(shape, np.inf), ones, np.zeros(shape), ones, np.zeros((*shape, 3)), rules)
    flows = model.predict(plan)
    assert flows.archived_gb[0].sum() == 0
    assert flows.archived_gb[1, 0] * 2**30 == pytest.approx([1000] * 6)
    assert (flows.archived_gb <= flows.stock_gb + 1e-12).all()
    with pytest.raises(ModelError, match="need a file inventory"):
        DueDates(SHIPPED).fit(Evidence())
    with pytest.raises(ModelError, match="a rule for every question"):
        model.predict(Plan(TAKEN, np.full(shape, np.inf), ones, np.zeros(shape), ones, np.zeros((*shape, 3))))


def test_without_a_rule_nothing_falls_due() -> None:
    model = DueDatesModel.of(ageing([1.0], 30), NOTHING)
    assert answered(model, asked(NO_RULE_MONTHS), 60).sum() == 0


def test_ages_may_count_from_the_last_access() -> None:
    model = DueDatesModel.of(ageing([1.0], 30), NOTHING, accessed=Cubes((cube([("lib", "pdf", 10, 40, 7, 77)]),)))
    question = Question(Change(Policy(), Policy(36)), by_access=True)
    assert answered(model, question, 3).tolist() == [77, 0, 0]
    with pytest.raises(ModelError, match="last opened"):
        answered(DueDatesModel.of(ageing([1.0], 30), NOTHING), question, 3)


def test_the_document_tells_the_figures_that_were_measured() -> None:
    text = (Path(__file__).parents[2] / "docs" / "due-dates.md").read_text(encoding="utf-8")
    told = {}
    for row in re.findall(r"^\| (\d+), (.*?) \| (.*) \|$", text, flags=re.MULTILINE):
        figures = [float(cell.split()[0]) for cell in row[2].split("|")]
        told[int(row[0]), int((re.findall(r"\d+", row[1]) or ["1"])[0]), "total" in row[1]] = figures
    judged = read_pool()["judged"]
    assert len(told) == len(judged)
    for line in judged:
        measured = [line[name] for name in ("wape", "plain_wape", "mean_wape", "coverage")]
        assert told[line["rule_months"], line["months_ahead"], line["total"]] == pytest.approx(
            measured, rel=0.012, abs=6e-4
        )
