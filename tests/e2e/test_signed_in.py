"""People who sign in, in a real browser against a real server: deep links, files, walls, and being put out."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.cli import main
from tests.bench.latency.servers import Server, served
from tests.e2e.conftest import SECONDS, settled

LINK = "/forecast?d=demo&scope=Legal"
Enter = Callable[[str], Page]


class Desk:
    """The administrator at the command line of one installation."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def said(self, *arguments: str) -> dict[str, str]:
        assert main((*arguments, "--json")) == 0
        found: dict[str, str] = json.loads(self._capsys.readouterr().out.splitlines()[-1])
        return found


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    monkeypatch.setenv("ARCHIVE_FORECAST_DATA_DIR", str(tmp_path))
    return Desk(capsys)


@pytest.fixture
def guarded(desk: Desk, tmp_path: Path) -> Iterator[Server]:
    """Return a running server where people sign in by name and password."""
    assert desk
    with served("app/asgi.py", "/health", tmp_path, ARCHIVE_FORECAST_SIGN_IN="local") as running:
        yield running


def status(url: str, **headers: str) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def signed_in(page: Page, name: str, password: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    settled(page)


def test_a_day_at_the_door(guarded: Server, browser: Browser, desk: Desk, axe: str) -> None:
    passwords = {name: desk.said("account", "add", name, "--role", role)["password"] for name, role in
                 (("ann", "analyst"), ("ada", "admin"))}  # fmt: skip
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US", reduced_motion="reduce")
    page, refused = context.new_page(), []
    page.set_default_timeout(SECONDS * 1000)
    page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)

    page.goto(guarded.url + LINK)
    page.evaluate(axe)
    assert page.evaluate("axe.run().then(found => found.violations.map(each => each.id))") == []
    signed_in(page, "ann", passwords["ann"])
    assert page.url.startswith(f"{guarded.url}/forecast") and "scope=Legal" in page.url
    assert page.get_by_role("link", name="Admin").count() == 0

    page.get_by_text("Table and CSV").first.click()
    with page.expect_download() as got:
        page.get_by_role("button", name="Download CSV").click()
    media = got.value.url
    assert "month" in got.value.path().read_text(encoding="utf-8").splitlines()[0]
    assert "/media/" in media and status(media) == 401, "the address alone is worth nothing"
    assert refused == []

    key = desk.said("key", "make", "nightly")["key"]
    asked = f"{guarded.url}/api/v1/levers"
    assert (status(asked), status(asked, authorization=f"Bearer {key}")) == (401, 200)
    desk.said("key", "end", key.split("_")[1])
    assert status(asked, authorization=f"Bearer {key}") == 401

    desk.said("account", "end", "ann")
    page.goto(guarded.url + "/models")
    expect(page.get_by_label("Password")).to_be_visible()

    signed_in(page, "ada", passwords["ada"])
    page.get_by_role("link", name="Admin").click()
    expect(page.locator("h1.headline")).to_contain_text("1 account and 0 keys are open; 5 acts are written down")
    expect(page.get_by_role("cell", name="account ended")).to_be_visible()
    context.close()
