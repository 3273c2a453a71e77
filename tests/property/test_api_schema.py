"""The API against its own OpenAPI document: whatever the schema allows, and much that it does not."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.applications import Starlette
from starlette.routing import Mount

from app.access import NOBODY
from app.api import Door, create_api
from tests.conftest import Ask
from tests.doors import door

EXAMPLES = 8
COSTLY = ("/v1/reload-model",)  # learns the demo company anew each time
SECONDS = 60  # a busy machine proves nothing about speed
OPERATIONS = [
    (path, method)
    for path, methods in create_api(Door(lambda _: pytest.fail("asked"), lambda: True, lambda _: NOBODY))
    .openapi()["paths"]
    .items()
    for method in methods
]


@pytest.fixture(scope="module")
def document(ask: Ask) -> Any:
    service = ask().service
    api = create_api(door(service))
    return schemathesis.openapi.from_asgi("/api/openapi.json", Starlette(routes=[Mount("/api", api)]))


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=[path for path, _ in OPERATIONS])
def test_every_answer_is_one_that_was_announced(document: Any, path: str, method: str) -> None:
    examples = 1 if path in COSTLY else EXAMPLES

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(document[path][method].as_strategy())
    def asked(case: Case) -> None:
        bounds = [positive_data_acceptance]  # they come from the data, not the schema
        case.call_and_validate(excluded_checks=bounds, timeout=SECONDS)

    asked()
