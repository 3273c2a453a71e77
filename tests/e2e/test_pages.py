"""What each page says and does, without a browser."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from tests.e2e.conftest import Start

LINK = {"v": "1", "d": "demo", "scope": "ALL"}


def html(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def headline(app: AppTest) -> str:
    assert not app.exception
    return html(app).split('<h1 class="headline">')[1].split("</h1>")[0]


def test_the_first_screen_is_a_real_answer_on_the_demo_company(start: Start) -> None:
    app = start()
    assert headline(app).startswith("If nothing changes, we expect ")
    assert "saved net in the next 24 months." in headline(app)
    assert len(app.get("plotly_chart")) == 2 and 'data-chart="types"' in html(app)
    assert "Demo company (demo data, generated)" in html(app)
    assert "Demo data" in " ".join(badge.value for badge in app.markdown)


def test_a_moved_lever_moves_sentence_pictures_and_link(start: Start) -> None:
    app = start()
    before = json.loads(app.get("plotly_chart")[0].proto.spec)
    app.slider(key="lever_avg_file_size_mb").set_value(3.0).run()
    assert headline(app).startswith("With files of 3 MB on average instead of ")
    assert app.query_params["size"] == "3"
    assert json.loads(app.get("plotly_chart")[0].proto.spec) != before
    app.button(key="back_avg_file_size_mb").click().run()
    assert headline(app).startswith("If nothing changes")


def test_a_share_takes_the_others_along(start: Start) -> None:
    app = start(**LINK, pdf="0.3")
    assert headline(app).startswith("With another mix of file types")
    app.slider(key="lever_pct_pdf").set_value(90.0).run()
    shares = [app.slider(key=f"lever_{name}").value for name in ("pct_pdf", "pct_docx", "pct_xlsx")]
    assert shares[0] == 90.0 and sum(shares) <= 100


def test_exact_values_can_be_typed(start: Start) -> None:
    app = start()
    app.toggle(key="exact").set_value(True).run()
    app.number_input(key="exact_archive_frequency_per_day").set_value(9000.0).run()
    assert app.query_params["perday"] == "9000"
    assert "Archiving 9,000 instead of" in headline(app)


def test_a_worked_question_sets_its_levers_and_reset_puts_them_back(start: Start) -> None:
    app = start()
    app.button(key="ask_archive_frequency_per_day").click().run()
    assert headline(app).startswith("Archiving twice as often: ")
    assert "What moved it" in html(app) and "Archived per day" in html(app)
    app.button(key="reset").click().run()
    assert headline(app).startswith("If nothing changes")


def test_a_link_opens_the_same_scenario(start: Start) -> None:
    first = start()
    first.button(key="ask_growth_ratio_per_month").click().run()
    link = dict(first.query_params)
    second = start(**link)
    assert headline(second) == headline(first)
    assert dict(second.query_params) == link


def test_a_bad_link_names_every_fault_beside_its_lever(start: Start) -> None:
    app = start(**LINK, perday="9000", size="9999", horizon="abc", nonsense="1")
    said = [warning.value for warning in app.warning]
    assert len(said) == 3
    assert any("Average file size is 9999" in text and "Allowed:" in text for text in said)
    assert any("'abc'" in text for text in said) and any("'nonsense'" in text for text in said)
    assert headline(app).startswith("Archiving 9,000 instead of"), "the good part of the link is kept"
    app.button(key="reset").click().run()
    assert not app.warning


def test_a_link_to_another_server_says_so_and_shows_the_demo(start: Start) -> None:
    app = start(v="1", d="0123456789ab", scope="ALL")
    assert "There is no data set" in app.error[0].value and "What to do:" in app.error[0].value
    assert headline(app).startswith("If nothing changes")
    old = start(v="99", d="demo")
    assert "This link is of version '99'" in old.error[0].value


def test_the_scope_is_kept_on_every_page(start: Start) -> None:
    app = start()
    scope = app.selectbox(key="scope").options[1]
    app.selectbox(key="scope").set_value(scope).run()
    assert app.query_params["scope"] == scope
    app.switch_page("../pages/forecast.py").run()
    assert app.selectbox(key="scope").value == scope
    assert headline(app).startswith("If nothing changes, we expect ")


def test_the_table_is_made_when_it_is_opened(start: Start) -> None:
    app = start()
    assert not app.dataframe
    app.session_state["flows_table"] = True
    app.run()
    assert list(app.dataframe[0].value.columns)[:2] == ["month", "archived_as_today_gb"]
    assert len(app.dataframe[0].value) == 24


def test_the_forecast_page(start: Start) -> None:
    app = start("forecast")
    assert "archived and" in headline(app) and "in the next 12 months." in headline(app)
    for title in ("Next month", "Next quarter", "Next year", "past months lay inside the band"):
        assert title in html(app)
    months = json.loads(app.get("plotly_chart")[0].proto.spec)["data"][2]["x"]
    chosen = app.select_slider[0]
    chosen.set_value((chosen.value[1] - 5, chosen.value[1])).run()
    assert len(json.loads(app.get("plotly_chart")[0].proto.spec)["data"][2]["x"]) == 6 < len(months)


@pytest.mark.parametrize("page", ["simulator", "forecast", "data", "method"])
def test_every_page_says_where_its_numbers_come_from(start: Start, page: str) -> None:
    said = html(start(page))
    assert '<p class="stamp"' in said and "Demo company (demo data, generated)" in said


def test_the_method_page_shows_the_written_method(start: Start) -> None:
    app = start("method")
    assert not app.exception
    assert [tab.label for tab in app.tabs] == [
        "Method",
        "Due dates",
        "Money",
        "Is it still true?",
        "Glossary",
        "Architecture",
    ]


def test_the_models_page_says_who_answers_and_why(start: Start) -> None:
    app = start("models")
    assert headline(app).startswith("Stock and flow answers: it misses a month by ")
    assert "Original proof of concept" in html(app) and "not raced yet" in html(app)
    assert len(app.get("plotly_chart")) == 5
    app.segmented_control(key="sweep").set_value("size_ratio").run()
    assert not app.exception
    assert "Average size" in html(app)
