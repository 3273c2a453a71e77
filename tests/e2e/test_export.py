"""Exports and the presentation in the app."""

from __future__ import annotations

import json

from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from tests.e2e.conftest import Open, Start, settled
from tests.e2e.test_pages import html


def opened(app: AppTest) -> AppTest:
    app.session_state["export_pop"] = True
    return app.run()


def test_a_file_is_prepared_once_and_again_when_the_question_changes(start: Start) -> None:
    app = opened(start())
    app.selectbox(key="export_as").set_value("json").run()
    app.text_input(key="export_who").set_value("Ada Example").run()
    app.button(key="export_make").click().run()
    assert not app.exception and not app.error
    label = app.get("download_button")[0].proto.label
    assert label.startswith("Download, ") and label.endswith(" KB")
    _, export = app.session_state["export_json"]
    assert json.loads(export.content)["stamp"]["By"] == "Ada Example" and export.name.startswith("demo-")
    app.run()
    assert not [button for button in app.button if button.key == "export_make"], "it is still the same question"
    app.button(key="ask_archive_frequency_per_day").click().run()
    assert app.button(key="export_make").label == "Prepare"


def test_the_presentation_shows_the_open_question(start: Start) -> None:
    app = start("present", v="1", d="demo", scope="ALL", perday="12000")
    assert not app.exception and "Present: press Full screen" in html(app)
    shown = app.get("iframe")[0].proto.srcdoc
    assert "Recommendation: " in shown and shown.count("<section") == 6


def test_the_arrow_keys_turn_the_pages(visit: Open) -> None:
    page = visit("/present")
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="Next").click()
    expect(frame.get_by_role("heading")).to_contain_text("In the last year")
    page.keyboard.press("ArrowRight")
    expect(frame.get_by_role("heading")).to_contain_text("What comes")
    page.keyboard.press("End")
    expect(frame.get_by_role("heading")).to_contain_text("Recommendation")
    page.keyboard.press("ArrowLeft")
    expect(frame.get_by_role("heading")).to_contain_text("options in numbers")
    settled(page)
