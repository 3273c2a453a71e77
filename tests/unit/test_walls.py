"""Walls between tenants: nobody sees a number, a name or a scenario of somebody else, by whatever door."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.access import NOBODY, Identity, RoleError
from app.access.acts import Acts
from app.access.current import serving
from app.access.guarded import Guarded
from app.state import services
from forecast_core import Audit, Service, Settings
from forecast_core.errors import DataError
from tests.builders import estate
from tests.tenants import HOUSE, MONTH, NORTH, SOUTH, Building


@pytest.fixture(scope="module")
def building(tmp_path_factory: pytest.TempPathFactory) -> Building:
    return Building(tmp_path_factory.mktemp("building"))


def everything(api: TestClient, dataset: str) -> dict[str, Any]:
    """Return every answer about a data set."""
    asked = {"dataset": dataset, "values": {"archive_frequency_per_day": 90}}
    answers = {
        "levers": api.get("/v1/levers", params={"dataset": dataset}),
        "forecast": api.get("/v1/forecast", params={"dataset": dataset}),
        "model": api.get("/v1/model/info", params={"dataset": dataset}),
        "drift": api.get("/v1/drift", params={"dataset": dataset}),
        "simulate": api.post("/v1/simulate", json=asked),
        "compare": api.post("/v1/compare", json={"dataset": dataset, "scenarios": [{"name": "x", "values": {}}]}),
        "datasets": api.get("/v1/datasets"),
        "scenarios": api.get("/v1/scenarios"),
    }
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(answers, 200)
    return {name: answer.json() for name, answer in answers.items()}


def test_a_tenant_sees_its_own_rows_and_nothing_else(building: Building) -> None:
    api = building.api(NORTH)
    told = json.dumps(everything(api, building.own(NORTH)))
    assert "North" in told and "South" not in told and building.identity not in told
    assert api.get("/v1/levers", params={"dataset": building.own(NORTH), "scope": "South"}).status_code == 404


@pytest.mark.parametrize("who", [NORTH, SOUTH])
def test_an_id_of_somebody_else_does_not_exist(building: Building, who: Identity) -> None:
    other = building.own(SOUTH if who is NORTH else NORTH)
    for identity in (other, building.identity):
        answer = building.api(who).post("/v1/simulate", json={"dataset": identity})
        assert answer.status_code == 404
        absent = building.api(who).post("/v1/simulate", json={"dataset": "0123456789ab"})
        assert absent.json()["detail"].replace("0123456789ab", identity) == answer.json()["detail"]


def test_what_others_have_moves_no_number(building: Building, tmp_path: Path) -> None:
    bigger = Building(tmp_path, growth=7.0)
    answers = [everything(each.api(NORTH), each.own(NORTH)) for each in (building, bigger)]
    for part, numbers in (("simulate", "archived_gb"), ("forecast", "archived_gb"), ("model", "wape_archived")):
        assert answers[0][part][numbers] == answers[1][part][numbers]
    houses = [each.api(HOUSE).get("/v1/forecast", params={"dataset": each.identity}) for each in (building, bigger)]
    assert houses[0].json()["archived_gb"] != houses[1].json()["archived_gb"], "the house does see it"


def test_a_kept_scenario_stays_behind_its_wall(building: Building) -> None:
    asked = {"name": "Plan of the north", "dataset": building.own(NORTH), "values": {"archive_frequency_per_day": 90}}
    kept = building.api(NORTH).post("/v1/scenarios", json=asked)
    assert kept.status_code == 201
    for other in (SOUTH, HOUSE):
        assert building.api(other).get(f"/v1/scenarios/{kept.json()['id']}").status_code == 404
        assert "Plan of the north" not in building.api(other).get("/v1/scenarios").text
    entry = Audit(building.service(HOUSE).store).latest(1)[0].act
    assert (entry.who, entry.tenant, entry.act) == ("nora", "North", "scenario kept")
    assert "Plan" not in repr(entry), "a name that somebody typed"


def test_what_a_tenant_uploads_is_the_tenants(building: Building) -> None:
    table = estate(["Own"], 16).to_csv(index=False).encode()
    service = building.service(SOUTH)
    with serving(SOUTH):
        made = service.intake.accept(service.inspect("own.csv", table), "2026-11-02T12:00:00+00:00")
    assert made in [info.id for info in service.datasets()]
    for other in (NORTH, HOUSE):
        assert made not in [info.id for info in building.service(other).datasets()]
        assert building.api(other).get("/v1/levers", params={"dataset": made}).status_code == 404


def test_a_viewer_stores_nothing_by_whatever_way(building: Building) -> None:
    service, viewer = building.service(HOUSE), Identity("vic", "viewer")
    reading = service.inspect("own.csv", estate(["Own"], 16).to_csv(index=False).encode())
    count = len(service.datasets())
    with serving(viewer):
        for write in (service.accept, service.intake.accept):
            with pytest.raises(RoleError, match="analyst"):
                write(reading, "2026-11-02T12:00:00+00:00")
    assert len(service.datasets()) == count


def test_addresses_that_the_house_may_read_are_not_a_tenants(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, sources="https://lists.example/")
    assert Guarded.of(settings, MONTH).intake.allowed == ("https://lists.example/",)
    with pytest.raises(DataError, match="may not be read"):
        Guarded.of(settings, MONTH, "North").intake.allowed_place("https://lists.example/all.csv")


def test_two_machines_share_what_a_tenant_has_and_the_wall_stands(tmp_path: Path) -> None:
    def machine(name: str, tenant: str) -> Guarded:
        folder = tmp_path / name
        made = Settings(data_dir=folder, models_dir=folder / "models", shared_storage=f"file://{tmp_path / 'shared'}")
        return Guarded.of(made, MONTH, tenant).guard(Acts(lambda: Audit(Service.of(made, MONTH).store)))

    one, two = machine("one", "South"), machine("two", "South")
    table = estate(["Own"], 16).to_csv(index=False).encode()
    with serving(SOUTH):
        made = one.intake.accept(one.inspect("own.csv", table), "2026-11-02T12:00:00+00:00")
    for other in (two, machine("two", "North"), machine("two", "")):
        assert other.share() == ""
        assert (made in [info.id for info in other.datasets()]) == (other is two)
    assert two.dataset(made).history.sha256 == one.dataset(made).history.sha256


def test_a_reload_is_written_down(building: Building) -> None:
    answer = building.api(replace(NORTH, role="admin")).post("/v1/reload-model")
    assert answer.status_code == 200
    entry = Audit(building.service(HOUSE).store).latest(1)[0].act
    assert (entry.act, entry.what, entry.after) == ("model reloaded", "demo", {"model": answer.json()["model_id"]})


def test_nobody_gets_no_service() -> None:
    with pytest.raises(RoleError, match="Nobody is signed in"):
        services.service_of(NOBODY)
    with pytest.raises(RoleError):
        services.service_of(replace(NORTH, role=""))
