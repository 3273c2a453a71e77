"""The Functions app, called as its host calls it: same numbers, closed to strangers. A whole round: tests/deploy."""

from __future__ import annotations

import asyncio
import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import azure.functions as func
import numpy as np
import pytest

from forecast_core import Service, Settings
from forecast_core.service.rows import Row
from tests.builders import history, store

FUNCTIONS = Path(__file__).parents[2] / "deploy" / "functions"
ROW = {
    "month": "2026-10",
    "total_files": 100_000,
    "avg_file_size_mb": 1.2,
    "pct_pdf": 0.4,
    "pct_docx": 0.3,
    "pct_xlsx": 0.1,
    "archive_frequency_per_day": 900,
    "scope": "Finance",
}
WHERE = SimpleNamespace(
    function_name="api",
    function_directory=".",
    invocation_id="1",
    thread_local_storage=None,
    trace_context=None,
    retry_context=None,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("functions")


@pytest.fixture(scope="module")
def dataset(folder: Path) -> str:
    return store(folder / "data", "own", history())


@pytest.fixture(scope="module")
def script(folder: Path, dataset: str) -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ARCHIVE_FORECAST_DATA_DIR", str(folder / "data"))
        patch.setenv("ARCHIVE_FORECAST_SHARED_STORAGE", f"file://{folder / 'shared'}")
        (folder / "shared").mkdir()
        spec = importlib.util.spec_from_file_location("function_app", FUNCTIONS / "function_app.py")
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield module


@pytest.fixture(scope="module")
def functions(script: ModuleType) -> dict[str, func.Function]:
    return {item.get_function_name(): item for item in script.app.get_functions()}


@pytest.fixture(scope="module")
def loop(script: ModuleType) -> Iterator[asyncio.AbstractEventLoop]:
    """The one loop of the host's worker; at its end the app is told to stop."""
    with asyncio.Runner() as runner:
        yield runner.get_loop()
        runner.run(script.app.middleware.notify_shutdown())
    script.app.startup_task_done = False


def request(method: str, path: str, body: Any = None, **headers: str) -> func.HttpRequest:
    content = b"" if body is None else json.dumps(body).encode()
    return func.HttpRequest(
        method=method,
        url=f"https://func-afcast-prod.azurewebsites.net{path}",
        headers={"content-type": "application/json", **headers},
        params={},
        route_params={"route": path.lstrip("/")},
        body=content,
    )


@pytest.fixture(scope="module")
def ask(functions: dict[str, func.Function], loop: asyncio.AbstractEventLoop) -> Any:
    api = functions["api"].get_user_function()
    return lambda *asked, **headers: loop.run_until_complete(api(request(*asked, **headers), WHERE))


def triggers(functions: dict[str, func.Function]) -> dict[str, dict[str, Any]]:
    return {name: item.get_trigger().get_dict_repr() for name, item in functions.items()}


def test_strangers_reach_health_and_nothing_else(functions: dict[str, func.Function]) -> None:
    levels = {name: str(found.get("authLevel", "")) for name, found in triggers(functions).items()}
    routes = {name: found.get("route") for name, found in triggers(functions).items()}
    assert {name: level.rpartition(".")[2].upper() for name, level in levels.items() if level} == {
        "api": "FUNCTION",
        "health": "ANONYMOUS",
    }
    assert routes == {"api": "/{*route}", "health": "health", "round": None}
    assert json.loads((FUNCTIONS / "host.json").read_text())["extensions"]["http"]["routePrefix"] == ""


def test_two_who_ask_first_are_both_answered(functions: dict[str, func.Function], loop: Any) -> None:
    api = functions["api"].get_user_function()

    async def both() -> list[func.HttpResponse]:
        return await asyncio.gather(*(api(request("GET", "/api/v1/health"), WHERE) for _ in range(2)))

    answers = loop.run_until_complete(both())
    assert [answer.status_code for answer in answers] == [200, 200]
    alive = loop.run_until_complete(functions["health"].get_user_function()(request("GET", "/health")))
    assert (alive.status_code, json.loads(alive.get_body())) == (200, {"status": "ready"})


@pytest.mark.parametrize("path", ["/api/v1/predict", "/api/predict"])
def test_it_answers_what_the_app_answers(ask: Any, folder: Path, dataset: str, path: str) -> None:
    answered = ask("POST", path, {"instances": [ROW], "dataset": dataset})
    assert answered.status_code == 200, answered.get_body()
    there = Service.of(
        Settings(data_dir=folder / "data", models_dir=folder / "data" / "models"), np.datetime64("today", "M")
    )
    known = there.rows.predict(dataset, [Row(**ROW)]).rows[0]
    told = json.loads(answered.get_body())["predictions"][0]
    assert told["archived_gb_next_period"] == known.archived.point > 0


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        (("POST", "/api/v1/predict", {"instances": [{**ROW, "pct_pdf": 1.4}]}), 422, b"pct_pdf"),
        (("POST", "/api/v1/predict", {"instances": [{**ROW, "colour": 1}]}), 422, b"colour"),
        (("GET", "/api/v1/model/info?dataset=0123456789ab"), 404, b"0123456789ab"),
        (("GET", "/api/v1/nothing"), 404, b"problem"),
        (("GET", "/money"), 404, b""),
    ],
)
def test_what_is_wrong_is_named(ask: Any, asked: tuple[Any, ...], status: int, said: bytes) -> None:
    answered = ask(*asked)
    assert answered.status_code == status
    assert said in answered.get_body() + str(answered.mimetype).encode()


def test_a_request_keeps_its_id(ask: Any) -> None:
    assert ask("GET", "/api/v1/health", **{"x-request-id": "night-7"}).headers["x-request-id"] == "night-7"


def test_the_round_is_gone_every_morning(functions: dict[str, func.Function]) -> None:
    timer = triggers(functions)["round"]
    assert (timer["type"], timer["schedule"], timer["runOnStartup"]) == ("timerTrigger", "0 15 6 * * *", False)


def test_a_round_that_fails_is_a_failed_invocation(
    functions: dict[str, func.Function], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARCHIVE_FORECAST_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/none")
    with pytest.raises(RuntimeError, match="exit code 1"):
        functions["round"].get_user_function()(SimpleNamespace(past_due=True))
