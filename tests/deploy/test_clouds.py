"""Inventory runs read from Azure and S3 through their own protocols: Azurite and moto stand in for the clouds."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pytest
import requests
from pyarrow import fs

from forecast_core.inventory import read_inventory
from forecast_core.sources.listing import Stores, place_of
from tests.deploy.tools import AZURITE, MOTO
from tests.unit.listings.runs import azure_run, s3_run

NOW = np.datetime64("2026-11", "M")
# The account and key that Azurite publishes for everybody.
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
AZURE_BYTES, S3_BYTES = 5_000_001_900, 3072


@contextmanager
def running(command: Callable[[int], list[str]], folder: Path) -> Iterator[int]:
    """Run a server until it listens; yield its port."""
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command(port), stdout=log, stderr=log, cwd=folder)
    try:
        for _ in range(300):
            with closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert server.poll() is None, (folder / "server.log").read_text()
            time.sleep(0.1)
        yield port
    finally:
        server.kill()  # Azurite waits for its connections to end by themselves
        server.wait(timeout=20)


def writer(system: fs.FileSystem, bucket: str) -> Callable[[str, bytes], None]:
    system.create_dir(bucket)

    def write(name: str, data: bytes) -> None:
        with system.open_output_stream(f"{bucket}/{name}") as stream:
            stream.write(data)

    return write


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    folder = tmp_path_factory.mktemp("azurite")
    options = ["--silent", "--skipApiVersionCheck", "--loose", "--location", str(folder)]
    with running(lambda port: [str(AZURITE), *options, "--blobPort", str(port)], folder) as port:
        stores = Stores(ACCOUNT, KEY, f"http://127.0.0.1:{port}")
        write = writer(place_of("abfs://inventory", stores).system, "inventory")
        azure_run(write, "2026/09/30")
        azure_run(write, "2026/10/31")
        azure_run(write, "2026/11/01", "Pending", checksum=False)
        yield stores


@pytest.fixture(scope="module")
def amazon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    folder = tmp_path_factory.mktemp("moto")
    with running(lambda port: [str(MOTO), "-H", "127.0.0.1", "-p", str(port)], folder) as port:
        bucket = f"http://127.0.0.1:{port}/inventory"
        requests.put(bucket, timeout=20).raise_for_status()

        def write(name: str, data: bytes) -> None:
            requests.put(f"{bucket}/{name}", data, timeout=20).raise_for_status()

        s3_run(write, "2026-10-31T00-00Z")
        keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
        yield {**keys, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"}


def ingest(address: str, folder: Path, keys: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the command as cron does."""
    surroundings = {**os.environ, "ARCHIVE_FORECAST_DATA_DIR": str(folder), **keys}
    command = [sys.executable, "-m", "app.cli", "ingest", address, "--refresh", "--name", "estate", "--json"]
    return subprocess.run(command, capture_output=True, text=True, env=surroundings, check=False)


def test_the_newest_finished_run_is_read_from_azure(azure: Stores) -> None:
    found = read_inventory(place_of("abfs://inventory", azure), NOW)
    assert (found.rows_in, found.rows_used, found.bytes_used) == (5, 3, AZURE_BYTES)
    assert "run_pending" in {issue.code for issue in found.issues}
    one = read_inventory(place_of(f"abfs://inventory@{ACCOUNT}.dfs.core.windows.net/2026/09/30", azure), NOW)
    assert one.content_id == found.content_id


def test_the_command_ingests_from_azure_with_keys_from_settings(azure: Stores, tmp_path: Path) -> None:
    named = {"ACCOUNT": azure.account, "KEY": azure.key, "ENDPOINT": azure.endpoint}
    keys = {f"AZURE_STORAGE_{name}": value for name, value in named.items()}
    done = ingest("abfs://inventory", tmp_path, keys)
    assert done.returncode == 0, done.stderr
    first = json.loads(done.stdout)
    assert (first["bytes"], first["bytes_set_aside"]) == (AZURE_BYTES, 1000)
    again = json.loads(ingest("abfs://inventory", tmp_path, keys).stdout)
    assert again["dataset"] == first["dataset"], "the same run again changes nothing"
    refused = ingest("abfs://inventory", tmp_path, {**keys, "AZURE_STORAGE_KEY": "d3Jvbmc="})
    assert refused.returncode == 1
    assert azure.key not in refused.stdout + refused.stderr


def test_the_command_ingests_from_s3_with_the_keys_that_aws_tools_use(amazon: dict[str, str], tmp_path: Path) -> None:
    done = ingest("s3://inventory/photos/weekly", tmp_path, amazon)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["bytes"] == S3_BYTES
    absent = ingest("s3://inventory/none", tmp_path, amazon)
    assert absent.returncode == 1
    assert "There is nothing at" in absent.stdout


def test_a_store_that_is_not_there_is_said_and_nothing_is_kept(tmp_path: Path) -> None:
    keys = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
    done = ingest("s3://inventory/x", tmp_path, {**keys, "AWS_MAX_ATTEMPTS": "1"})
    assert done.returncode == 1
    assert "cannot be read" in done.stdout
    assert not (tmp_path / "datasets").exists()
