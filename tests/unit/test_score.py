"""The scoring script of the endpoint: the published contract, the app's own numbers, a sentence for what is wrong."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from forecast_core import Service, Settings
from forecast_core.service.rows import Row
from tests.builders import history, store

SCORE = Path(__file__).parents[2] / "deploy" / "azureml" / "score" / "score.py"
ROWS = [
    Row("2026-10", 100_000, 1.2, 0.4, 0.3, 0.1, 900.0, "Finance"),
    Row("2026-10", 100_000, 1.2, 0.4, 0.3, 0.1, 1800.0, "Finance"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("score")


@pytest.fixture(scope="module")
def dataset(folder: Path) -> str:
    return store(folder, "own", history())


@pytest.fixture(scope="module")
def script(folder: Path, dataset: str) -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ARCHIVE_FORECAST_DATA_DIR", str(folder))
        spec = importlib.util.spec_from_file_location("score", SCORE)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        module.init()
        yield module


def asked(rows: list[Row], **changed: Any) -> str:
    columns = list(asdict(rows[0]))
    table = {"columns": columns, "index": list(range(len(rows))), "data": [list(asdict(row).values()) for row in rows]}
    return json.dumps({"input_data": table | changed})


def test_it_answers_what_the_app_answers(script: ModuleType, folder: Path, dataset: str) -> None:
    answered = script.run(asked(ROWS))
    service = Service.of(Settings(data_dir=folder, models_dir=folder / "models"), np.datetime64("today", "M"))
    known = service.rows.predict(dataset, ROWS).rows
    assert answered == [[row.archived.point, row.savings.point] for row in known if row.savings]
    assert answered[1][0] > answered[0][0] > 0, "twice as often archives more"


def test_the_order_of_columns_is_theirs(script: ModuleType) -> None:
    columns = list(reversed(asdict(ROWS[0])))
    turned = asked(ROWS, columns=columns, data=[[asdict(row)[name] for name in columns] for row in ROWS])
    assert script.run(turned) == script.run(asked(ROWS))


WRONG = [
    ("[]", "not the published contract"),
    ("{", "not the published contract"),
    (asked(ROWS, columns=["month"]), "total_files"),
    (asked(ROWS, columns=["colour", *list(asdict(ROWS[0]))[1:]]), "colour"),
    (asked(ROWS, index=[0]), "one index"),
    (asked([ROWS[0]], data=[["2026-10", "many", 1, 0, 0, 0, 1, ""]]), "'many'; a number is needed"),
    (asked([ROWS[0]], data=[["2026-13", 1, 1, 0, 0, 0, 1, ""]]), "month"),
]


@pytest.mark.parametrize(("raw", "said"), WRONG)
def test_what_does_not_fit_is_named_over_http(script: ModuleType, raw: str, said: str) -> None:
    answer = TestClient(script.app).post("/score", content=raw)
    assert answer.status_code == 422
    assert said in answer.json()["error"] + str(answer.json()["hint"])


def test_the_platform_gets_its_answers(script: ModuleType) -> None:
    client = TestClient(script.app)
    assert [client.get(path).status_code for path in ("/", "/ready")] == [200, 200]
    assert client.post("/score", content=asked(ROWS)).json() == script.run(asked(ROWS))
