"""Data rules, the seven inputs, what is shown as background, an inventory over time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from forecast_core.drift.background import background, noise_floor, stability_index
from forecast_core.drift.changes import Materiality, check
from forecast_core.drift.estate import estate_panel, vanished
from forecast_core.drift.inputs import NAMES, Panel
from forecast_core.drift.quality import faults, on_hold
from forecast_core.history import ALL, History
from forecast_core.inventory import Cubes
from tests.builders import LAST, estate
from tests.cubes import cube

LAST_DAY = pd.Timestamp(str(LAST))
Bend = Callable[[pd.DataFrame, "pd.Series[bool]"], None]


def bent(bend: Bend, months: int = 30) -> History:
    """Return the estate with the last row of Legal bent."""
    rows = estate(months=months)
    bend(rows, (rows["scope"] == "Legal") & (rows["month"] == LAST_DAY))
    return History.of(rows.dropna(subset=["scope"]))


def found(history: History) -> list[tuple[str, str, str]]:
    checked = check(Panel.of(history), LAST, LAST - 12)
    return [(fault.rule, fault.scope, fault.column) for fault in faults(history, checked)]


def times(column: str, factor: float) -> Bend:
    def bend(rows: pd.DataFrame, here: pd.Series[bool]) -> None:
        rows.loc[here, column] *= factor

    return bend


def put(column: str, value: float) -> Bend:
    def bend(rows: pd.DataFrame, here: pd.Series[bool]) -> None:
        rows.loc[here, column] = value

    return bend


def drop(rows: pd.DataFrame, here: pd.Series[bool]) -> None:
    rows.loc[here, "scope"] = None


def copied(rows: pd.DataFrame, here: pd.Series[bool]) -> None:
    before = rows[(rows["scope"] == "Legal") & (rows["month"] < LAST_DAY)].iloc[-1]
    for name in ("total_files", "avg_file_size_mb", "pct_pdf", "pct_docx", "pct_xlsx"):
        rows.loc[here, name] = before[name]


@pytest.mark.parametrize("factor", [8, 1000, 1024, 1024**2, 1 / 1000, 1 / 1024])
def test_a_mixed_up_unit_of_a_size_is_named(factor: float) -> None:
    assert found(bent(times("avg_file_size_mb", factor)))[0][:3] == ("unit", "Legal", "avg_file_size_mb")


@pytest.mark.parametrize(
    ("bend", "rule"),
    [
        (drop, "missing"),
        (copied, "stale"),
        (put("pct_pdf", 0.99), "shares"),
        (put("archived_gb", -1.0), "negative"),
        (put("avg_file_size_mb", np.nan), "unknown"),
        (times("savings_gb", 3.0), "freed"),
        (put("archived_gb", 1e6), "archived"),
        (times("total_files", 1000), "unit"),
    ],
)
def test_each_rule_names_the_scope_that_breaks_it_and_nobody_else(bend: Bend, rule: str) -> None:
    seen = found(bent(bend))
    assert rule in {each for each, _, _ in seen}
    assert {scope for _, scope, _ in seen} == {"Legal"}


def test_sound_data_breaks_no_rule_and_growth_is_none() -> None:
    assert found(History.of(estate(months=30))) == []
    assert found(bent(times("total_files", 2))) == []
    assert found(bent(times("archive_frequency_per_day", 8))) == []  # a policy may be set to eight times what it was


def test_the_same_row_twice_is_a_fault() -> None:
    rows = estate(months=30)
    doubled = pd.concat([rows, rows[(rows["scope"] == "Legal") & (rows["month"] == LAST_DAY)]])
    assert ("double", "Legal", "") in found(History.of(doubled))


def test_a_scope_that_comes_back_says_how_long_it_was_gone() -> None:
    rows = estate(months=30)
    gone = (
        (rows["scope"] == "Legal") & (rows["month"] < LAST_DAY) & (rows["month"] > LAST_DAY - pd.DateOffset(months=4))
    )
    history = History.of(rows[~gone])
    checked = check(Panel.of(history), LAST, LAST - 12)
    (fault,) = faults(history, checked)
    assert (fault.rule, fault.value) == ("gap", 3)
    assert on_hold((fault,)) == {"Legal"}


# ── the seven inputs ───────────────────────────────────────────────────────────────────────────────────────────────
def test_all_is_the_sum_of_files_and_the_mean_by_files() -> None:
    history = History.of(estate(months=30))
    panel = Panel.of(history)
    files, size = history.grid("total_files"), history.grid("avg_file_size_mb")
    assert panel.scopes[-1] == ALL
    assert np.allclose(panel.raw[-1, 0], files.sum(axis=0))
    assert np.allclose(panel.raw[-1, 1], (files * size).sum(axis=0) / files.sum(axis=0))
    assert np.allclose(panel.raw[:, 2:6].sum(axis=1), 1)


def test_a_scope_on_hold_or_too_young_is_not_part_of_all() -> None:
    rows = estate(["Old", "Older", "Young"], 30)
    young = (rows["scope"] == "Young") & (rows["month"] < LAST_DAY - pd.DateOffset(months=3))
    history = History.of(rows[~young])
    assert Panel.of(history).whole == ("Old", "Older")
    assert Panel.of(history, on_hold={"Old"}).whole == ("Older",)


def test_a_rate_that_was_only_observed_is_not_watched() -> None:
    panel = Panel.of(History.of(estate(months=30), frequency_is_observed=True))
    assert np.isnan(panel.raw[:, NAMES.index("archive_frequency_per_day")]).all()
    checked = check(panel, LAST, LAST - 12)
    assert np.isfinite(checked.p).sum(axis=1).tolist() == [6, 6, 6, 6]


def test_what_is_small_is_not_noticed_however_sure() -> None:
    history = bent(times("archive_frequency_per_day", 1.5))
    panel = Panel.of(history)
    row, column = panel.scopes.index("Legal"), NAMES.index("archive_frequency_per_day")
    assert check(panel, LAST, LAST - 6).noticed[row, column]
    assert not check(panel, LAST, LAST - 6, materiality=Materiality(amount=2.0)).noticed[row, column]


def test_the_smallest_noticeable_change_is_noticed_and_half_of_it_is_not() -> None:
    quiet = Panel.of(History.of(estate(months=30)))
    checked = check(quiet, LAST, LAST - 1)
    row, column = quiet.scopes.index("Legal"), NAMES.index("avg_file_size_mb")
    least, expected = checked.noticeable[row, column], checked.expected[row, column]
    for factor, seen in ((1 + 1.05 * least, True), (1 + 0.5 * least, False)):
        panel = Panel.of(bent(put("avg_file_size_mb", expected * factor)))
        assert check(panel, LAST, LAST - 1).noticed[row, column] == seen


def test_later_months_do_not_change_an_earlier_verdict() -> None:
    history = History.of(estate(months=30))
    month = LAST - 4
    early, late = (check(Panel.of(each), month, month - 6) for each in (history.until(month), history))
    assert np.allclose(early.p, late.p, equal_nan=True)


# ── background ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_index_of_the_same_population_stays_below_its_noise_floor() -> None:
    rng = np.random.default_rng(3)
    draws = [stability_index(rng.normal(size=600), rng.normal(size=80)) for _ in range(200)]
    assert np.mean(np.array(draws) > noise_floor(600, 80)) < 0.12
    assert stability_index(rng.normal(size=600), rng.normal(2, 1, 80)) > 5 * noise_floor(600, 80)


def test_below_sixty_rows_there_is_no_index() -> None:
    shown = background(Panel.of(History.of(estate(months=30))), LAST - 12)
    assert {item.name for item in shown} == set(NAMES)
    assert all(np.isnan(item.index) for item in shown)
    assert all(item.trained[0] <= item.trained[1] <= item.trained[2] for item in shown)


# ── an inventory ───────────────────────────────────────────────────────────────────────────────────────────────────
def library(months: int = 20) -> list[tuple[str, str, int, int, int, int]]:
    return [("lib", kind, 20, age, 50 + age, (50 + age) * 2**20) for age in range(months) for kind in ("pdf", "docx")]


def test_files_that_vanished_are_counted_and_changed_files_are_not_called_deleted() -> None:
    before = cube(library(), LAST - 1)
    kept = [(scope, kind, size, age + 1, files, volume) for scope, kind, size, age, files, volume in library()]
    gone = [(*each[:4], each[4] - 10, each[5] - 10 * 2**20) if each[1] == "pdf" else each for each in kept]
    after = cube([*gone, ("lib", "pdf", 20, 0, 15, 15 * 2**20)], LAST)
    (lost,) = vanished(before, after)
    assert (lost.files, lost.changed_at_most, lost.deleted_at_least) == (200, 15, 185)
    assert lost.gb == pytest.approx(200 / 1024)


def test_the_shape_of_an_inventory_is_watched_like_any_input() -> None:
    cubes = []
    for step in range(24):
        files = [round(1000 * 1.03 ** (step - age)) for age in range(step + 60)]
        kinds = ("pdf", "docx", "other")
        rows = [("lib", kind, 20, age, born, born * 2**20) for age, born in enumerate(files) for kind in kinds]
        if step == 23:
            rows = [each for each in rows if each[1] != "other" or each[3] < 5]
        cubes.append(cube(rows, LAST - 23 + step))
    panel = estate_panel(Cubes(tuple(cubes)))
    checked = check(panel, LAST, LAST - 12)
    noticed = {panel.inputs[column].name for column in np.flatnonzero(checked.noticed[0])}
    assert {"estate_files", "estate_share_other"} <= noticed
    assert not check(panel, LAST - 1, LAST - 12).noticed.any()


def test_the_cold_share_is_unknown_before_anything_could_be_cold() -> None:
    cubes = Cubes(
        tuple(
            cube([("lib", "pdf", 20, age, 10, 100) for age in range(step + 1)], LAST - 14 + step) for step in range(15)
        )
    )
    cold = estate_panel(cubes).raw[0, 3]
    assert np.isnan(cold[:12]).all()
    assert np.isfinite(cold[12:]).all()
