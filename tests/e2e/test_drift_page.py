"""Is it still true: in the process, and in Chromium."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from tests.builders import estate
from tests.e2e.conftest import Open, Start, settled
from tests.e2e.test_browser import HEADLINE, PHONE, barriers, charts_drawn
from tests.e2e.test_pages import headline, html

NAME = "company.csv"


def company() -> bytes:
    """Return a company whose Legal department took in another office in the last month."""
    rows = estate(months=30).astype({"total_files": float})
    here = (rows["scope"] == "Legal") & (rows["month"] == rows["month"].max())
    rows.loc[here, "total_files"] *= 1.6
    text = io.StringIO()
    rows.assign(month=rows["month"].dt.strftime("%Y-%m")).to_csv(text, index=False)
    return text.getvalue().encode()


@pytest.fixture
def opened(start: Start) -> AppTest:
    """Return the app with the company in use, on the Drift page."""
    app = start("data")
    app.file_uploader(key="upload").upload(NAME, company()).run()
    app.button(key="use").click().run()
    app.switch_page("../pages/drift.py").run()
    return app


def test_the_demo_company_has_one_thing_to_look_at(start: Start) -> None:
    app = start("drift")
    assert headline(app).startswith("The archive frequency in Marketing has been")
    for question in ("Data sound?", "Inputs as expected?", "Forecast moved?", "Forecast accurate?"):
        assert question in html(app)
    assert len(app.get("plotly_chart")) == 2
    assert html(app).count('<figure class="small">') == 7
    assert "What needs a look, by money at risk" in html(app)


def test_a_month_before_can_be_looked_at(start: Start) -> None:
    app = start("drift")
    app.selectbox(key="drift_month").select("2026-01").run()
    assert headline(app).startswith("Inputs follow their usual growth and season. We would have noticed")


def test_a_jump_is_explained_in_plain_words_and_settled_for_good(opened: AppTest) -> None:
    assert "number of files in Legal was" in headline(opened)
    assert "Oct 2026" in headline(opened)
    opened.text_input(key="drift_reason").set_value("the Geneva office moved in").run()
    next(button for button in opened.button if button.label.startswith("It was meant")).click().run()
    assert "number of files in Legal" not in headline(opened)
    assert "the Geneva office moved in" in html(opened)


def test_the_forecast_page_freezes_what_it_shows_and_the_drift_page_says_so(opened: AppTest) -> None:
    opened.switch_page("../pages/forecast.py").run()
    assert not opened.exception
    opened.switch_page("../pages/drift.py").run()
    assert re.search(r"\d forecasts and decisions are frozen", " ".join(text.value for text in opened.caption))


def test_an_opinion_is_kept_and_half_a_one_is_refused(opened: AppTest) -> None:
    wrong = next(button for button in opened.button if button.label == "It is wrong")
    wrong.click().run()
    assert "what is wrong" in opened.error[0].value
    opened.text_area(key="drift_said").set_value("they move out in May").run()
    next(button for button in opened.button if button.label == "It is wrong").click().run()
    assert "they move out in May" in html(opened)


def test_the_page_can_be_read_by_everybody(visit: Open, axe: str, tmp_path: Path) -> None:
    page = visit("/drift")
    expect(page.locator(HEADLINE)).to_contain_text("archive frequency in Marketing")
    charts_drawn(page, 2)
    for fold in ("For statisticians", "History of alarms", "Say whether it was meant", "Tell us how a forecast did"):
        page.get_by_text(fold).first.click()
    settled(page)
    page.evaluate(axe)  # a script tag is what the policy refuses
    assert barriers(page) == {}
    page.get_by_label("Why").first.focus()
    page.keyboard.type("it was meant")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Seen, keep watching").click()
    expect(page.locator("table.rows", has_text="Known: it was meant").first).to_be_visible()
    phone = visit("/drift", **PHONE)
    expect(phone.locator(HEADLINE)).to_contain_text("archive frequency in Marketing")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
