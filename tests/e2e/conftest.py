"""The app in this process, and the app as a server with a browser before it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from streamlit.testing.v1 import AppTest

from tests.bench.latency.servers import Server, served

expect.set_options(timeout=40_000)  # a first page on a busy machine takes its time

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--disable-features=LocalNetworkAccessChecks",  # a page whose headers a test rewrote may still reach its server
]
AXE_VERSION = "4.14.1"
SECONDS = 60
Start = Callable[..., AppTest]
Open = Callable[..., Page]


def _missing(what: str, request: pytest.FixtureRequest) -> None:
    """Skip outside CI, saying what is missing; fail in CI."""
    if request.getfixturevalue("in_ci"):
        pytest.fail(f"needs {what}")
    pytest.skip(f"needs {what}")


@pytest.fixture(scope="session")
def in_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Point this process's app at an empty workspace."""
    folder = tmp_path_factory.mktemp("in-process")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ARCHIVE_FORECAST_DATA_DIR", str(folder))
        patch.setenv("ARCHIVE_FORECAST_LEVERS", "plain")  # AppTest drives Streamlit's own widgets only
        yield folder


@pytest.fixture
def start(in_process: Path) -> Start:
    """Return `start(page, **query)`: the app opened at a page and a link, run once."""

    def started(page: str = "simulator", **query: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=SECONDS)
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        if page != "simulator":
            app.switch_page(str(ROOT / "pages" / f"{page}.py"))
            app.run()
        return app

    return started


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return the app as a running server with an empty workspace."""
    # What `in_process` sets for this process is not for the server.
    with served("app/asgi.py", "/health", tmp_path_factory.mktemp("server"), ARCHIVE_FORECAST_LEVERS="live") as running:
        yield running


@pytest.fixture(scope="session")
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """Return Debian's Chromium."""
    if not Path(CHROMIUM).exists():
        _missing(f"Chromium at {CHROMIUM}", request)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def visit(server: Server, browser: Browser) -> Iterator[Open]:
    """Return `visit(path, **context)`: a page in a fresh context, drawn to the end."""
    contexts = []

    def visited(path: str = "/", **options: object) -> Page:
        settings = {"viewport": {"width": 1280, "height": 900}, "locale": "en-US", "reduced_motion": "reduce"}
        # Waiting for an expression is an eval in the page, which the policy refuses; other tests look at the policy.
        context = browser.new_context(bypass_csp=True, **{**settings, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(SECONDS * 1000)
        page.goto(server.url + path)
        settled(page)
        return page

    yield visited
    for context in contexts:
        context.close()


def settled(page: Page) -> None:
    """Wait until the headline is there and the script has come to its end."""
    page.locator("h1.headline").wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


@pytest.fixture(scope="session")
def axe(request: pytest.FixtureRequest, pytestconfig: pytest.Config) -> str:
    """Return the source of axe-core, fetched once from the npm registry into pytest's cache."""
    folder = Path(pytestconfig.cache.mkdir(f"axe-{AXE_VERSION}")) if pytestconfig.cache else Path()
    script = folder / "axe.min.js"
    if not script.exists():
        mine = folder / f"fetched-{os.getpid()}"  # another process may fetch it at the same time
        mine.mkdir(exist_ok=True)
        npm = shutil.which("npm")
        if npm is None:
            _missing("npm, to fetch axe-core", request)
        found = subprocess.run(
            [str(npm), "pack", f"axe-core@{AXE_VERSION}"], cwd=mine, capture_output=True, text=True, check=False
        )
        if found.returncode:
            _missing(f"axe-core from npm: {found.stderr[-200:]}", request)
        shutil.unpack_archive(mine / f"axe-core-{AXE_VERSION}.tgz", mine)
        (mine / "package" / "axe.min.js").replace(script)
    return script.read_text(encoding="utf-8")
