"""From a scanned folder to a rule: in the process, and in Chromium."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from app import cli
from tests.e2e.conftest import Open, Start, settled
from tests.e2e.test_browser import HEADLINE, PHONE, barriers, charts_drawn
from tests.e2e.test_pages import headline, html

DAY = 86_400
START_OF_2026 = 1_767_225_600


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what the command writes of a folder of files up to four years old."""
    root = tmp_path_factory.mktemp("share")
    for index in range(96):
        path = root / ("Legal" if index % 3 else "Sales") / f"{index}.{('pdf', 'docx', 'zip')[index % 3]}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x" * (1000 + 40 * index))
        when = START_OF_2026 - index * 15 * DAY
        os.utime(path, (when, when))
    target = tmp_path_factory.mktemp("out") / "age-cube.csv"
    assert cli.main(["scan", str(root), "--out", str(target)]) == 0
    return target


def opened(start: Start, scanned: Path) -> AppTest:
    """Return the app with the scanned folder in use, on the Policy page."""
    app = start("data")
    app.file_uploader(key="upload").upload(scanned.name, scanned.read_bytes()).run()
    assert not app.exception
    assert "96 files, 272 KB, 2 scopes" in html(app)
    app.button(key="use").click().run()
    app.switch_page("../pages/policy.py").run()
    return app


def test_a_history_shows_the_way_to_a_rule(start: Start) -> None:
    app = start("policy")
    assert headline(app) == "Draw an archive rule and see what it takes"
    assert "archive-forecast scan" in app.code[0].value


def test_a_scanned_folder_answers_a_drawn_rule(start: Start, scanned: Path) -> None:
    app = opened(start, scanned)
    assert headline(app).startswith("No rule is in force")
    app.button(key="rule_12").click().run()
    assert re.match(r"Archiving what nobody changed for 12 months takes \d+ KB at once in ", headline(app))
    assert "of it at once, exact: " in html(app)
    before = headline(app)
    app.multiselect(key="left_types").select("type:pdf").run()
    assert headline(app) != before
    assert app.query_params["out"] == "type:pdf"
    app.button(key="as_today").click().run()
    assert headline(app).startswith("No rule is in force")


def test_how_it_was_checked_is_one_click_away(start: Start, scanned: Path) -> None:
    app = opened(start, scanned)
    app.session_state["checked"] = True
    app.run()
    assert "Mean of the last 12 months" in html(app)
    assert "not observed archiving" in " ".join(text.value for text in app.caption)


@pytest.mark.parametrize(
    "page", ["simulator", "forecast", "money", "models", "drift", "scenarios", "search", "data", "method"]
)
def test_every_other_page_opens_on_an_inventory(start: Start, scanned: Path, page: str) -> None:
    app = opened(start, scanned)
    app.switch_page(f"../pages/{page}.py").run()
    assert not app.exception
    assert [error.value for error in app.error if "one month only" not in error.value] == []
    if page == "models":
        assert headline(app).startswith("The due dates answer: ")
        assert "nothing of this inventory to judge" in app.info[0].value


def test_a_history_of_the_same_estate_may_stand_beside_it(start: Start, scanned: Path) -> None:
    rows = [f"{scope},2026-{month:02d},0.001" for scope in ("Legal", "Sales") for month in range(1, 11)]
    history = "\n".join(["scope,month,archived_gb", *rows]).encode()
    app = start("data")
    app.file_uploader(key="upload").upload("by-month.csv", history).run()
    app.button(key="use").click().run()
    app.switch_page("../pages/data.py").run()
    app.file_uploader(key="upload").upload(scanned.name, scanned.read_bytes()).run()
    beside = app.selectbox(key="history_beside")
    beside.select(next(option for option in beside.options if option == "by-month.csv")).run()
    assert any("2 of 2 scopes of the inventory are in the history" in text.value for text in app.caption)
    assert not app.exception


def test_a_rule_is_drawn_with_the_keyboard(visit: Open, axe: str, scanned: Path) -> None:
    page = visit("/data")
    page.locator("input[type=file]").set_input_files(scanned)
    page.get_by_role("button", name="Use this inventory").click()
    page.locator(HEADLINE, has_text="No rule is in force").wait_for()
    page.get_by_role("button", name="24 months").click()
    expect(page.locator(HEADLINE)).to_contain_text("nobody changed for 24 months")
    page.get_by_role("slider", name="Untouched for").focus()
    for _ in range(6):
        page.keyboard.press("ArrowLeft")
    expect(page.locator(HEADLINE)).to_contain_text("nobody changed for 18 months")
    expect(page).to_have_url(re.compile(r"[?&]age=18(&|$)"))
    charts_drawn(page, 2)
    settled(page)
    page.evaluate(axe)  # a script tag is what the policy refuses
    assert barriers(page) == {}
    address = page.url
    phone = visit(address.removeprefix(address.split("/policy")[0]), **PHONE)
    expect(phone.locator(HEADLINE)).to_contain_text("nobody changed for 18 months")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
