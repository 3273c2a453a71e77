"""One service on the demo company for every test that words or draws its answers."""

from __future__ import annotations

import numpy as np
import pytest

from forecast_core import ALL, Answer, Outlook, Ranges, Scenario, Service, baseline

TODAY = np.datetime64("2026-11", "M")


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """Return a service with an empty workspace and the demo company."""
    return Service(tmp_path_factory.mktemp("workspace"), TODAY)


@pytest.fixture(scope="session")
def known(service: Service) -> Ranges:
    """Return the levers of the demo company."""
    return service.ranges(service.demo_id, ALL)


@pytest.fixture(scope="session")
def unchanged(known: Ranges) -> Scenario:
    """Return the scenario that changes nothing."""
    return baseline(known)


@pytest.fixture(scope="session")
def as_today(service: Service, unchanged: Scenario) -> Answer:
    """Return the answer to the scenario that changes nothing."""
    return service.simulate(unchanged)


@pytest.fixture(scope="session")
def faster(service: Service, unchanged: Scenario) -> Answer:
    """Return the answer to archiving twice as often, and a little more of everything else."""
    moved = {"archive_frequency_per_day": 2.0, "avg_file_size_mb": 1.2, "archive_cost_per_gb_month": 0.5}
    return service.simulate(
        unchanged.with_values(**{name: factor * unchanged.values[name] for name, factor in moved.items()})
    )


@pytest.fixture(scope="session")
def outlook(service: Service) -> Outlook:
    """Return the forecast of the demo company."""
    return service.forecast(service.demo_id, ALL, 24)
