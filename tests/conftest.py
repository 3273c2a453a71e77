"""What every test may ask for."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from forecast_core import Service
from tests.builders import NEXT, Asked, history, store

REAL_DATA = "ARCHIVE_FORECAST_REAL_DATA"
DEMO = "demo"
Ask = Callable[..., Asked]

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
settings.load_profile("house")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of real histories and files.

    They are not shipped: on a laptop without them the test is skipped and says so, in CI it fails.
    """
    folder = os.environ.get(REAL_DATA)
    if folder and Path(folder).is_dir():
        return Path(folder)
    reason = f"needs the real data: set {REAL_DATA} to their folder (now {folder!r})"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def in_ci() -> bool:
    """Return whether nothing may be skipped."""
    return os.environ.get("CI") == "true"


@pytest.fixture(scope="session")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Return `ask(estate, scope)`: an estate of `tests.builders` or the demo company, learned once per run."""

    @cache
    def service(name: str) -> tuple[Service, str]:
        folder = tmp_path_factory.mktemp(name)
        return Service(folder, NEXT), DEMO if name == DEMO else store(folder, name, history(name))

    @cache
    def asked(name: str = DEMO, scope: str = "") -> Asked:
        where, dataset_id = service(name)
        return Asked.of(where, dataset_id, scope or where.scopes(dataset_id)[0])

    return asked
