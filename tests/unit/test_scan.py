"""Counting a folder: ages, sizes, types; links not followed, what cannot be read named."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from app import cli
from forecast_core import Service
from forecast_core.errors import SourceError
from forecast_core.sources.scan import scan, write_cube

MONTH = np.datetime64("2026-11", "M")
OLD = 1_700_000_000  # November 2023


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "share"
    for name, size in (("HR/old.pdf", 3000), ("HR/deep/er/new.DOCX", 100), ("IT/x.xlsx", 0), ("loose.txt", 5)):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * size)
    os.utime(root / "HR/old.pdf", (OLD, OLD))
    (root / "IT/link.pdf").symlink_to(root / "HR/old.pdf")
    (root / "IT/round").symlink_to(root)
    os.mkfifo(root / "IT/pipe")
    return root


def test_it_counts_and_keeps_no_name(folder: Path) -> None:
    found = scan(folder)
    assert (found.files, found.bytes, found.links, found.special, found.errors) == (4, 3105, 2, 1, [])
    cells = found.cells(MONTH)
    assert cells["scope"].tolist() == ["HR", "HR", "IT", "share"]
    old = cells[cells["file_type"] == "pdf"].iloc[0]
    assert (old["size_from_bytes"], old["modified_month"], old["bytes"]) == (2048, "2023-11", 3000)
    assert not any(name in cells.to_csv() for name in ("old.pdf", "deep", "loose"))


def test_scopes_may_lie_deeper_and_accesses_may_count(folder: Path) -> None:
    assert set(scan(folder, scope_depth=2).cells(MONTH)["scope"]) == {"HR", "HR/deep", "IT", "share"}
    assert set(scan(folder, accessed=True).cells(MONTH)["basis"]) == {"modified", "accessed"}


def test_what_is_no_folder_is_refused(folder: Path) -> None:
    with pytest.raises(SourceError, match="not a folder"):
        scan(folder / "HR" / "old.pdf")


def test_a_folder_that_cannot_be_read_is_named_and_the_rest_counted(folder: Path) -> None:
    """A path longer than the system opens, made step by step; it works for root as well."""
    here = os.open(folder / "IT", os.O_RDONLY)
    for _ in range(20):
        os.mkdir("x" * 250, dir_fd=here)
        below = os.open("x" * 250, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    found = scan(folder)
    assert found.files == 4
    assert [reason for _, reason in found.errors] == ["File name too long"]


class Stopped(Exception):
    """Somebody pressed Ctrl-C."""


def test_a_scan_that_was_stopped_goes_on_and_counts_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, journal = tmp_path / "many", tmp_path / "cube.csv.journal"
    for at in range(12):
        (root / f"site{at}").mkdir(parents=True)
        for number in range(4):
            (root / f"site{at}" / f"{number}.pdf").write_bytes(b"x" * (at + number))
    monkeypatch.setattr("forecast_core.sources.scan.JOURNAL_ENTRIES", 1)
    monkeypatch.setattr("forecast_core.sources.scan.PROGRESS_FILES", 1)
    whole = scan(root)

    def stop(files: int, _: int) -> None:
        if files == 22:
            raise Stopped

    with pytest.raises(Stopped):
        scan(root, progress=stop, journal=journal)
    with pytest.raises(SourceError, match="of another scan"):
        scan(root, scope_depth=2, journal=journal)
    seen: list[int] = []
    found = scan(root, progress=lambda files, _: seen.append(files), journal=journal)
    assert seen[0] > 1, "it did not start again"
    assert found.cells(MONTH).equals(whole.cells(MONTH))
    assert (found.files, found.bytes, found.folders) == (whole.files, whole.bytes, whole.folders)
    assert not journal.exists()
    journal.write_text("{}")
    with pytest.raises(SourceError, match="no journal of a scan"):
        scan(root, journal=journal)


def test_a_second_month_is_added_and_the_same_month_replaced(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "cube.csv"
    cells = scan(folder).cells(MONTH)
    assert write_cube(cells, target) == 1
    assert write_cube(scan(folder).cells(MONTH + 1), target, add=True) == 2
    assert write_cube(cells, target, add=True) == 2
    target.write_text("month,archived_gb\n2026-01,3\n")
    with pytest.raises(SourceError, match="no age cube"):
        write_cube(cells, target, add=True)


def test_the_command_writes_what_the_app_reads(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "cube.csv"
    assert cli.main(["scan", str(folder), "--out", str(target), "--accessed"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("4 files, 3.03 KB")
    assert "2 links not followed, 1 special files passed over" in said.out
    service = Service(tmp_path / "data", np.datetime64("today", "M"))
    content = target.read_bytes()
    assert service.is_inventory(content)
    info = service.accept(service.inspect_inventory(target.name, content), "2026-11-23")
    assert info.has_inventory
    assert info.scopes == ("HR", "IT", "share")


def test_the_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["scan", str(tmp_path / "nowhere")]) == 1
    assert "is not a folder" in capsys.readouterr().err
    assert cli.main(["scan", str(tmp_path), "--out", str(tmp_path / "cube.csv")]) == 1
    assert "There are no files" in capsys.readouterr().err
    assert not (tmp_path / "cube.csv").exists()
