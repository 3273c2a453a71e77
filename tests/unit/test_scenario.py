"""Levers, their ranges, scenarios, links, plans and what moved the result."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from forecast_core import (
    ALL,
    LEVERS,
    LeverError,
    LeverFault,
    Ranges,
    Scenario,
    ScenarioError,
    baseline,
    bounds_text,
    checked,
    from_query,
    read_target,
    readable_part,
    rescaled_mix,
    to_query,
    value_text,
)
from forecast_core.features import today
from forecast_core.history import History
from forecast_core.scenario import Prices, corners, plan, ranges, shapley
from forecast_core.scenario.levers import BY_CODE, BY_NAME, FREQUENCY, HISTORY_LEVERS
from forecast_core.scenario.ranges import Standing
from tests.builders import LAST, estate, history

FIRST = int((LAST + 1).astype(int))


def known_of(past: History, scope: str = ALL, *, answerable: bool = True) -> Ranges:
    view = past.asked(scope) if len(past.scopes) > 1 or scope != ALL else past
    return ranges("data", scope, Standing(view, today(view), answerable), Prices(0.2, 0.0152))


@pytest.fixture(scope="module")
def known() -> Ranges:
    return known_of(history())


@pytest.fixture(scope="module")
def base(known: Ranges) -> Scenario:
    return baseline(known)


def test_levers_have_names_and_codes_of_their_own() -> None:
    assert len(BY_CODE) == len(BY_NAME) == len(LEVERS) == 23
    assert not {"v", "d", "scope"} & set(BY_CODE)
    assert all(lever.help.endswith(".") for lever in LEVERS)


def test_ranges_of_all_are_sums_and_weighted_means(known: Ranges) -> None:
    past = history()
    now = today(past)
    assert known.by_name("total_files").today == now.total_files.sum()
    assert known.by_name("archive_frequency_per_day").today == now.frequency_per_day.sum()
    size = np.average(now.avg_file_size_mb, weights=now.total_files)
    assert known.by_name("avg_file_size_mb").today == pytest.approx(size, abs=1e-6)
    assert known.by_name("start_month").today == FIRST
    assert known.by_name("start_month").upper == FIRST + 59


def test_today_lies_inside_its_bounds_and_a_step_is_small(known: Ranges) -> None:
    for item in known.available():
        assert item.lower <= item.today <= item.upper
        assert 0 < item.step <= (item.upper - item.lower) / 10 or item.lever.unit in ("month", "months")
        assert item.lever.rounded(item.today) == item.today


@pytest.mark.parametrize(
    ("name", "missing", "column"),
    [
        ("no_stock", {"total_files", "growth_ratio_per_month", "avg_file_size_mb"}, "total_files"),
        ("no_frequency", {"archive_frequency_per_day"}, "archive_frequency_per_day"),
        ("no_mix", {"pct_pdf", "pct_docx", "pct_xlsx"}, "pct_pdf"),
    ],
)
def test_a_lever_that_the_data_cannot_carry_names_the_column(name: str, missing: set[str], column: str) -> None:
    found = known_of(history(name))
    off = {item.lever.name: item.reason for item in found.levers if not item.available}
    assert set(off) == missing
    assert column in off[column]
    assert missing.isdisjoint(found.baseline_values())


def test_without_a_model_for_levers_only_time_and_money_move() -> None:
    found = known_of(history(), answerable=False)
    assert {item.lever.group for item in found.available()} == {"Policy", "Money", "Time"}
    assert not found.by_name("archive_frequency_per_day").available
    assert "No model" in found.by_name("total_files").reason


def test_an_archiver_at_rest_can_be_started() -> None:
    item = known_of(history("idle")).by_name("archive_frequency_per_day")
    assert (item.today, item.lower, item.upper) == (0, 0, 1)
    rows = estate(["Only"], 24)
    rows.loc[12:, "archive_frequency_per_day"] = 0.0
    once = known_of(History.of(rows), "Only").by_name("archive_frequency_per_day")
    assert once.upper >= rows["archive_frequency_per_day"].max()


def test_where_nothing_is_left_nothing_can_be_scaled() -> None:
    found = known_of(history("emptied"), "Empty")
    for name in ("total_files", "growth_ratio_per_month"):
        assert not found.by_name(name).available
        assert "no files on primary" in found.by_name(name).reason


def test_a_mix_that_never_moved_says_so() -> None:
    assert "little known" in known_of(history()).by_name("pct_pdf").low_evidence
    rows = estate()
    moving = rows.assign(pct_pdf=np.tile([0.1, 0.3], len(rows) // 2))
    assert known_of(History.of(moving)).by_name("pct_pdf").low_evidence == ""


def test_the_id_is_the_content_without_the_name(base: Scenario) -> None:
    assert len(base.id) == 12
    assert replace(base, name="Other").id == base.id
    assert base.with_values(total_files=base.values["total_files"] + 1).id != base.id
    assert replace(base, scope="Legal").id != base.id
    assert replace(base, dataset_id="other").id != base.id


def test_values_are_rounded_and_cannot_be_written_to(base: Scenario) -> None:
    assert base.with_values(total_files=100.4).values["total_files"] == 100
    with pytest.raises(TypeError):
        base.values["total_files"] = 1.0  # type: ignore[index]
    with pytest.raises(KeyError):
        base.with_values(colour=1.0)


def test_time_by_itself_moves_nothing(base: Scenario) -> None:
    assert base.with_values(start_month=FIRST + 3, horizon_months=6).moved(base) == ()
    moved = base.with_values(pct_pdf=0.2, archive_frequency_per_day=5).moved(base)
    assert moved == ("archive_frequency_per_day", "pct_pdf")


def test_everything_out_of_bounds_is_named_at_once(base: Scenario, known: Ranges) -> None:
    wrong = base.with_values(total_files=1, horizon_months=61, recall_ratio_per_month=math.nan)
    with pytest.raises(LeverError) as caught:
        checked(wrong, known)
    found = {fault.lever: fault for fault in caught.value.faults}
    assert set(found) == {"total_files", "horizon_months", "recall_ratio_per_month"}
    assert found["horizon_months"].what == "Months ahead is 61."
    assert found["horizon_months"].allowed == "1 to 60"
    assert found["recall_ratio_per_month"].what == "Recalled per month is not a number."
    assert found["recall_ratio_per_month"].allowed == "0 % to 20 %"


def test_a_missing_an_unknown_and_an_unavailable_lever(known: Ranges, base: Scenario) -> None:
    fewer = Scenario("data", ALL, {name: value for name, value in base.values.items() if name != "total_files"})
    with pytest.raises(LeverError, match="Files on primary has no value"):
        checked(fewer, known)
    with pytest.raises(LeverError, match="total_files cannot be moved here: This data has no total_files"):
        checked(base, known_of(history("no_stock")))


def test_shares_cannot_pass_one(known: Ranges, base: Scenario) -> None:
    with pytest.raises(LeverError, match="add up to 150.00%"):
        checked(base.with_values(pct_pdf=0.5, pct_docx=0.5, pct_xlsx=0.5), known)
    values = {"pct_pdf": 0.4, "pct_docx": 0.4, "pct_xlsx": 0.2}
    assert rescaled_mix(values, "pct_pdf", 0.7) == {"pct_pdf": 0.7, "pct_docx": 0.2, "pct_xlsx": 0.1}
    assert rescaled_mix(values, "pct_pdf", 1.0) == {"pct_pdf": 1.0, "pct_docx": 0, "pct_xlsx": 0}
    assert rescaled_mix({**values, "pct_docx": 0, "pct_xlsx": 0}, "pct_pdf", 0.9)["pct_docx"] == 0


def test_values_as_people_read_them(known: Ranges) -> None:
    texts = {name: value_text(BY_NAME[name], value) for name, value in VALUES.items()}
    assert texts == {
        "start_month": "2027-03", "pct_pdf": "25.5 %", "total_files": "1200", "avg_file_size_mb": "1.25",
        "archive_cost_per_gb_month": "0.0152",
    }  # fmt: skip
    assert bounds_text(known.by_name("start_month")) == "2026-11 to 2031-10"


VALUES = {
    "start_month": (2027 - 1970) * 12 + 2, "pct_pdf": 0.255, "total_files": 1200.0, "avg_file_size_mb": 1.25,
    "archive_cost_per_gb_month": 0.0152,
}  # fmt: skip


def test_a_link_names_every_lever_even_at_its_default(base: Scenario, known: Ranges) -> None:
    query = to_query(base)
    assert set(query) == {"v", "d", "scope", *(lever.code for lever in HISTORY_LEVERS)}
    assert (query["v"], query["d"], query["scope"], query["start"]) == ("1", "data", "ALL", "2026-11")
    assert from_query(query, known).id == base.id
    assert read_target(query) == ("data", "ALL")
    assert read_target({}) == (None, None)


def test_a_link_of_another_version_is_refused(known: Ranges) -> None:
    with pytest.raises(ScenarioError, match="of version '2'. Allowed: version 1"):
        from_query({"v": "2"}, known)


def test_a_lever_that_the_link_does_not_name_stands_at_today(base: Scenario, known: Ranges) -> None:
    assert from_query({"v": "1", "perday": "12.5"}, known).moved(base) == ("archive_frequency_per_day",)


@pytest.mark.parametrize(
    ("code", "text", "lever"),
    [
        ("start", "2026-13", "start_month"),
        ("start", "November", "start_month"),
        ("files", "1e9", "total_files"),
        ("files", "nan", "total_files"),
        ("pdf", "30 %", "pct_pdf"),
        ("pdf", "1.5", "pct_pdf"),
        ("recall", "-0.1", "recall_ratio_per_month"),
        ("horizon", "", "horizon_months"),
        ("colour", "red", "colour"),
    ],
)
def test_a_bad_value_is_named_and_the_rest_kept(
    known: Ranges, base: Scenario, code: str, text: str, lever: str
) -> None:
    query = to_query(base.with_values(archive_frequency_per_day=7)) | {code: text}
    with pytest.raises(LeverError) as caught:
        from_query(query, known)
    assert [fault.lever for fault in caught.value.faults] == [lever]
    kept = checked(readable_part(query, known, caught.value.faults), known)
    assert kept.values["archive_frequency_per_day"] == 7
    assert lever == "colour" or kept.values[lever] == base.values[lever]


def test_shares_that_do_not_fit_together_all_go_back(known: Ranges, base: Scenario) -> None:
    query = to_query(base) | {"pdf": "0.5", "docx": "0.9"}
    with pytest.raises(LeverError) as caught:
        from_query(query, known)
    kept = checked(readable_part(query, known, caught.value.faults), known)
    assert kept.moved(base) == ()


def test_a_faulty_lever_that_this_data_does_not_have_is_dropped() -> None:
    known = known_of(history("no_stock"))
    fault = LeverFault("total_files", "", "")
    assert "total_files" not in readable_part({"files": "100"}, known, (fault,)).values
    with pytest.raises(LeverError, match="leave it out"):
        from_query({"files": "many"}, known)


def planned(name: str, **moved: float):
    past = history(name).asked(ALL)
    known = known_of(history(name))
    base = baseline(known).with_values(horizon_months=6)
    return past, plan([base, base.with_values(**moved)], base, today(past))


def test_a_lever_at_its_baseline_changes_nothing() -> None:
    past, found = planned("sound")
    assert found.shape == (2, 3, 6)
    assert str(found.months[0]) == "2026-11"
    assert (found.files_ratio == 1).all()
    assert (found.size_ratio == 1).all()
    assert (found.growth_added == 0).all()
    assert np.array_equal(found.frequency_per_day[1, :, 0], today(past).frequency_per_day)
    assert np.array_equal(found.mix[1, :, 0], today(past).mix)


def test_levers_move_every_scope_in_proportion_from_the_start_month_on() -> None:
    known = known_of(history())
    twice = {name: 2 * known.by_name(name).today for name in ("archive_frequency_per_day", "total_files")}
    past, found = planned("sound", **twice, start_month=FIRST + 2, growth_ratio_per_month=0.05)
    for grid, before, after in (
        (found.frequency_per_day / today(past).frequency_per_day[:, None], 1, 2),
        (found.files_ratio, 1, 2),
        (found.growth_added, 0, 0.05 - known.by_name("growth_ratio_per_month").today),
    ):
        assert np.allclose(grid[1, :, :2], before)
        assert np.allclose(grid[1, :, 2:], after)
        assert np.allclose(grid[0], before)


def test_an_archiver_at_rest_is_started_by_the_share_of_files() -> None:
    past, found = planned("idle", archive_frequency_per_day=1.0)
    files = today(past).total_files
    assert np.allclose(found.frequency_per_day[1, :, 0], files / files.sum())
    assert (found.frequency_per_day[0] == 0).all()


def test_a_scope_whose_frequency_nobody_knows_is_not_moved() -> None:
    for asked in (0.0, 5.0):
        _, found = planned("half_known", archive_frequency_per_day=asked)
        assert np.isinf(found.frequency_per_day[:, 1]).all()
        assert np.allclose(found.frequency_per_day[1, 0], asked)


def test_a_moved_mix_moves_every_scope_by_the_same_odds() -> None:
    known = known_of(history())
    values = rescaled_mix(known.baseline_values(), "pct_pdf", 0.6)
    past, found = planned("sound", **{name: values[name] for name in ("pct_pdf", "pct_docx", "pct_xlsx")})
    mix = found.mix[1, :, 0]
    assert (mix[:, 0] > today(past).mix[:, 0]).all()
    assert (mix.sum(axis=1) <= 1 + 1e-9).all()
    assert (mix >= 0).all()
    whole = np.average(mix[:, 0], weights=today(past).total_files)
    assert whole == pytest.approx(0.6, abs=0.06)


def test_a_type_that_nobody_has_is_added_evenly() -> None:
    _, found = planned("no_types", pct_pdf=0.3)
    assert np.allclose(found.mix[1, :, 0], [0.3, 0, 0], atol=0.1)
    assert (found.mix[1, :, 0, 0] > 0).all()


def test_corners_are_every_subset_once() -> None:
    found = corners(3)
    assert (found[0], found[-1]) == (frozenset(), frozenset({0, 1, 2}))
    assert len(set(found)) == len(found) == 8
    assert corners(0) == [frozenset()]


def test_contributions_are_the_mean_over_all_orders() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(8, 2))
    at = dict(zip(corners(3), values, strict=True))
    by_hand = np.zeros((3, 2))
    for order in permutations(range(3)):
        on: frozenset[int] = frozenset()
        for player in order:
            by_hand[player] += (at[on | {player}] - at[on]) / 6
            on |= {player}
    found = shapley(values, 3)
    assert np.allclose(found, by_hand)
    assert np.allclose(found.sum(axis=0), values[-1] - values[0])


def test_frequency_is_the_only_lever_that_may_be_zero_files_a_day() -> None:
    found = known_of(history("one_file"), "One")
    assert found.by_name(FREQUENCY.name).lower == 0
    assert found.by_name("total_files").lower == 1
