"""A round that finds training due starts the pipeline of Azure Machine Learning, as the machine that it runs on."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from app.cli import main
from tests.builders import estate

PLACE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/schedules/monthly"
Go = Callable[..., tuple[int, dict[str, Any], str]]


class Azure:
    """What answers for the identity of a machine and for Azure's own interface; every request is kept."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any]] = []
        self.identity = (
            200,
            {"access_token": "t0ken", "expires_on": str(int(time.time()) + 3600), "token_type": "Bearer"},
        )
        self.started: tuple[int, Any] = (200, {"scheduleActionType": "CreateJob", "submissionId": "sharp_fig_7"})


@pytest.fixture
def azure(monkeypatch: pytest.MonkeyPatch) -> Iterator[Azure]:
    found = Azure()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answer(None, *found.identity)

        def do_POST(self) -> None:
            self.answer(json.loads(self.rfile.read(int(self.headers["content-length"]))), *found.started)

        def answer(self, body: Any, status: int, told: Any) -> None:
            found.asked.append((self.path, self.headers.get("authorization", ""), body))
            content = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        address = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{address}/identity")
        monkeypatch.setenv("IDENTITY_HEADER", "x")
        monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential")
        monkeypatch.setenv("ARCHIVE_FORECAST_TRAINING_SCHEDULE", address + PLACE)
        yield found
        server.shutdown()


@pytest.fixture
def go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Go:
    monkeypatch.setenv("ARCHIVE_FORECAST_DATA_DIR", str(tmp_path / "data"))
    place = tmp_path / "export.csv"
    rows = estate(["Legal", "Sales"], months=20)
    rows.assign(month=rows["month"].dt.strftime("%Y-%m")).to_csv(place, index=False)

    def gone(name: str, *more: str) -> tuple[int, dict[str, Any], str]:
        code = main(["monitor", "--json", "--file", str(place), "--name", name, *more])
        said = capsys.readouterr()
        return code, json.loads(said.out.splitlines()[-1]), said.out + said.err

    return gone


def test_what_the_pipeline_trains_is_started_there_and_not_trained_here(azure: Azure, go: Go, tmp_path: Path) -> None:
    code, told, _ = go("history.csv")
    assert (code, told["round"]["started"], told["round"]["trained"]) == (0, "sharp_fig_7", "")
    assert not list((tmp_path / "data").glob("models/*-v*"))
    (entry, _, _), (path, right, body) = azure.asked
    assert entry.startswith("/identity?") and "resource=https://management.azure.com" in unquote(entry)
    assert (path, right) == (f"{PLACE}/trigger?api-version=2024-01-01-preview", "Bearer t0ken")
    assert list(body) == ["scheduleTime"]


def test_nothing_is_started_for_other_data_or_where_nobody_is_to_train(azure: Azure, go: Go) -> None:
    assert go("history.csv", "--no-training")[1]["round"]["started"] == ""
    assert go("another.csv", "--no-training")[1]["round"]["started"] == ""
    assert azure.asked == []


@pytest.mark.parametrize(
    ("part", "answer", "said"),
    [
        ("started", (404, {"error": {"code": "ResourceNotFound"}}), "404, ResourceNotFound"),
        ("started", (302, {}), "302, without saying why"),
        ("identity", (400, {"error": "invalid_request"}), "no identity"),
    ],
)
def test_a_pipeline_that_cannot_be_started_is_a_failed_round_with_its_report(
    azure: Azure, go: Go, tmp_path: Path, part: str, answer: tuple[int, Any], said: str
) -> None:
    setattr(azure, part, answer)
    code, told, everything = go("history.csv")
    assert code == 1
    assert said in told["error"]["what"]
    assert "t0ken" not in everything
    assert list((tmp_path / "data" / "reports").glob("*.md"))
