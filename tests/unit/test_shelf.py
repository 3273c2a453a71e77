"""Published versions: whole or not at all, checked when read, decided in one step, even if somebody pulls the plug."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from forecast_core.errors import ModelError, NotFoundError
from forecast_core.shelf import MANIFEST, Decision, Manifest, Shelf, Standing

BLANK = Manifest(
    "", "demo", "abc", "0.1.0", {"numpy": "2.4.6"}, "2026-11-01T08:00:00+00:00", {"title": "Stock and flow"}
)
FILES = {"model.json": b'{"a": 1}', "backtest.npz": b"\x00" * 1000}
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "models")


def test_a_version_comes_back_as_it_was(shelf: Shelf) -> None:
    published = shelf.publish(BLANK, FILES)
    assert published.version == "demo-v1"
    manifest, files = shelf.read("demo-v1")
    assert files == FILES
    assert manifest == published
    assert shelf.publish(BLANK, FILES).version == "demo-v2"
    assert shelf.versions("demo") == ("demo-v2", "demo-v1")


def test_the_tenth_version_is_newer_than_the_ninth(shelf: Shelf) -> None:
    for _ in range(10):
        shelf.publish(BLANK, {})
    assert shelf.versions("demo")[:2] == ("demo-v10", "demo-v9")


@pytest.mark.parametrize("harm", ["changed", "missing", "manifest", "format", "swapped", "elsewhere"])
def test_what_was_tampered_with_is_refused(shelf: Shelf, tmp_path: Path, harm: str) -> None:
    shelf.publish(BLANK, FILES)
    folder = tmp_path / "models" / "demo-v1"
    told = json.loads((folder / MANIFEST).read_text())
    if harm == "changed":
        (folder / "model.json").write_bytes(b'{"a": 2}')
    if harm == "missing":
        (folder / "model.json").unlink()
    if harm == "manifest":
        (folder / MANIFEST).write_text("{")
    if harm == "format":
        (folder / MANIFEST).write_text(json.dumps({**told, "format": 99}))
    if harm == "swapped":
        (folder / MANIFEST).write_text(json.dumps({**told, "version": "demo-v7"}))
    if harm == "elsewhere":
        (folder / MANIFEST).write_text(json.dumps({**told, "files": {"../../secret": "0"}}))
    with pytest.raises(ModelError):
        shelf.read("demo-v1")


@pytest.mark.parametrize("name", ["../demo-v1", "demo", "demo-v", "/etc/passwd", "demo-v1/..", ""])
def test_a_version_has_a_name_and_no_path(shelf: Shelf, name: str) -> None:
    with pytest.raises(NotFoundError):
        shelf.read(name)


def test_a_standing_is_kept_with_its_record(shelf: Shelf) -> None:
    assert shelf.standing("demo") == Standing("demo")
    assert shelf.edition("demo") == ""
    shelf.publish(BLANK, FILES)
    first = Standing("demo").decided(Decision("t1", "publish", "demo-v1", "first"), champion="demo-v1")
    shelf.decide(first)
    edition = shelf.edition("demo")
    assert shelf.standing("demo") == first and edition
    second = first.decided(Decision("t2", "promote", "demo-v2", "better"), champion="demo-v2", challenger="demo-v3")
    shelf.decide(second)
    assert shelf.standing("demo") == second and second.earlier == ("demo-v1",)
    assert shelf.edition("demo") != edition
    assert shelf.standings() == (second,)


def test_an_unreadable_standing_is_an_empty_one(shelf: Shelf, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "demo.json").write_text("{")
    assert shelf.standing("demo") == Standing("demo")
    assert "cannot be read" in caplog.text


def test_what_a_killed_writer_left_is_swept_out(shelf: Shelf, tmp_path: Path) -> None:
    left = tmp_path / "models" / ".new-left"
    left.mkdir(parents=True)
    (left / "model.json").write_bytes(b"half")
    shelf.publish(BLANK, FILES)
    assert not left.exists()


WRITER = """
import sys
import types
from pathlib import Path
# The front door of the package takes seconds to open; the shelf needs none of it.
sys.modules["forecast_core"] = types.ModuleType("forecast_core")
sys.modules["forecast_core"].__path__ = ["forecast_core"]
from forecast_core.shelf import Decision, Manifest, Shelf, Standing
shelf = Shelf(Path(sys.argv[1]))
blank = Manifest("", "demo", "abc", "0.1.0", {}, "now")
print("ready", flush=True)
while True:
    version = shelf.publish(blank, {f"part{n}": bytes([n]) * 200_000 for n in range(8)}).version
    shelf.decide(shelf.standing("demo").decided(Decision("now", "publish", version, "again"), champion=version))
    print(version, flush=True)
"""


def test_a_kill_at_any_moment_leaves_the_old_version_or_the_new_one(shelf: Shelf, tmp_path: Path) -> None:
    """Kill a process that publishes without end, again and again; whoever reads then finds a whole champion."""
    folder = tmp_path / "models"
    answered = set()
    for round_number in range(8):
        command = [sys.executable, "-c", WRITER, str(folder)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            writer.stdout.readline()  # one version is out, the next is under way
            time.sleep(0.011 * (round_number + 1) + 0.003 * round_number)
            writer.send_signal(signal.SIGKILL)
        champion = shelf.standing("demo").champion
        if champion:
            _, files = shelf.read(champion)
            assert [files[f"part{n}"] == bytes([n]) * 200_000 for n in range(8)] == [True] * 8
            answered.add(champion)
        for version in shelf.versions("demo"):
            shelf.read(version)
    assert len(answered) == 8, "the writer was killed while it published, and went on after every kill"


def test_a_decision_belongs_to_its_data_set() -> None:
    standing = Standing("demo", champion="demo-v2", record=(Decision("t", "publish", "demo-v1", ""),))
    assert standing.earlier == ("demo-v1",)
    assert replace(standing, champion="demo-v1").earlier == ()


def test_versions_are_handed_over_once_under_their_names(shelf: Shelf, tmp_path: Path) -> None:
    target = Shelf(tmp_path / "elsewhere")
    shelf.publish(BLANK, FILES)
    shelf.decide(Standing("demo", champion="demo-v1"))
    assert shelf.hand_over("demo", target) == ("demo-v1",)
    shelf.publish(BLANK, {"model.json": b"{}"})
    shelf.decide(Standing("demo", champion="demo-v2"))
    assert shelf.hand_over("demo", target) == ("demo-v2",)
    assert shelf.hand_over("demo", target) == ()
    assert target.standing("demo") == shelf.standing("demo")
    assert [target.read(name) for name in target.versions("demo")] == [
        shelf.read(name) for name in shelf.versions("demo")
    ]


def test_another_version_of_the_same_name_stops_the_hand_over(shelf: Shelf, tmp_path: Path) -> None:
    target = Shelf(tmp_path / "elsewhere")
    target.publish(BLANK, {"model.json": b"{}"})
    target.decide(Standing("demo", champion="demo-v1"))
    shelf.publish(BLANK, FILES)
    shelf.decide(Standing("demo", champion="demo-v1"))
    before = target.read("demo-v1")
    with pytest.raises(ModelError, match="another one of this name"):
        shelf.hand_over("demo", target)
    assert target.read("demo-v1") == before


def test_what_was_tampered_with_is_not_handed_over(shelf: Shelf, tmp_path: Path) -> None:
    shelf.publish(BLANK, FILES)
    shelf.decide(Standing("demo", champion="demo-v1"))
    (tmp_path / "models" / "demo-v1" / "model.json").write_bytes(b'{"a": 2}')
    target = Shelf(tmp_path / "elsewhere")
    with pytest.raises(ModelError):
        shelf.hand_over("demo", target)
    assert (target.versions("demo"), target.standing("demo").champion) == ((), "")
