"""Numbers on pages as the reader writes them."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.conftest import Open, Start
from tests.e2e.test_pages import headline


def test_the_choice_holds_on_every_page(start: Start) -> None:
    app = start()
    assert re.search(r"\$\d,\d{3}", headline(app))
    app.session_state["formats_pop"] = True
    app.run()
    app.radio(key="formats_choice").set_value("de-DE").run()
    assert re.search(r"\d\.\d{3}\xa0\$", headline(app))
    app.switch_page("../pages/forecast.py").run()
    assert re.search(r"\d,\d+ TB", headline(app))


def test_a_browser_in_german_reads_and_types_german_while_levers_move(visit: Open) -> None:
    page = visit("/", locale="de-DE")
    expect(page.locator("h1.headline")).to_contain_text(re.compile(r"\d\.\d{3}\xa0\$"))
    typed = page.get_by_label("Average file size, exact value")
    expect(typed).to_have_value(re.compile(r"^\d,\d+$"))
    typed.fill("2,5")
    typed.press("Enter")
    expect(page.locator("h1.headline")).to_contain_text("With files of 2,5 MB on average instead of 1,38 MB")
    page.wait_for_url(re.compile("size=2.5"))
