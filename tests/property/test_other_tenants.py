"""Every route of the OpenAPI document, asked about what is another tenant's, answers as if there were no such thing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.pack import KINDS, gather, usual_options
from app.pack.making import MAKERS
from app.text.stamp import Stamp
from forecast_core import baseline
from tests.tenants import NORTH, OWN, PLAN, SOUTH, Building

NUMBER = re.compile(r"-?\d+\.\d{4,}")
NAMES = (PLAN, OWN, "Jungle", "South", '"sam"')
HARMLESS = "nothing"
COSTLY = "post /v1/reload-model"  # learns everything anew
IDS = {"dataset", "scope", "identity"}
Place = Mapping[str, str]


@dataclass(frozen=True)
class Town:
    """Two tenants; the ids of South, and the numbers that only South is told."""

    building: Building
    places: tuple[Place, ...]
    numbers: frozenset[str]

    @property
    def north(self) -> TestClient:
        return self.building.api(replace(NORTH, role="admin"))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    building = Building(tmp_path_factory.mktemp("town"), growth=3.0)
    scenario, upload = building.furnish()
    own, south = building.own(NORTH), building.own(SOUTH)
    places = [
        {"dataset": each, "scope": scope, "identity": scenario}
        for each, scope in ((south, "South"), (upload, "Jungle"), (building.identity, "ALL"), (own, "South"))
    ]
    told = {}
    for who, datasets in ((SOUTH, (south, upload)), (NORTH, (own,))):
        asked = [{"dataset": each, "scope": "ALL", "identity": HARMLESS} for each in datasets]
        told[who] = {number for place in asked for answer in walk(building.api(who), place).values()
                     for number in NUMBER.findall(answer[1])}  # fmt: skip
    only = frozenset(told[SOUTH] - told[NORTH])
    assert len(only) > 100
    return Town(building, tuple(places), only)


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def sample(document: Mapping[str, Any], schema: Mapping[str, Any], place: Place) -> Any:
    """Return a value that a schema allows, with the ids of a place wherever it has room for one."""
    if "$ref" in schema:
        return sample(document, document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], place)
    if "properties" in schema:
        wanted = {*schema.get("required", ()), *(IDS & set(schema["properties"]))}
        return {name: place.get(name) or sample(document, schema["properties"][name], place) for name in wanted}
    if "anyOf" in schema:
        return sample(document, schema["anyOf"][0], place)
    if schema.get("type") == "array":
        return [sample(document, schema["items"], place)]
    return schema["examples"][0]


def walk(api: TestClient, place: Place) -> dict[str, tuple[int, str]]:
    """Return what every operation answers about a place."""
    document, found = api.get("/openapi.json").json(), {}
    for method, path, operation in operations(document):
        if f"{method} {path}" == COSTLY and place["identity"] == HARMLESS:
            continue
        names = {each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"}
        query = {name: value for name, value in place.items() if name in names}
        body: dict[str, Any] = {}
        for kind, content in operation.get("requestBody", {"content": {}})["content"].items():
            made = sample(document, content["schema"], place)
            body = {"content": made if kind == "text/csv" else json.dumps(made), "headers": {"content-type": kind}}
        answer = api.request(method, path.format(**place), params=query, **body)
        found[f"{method} {path}"] = answer.status_code, re.sub(r'"request_id":"[^"]*"', "", answer.text)
    return found


def test_what_is_anothers_answers_like_what_does_not_exist(town: Town) -> None:
    took = set()
    for place in town.places:
        absent = {name: "0" * len(value) if value != "ALL" else value for name, value in place.items()}
        if place["dataset"] == town.building.own(NORTH):
            absent["dataset"] = place["dataset"]
        told, other = walk(town.north, place), walk(town.north, absent)
        for name, (status, text) in told.items():
            for part, value in absent.items():
                text = text.replace(place[part], value)
            plain = text if status == 404 else re.sub(r'"created_at":"[^"]*"|"id":"[^"]*"', "", text)
            assert (status, plain) == (other[name][0], other[name][1] if status == 404 else re.sub(
                r'"created_at":"[^"]*"|"id":"[^"]*"', "", other[name][1])), name  # fmt: skip
            took |= {name} if status == 404 else set()
    assert len(took) >= 11, f"routes that take an id: {sorted(took)}"


def test_no_number_or_name_of_another_is_in_any_answer(town: Town) -> None:
    place = {"dataset": town.building.own(NORTH), "scope": "ALL", "identity": HARMLESS}
    for name, (_, text) in walk(town.north, place).items():
        assert not [each for each in NAMES if each in text], name
        assert not town.numbers & set(NUMBER.findall(text)), name


def test_no_export_holds_another_s_number_or_name(town: Town) -> None:
    service, dataset = town.building.service(NORTH), town.building.own(NORTH)
    scenario = baseline(service.ranges(dataset, "North")).with_values(archive_frequency_per_day=90.0)
    terms, now = service.money_terms(), datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
    stamp = Stamp(service.stamp(dataset, "North"), scenario.id, now, "nora")
    found = gather(service, (scenario, terms), usual_options(service, scenario, terms), stamp)
    assert set(KINDS) <= set(MAKERS)
    for kind in ("json", "html"):
        text = MAKERS[kind](found, lambda *_: None).decode()
        assert "North" in text and not [each for each in NAMES if each in text], kind
        assert not town.numbers & set(NUMBER.findall(text)), kind
