"""The check after a deployment, against small servers that are ready, starting, open or closed."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

SMOKE = Path(__file__).parents[2] / "deploy" / "smoke.py"
READY, STARTING = (200, '{"status": "ready", "version": "1"}'), (503, '{"status": "starting"}')
SIGN_IN_PAGE = (200, "<html>Sign in</html>")


@contextmanager
def serving(health: list[tuple[int, str]], page: int) -> Iterator[str]:
    """Answer health with each of the answers in turn, the last one for ever, and the first page with a status."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = health.pop(0) if len(health) > 1 else health[0]
            status, text = asked if self.path == "/health" else (page, "")
            self.send_response(status)
            if status in (301, 302):
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def smoke(url: str, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, SMOKE, url, *more], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("page", [302, 401, 403])
def test_a_closed_app_that_is_ready_passes(page: int) -> None:
    with serving([READY], page) as url:
        assert smoke(url, "--closed").returncode == 0


def test_an_app_that_anyone_may_open_is_refused_where_it_must_be_closed() -> None:
    with serving([READY], 200) as url:
        found = smoke(url, "--closed")
        assert (found.returncode, smoke(url).returncode) == (1, 0)
    assert "must ask to sign in" in found.stderr


def test_another_page_than_the_first_can_be_tried() -> None:
    with serving([READY], 401) as url:
        found = smoke(url, "--closed", "--page", "/api/v1/prices")
    assert found.returncode == 0
    assert f"{url}/api/v1/prices: 401" in found.stdout


def test_it_waits_for_the_model() -> None:
    with serving([STARTING, READY], 200) as url:
        assert smoke(url).returncode == 0


@pytest.mark.parametrize("health", [STARTING, SIGN_IN_PAGE, (500, "")])
def test_what_never_gets_ready_is_named(health: tuple[int, str]) -> None:
    with serving([health], 200) as url:
        found = smoke(url, "--wait", "0")
    assert found.returncode == 1
    assert f"the last answer was {health[0]}" in found.stderr


def test_nobody_there_is_named() -> None:
    found = smoke("http://127.0.0.1:9", "--wait", "0")
    assert found.returncode == 1
    assert "the last answer was 0" in found.stderr
