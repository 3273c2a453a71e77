"""The use cases, as a door calls them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from forecast_core import ALL, DataError, LeverError, NotFoundError, Service, baseline
from tests.builders import NEXT, Asked, estate
from tests.conftest import Ask


@pytest.fixture(scope="module")
def uploaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Service, Path, str]:
    """A service with one upload of two scopes."""
    folder = tmp_path_factory.mktemp("uploads")
    service = Service(folder, NEXT)
    reading = service.inspect("estate.csv", estate(["Left", "Right"], 26).to_csv(index=False).encode())
    return service, folder, service.accept(reading, "2026-11-05T10:00:00").id


def test_looking_at_a_file_stores_nothing(tmp_path: Path) -> None:
    service = Service(tmp_path, NEXT)
    reading = service.inspect("estate.csv", estate(["Only"], 14).to_csv(index=False).encode())
    assert reading.history is not None
    assert [info.id for info in service.datasets()] == ["demo", "demoshare"]
    assert list(tmp_path.rglob("*.parquet")) == []


def test_the_demo_share_holds_the_files_of_the_demo_company_by_age_and_says_that_it_is_generated(
    service: Service,
) -> None:
    info, cube = service.dataset("demoshare").info, service.dataset("demoshare").inventory.inventory.modified.last
    assert (info.is_demo, info.has_inventory) == (True, True)
    last = service.dataset("demo").history.frame.groupby("scope")["total_files"].last()
    files = cube.cells.groupby("scope")["files"].sum()
    assert np.abs(files - last).max() <= 4, "one for the rounding of each type"
    of_one = cube.cells["bytes"] / cube.cells["files"]
    assert (np.floor(np.log2(of_one)) == cube.cells["size_class"]).all()
    found = service.policy(baseline(service.ranges("demoshare", ALL)))
    assert found.provenance.is_demo
    assert found.scenario.values["rule_months"] == 36


def test_what_cannot_be_read_cannot_be_accepted(tmp_path: Path) -> None:
    service = Service(tmp_path, NEXT)
    reading = service.inspect("words.csv", b"a,b\nc,d\n")
    with pytest.raises(DataError, match="cannot be used yet"):
        service.accept(reading, "2026-11-05T10:00:00")


def test_an_upload_can_be_asked_about_and_is_still_there_tomorrow(uploaded: tuple[Service, Path, str]) -> None:
    service, folder, identity = uploaded
    assert [info.id for info in service.datasets()] == ["demo", identity, "demoshare"]
    info = Service(folder, NEXT).dataset(identity).info
    assert (info.name, info.is_demo, info.scopes, info.rows) == ("estate.csv", False, ("Left", "Right"), 52)
    assert (info.has_stock, info.has_savings, str(info.last_month)) == (True, True, "2026-10")
    assert service.scopes(identity) == (ALL, "Left", "Right")
    again = service.accept(
        service.inspect("copy.csv", estate(["Left", "Right"], 26).to_csv(index=False).encode()), "now"
    )
    assert again.id == identity


def test_the_same_question_to_a_restarted_service(uploaded: tuple[Service, Path, str]) -> None:
    service, folder, identity = uploaded
    scenario = baseline(service.ranges(identity, ALL)).with_values(avg_file_size_mb=3)
    assert service.simulate(scenario).archived_total == Service(folder, NEXT).simulate(scenario).archived_total


def test_what_does_not_exist_is_named(uploaded: tuple[Service, Path, str]) -> None:
    service, _, identity = uploaded
    with pytest.raises(NotFoundError, match="no data set"):
        service.dataset("0123456789ab")
    with pytest.raises(NotFoundError, match="no scope 'Middle'"):
        service.ranges(identity, "Middle")
    with pytest.raises(NotFoundError, match="no scope"):
        service.forecast(identity, "Middle", 12)


@pytest.mark.parametrize("months", [0, -1, 61])
def test_a_horizon_beyond_the_bounds_is_refused(ask: Ask, months: int) -> None:
    with pytest.raises(LeverError, match="1 to 60"):
        ask().service.forecast("demo", ALL, months)


def test_one_scope_needs_no_all(ask: Ask) -> None:
    asked = ask("one_scope")
    assert asked.service.scopes(asked.known.dataset_id) == ("Only",)
    with pytest.raises(NotFoundError):
        asked.service.ranges(asked.known.dataset_id, ALL)


def test_warm_answers_one_question(ask: Ask) -> None:
    service = ask().service
    service.warm()
    assert service.demo_id == "demo"
    assert service.learned("demo") is service.learned("demo")


def test_many_users_at_once_get_the_same_answers(ask: Ask) -> None:
    asked = ask()
    scenarios = [asked.base.with_values(total_files=2_000_000 + 100_000 * index) for index in range(8)]
    alone = [asked.service.simulate(scenario).archived_total for scenario in scenarios]
    with ThreadPoolExecutor(8) as pool:
        together = [answer.archived_total for answer in pool.map(asked.service.simulate, scenarios)]
    assert together == alone


def test_an_outlook_says_what_came_and_what_would_have_been_said(ask: Ask) -> None:
    asked = ask()
    found = asked.service.forecast("demo", ALL, 24)
    assert [line.scope for line in found.by_scope] == list(asked.view.history.scopes)
    assert found.backtest is not None
    assert found.backtest.inside / len(found.backtest.actual) > 0.5
    assert str(found.backtest.months[-1]) == "2026-10"
    assert [score.is_champion for score in found.scores].count(True) == 1
    assert found.predictable
    assert found.error_ratio < 0.3
    assert found.notes == ()
    assert found.archived.point.shape == (24,)


def test_an_outlook_on_one_scope_and_on_an_ended_one(ask: Ask) -> None:
    asked = ask("ended", "Ended")
    found = asked.service.forecast(asked.known.dataset_id, "Ended", 3)
    assert [line.live for line in found.by_scope] == [False]
    assert str(found.months[0]) == "2025-11"
    whole = asked.service.forecast(asked.known.dataset_id, ALL, 3)
    assert any("Ended" in note for note in whole.notes)
    assert [line.live for line in whole.by_scope] == [False, True, True]


def test_an_outlook_is_honest_about_what_it_cannot_say(ask: Ask) -> None:
    for name, predictable in (("bursts", False), ("sound", True)):
        asked = ask(name)
        found = asked.service.forecast(asked.known.dataset_id, asked.known.scope, 12)
        assert found.predictable == (found.error_ratio < 0.5)
        assert found.predictable or not predictable
    observed = ask("observed")
    notes = observed.service.forecast(observed.known.dataset_id, ALL, 12).notes
    assert any("what was archived, not what was set" in note for note in notes)
    bare = ask("bare")
    found = bare.service.forecast(bare.known.dataset_id, "Bare", 12)
    assert found.savings is None
    assert found.ahead[0].savings is None
    assert [score.fault != "" for score in found.scores].count(True) == 1


def test_forecast_and_baseline_of_the_simulator_are_the_same_number(ask: Ask) -> None:
    for name in ("demo", "calendar", "ended"):
        asked = ask(name)
        answer = asked.service.simulate(asked.base.with_values(horizon_months=24))
        found = asked.service.forecast(asked.known.dataset_id, asked.known.scope, 24)
        assert np.allclose(found.archived.point, answer.archived.baseline.point, rtol=1e-12), name
        assert np.allclose(found.archived.upper, answer.archived.baseline.upper, rtol=1e-12), name


def test_a_model_id_changes_with_the_data(ask: Ask) -> None:
    ids = {
        Asked.of(ask(name).service, ask(name).known.dataset_id, ask(name).known.scope).view.learned.model_id
        for name in NAMES
    }
    assert len(ids) == len(NAMES)


NAMES = ("demo", "sound", "no_types")
