"""The commands that the pipeline is made of: ingest, validate, register."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.cli import main
from forecast_core import Settings
from tests.builders import history, store
from tests.pipeline_runs import fresh_history


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ARCHIVE_FORECAST_DATA_DIR", str(tmp_path / "data"))
    return tmp_path


def test_a_history_is_kept_under_the_id_that_its_content_has(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = fresh_history(folder)
    assert main(["ingest", str(path), "--id-file", str(folder / "out" / "id"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["dataset"] == (folder / "out" / "id").read_text()
    assert (told["rows"], told["set_aside"]) == (48, 0)
    alone = folder / "alone"
    alone.mkdir()
    path.rename(alone / "history.csv")
    assert main(["ingest", str(alone)]) == 0
    assert capsys.readouterr().out.startswith(told["dataset"]), "a folder with one file is that file"
    assert main(["validate", "--data", told["dataset"]]) == 0


def test_a_folder_of_several_files_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fresh_history(folder)
    (folder / "other.csv").write_text("x")
    assert main(["ingest", str(folder)]) == 1
    assert "files of several kinds" in capsys.readouterr().err


def test_every_reason_against_training_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ingest", str(fresh_history(folder)), "--json"]) == 0
    dataset = json.loads(capsys.readouterr().out)["dataset"]
    assert main(["validate", "--data", dataset, "--months", "30", "--behind", "0"]) == 1
    said = capsys.readouterr().out
    assert "it has 16 months; needed 30" in said
    assert "1 months ago; allowed 0" in said


def test_nothing_trained_is_nothing_to_register(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dataset = store(Settings.load().data_dir, "small", history())
    assert main(["register", "--data", dataset, "--to", str(folder / "there")]) == 1
    assert "Train first" in capsys.readouterr().err
    assert not (folder / "there").exists()
