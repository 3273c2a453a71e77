"""The workspace: kept by content, whole or not at all, refused when changed."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from forecast_core.errors import NotFoundError, SourceError
from forecast_core.sources import DataSet, Workspace, dataset_id

FRAME = pd.DataFrame(
    {
        "scope": pd.Series(["a", "a"], dtype="str"),
        "month": pd.to_datetime(["2027-01-01", "2027-02-01"]).astype("datetime64[ms]"),  # what Parquet gives back
        "archived_gb": [1.5, float("nan")],
    }
)
ABOUT = DataSet(
    name="Büro.csv",
    kind="upload",
    content_id="ab" * 32,
    saved_at="2027-03-01T10:00:00Z",
    choices={"mapping": {"Menge": "archived_gb"}, "share_unit": "auto"},
    facts={"frequency_is_observed": True},
    issues=({"code": "gap", "rows": 2},),
    counts={"rows_in": 3},
)


def test_what_was_saved_comes_back(tmp_path: Path) -> None:
    saved = Workspace(tmp_path).save(FRAME, ABOUT)
    about, frame = Workspace(tmp_path).load(saved.id)
    assert about == saved == replace(ABOUT, sha256=saved.sha256)
    pd.testing.assert_frame_equal(frame, FRAME)
    assert Workspace(tmp_path).list() == (saved,)


def test_the_id_follows_content_and_choices_only() -> None:
    assert ABOUT.id == dataset_id(ABOUT.content_id, ABOUT.choices) == replace(ABOUT, name="x", saved_at="y").id
    assert len(ABOUT.id) == 12
    others = [replace(ABOUT, content_id="cd" * 32), replace(ABOUT, choices={**ABOUT.choices, "share_unit": "percent"})]
    assert len({ABOUT.id, *(other.id for other in others)}) == 3


def test_saving_again_keeps_the_first(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    first = workspace.save(FRAME, ABOUT)
    assert workspace.save(FRAME, replace(ABOUT, name="other.csv")) == first
    assert [path.name for path in (tmp_path / "datasets").iterdir()] == [first.id]


@pytest.mark.parametrize("identity", ["../secret", "0" * 12, "ABCDEF012345", "", "0123456789ab/..", "é" * 12])
def test_an_id_that_is_none_is_not_found(tmp_path: Path, identity: str) -> None:
    workspace = Workspace(tmp_path)
    assert not workspace.has(identity)
    with pytest.raises(NotFoundError):
        workspace.load(identity)


def test_changed_rows_are_refused_and_saved_anew(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    saved = workspace.save(FRAME, ABOUT)
    rows = tmp_path / "datasets" / saved.id / "rows.parquet"
    FRAME.assign(archived_gb=9.0).to_parquet(rows)
    with pytest.raises(SourceError, match="changed or damaged"):
        workspace.load(saved.id)
    workspace.save(FRAME, ABOUT)
    assert workspace.load(saved.id)[1]["archived_gb"].iloc[0] == 1.5


def test_a_changed_description_is_refused_and_left_out_of_the_list(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    workspace = Workspace(tmp_path)
    saved = workspace.save(FRAME, ABOUT)
    path = tmp_path / "datasets" / saved.id / "dataset.json"
    for text in (json.dumps({**json.loads(path.read_text()), "content_id": "other"}), "{", "[]", '{"id": 1}'):
        path.write_text(text)
        with pytest.raises(SourceError):
            workspace.load(saved.id)
        assert workspace.list() == ()
    assert "left out" in caplog.text


def test_the_list_is_newest_first(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    assert workspace.list() == ()
    for day in (1, 3, 2):
        workspace.save(FRAME, replace(ABOUT, content_id=str(day), saved_at=f"2027-03-0{day}T00:00:00Z"))
    assert [about.content_id for about in workspace.list()] == ["3", "2", "1"]


def test_killed_while_saving_leaves_nothing_that_counts(tmp_path: Path) -> None:
    """A process is killed in the middle of many saves; whatever is listed afterwards is whole."""
    code = (
        "import sys, pathlib, pandas as pd\n"
        "from forecast_core.sources import DataSet, Workspace\n"
        "frame = pd.DataFrame({'scope': ['a'] * 20000, 'archived_gb': range(20000)})\n"
        "for at in range(10**6):\n"
        "    about = DataSet(name='x', kind='upload', content_id=str(at), saved_at='2027')\n"
        "    Workspace(pathlib.Path(sys.argv[1])).save(frame, about)\n"
        "    sys.stdout.write('.'); sys.stdout.flush()\n"
    )
    root = Path(__file__).parents[2]
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, cwd=root) as process:
        assert process.stdout is not None
        process.stdout.read(5)
        process.kill()
    listed = Workspace(tmp_path).list()
    assert len(listed) >= 5
    assert all(len(Workspace(tmp_path).load(about.id)[1]) == 20_000 for about in listed)
