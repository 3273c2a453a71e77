"""The shared place in Azure Blob Storage, against the emulator Azurite."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from forecast_core import Settings
from forecast_core.errors import SourceError
from forecast_core.mirror import Mirror
from forecast_core.shared_place import BlobPlace, TakenError
from forecast_core.shelf import Decision, Manifest, Shelf
from tests.deploy.tools import ROOT, TOOLS

PORT = 10000  # the one that a development connection string means
AZURITE = TOOLS / "node" / "node_modules" / ".bin" / "azurite-blob"


@pytest.fixture(scope="module")
def place() -> Iterator[BlobPlace]:
    command = ["node", str(AZURITE), "--inMemoryPersistence", "--skipApiVersionCheck", "--silent", "--disableTelemetry"]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 60
        while time.monotonic() < end and running.poll() is None:
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", PORT)) == 0:
                    break
            time.sleep(0.2)
        yield BlobPlace("UseDevelopmentStorage=true")
    finally:
        running.terminate()
        running.wait(20)


def test_writing_is_conditional(place: BlobPlace) -> None:
    stamp = place.write("models/a.json", b"1", "")
    assert place.names()["models/a.json"] == stamp == place.read("models/a.json")[1]
    with pytest.raises(TakenError):
        place.write("models/a.json", b"2", "")
    newer = place.write("models/a.json", b"2", stamp)
    with pytest.raises(TakenError):
        place.write("models/a.json", b"3", stamp)
    assert place.read("models/a.json") == (b"2", newer)
    place.write("models/a.json", b"4", None)
    assert place.read("models/a.json")[0] == b"4"


def test_a_model_travels_from_one_machine_to_another(place: BlobPlace, tmp_path: Path) -> None:
    one, two = (Shelf(tmp_path / name / "models") for name in ("one", "two"))
    manifest = one.publish(Manifest("", "demo", "abc", "0.1.0", {}, "2026-11-01"), {"model.json": b"{}"})
    one.decide(one.standing("demo").decided(Decision("2026-11-01", "publish", "demo-v1", "first"), champion="demo-v1"))
    mirrors = [Mirror(tmp_path / name, tmp_path / name / "models", place) for name in ("one", "two")]
    assert mirrors[0].sync().sent == ["models/demo-v1", "models/demo.json"]
    assert {"models/demo-v1", "models/demo.json"} <= set(mirrors[1].sync().fetched)
    assert two.read("demo-v1") == (manifest, {"model.json": b"{}"})
    assert two.standing("demo").champion == "demo-v1"
    assert [mirror.sync().sent for mirror in mirrors] == [[], []]


def test_the_account_of_compose_opens_the_emulator(place: BlobPlace) -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    address = services["app"]["environment"]["ARCHIVE_FORECAST_SHARED_STORAGE"]
    assert Settings.load({"ARCHIVE_FORECAST_SHARED_STORAGE": address}).shared_storage == address
    there = BlobPlace(address.replace("//blobs:10000/", f"//127.0.0.1:{PORT}/"))
    assert there.names() == place.names()


def test_a_place_that_is_not_there_is_named() -> None:
    nowhere = BlobPlace(
        "DefaultEndpointsProtocol=http;AccountName=nobody;AccountKey=bm9uZQ==;"  # pragma: allowlist secret
        "BlobEndpoint=http://127.0.0.1:9/nobody;"
    )
    with pytest.raises(SourceError, match="did not answer"):
        nowhere.names()
