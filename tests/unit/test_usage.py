"""Usage reports: read, joined over the months, and lent to a history that tells no stock."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from forecast_core import DataError, Reading, Service, Upload, UsageReading
from tests.builders import estate

NOW = np.datetime64("2026-11", "M")
GB = 2**30
DETAIL = (
    "Report Refresh Date,Site Id,Site URL,Owner Display Name,Is Deleted,Last Activity Date,File Count,"
    "Active File Count,Page View Count,Visited Page Count,Storage Used (Byte),"
    "Storage Allocated (Byte),Root Web Template,"
    "Owner Principal Name,Report Period\n"
)
STORAGE = "Report Refresh Date,Site Type,Storage Used (Byte),Report Date,Report Period\n"
COUNTS = "Report Refresh Date,Site Type,Total,Active,Report Date,Report Period\n"
ONEDRIVE = (
    "Report Refresh Date,Site URL,Owner Display Name,Is Deleted,Last Activity Date,File Count,Active File Count,"
    "Storage Used (Byte),Storage Allocated (Byte),Owner Principal Name,Report Period\n"
    "2026-09-30,,A1B2C3D4E5F60718293A4B5C6D7E8F90,False,2026-09-01,10,1,2048,1,B1B2C3D4E5F60718293A4B5C6D7E8F90,7\n"
)


def test_what_lies_on_quiet_sites_is_told_where_the_report_knows_it(tmp_path: Path) -> None:
    intake = Service(tmp_path, NOW).intake
    found = intake.inspect(Upload("onedrive.csv", ONEDRIVE.replace("2026-09-01", "2025-01-31").encode()))
    assert isinstance(found, UsageReading)
    assert {part.start: part.files for part in intake.activity(found) if part.files} == {12: 10.0}
    untold = intake.inspect(Upload("onedrive.csv", ONEDRIVE.replace("2026-09-01", "").encode()))
    assert isinstance(untold, UsageReading)
    assert intake.activity(untold) == ()


def site(day: str, url: str, files: object, size: object, deleted: str = "False") -> str:
    return f"{day},id-{url},{url},Owner,{deleted},2026-08-01,{files},1,0,0,{size},1,Team Site,o@x.example,30\n"


def read(service: Service, text: str) -> UsageReading:
    found = service.intake.inspect(Upload("usage.csv", ("\ufeff" + text).encode()))
    assert isinstance(found, UsageReading)
    return found


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(tmp_path, NOW)


def test_a_report_is_read_and_what_does_not_count_is_named(service: Service) -> None:
    rows = site("2026-09-30", "Finance", 100, 2 * GB) + site("2026-09-30", "Old", 5, GB, "True")
    found = read(service, DETAIL + rows + site("2026-09-30", "Legal", "", "") + site("soon", "Legal", 1, 1))
    assert (found.title, found.rows_in, found.rows_used) == ("SharePoint site usage detail", 4, 1)
    assert {issue.code: issue.rows for issue in found.issues} == {"usage_deleted": 1, "usage_unreadable": 2}
    assert found.frame[["scope", "files", "bytes"]].to_numpy().tolist() == [["Finance", 100, 2 * GB]]


def test_successive_reports_make_one_history_of_the_stock(service: Service) -> None:
    first = service.intake.accept(read(service, DETAIL + site("2026-09-29", "Finance", 100, 2 * GB)), "2026-10-01")
    rows = site("2026-10-30", "Finance", 120, 3 * GB) + site("2026-10-30", "Legal", 7, GB)
    second = service.intake.accept(read(service, DETAIL + rows), "2026-11-01", replaces=first)
    (kept,) = service.intake.usages()
    assert (kept.id, kept.sites, kept.days) == (second, 2, ("2026-09-29", "2026-10-30"))
    assert (kept.files, kept.gb) == (127, 4)
    assert [info.id for info in service.datasets()] == ["demo", "demoshare"], "a stock alone cannot be forecast"
    assert [item.id for item in service.intake.replaced()] == [first]


def test_storage_and_counts_of_the_tenant_meet_on_their_days(service: Service) -> None:
    storage = read(service, STORAGE + "2026-10-02,All,4096,2026-09-30,7\n2026-10-02,Team site,4000,2026-09-30,7\n")
    first = service.intake.accept(storage, "2026-10-02")
    counts = read(service, COUNTS + "2026-10-02,All,12,3,2026-09-30,7\n")
    service.intake.accept(counts, "2026-10-03", replaces=first)
    (kept,) = service.intake.usages()
    assert (kept.sites, kept.files, kept.gb * GB) == (1, 12, 4096)
    assert {issue.code for issue in storage.issues} == {"usage_parts"}


def test_concealed_names_are_accepted_and_said(service: Service) -> None:
    found = read(service, ONEDRIVE)
    assert (found.rows_used, {issue.code for issue in found.issues}) == (1, {"usage_concealed"})


def test_a_history_without_stock_takes_it_from_the_reports(service: Service) -> None:
    history = estate(["Finance", "Legal"], 30)
    rows = site("2026-10-30", "Finance", 1000, 4000 * 2**20) + site("2026-09-12", "Finance", 900, 900 * 2**20)
    identity = service.intake.accept(read(service, DETAIL + rows), "2026-11-01")
    bare = history.drop(columns=["total_files", "avg_file_size_mb"]).to_csv(index=False)
    plain = service.intake.inspect(Upload("h.csv", bare.encode()))
    assert isinstance(plain, Reading)
    found = service.intake.with_usage(plain, identity)
    assert found.history is not None
    frame = found.history.frame.set_index(["scope", "month"])
    assert frame.loc[("Finance", "2026-10-01"), ["total_files", "avg_file_size_mb"]].tolist() == [1000, 4]
    assert frame.loc[("Finance", "2026-09-01"), ["total_files", "avg_file_size_mb"]].tolist() == [900, 1]
    assert frame["total_files"].notna().sum() == 2
    assert found.content_id != plain.content_id


def test_a_report_of_no_site_is_not_kept(service: Service) -> None:
    with pytest.raises(DataError, match="tells of no site"):
        service.intake.accept(read(service, DETAIL + site("soon", "Legal", 1, 1)), "2026-11-01")
