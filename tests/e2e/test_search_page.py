"""The Search page: a goal, the best policy, what matters most."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.conftest import Open, Start, settled
from tests.e2e.test_pages import LINK, headline, html


def test_a_goal_is_found_and_opened(start: Start) -> None:
    app = start("search", **LINK)
    assert headline(app).startswith("Set a goal")
    app.number_input(key="target_savings_gb_TB").set_value(3.3).run()
    app.button(key="seek").click().run()
    assert headline(app).startswith("With ") and "we reach 3.3 TB freed over 24 months" in headline(app)
    app.button(key="open_found").click().run()
    assert float(str(app.query_params["perday"])) > 7303
    app.pills(key="seek_levers").set_value(["archive_frequency_per_day", "growth_ratio_per_month"]).run()
    app.number_input(key="target_savings_gb_TB").set_value(90.0).run()
    app.button(key="seek").click().run()
    assert "cannot be reached with these levers; the nearest is " in headline(app)


def test_the_best_policy_is_opened_with_its_tier(start: Start) -> None:
    app = start("search", **LINK)
    app.segmented_control(key="search_kind").set_value("policy").run()
    app.number_input(key="limit_paid").set_value(400.0).run()
    app.button(key="choose").click().run()
    assert headline(app).startswith("Archive to ")
    assert "Busiest month" in html(app) and len(app.get("plotly_chart")) == 1
    app.button(key="open_policy").click().run()
    assert "money" in app.query_params


def test_what_matters_most_is_on_the_first_look(start: Start) -> None:
    app = start("search", **LINK)
    app.segmented_control(key="search_kind").set_value("tornado").run()
    assert "matters most" in headline(app)
    assert len(app.get("plotly_chart")) == 2
    app.segmented_control(key="tornado_measure").set_value("savings_gb").run()
    assert not app.exception and "Most at" in html(app)


def test_in_the_browser_a_goal_is_reached(visit: Open) -> None:
    page = visit("/search")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator("h1.headline")).to_contain_text("we reach")
    settled(page)
    page.get_by_role("button", name="Open this scenario").click()
    expect(page).to_have_url(re.compile(r"perday=(?!7303)"))
