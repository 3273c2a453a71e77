"""A history beside an inventory: who answers for which scope, and what follows from it on every page."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from app.text import files_models as words
from forecast_core import InventoryChoices, Scenario, Service, baseline
from forecast_core.backtest import answerer

MONTH = np.datetime64("2026-11", "M")
LAST, RULE = MONTH - 1, 12
GB = 2**30
HISTORY_MONTHS, SNAPSHOTS = 36, 6
CAME = np.array([4.0, 0.0, 6.0])


def test_the_files_answer_unless_the_history_came_clearly_closer() -> None:
    near, far = CAME + 0.5, CAME + 1.0
    assert answerer("A", near, far, CAME, has_rule=True).by_files
    assert answerer("A", CAME + 0.52, near, CAME, has_rule=True).by_files
    found = answerer("A", far, near, CAME, has_rule=True)
    assert not found.by_files
    assert (found.months, found.files_wape, found.history_wape) == (3, 0.3, 0.15)
    assert found.reason == "the history came closer"


def test_one_month_decides_nothing_and_without_a_rule_the_files_foresee_nothing() -> None:
    unknown = np.array([np.nan, np.nan, 9.0])
    assert answerer("A", unknown, CAME, CAME, has_rule=True).by_files
    assert not answerer("A", CAME, CAME + 9, CAME, has_rule=False).by_files


def test_where_nothing_came_the_smaller_miss_decides() -> None:
    nothing = np.zeros(3)
    found = answerer("A", nothing + 1, nothing, nothing, has_rule=True)
    assert not found.by_files
    assert np.isnan(found.files_wape)


def arrivals(seed: int) -> np.ndarray:
    """Return bytes that arrive in each of the 60 months until LAST, in bursts."""
    return np.random.default_rng(seed).integers(1, 40, 60) ** 2 * (GB // 400)


def cubes() -> bytes:
    rows = ["scope,snapshot_month,file_type,size_from_bytes,modified_month,files,bytes"]
    for taken in range(SNAPSHOTS):
        for scope, seed in (("Legal", 1), ("Sales", 2)):
            for index, volume in enumerate(arrivals(seed)[: 60 - taken]):
                month = LAST - 59 + index
                rows.append(f"{scope},{LAST - taken},pdf,1048576,{month},{max(volume // 2**21, 1)},{volume}")
    return "\n".join(rows).encode()


def history(other: str = "Sales") -> bytes:
    """Return months in which Legal archived what the rule takes, and Sales the same every month, whatever was due."""
    rows = ["scope,month,total_files,avg_file_size_mb,archive_frequency_per_day,archived_gb,savings_gb"]
    due, noise = arrivals(1) / GB, np.random.default_rng(3).normal(1, 0.02, HISTORY_MONTHS)
    for index in range(HISTORY_MONTHS):
        month = LAST - HISTORY_MONTHS + 1 + index
        legal, sales = due[60 - HISTORY_MONTHS + index - RULE], noise[index]
        rows.append(f"Legal,{month},10000,2,40,{legal:.6f},{legal * 0.9:.6f}")
        rows.append(f"{other},{month},10000,2,40,{sales:.6f},{sales * 0.9:.6f}")
    return "\n".join(rows).encode()


def opened(service: Service, rule: int = RULE, other: str = "Sales") -> Scenario:
    """Return the baseline of the inventory with the history beside it."""
    beside = service.accept(service.inspect("history.csv", history(other)), "2026-11-20")
    choices = InventoryChoices(rule_months=rule, history_id=beside.id)
    info = service.accept(service.inspect_inventory("cubes.csv", cubes(), choices), "2026-11-20")
    return baseline(service.ranges(info.id, "ALL"))


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return Service(tmp_path_factory.mktemp("beside"), MONTH)


@pytest.fixture(scope="module")
def base(service: Service) -> Scenario:
    return opened(service)


def test_each_scope_is_answered_by_who_came_closer_and_the_pages_say_so(service: Service, base: Scenario) -> None:
    found = service.forecast(base.dataset_id, "ALL", 12)
    who = {line.scope: line.answered_by for line in found.by_scope}
    assert who["Legal"] == "Due dates"
    assert who["Sales"] not in ("", "Due dates")
    assert any(note.startswith("For Sales the level comes from the monthly history") for note in found.notes)
    parts = sum(line.ahead.archived.point for line in found.by_scope)
    assert found.ahead[-1].archived.point == pytest.approx(parts)
    sales = next(line.ahead for line in found.by_scope if line.scope == "Sales")
    assert sales.archived.point == pytest.approx(12, rel=0.15)
    assert sales.savings is not None
    assert sales.savings.point == pytest.approx(sales.archived.point * 0.9, rel=0.05)
    assert not found.past.is_computed


def test_who_answers_beats_both_on_the_months_it_was_judged_on(service: Service, base: Scenario) -> None:
    chosen, files, months = service.inventories.models(base.dataset_id).scores
    assert chosen.is_champion
    assert chosen.wape_archived < min(files.wape_archived, months.wape_archived)
    assert chosen.months == 2 * (SNAPSHOTS - 1)


def test_the_simulator_starts_from_the_same_level_and_the_files_say_the_change(
    service: Service, base: Scenario
) -> None:
    outlook = service.forecast(base.dataset_id, "ALL", 12)
    unmoved = service.simulate(base.with_values(horizon_months=12))
    assert unmoved.archived_total.scenario.point == pytest.approx(outlook.ahead[-1].archived.point)
    assert unmoved.archived_total.change.point == 0
    moved = service.simulate(base.with_values(rule_months=6))
    files = service.policy(base.with_values(rule_months=6))
    assert moved.archived_total.change.point == pytest.approx(files.total.change.point, rel=0.02)
    assert (moved.archived.scenario.point[:6] >= 0).all()
    assert any("low evidence" in note for note in moved.notes)
    assert not any("low evidence" in note for note in unmoved.notes)


def test_the_bill_is_of_the_same_volumes(service: Service, base: Scenario) -> None:
    moved = base.with_values(rule_months=6)
    answer, report = service.simulate(moved), service.money(moved, service.money_terms())
    assert answer.money is not None
    assert report.storage_only == pytest.approx(answer.money.total.scenario.point)
    assert round(sum(bill.net for bill in report.by_scope), 2) == report.total


def test_without_a_rule_in_force_the_history_says_what_comes(service: Service) -> None:
    base = opened(service, rule=121)
    found = service.forecast(base.dataset_id, "ALL", 12)
    assert {line.answered_by for line in found.by_scope}.isdisjoint({"", "Due dates"})
    assert np.isfinite(found.archived.point).all()
    assert found.ahead[-1].archived.point > 0
    assert words.headline(service.inventories.models(base.dataset_id)).startswith("“")


def test_scopes_that_only_the_files_know_are_answered_by_them(service: Service) -> None:
    base = opened(service, other="Somebody else")
    found = service.forecast(base.dataset_id, "ALL", 12)
    assert {line.scope: line.answered_by for line in found.by_scope} == {"Legal": "Due dates", "Sales": "Due dates"}
    assert found.past.is_computed
    view = service.inventories.models(base.dataset_id)
    assert [each.scope for each in view.answerers] == ["Legal"]
    assert words.answerers(view)["Answers"] == ["Due dates"]


def test_on_real_libraries_the_files_come_closer_in_every_one(real_data: Path, service: Service) -> None:
    """Real files and months, the rule applied to both by us: the recorded months are what that rule took."""
    last, folder = "2023-03-01", real_data / "real_libraries"
    cells = pd.concat([pd.read_csv(path) for path in sorted(folder.glob("cube_history_*.csv.gz"))])
    months = sorted(cells.loc[cells["snapshot_month"] <= last, "snapshot_month"].unique())[-8:]
    alive = cells.loc[cells["snapshot_month"] == last, "scope"].unique()
    cells = cells[cells["scope"].isin(alive) & cells["snapshot_month"].isin(months)]
    rows = pd.read_csv(folder / "history_rule12.csv")
    rows = rows[rows["scope"].isin(alive) & (rows["month"] <= last)]
    past = service.accept(service.inspect("h.csv", rows.to_csv(index=False).encode()), "2026-11-20")
    choices = InventoryChoices(rule_months=12, history_id=past.id)
    info = service.accept(service.inspect_inventory("c.csv", cells.to_csv(index=False).encode(), choices), "2026-11-20")
    view = service.inventories.models(info.id)
    assert len(view.answerers) == 7
    assert all(found.by_files for found in view.answerers)
    _, files, history = view.scores
    assert files.wape_archived < 0.01
    assert history.wape_archived > 0.5
    assert words.headline(view).startswith("The due dates answer: ")
