"""One question at every door: page, API on the same port and command line answer the same to the last digit."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from app.api.contract import ROW
from app.api.samples import ADDRESS
from app.cli import main
from tests.bench.latency.servers import Server
from tests.e2e.conftest import Start

VALUES = {"archive_frequency_per_day": 9000, "avg_file_size_mb": 1.9}
LINK = {"v": "1", "d": "demo", "scope": "ALL", "perday": "9000", "size": "1.9"}


def asked(server: Server, path: str, body: Any) -> Any:
    request = urllib.request.Request(
        server.url + path, json.dumps(body).encode(), {"content-type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def typed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_what_if(server: Server, start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    moved = [f"--set={name}={value}" for name, value in VALUES.items()]
    by_api = asked(server, "/api/v1/simulate", {"scope": "ALL", "values": VALUES})
    by_cli = typed(capsys, "simulate", "--scope", "ALL", *moved)
    assert by_cli == by_api
    app = start(**LINK)
    app.session_state["flows_table"] = True
    app.run()
    shown = app.dataframe[0].value
    assert shown["month"].tolist() == by_api["months"]
    for column, part, line in (
        ("archived_as_today_gb", "baseline", "point"),
        ("archived_scenario_gb", "scenario", "point"),
        ("archived_scenario_upper_gb", "scenario", "upper"),
        ("archived_change_lower_gb", "change", "lower"),
    ):
        assert shown[column].tolist() == by_api["archived_gb"][part][line]


def test_rows_of_the_published_contract(server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [ROW, ROW | {"scope": "Legal", "month": "2027-01"}]
    file = tmp_path / "rows.json"
    file.write_text(json.dumps({"instances": rows}), encoding="utf-8")
    by_api = asked(server, "/api/predict", {"instances": rows})
    assert typed(capsys, "predict", str(file)) == by_api
    assert asked(server, "/api/v1/predict", {"instances": rows}) == by_api


def test_health_and_api_share_the_port(server: Server) -> None:
    for path in ("/health", "/api/v1/health", "/api/model/info", "/api/openapi.json"):
        with urllib.request.urlopen(server.url + path, timeout=30) as answer:
            assert answer.status == 200 and len(answer.headers["x-request-id"]) == 32


@pytest.mark.parametrize("language", ["curl", "python", "powershell"])
@pytest.mark.parametrize("path", ["/v1/predict", "/v1/simulate", "/v1/compare"])
def test_an_example_that_can_be_copied_runs(server: Server, tmp_path: Path, language: str, path: str) -> None:
    with urllib.request.urlopen(f"{server.url}/api/openapi.json", timeout=30) as answer:
        document = json.load(answer)
    shown = {item["label"]: item["source"] for item in document["paths"][path]["post"]["x-codeSamples"]}
    program = shown[language].replace(ADDRESS, f"{server.url}/api")
    body = example_of(document, path)
    if language == "powershell" and shutil.which("pwsh") is None:
        sent = program.split("@'\n")[1].split("\n'@")[0]
        assert json.loads(sent) == body and f'-Uri "{server.url}/api{path}"' in program, "what it would send"
        return
    file = tmp_path / "example"
    file.write_text(program, encoding="utf-8")
    run = {"curl": "bash", "python": sys.executable, "powershell": "pwsh"}[language]
    done = subprocess.run([run, str(file)], capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(done.stdout) == asked(server, f"/api{path}", body)


def example_of(document: Any, path: str) -> Any:
    reference = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    return document["components"]["schemas"][reference.rpartition("/")[2]]["examples"][0]
