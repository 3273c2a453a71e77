"""Runs of cloud inventories: the newest finished one counts, and a manifest is not believed blindly."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from app.cli import main
from forecast_core.errors import SourceError
from forecast_core.inventory import InventoryReading, read_inventory
from forecast_core.sources.listing import place_of
from tests.unit.listings.runs import Write, azure_run, gcs_run, s3_run

NOW = np.datetime64("2026-11", "M")


def writer(root: Path) -> Write:
    def write(name: str, data: bytes) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)

    return write


def read(path: Path) -> InventoryReading:
    return read_inventory(place_of(str(path)), NOW)


def test_the_newest_finished_run_of_azure_counts_and_later_ones_are_named(tmp_path: Path) -> None:
    azure_run(writer(tmp_path), "2026/09/30")
    azure_run(writer(tmp_path), "2026/10/31")
    azure_run(writer(tmp_path), "2026/11/01", "Pending", checksum=False)
    found = read(tmp_path)
    assert (found.rows_in, found.rows_used, found.bytes_used, found.bytes_in) == (5, 3, 5_000_001_900, 5_000_002_900)
    assert next(issue for issue in found.issues if issue.code == "run_pending").what.startswith("1 later runs")
    assert ("files", "2") in found.how


def test_fewer_objects_than_the_manifest_counts_are_said(tmp_path: Path) -> None:
    azure_run(writer(tmp_path), "2026/10/31", objects=110_000)
    assert "110,000 objects" in next(issue.what for issue in read(tmp_path).issues if issue.code == "manifest_count")


def test_runs_of_s3_and_google_are_read_in_the_order_of_their_manifest(tmp_path: Path) -> None:
    s3_run(writer(tmp_path), "2026-10-24T00-00Z")
    s3 = read(tmp_path / s3_run(writer(tmp_path), "2026-10-31T00-00Z"))
    assert (s3.rows_used, s3.bytes_used, s3.how[0]) == (2, 3072, ("format", "Amazon S3 Inventory"))
    gcs = read(tmp_path / gcs_run(writer(tmp_path)))
    assert (gcs.rows_used, gcs.bytes_used) == (2, 8096)


@pytest.mark.parametrize("key", ["../../etc/passwd", "/etc/passwd", "C:\\secret.csv", "a/../../b.csv", ""])
def test_a_manifest_that_names_files_elsewhere_is_refused(tmp_path: Path, key: str) -> None:
    folder = s3_run(writer(tmp_path), "2026-10-31T00-00Z", key=key or "photos/none.csv.gz")
    with pytest.raises(SourceError, match="names a file elsewhere|is not there"):
        read(tmp_path / folder)


def test_a_changed_manifest_a_short_file_and_no_finished_run_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / azure_run(writer(tmp_path), "2026/10/31")
    data = next(folder.glob("*_0.csv"))
    whole = data.read_bytes()
    data.write_bytes(whole[:-9])
    with pytest.raises(SourceError, match="the manifest says"):
        read(tmp_path)
    data.write_bytes(whole)
    manifest = folder / "Rule_1-manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "status": "Failed"}))
    with pytest.raises(SourceError, match="does not fit its checksum"):
        read(tmp_path)
    (folder / "Rule_1-manifest.checksum").unlink()
    with pytest.raises(SourceError, match="No run of the inventory is finished"):
        read(tmp_path)


def test_the_command_keeps_a_run_and_a_refresh_adds_its_month(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ARCHIVE_FORECAST_DATA_DIR", str(tmp_path / "data"))
    root = tmp_path / "inventory"
    azure_run(writer(root), "2026/09/30")
    ask = ["ingest", str(root), "--refresh", "--json"]
    assert main([*ask, "--taken", "2026-09"]) == 0
    first = json.loads(capsys.readouterr().out)
    azure_run(writer(root), "2026/10/31")
    assert main([*ask, "--taken", "2026-10"]) == 0
    second = json.loads(capsys.readouterr().out)
    assert (second["replaced"], second["bytes"], second["bytes_set_aside"]) == (first["dataset"], 5_000_001_900, 1000)
    assert main([*ask, "--taken", "2026-10"]) == 0
    third = json.loads(capsys.readouterr().out)
    assert (third["dataset"], third["replaced"]) == (second["dataset"], ""), "the same again changes nothing"
    assert main([*ask[:-1], "--taken", "2026-10"]) == 0
    assert "Nothing changed" in capsys.readouterr().out
