"""The app in Chromium: what only a browser can show."""

from __future__ import annotations

import json
import re
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.bench.latency.servers import Server
from tests.builders import estate
from tests.e2e.conftest import Open, settled

HEADLINE = "h1.headline"
LEVER = "Archived per day"
PAGES = ("/", "/forecast", "/scenarios", "/search", "/policy", "/money", "/models", "/data", "/method")
MOVED = "/?v=1&d=demo&scope=ALL&perday=14606&pdf=0.4&primary=0.3&docx=7"
PHONE = {"viewport": {"width": 390, "height": 844}}
# Rules that Streamlit itself breaks and we cannot mend, each with the place.
ALLOWED = {
    "presentation-role-conflict": "the input inside Streamlit's file uploader",
}


def charts_drawn(page: Page, count: int = 2) -> None:
    expect(page.locator(".js-plotly-plot .main-svg:first-child")).to_have_count(count)


def test_health_says_that_it_is_ready_and_nothing_else(server: Server) -> None:
    with urllib.request.urlopen(server.url + "/health") as answer:
        said = json.load(answer)
    assert answer.status == 200 and said == {"status": "ready"}


def test_a_deep_link_on_a_fresh_server_runs_inside_the_frame(visit: Open) -> None:
    page = visit("/forecast")
    expect(page.locator(".stMarkdownBadge", has_text="Demo data").first).to_be_visible()
    expect(page.locator(HEADLINE)).to_contain_text("in the next 12 months")


def test_a_key_press_moves_sentence_and_address(visit: Open) -> None:
    page = visit()
    charts_drawn(page)
    first = page.locator(HEADLINE).inner_text()
    page.get_by_role("slider", name=LEVER).focus()
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    expect(page.locator(HEADLINE)).to_contain_text("instead of")
    assert page.locator(HEADLINE).inner_text() != first
    expect(page).to_have_url(re.compile(r"perday=\d{4}"))
    charts_drawn(page)


def test_the_address_opens_the_same_scenario_elsewhere(visit: Open) -> None:
    page = visit()
    page.get_by_role("button", name="Archive twice as often").click()
    expect(page.locator(HEADLINE)).to_contain_text("Archiving twice as often")
    colleague = visit("/?" + page.url.split("?")[1])
    expect(colleague.locator(HEADLINE)).to_have_text(page.locator(HEADLINE).inner_text())
    assert colleague.url.split("?")[1] == page.url.split("?")[1]


def test_reload_back_and_page_switch_keep_the_scenario(visit: Open) -> None:
    page = visit()
    page.get_by_role("button", name="Archive twice as often").click()
    twice = page.locator(HEADLINE, has_text="Archiving twice as often")
    twice.wait_for()
    page.reload()
    twice.wait_for()
    page.get_by_role("link", name="Forecast").click()
    page.locator(HEADLINE, has_text="12 months").wait_for()
    page.get_by_role("link", name="Simulator").click()
    twice.wait_for()
    page.get_by_role("button", name="Reset").click()
    page.locator(HEADLINE, has_text="If nothing changes").wait_for()
    page.go_back()
    twice.wait_for()


def test_two_tabs_do_not_know_each_other(visit: Open) -> None:
    page = visit()
    other = page.context.new_page()
    other.goto(page.url)
    settled(other)
    page.get_by_role("button", name="Archive twice as often").click()
    page.locator(HEADLINE, has_text="Archiving twice").wait_for()
    expect(other.locator(HEADLINE)).to_contain_text("If nothing changes")


def test_the_copied_link_is_the_address(visit: Open) -> None:
    page = visit()
    page.get_by_text("Copy link").click()
    expect(page.get_by_test_id("stCode")).to_contain_text(page.url.split("?")[1][:60])


@pytest.mark.parametrize(
    "name", ["estate.csv", "seed/training_data.csv", "seed/archive-data.csv", "real_libraries/history_rule12.csv"]
)
def test_an_uploaded_file_ends_in_an_answer(
    visit: Open, request: pytest.FixtureRequest, tmp_path: Path, name: str
) -> None:
    file = tmp_path / name
    if "/" in name:
        file = request.getfixturevalue("real_data") / name
    else:
        estate(["Finance", "Legal"], 30).to_csv(file, index=False)
    page = visit("/data")
    page.locator("input[type=file]").set_input_files(file)
    use = page.get_by_role("button", name="Use this data")
    use.wait_for()
    seen = page.get_by_text("I have seen that")
    if use.is_disabled():
        seen.click()
        expect(use).to_be_enabled()
    use.click()
    page.locator(HEADLINE, has_text="If nothing changes").wait_for()
    expect(page).to_have_url(re.compile(r"d=[0-9a-f]{12}"))
    expect(page.locator("p.stamp")).to_contain_text(Path(name).name)


@pytest.mark.parametrize("path", (*PAGES, MOVED))
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(visit: Open, axe: str, path: str, scheme: str) -> None:
    page = visit(path, color_scheme=scheme)
    page.evaluate(axe)  # a script tag is what the policy refuses
    assert barriers(page) == {}


def barriers(page: Page) -> dict[str, list[str]]:
    """Return what axe finds wrong with a page that it was added to."""
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
    found = page.evaluate("tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", tags)
    return {
        fault["id"]: [f"{node['html'][:160]} {node.get('failureSummary', '')[:200]}" for node in fault["nodes"]]
        for fault in found["violations"]
        if fault["id"] not in ALLOWED
    }


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_scrolls_down_only(visit: Open, path: str) -> None:
    page = visit(path, **PHONE)
    wide = page.evaluate(
        "[document.documentElement.scrollWidth, document.querySelector('[data-testid=stMain]').scrollWidth]"
    )
    assert max(wide) <= PHONE["viewport"]["width"]


def test_pictures_follow_the_theme(visit: Open) -> None:
    lines = "[...document.querySelectorAll('.js-plotly-plot path.js-line')]"
    strokes = f"() => {lines}.map(line => getComputedStyle(line).stroke)"
    colours = []
    for scheme in ("light", "dark"):
        page = visit("/", color_scheme=scheme)
        charts_drawn(page)
        colours.append(set(page.evaluate(strokes)))
    light, dark = colours
    assert light - dark and dark - light
    assert not any("rgb(0, 0, 1)" in colour for colour in light | dark), "the stand-in was replaced"


def test_training_from_the_page_publishes_who_answers(visit: Open) -> None:
    """The button trains beside the server; the page shows how far it is, then who answers since today."""
    page = visit("/models")
    expect(page.locator(HEADLINE)).to_contain_text("answers: it misses a month by")
    page.get_by_role("button", name="Train the whole field").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    expect(page.get_by_text(re.compile(r"\d+ of 22: "))).to_be_visible(timeout=60_000)
    expect(page.locator(HEADLINE)).to_contain_text("answers since ", timeout=180_000)
    expect(page.locator(HEADLINE)).to_contain_text("the original proof of concept by")
    page.get_by_text("Versions and decisions").click()
    expect(page.get_by_text("trained demo-v1")).to_be_visible()
