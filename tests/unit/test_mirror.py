"""Two machines and one shared place: what one has the other gets, whole, and both end up answering the same."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.rounds import shared
from forecast_core import Service, Settings
from forecast_core.errors import SourceError
from forecast_core.mirror import Mirror
from forecast_core.shared_place import FolderPlace, TakenError
from forecast_core.shelf import Decision, Manifest, Shelf
from tests.builders import history, store

BLANK = Manifest("", "demo", "abc", "0.1.0", {}, "2026-11-01T08:00:00+00:00")
NOW = "2026-11-01T08:00:00+00:00"


class Machine:
    """A data folder of its own, mirrored to the shared place."""

    def __init__(self, folder: Path, shared_folder: Path) -> None:
        self.data = folder
        self.shelf = Shelf(folder / "models")
        self.mirror = Mirror(folder, folder / "models", FolderPlace(shared_folder))

    def publish(self, reason: str = "trained", content: bytes = b"{}") -> str:
        manifest = self.shelf.publish(BLANK, {"model.json": content})
        decision = Decision(NOW, "publish", manifest.version, reason)
        self.shelf.decide(self.shelf.standing("demo").decided(decision, champion=manifest.version))
        return manifest.version

    @property
    def champion(self) -> str:
        return self.shelf.standing("demo").champion


New = Callable[[str], Machine]


@pytest.fixture
def new(tmp_path: Path) -> New:
    return lambda name: Machine(tmp_path / name, tmp_path / "shared")


def test_data_sets_and_models_arrive_on_the_other_machine(new: New) -> None:
    one, two = new("one"), new("two")
    dataset = store(one.data, "small", history())
    one.publish()
    sent = one.mirror.sync()
    assert sent.sent == [f"datasets/{dataset}", "models/demo-v1", "models/demo.json"]
    assert two.mirror.sync().fetched == sent.sent
    assert two.shelf.read("demo-v1") == one.shelf.read("demo-v1")
    assert two.champion == "demo-v1"
    there = Service(two.data, np.datetime64("2026-11", "M"))
    assert there.dataset(dataset).history.sha256 == history().sha256
    assert not one.mirror.sync() and not two.mirror.sync(), "nothing is left to do"


def test_a_decision_reaches_the_others_and_survives_a_restart(new: New) -> None:
    one, two = new("one"), new("two")
    one.publish()
    one.mirror.sync()
    two.mirror.sync()
    assert two.publish() == "demo-v2"
    again = new("two")  # a new process on the same disk knows what was shared
    assert again.mirror.sync().sent == ["models/demo-v2", "models/demo.json"]
    assert one.mirror.sync().fetched == ["models/demo-v2", "models/demo.json"]
    assert (one.champion, two.champion) == ("demo-v2", "demo-v2")


def test_of_two_that_trained_at_once_the_first_to_share_stands(new: New) -> None:
    one, two = new("one"), new("two")
    one.publish(content=b'{"by": 1}')
    two.publish("later", b'{"by": 2}')
    one.mirror.sync()
    assert two.mirror.sync().overruled == ["models/demo-v1", "models/demo.json"]
    assert two.shelf.read("demo-v1") == one.shelf.read("demo-v1")
    assert two.shelf.standing("demo") == one.shelf.standing("demo")
    assert not one.mirror.sync(), "the first did not change"


def test_half_a_version_is_not_fetched_and_is_finished_by_the_next_sender(new: New, tmp_path: Path) -> None:
    one, two = new("one"), new("two")
    one.publish()
    half = tmp_path / "shared" / "models" / "demo-v1"
    half.mkdir(parents=True)
    (half / "model.json").write_bytes(b"torn")
    assert not two.mirror.sync()
    one.mirror.sync()
    two.mirror.sync()
    assert two.shelf.read("demo-v1")[1] == {"model.json": b"{}"}


@pytest.mark.parametrize("name", ["models/../../evil/manifest.json", "models/.hidden/manifest.json", "models/a b.json"])
def test_a_name_that_leads_elsewhere_is_not_followed(new: New, tmp_path: Path, name: str) -> None:
    class Odd(FolderPlace):
        def names(self) -> dict[str, str]:
            return {name: "1"}

    machine = new("one")
    found = Mirror(machine.data, machine.data / "models", Odd(tmp_path / "shared")).sync()
    assert not found
    assert not (tmp_path / "evil").exists()


def test_a_place_is_written_only_from_what_was_read(tmp_path: Path) -> None:
    place = FolderPlace(tmp_path)
    stamp = place.write("a/b.json", b"1", "")
    with pytest.raises(TakenError):
        place.write("a/b.json", b"2", "")
    assert place.write("a/b.json", b"2", stamp) != stamp
    with pytest.raises(TakenError):
        place.write("a/b.json", b"3", stamp)
    assert place.read("a/b.json")[0] == b"2"
    place.write("a/b.json", b"4", None)
    assert place.names() == {"a/b.json": place.read("a/b.json")[1]}


def test_an_accepted_file_is_shared_before_it_is_confirmed(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "a", models_dir=tmp_path / "a" / "models")
    settings = replace(settings, shared_storage=f"file://{tmp_path / 'shared'}")
    service = Service.of(settings, np.datetime64("2026-11", "M"))
    rows = history().frame
    info = service.accept(service.inspect("history.csv", rows.to_csv(index=False).encode()), NOW)
    assert (tmp_path / "shared" / "datasets" / info.id / "dataset.json").is_file()


def test_the_app_goes_on_while_the_place_is_away(tmp_path: Path) -> None:
    class Away(FolderPlace):
        is_away = True

        def names(self) -> dict[str, str]:
            if self.is_away:
                raise SourceError("The shared storage did not answer.")
            return super().names()

    place = Away(tmp_path / "shared")
    service = Service(tmp_path / "one", np.datetime64("2026-11", "M"))
    service.mirror = Mirror(tmp_path / "one", tmp_path / "one" / "models", place)

    async def run() -> None:
        async with shared(service, seconds=0.01):
            dataset = store(tmp_path / "one", "small", history())
            place.is_away = False
            while not (tmp_path / "shared" / "datasets" / dataset / "dataset.json").exists():
                await asyncio.sleep(0.01)

    assert "did not answer" in service.share()
    asyncio.run(asyncio.wait_for(run(), 60))
    shutil.rmtree(tmp_path / "one")
    assert service.share() == ""
    assert Service(tmp_path / "one", np.datetime64("2026-11", "M")).datasets()[1:-1] != ()


def test_a_report_reaches_the_others(new: New) -> None:
    one, two = new("one"), new("two")
    for content in ("# September", "# September, again"):
        (one.data / "reports").mkdir(parents=True, exist_ok=True)
        (one.data / "reports" / "demo-2026-09.md").write_text(content)
        assert one.mirror.sync().sent == two.mirror.sync().fetched == ["reports/demo-2026-09.md"]
        assert (two.data / "reports" / "demo-2026-09.md").read_text() == content
