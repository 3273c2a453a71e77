"""A real library: 1,780 files deleted in March 2020 are found and named in that month; quiet years are quiet."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from app.text import drift
from forecast_core import Service
from forecast_core.drift.changes import check
from forecast_core.drift.estate import estate_panel, vanished
from forecast_core.drift.inputs import NAMES
from forecast_core.inventory import Cubes, Inventory
from forecast_core.sources import DataSet, Workspace
from tests.bench.drift.real import SHOCK, SHOCK_LIBRARY, history_of, monthly


@pytest.fixture(scope="module")
def cubes(real_data: Path) -> Cubes:
    """Return the age cubes of the library as they stood at every month end."""
    cells = pd.read_csv(real_data / "real_libraries" / "cube_history_w3c_wot.csv.gz")
    size = cells.pop("size_from_bytes").to_numpy()
    cells["size_class"] = np.where(size > 0, np.log2(np.maximum(size, 1)).astype(int), -1)
    for name in ("snapshot_month", "modified_month"):
        cells[name] = pd.to_datetime(cells[name])
    keys = ["snapshot_month", "scope", "file_type", "size_class", "modified_month"]
    return Cubes.of(cells.groupby(keys, as_index=False).sum())


def test_the_inventory_names_how_many_files_were_deleted(cubes: Cubes) -> None:
    at = int(np.flatnonzero(cubes.months == SHOCK)[0])
    (lost,) = vanished(cubes.cubes[at - 1], cubes.cubes[at])
    assert (lost.scope, lost.month, lost.deleted_at_least) == (SHOCK_LIBRARY, SHOCK, 1780)


def test_the_inventory_is_noticed_in_that_month_and_quiet_in_its_quiet_years(cubes: Cubes) -> None:
    panel = estate_panel(cubes)
    noticed = {}
    for at in range(24, len(panel.months)):
        checked = check(panel, panel.months[at], panel.months[at // 12 * 12 - 1])
        noticed[str(panel.months[at])] = [panel.inputs[each].name for each in np.flatnonzero(checked.noticed[0])]
    assert noticed["2020-03"] == ["estate_files"]
    quiet = [month for month in noticed if month < "2020-03" or month > "2020-08"]
    assert [month for month in quiet if noticed[month]] == []
    assert len(quiet) > 80


@pytest.mark.parametrize("rule", [6, 24])
def test_the_monthly_history_is_noticed_in_that_month_too(real_data: Path, rule: int) -> None:
    """Under the rule of 12 months the files had mostly left primary before: there only the inventory tells."""
    found = {item.month: item for item in monthly(history_of(real_data, rule, SHOCK_LIBRARY))}
    files = NAMES.index("total_files")
    assert found[SHOCK].striking[0, files]
    assert not found[SHOCK - 1].noticed[0].any()
    assert not found[SHOCK - 2].noticed[0].any()


def test_the_page_says_it_in_plain_words(cubes: Cubes, tmp_path: Path) -> None:
    frame = Inventory(cubes.until(SHOCK)).frame()
    about = DataSet(
        "library", "inventory", "w3c", "2020-04-01", facts={"duplicate_ratio": None}, counts={"rows_used": 1}
    )
    service = Service(tmp_path, SHOCK + 1)
    dataset_id = Workspace(tmp_path).save(frame, about).id
    view = service.watch.view(dataset_id, SHOCK_LIBRARY)
    assert view.overall.colour == "red"
    assert drift.headline(view).startswith("1,780 files were deleted in w3c/wot in Mar 2020: 657 files are left where")
