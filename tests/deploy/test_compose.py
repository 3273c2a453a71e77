"""`compose.yaml`, read and run without an engine: each service's command and environment as they stand there.

What compose gives is given here: names of services become addresses of this machine, volumes become folders.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

from tests.databases import NOBODY, postgres_tools
from tests.deploy.tools import AZURITE, ROOT, TOOLS
from tests.pipeline_runs import fresh_history

SERVICES: Mapping[str, Mapping[str, Any]] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]
MLFLOW = TOOLS / "mlflow"
SECONDS = 180


@dataclass(frozen=True)
class Estate:
    """Everything that compose would have started: what stands for names and volumes, and the app's environment."""

    stands_for: Mapping[str, str]
    app: Mapping[str, str]

    def address(self, name: str) -> str:
        return self.stands_for[name]


def filled(text: str, stands_for: Mapping[str, str]) -> str:
    """Return a text of the file with what stands here for names and volumes."""
    for name, here in stands_for.items():
        text = re.sub(rf"(?<![\w.]){re.escape(name)}(?!\w)", here, text)
    return text


def free() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def process(command: list[str], folder: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program until the block ends."""
    with (folder / f"{Path(command[0]).name}.log").open("wb") as log:
        running = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=log, stderr=log)
    try:
        yield running
    finally:
        running.terminate()
        try:
            running.wait(timeout=20)
        except subprocess.TimeoutExpired:  # Azurite waits for its connections to end by themselves
            running.kill()
            running.wait()


def wait(address: str, log: Path) -> None:
    """Wait until somebody answers well."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.3)
    raise TimeoutError(f"{address} did not answer:\n{log.read_text()[-2000:]}")


@contextmanager
def database(port: int) -> Iterator[None]:
    """What the image of PostgreSQL does with its environment: a cluster with this user, password and database."""
    service = SERVICES["database"]
    given, tools = service["environment"], postgres_tools()
    assert tools is not None, "needs PostgreSQL's server: apt-get install postgresql"
    who: dict[str, Any] = {"user": NOBODY, "group": "nogroup"} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="compose-"))  # not pytest's: nobody may not enter that
    folder.chmod(0o777)
    run = {"check": True, "capture_output": True, "cwd": folder, **who}
    secret = folder / "password"
    secret.write_text(given["POSTGRES_PASSWORD"])
    secret.chmod(0o644)
    made = ["-D", folder / "data", "-U", given["POSTGRES_USER"], "-A", "scram-sha-256", "--pwfile", secret, "--no-sync"]
    subprocess.run([tools / "initdb", *made], **run)
    options = f"-k {folder} -c listen_addresses=127.0.0.1 -p {port} -c fsync=off"
    quiet = {**run, "capture_output": False, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([tools / "pg_ctl", "-D", folder / "data", "-w", "-o", options, "start"], **quiet)
    try:
        told = {"PGHOST": "127.0.0.1", "PGPORT": str(port), "PGPASSWORD": given["POSTGRES_PASSWORD"]}
        healthy = service["healthcheck"]["test"]
        assert healthy[0] == "CMD-SHELL"
        subprocess.run(
            ["sh", "-c", healthy[1]], env={**os.environ, **told, "PATH": f"{tools}:/usr/bin:/bin"}, check=True
        )
        where = f"host=127.0.0.1 port={port} user={given['POSTGRES_USER']} password={given['POSTGRES_PASSWORD']}"
        with psycopg.connect(f"{where} dbname=postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {given['POSTGRES_DB']}".encode())
        yield
    finally:
        subprocess.run([tools / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop"], **run)
        shutil.rmtree(folder, ignore_errors=True)


def mlflow() -> Path:
    """Return MLflow's own program in the version of the image, installed once."""
    program = MLFLOW / "bin" / "mlflow"
    if not program.exists():
        version = SERVICES["mlflow"]["image"].rpartition(":v")[2]
        subprocess.run([sys.executable, "-m", "venv", MLFLOW], check=True)
        subprocess.run([MLFLOW / "bin" / "pip", "install", "--quiet", f"mlflow=={version}"], check=True)
    return program


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    """Everything that compose starts, in its order; the app last."""
    folder = tmp_path_factory.mktemp("compose")
    ports = {"database:5432": free(), "mlflow:5000": free(), "blobs:10000": free()}
    stands_for = {name: f"127.0.0.1:{port}" for name, port in ports.items()}
    for service in SERVICES.values():
        for volume in service.get("volumes", ()):
            name, _, inside = volume.partition(":")
            (folder / name).mkdir()
            stands_for[inside] = str(folder / name)
    with ExitStack() as started:
        started.enter_context(database(ports["database:5432"]))
        command = [filled(part, stands_for) for part in SERVICES["mlflow"]["command"]]
        command = [re.sub(r"--port=\d+", f"--port={ports['mlflow:5000']}", part) for part in command]
        assert command[0] == mlflow().name
        started.enter_context(process([str(mlflow()), *command[1:]], folder))
        command = [filled(part, stands_for) for part in SERVICES["blobs"]["command"]]
        assert command[0] == AZURITE.name
        blobs = [str(AZURITE), *command[1:], "--blobPort", str(ports["blobs:10000"])]
        started.enter_context(process(blobs, folder))
        wait(f"http://{stands_for['mlflow:5000']}/health", folder / "mlflow.log")

        port = free()
        given = {name: filled(str(value), stands_for) for name, value in SERVICES["app"]["environment"].items()}
        image = (ROOT / "Dockerfile").read_text("utf-8")
        asked = json.loads(re.findall(r"^CMD (\[.*\])$", image, re.MULTILINE)[-1])
        given |= {"ARCHIVE_FORECAST_DATA_DIR": stands_for["/data"], "PORT": str(port), "OMP_NUM_THREADS": "1"}
        given |= {"HOME": str(folder), "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
        started.enter_context(process(asked, folder, **given))
        wait(f"http://127.0.0.1:{port}/health", folder / "sh.log")
        yield Estate({**stands_for, "app:8501": f"127.0.0.1:{port}"}, given)


def run(estate: Estate, *arguments: str) -> str:
    """Run a command as `docker compose exec app python -m app.cli …` does."""
    command = [sys.executable, "-m", "app.cli", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=dict(estate.app), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_service_is_one_that_is_tried_here() -> None:
    assert set(SERVICES) == {"app", "database", "mlflow", "blobs"}


def test_the_first_account_of_the_files_own_comment_comes_in_and_a_stranger_does_not(estate: Estate) -> None:
    told = re.search(r"docker compose exec app python -m app\.cli (.*?)`", (ROOT / "compose.yaml").read_text("utf-8"))
    assert told is not None
    said = run(estate, *shlex.split(told[1]), "--json")
    password = json.loads(said.splitlines()[-1])["password"]
    address = f"http://{estate.address('app:8501')}"
    smoke = [sys.executable, "deploy/smoke.py", address, "--wait", "20", "--closed"]
    subprocess.run(smoke, cwd=ROOT, check=True, capture_output=True)
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    form = urllib.parse.urlencode({"name": "me", "password": password}).encode()
    opener.open(urllib.request.Request(f"{address}/login", form, {"Origin": address}), timeout=20)
    with opener.open(f"{address}/api/v1/prices", timeout=20) as answer:
        assert answer.status == 200
    with psycopg.connect(estate.app["ARCHIVE_FORECAST_DATABASE_URL"].replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT count(*) FROM account").fetchone() == (1,)


def test_a_training_is_recorded_by_mlflow_and_shared_through_the_blobs(estate: Estate, tmp_path: Path) -> None:
    dataset = json.loads(run(estate, "ingest", str(fresh_history(tmp_path)), "--json").splitlines()[-1])["dataset"]
    trained = run(estate, "train", "--data", dataset, "--json")
    assert f"{dataset}-v1" in trained and "MLflow" not in trained
    run(estate, "share")
    asked = urllib.request.Request(
        f"http://{estate.address('mlflow:5000')}/api/2.0/mlflow/experiments/search?max_results=10"
    )
    with urllib.request.urlopen(asked, timeout=20) as answer:
        names = [found["name"] for found in json.loads(answer.read())["experiments"]]
    assert any(dataset in name for name in names), names
    from azure.storage.blob import ContainerClient

    shared = ContainerClient.from_connection_string(estate.app["ARCHIVE_FORECAST_SHARED_STORAGE"], "data")
    there = {blob.name for blob in shared.list_blobs()}
    assert {f"models/{dataset}-v1/manifest.json", f"datasets/{dataset}/dataset.json"} <= there
