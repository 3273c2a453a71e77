"""The Scenarios page: keep, find again, compare, decide, delete and take back."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

from tests.e2e.conftest import Open, Start, settled
from tests.e2e.test_pages import LINK, headline, html


def kept(app: AppTest) -> list[str]:
    return re.findall(r'<h2 class="finding">([^<]*)</h2><p class="unit">version', html(app))


def keys(app: AppTest, start_of: str) -> list[str]:
    return [str(button.key) for button in app.button if str(button.key).startswith(start_of)]


def test_from_nothing_to_a_comparison_in_three_clicks(start: Start) -> None:
    app = start("scenarios")
    if not kept(app):
        assert headline(app).startswith("Keep a scenario to come back to it")
        app.button(key="keep_start").click().run()
    assert {"Baseline", "Archive twice as often"} <= set(kept(app))
    assert html(app).count("Now: the same.") >= 3
    for name in [str(box.key) for box in app.checkbox][:2]:
        app.checkbox(key=name).check().run()
    assert re.match(r"“.+” is better than “.+” in (every future|\d+ of \d+ futures): \$", headline(app))
    assert "What differs" in html(app) and len(app.get("plotly_chart")) == 2
    for name in [str(box.key) for box in app.checkbox][:2]:
        app.checkbox(key=name).uncheck().run()
    assert "scenarios are kept" in headline(app)


def test_a_short_link_opens_the_same_question(start: Start) -> None:
    app = start("scenarios", **LINK, perday="9000")
    app.session_state["keep_pop"] = True
    app.run()
    app.text_input(key="keep_name").set_value("Nine thousand")
    app.text_input(key="keep_who").set_value("Ann").run()
    app.button(key="keep").click().run()
    assert "Nine thousand" in kept(app) and "by Ann" in html(app)
    code = str(app.query_params["s"])
    again = start(s=code)
    assert headline(again).startswith("Archiving 9,000 instead of")
    assert dict(again.query_params) == dict(app.query_params)
    assert start(s="nowhere").error[0].value.startswith("There is no scenario")
    moved = start(**dict(app.query_params) | {"perday": "8000", "s": "nowhere.3"})
    assert headline(moved).startswith("Archiving 8,000"), "a whole link opens without the one it was made from"


def test_somebody_who_was_faster_is_named(start: Start) -> None:
    mine = start("scenarios", **LINK, perday="9100")
    mine.session_state["keep_pop"] = True
    mine.run()
    mine.text_input(key="keep_name").set_value("Shared").run()
    mine.button(key="keep").click().run()
    theirs = start("scenarios", **dict(mine.query_params) | {"perday": "9200"})
    for app, name in ((theirs, "Bob"), (mine, "Ann")):
        app.session_state["keep_pop"] = True
        app.run()
        app.text_input(key="keep_who").set_value(name).run()
        app.button(key="keep_version").click().run()
    assert "version 2" in html(theirs)
    assert re.search(r"Bob changed “Shared” on .* it is at version 2 now", mine.error[0].value)


def test_deleting_is_taken_back_with_one_click(start: Start) -> None:
    app = start("scenarios", **LINK, perday="9300")
    app.session_state["keep_pop"] = True
    app.run()
    app.text_input(key="keep_name").set_value("Short-lived").run()
    app.button(key="keep").click().run()
    identity = str(app.query_params["s"]).split(".")[0]
    app.session_state[f"more_{identity}"] = True
    app.run()
    app.button(key=f"delete_{identity}").click().run()
    assert "Short-lived" not in kept(app)
    app.button(key="undo").click().run()
    assert "Short-lived" in kept(app)


def test_the_search_finds_by_every_word(start: Start) -> None:
    app = start("scenarios")
    if not kept(app):
        app.button(key="keep_start").click().run()
    app.text_input(key="search_kept").set_value("worked twice").run()
    found = kept(app)
    assert found and all("twice" in name.lower() for name in found)
    app.text_input(key="search_kept").set_value("no such words").run()
    assert kept(app) == []


def keep(page: Page, name: str) -> None:
    page.get_by_test_id("stPopover").get_by_role("button", name="Keep").click()
    page.get_by_role("textbox", name="Name", exact=True).fill(name)
    page.get_by_role("textbox", name="Name", exact=True).press("Tab")
    settled(page)
    page.get_by_role("button", name="Keep it", exact=True).click()
    expect(page).to_have_url(re.compile(r"[?&]s=[a-z0-9]{8}\.1"))


def test_in_the_browser_a_decision_is_kept_and_its_link_opens_elsewhere(visit: Open) -> None:
    page = visit("/?v=1&d=demo&scope=ALL&perday=9400")
    keep(page, "Decided on")
    page.get_by_role("link", name="Scenarios").click()
    row = page.locator("[class*=st-key-kept_]").filter(has_text="Decided on").first
    row.get_by_role("button", name="More").click()
    short = page.get_by_test_id("stCode").inner_text()
    page.get_by_role("button", name="We decided on this").click()
    expect(row).to_contain_text("decided")
    query = dict(parse_qsl(urlsplit(short).query))
    colleague = visit(f"/?s={query['s']}")
    expect(colleague.locator("h1.headline")).to_contain_text("Archiving 9,400 instead of")
