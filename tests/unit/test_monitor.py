"""`archive-forecast monitor` month by month, from files to alerts at real receivers."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from app.cli import main
from tests.builders import estate
from tests.sinks import http_sink

CONNECTION = "APPLICATIONINSIGHTS_CONNECTION_STRING"


def month_file(folder: Path, until: str, *, jump: bool = False) -> Path:
    """Return the company's file as it is exported after a month."""
    rows = estate(["Legal", "Sales"], months=26).astype({"total_files": float})
    rows = rows[rows["month"] <= pd.Timestamp(f"{until}-01")]
    if jump:
        rows.loc[(rows["scope"] == "Legal") & (rows["month"] == rows["month"].max()), "total_files"] *= 1.7
    path = folder / f"export-{until}.csv"
    rows.assign(month=rows["month"].dt.strftime("%Y-%m")).to_csv(path, index=False)
    return path


def test_three_months_of_rounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ARCHIVE_FORECAST_DATA_DIR", str(tmp_path / "data"))

    def go(*arguments: str) -> tuple[int, dict[str, object], str]:
        code = main(["monitor", "--json", *arguments])
        said = capsys.readouterr()
        last = json.loads(said.out.splitlines()[-1])
        return code, last.get("round", last), said.out + said.err

    with http_sink() as sink:
        monkeypatch.setenv("ARCHIVE_FORECAST_ALERT_WEBHOOK", f"{sink.address}/s3cr3t")
        monkeypatch.setenv(CONNECTION, f"InstrumentationKey=k3y;IngestionEndpoint={sink.address}")
        quiet = ("--no-training", "--name", "company")
        code, first, _ = go("--file", str(month_file(tmp_path, "2026-08")), *quiet)
        assert (code, first["month"], first["changes"], first["trained"]) == (0, "2026-08", [], "")
        code, second, _ = go("--file", str(month_file(tmp_path, "2026-09")), *quiet)
        assert (code, second["colour"], sink.posted) == (0, first["colour"], [])
        jumped = str(month_file(tmp_path, "2026-10", jump=True))
        code, third, out = go("--file", jumped, "--fail-on-red", *quiet)
        assert (code, third["colour"]) == (4, "red")
        raised = [change for change in third["changes"] if "total_files" in str(change)]
        assert raised
        assert third["sent"] == {"sent": 2 * len(third["changes"])}
        assert {path for path, _ in sink.posted} == {"/s3cr3t", "/v2.1/track"}
        posted = len(sink.posted)
        code, again, more = go("--data", str(third["dataset"]), *quiet)
        assert (again["changes"], again["sent"], len(sink.posted)) == ([], {}, posted)
        kept = Path(str(third["report"])).read_text("utf-8") + out + more
        assert "s3cr3t" not in kept
        assert "k3y" not in kept
    report = Path(str(third["report"])).read_text("utf-8")
    assert "The number of files in Legal" in report
    assert "We predicted" in report
    assert "| Oct 2026 | Sep 2026 |" in report


def test_a_data_set_that_fails_does_not_keep_the_others_from_their_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ARCHIVE_FORECAST_DATA_DIR", str(tmp_path))
    assert main(["monitor", "--data", "nothing"]) == 1
    assert "nothing" in capsys.readouterr().err
