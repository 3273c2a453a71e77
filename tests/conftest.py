"""What every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

REAL_DATA = "ARCHIVE_FORECAST_REAL_DATA"

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
