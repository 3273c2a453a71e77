"""One installation with two tenants: the rows of both in the house's data, and what each keeps behind its wall."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from starlette.testclient import TestClient

from app.access import Identity
from app.access.acts import Acts
from app.access.current import serving
from app.access.guarded import Guarded
from app.api import Door, create_api
from forecast_core import Audit, Settings
from forecast_core.history import History
from tests.builders import estate, store

MONTH = np.datetime64("2026-11", "M")
NORTH, SOUTH = Identity("nora", "analyst", "North"), Identity("sam", "analyst", "South")
HOUSE = Identity("ada", "admin")
PLAN, OWN = "Plan of the south", "southern-files.csv"


class Building:
    """One installation: a house with rows of two tenants, and the API over all of it."""

    def __init__(self, folder: Path, growth: float = 1.0) -> None:
        self.folder = folder
        table = estate(["North", "South"], 16)
        bent = ["total_files", "archived_gb", "savings_gb"]
        table.loc[table["scope"] == "South", bent] *= growth
        self.identity = store(folder, "both", History.of(table))
        self.services: dict[str, Guarded] = {}

    def service(self, who: Identity) -> Guarded:
        if who.tenant not in self.services:
            made = Guarded.of(Settings(data_dir=self.folder, models_dir=self.folder / "models"), MONTH, who.tenant)
            self.services[who.tenant] = made.guard(Acts(lambda: Audit(self.service(HOUSE).store)))
        return self.services[who.tenant]

    def api(self, who: Identity) -> TestClient:
        return TestClient(create_api(Door(self.service, lambda: True, lambda _: who)), raise_server_exceptions=False)

    def own(self, who: Identity) -> str:
        """Return the id of the data set that both have rows in, as somebody sees it."""
        found = [each for each in self.api(who).get("/v1/datasets").json()["datasets"] if each["name"] == "both"]
        assert len(found) == 1
        return str(found[0]["id"])

    def furnish(self) -> tuple[str, str]:
        """Let South keep a scenario and upload a file; return their ids."""
        service = self.service(SOUTH)
        table = estate(["Jungle", "Desert"], 18, seed=11).to_csv(index=False).encode()
        with serving(SOUTH):
            upload = service.intake.accept(service.inspect(OWN, table), "2026-11-02T12:00:00+00:00")
        asked = {"name": PLAN, "dataset": upload, "values": {"archive_frequency_per_day": 90}}
        kept = self.api(SOUTH).post("/v1/scenarios", json=asked)
        assert kept.status_code == 201, kept.text
        return str(kept.json()["id"]), upload
