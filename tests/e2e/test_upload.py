"""A file goes in: what was understood, what is wrong, and nothing is used before the user says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.builders import estate
from tests.e2e.conftest import Start
from tests.e2e.test_pages import headline, html

GOOD = estate(["Finance", "Legal"], 30).to_csv(index=False).encode()


def uploaded(start: Start, name: str, content: bytes) -> AppTest:
    app = start("data")
    app.file_uploader(key="upload").upload(name, content).run()
    assert not app.exception
    return app


def test_an_empty_page_says_what_is_needed(start: Start) -> None:
    app = start("data")
    assert "Needed: one row per month" in app.info[0].value
    assert "Data sets in this workspace" in html(app)


def test_a_good_file_is_used_after_a_yes(start: Start) -> None:
    app = uploaded(start, "estate.csv", GOOD)
    assert "60 rows of estate.csv can be used: 2 scopes" in html(app)
    assert "60 rows in the file = 60 used + 0 set aside." in " ".join(text.value for text in app.markdown)
    app.button(key="use").click().run()
    assert headline(app).startswith("If nothing changes, we expect ")
    assert "estate.csv · data to Oct 2026" in html(app) and "demo data" not in html(app)


def test_bad_rows_are_named_and_must_be_seen(start: Start) -> None:
    content = GOOD.decode().splitlines()
    content[3] = content[3].replace(content[3].split(",")[1], "not a month")
    app = uploaded(start, "faulty.csv", "\n".join(content).encode())
    assert "row set aside" in html(app) and "row 4" in html(app)
    assert app.button(key="use").disabled
    app.checkbox(key="consent").check().run()
    assert not app.button(key="use").disabled


@pytest.mark.parametrize(
    ("name", "content"),
    [("empty.csv", b""), ("photo.csv", b"\x89PNG\r\n\x1a\n" + b"\x00" * 64), ("words.csv", b"a,b\n1,2\n")],
)
def test_a_wrong_file_cannot_be_used(start: Start, name: str, content: bytes) -> None:
    app = uploaded(start, name, content)
    assert app.error, "it says what is wrong"
    assert not [button for button in app.button if button.key == "use"]


def test_markup_in_a_file_stays_text(start: Start) -> None:
    app = uploaded(start, "evil.csv", b"month,archived_gb,scope\n<img src=x onerror=alert(1)>,5,a\n2026-01,3,a\n")
    assert "<img src=x" not in html(app)
    assert "&lt;img src=x" in html(app)


def test_another_reading_can_be_chosen(start: Start) -> None:
    rows = ["month,archived_gb,pct_pdf", *(f"2026-{month:02d},{month + 3},0.{month}" for month in range(1, 8))]
    app = uploaded(start, "shares.csv", "\n".join(rows).encode())
    before = html(app)
    app.selectbox(key="map_1").set_value("savings_gb").run()
    assert html(app) != before
    app.selectbox(key="map_1").set_value("archived_gb").run()
    assert html(app) == before


def test_without_stock_the_page_asks_for_it_and_shows_no_lever_of_it(start: Start) -> None:
    bare = estate(["Only"], 30).drop(columns=["total_files"]).to_csv(index=False).encode()
    app = uploaded(start, "bare.csv", bare)
    assert any("total_files" in text.value for text in app.info)
    app.button(key="use").click().run()
    assert headline(app)
    assert "lever_total_files" not in {slider.key for slider in app.slider}
    assert any("total_files" in text.value for text in app.caption)


def test_without_measured_savings_nothing_is_priced(start: Start) -> None:
    bare = estate(["Only"], 30).drop(columns=["savings_gb"]).to_csv(index=False).encode()
    app = uploaded(start, "unpriced.csv", bare)
    app.button(key="use").click().run()
    assert "archived in the next 24 months" in headline(app) and "$" not in headline(app)
    assert len(app.get("plotly_chart")) == 1
    assert any("savings_gb" in text.value for text in app.info)


@pytest.mark.parametrize(
    "name", ["seed/training_data.csv", "seed/archive-data.csv", "real_libraries/history_rule12.csv"]
)
def test_real_files_end_in_an_answer(start: Start, real_data: Path, name: str) -> None:
    app = uploaded(start, Path(name).name, (real_data / name).read_bytes())
    if app.checkbox:
        app.checkbox(key="consent").check().run()
    app.button(key="use").click().run()
    assert headline(app).startswith("If nothing changes, we expect ")
    assert "0.00" not in headline(app)
    app.switch_page("../pages/forecast.py").run()
    assert "in the next 12 months" in headline(app)
    app.switch_page("../pages/data.py").run()
    app.button(key="open_demo").click().run()
    assert not app.exception


def test_a_list_of_files_is_shown_before_it_is_used_and_can_give_way(start: Start) -> None:
    head = "FullName,Length,LastWriteTime\n"
    rows = "".join(f"S:\\Team\\{'AB'[at % 2]}\\{at}.pdf,{at * 999},{at % 12 + 1}/28/2024 8:00 AM\n" for at in range(60))
    app = uploaded(start, "list.csv", (head + rows).encode())
    shown = html(app) + " ".join(text.value for text in app.caption)
    assert "PowerShell Export-Csv" in shown
    assert "1,768,230 bytes = 1,768,230 in the cube + 0 set aside." in shown
    assert len(app.get("plotly_chart")) == 4, "ages, sizes, types, months"
    app.button(key="use").click().run()
    app = uploaded(start, "list.csv", (head + rows + "S:\\Team\\A\\new.pdf,5,1/2/2025 8:00 AM\n").encode())
    first = app.selectbox(key="takes_place").options[1]
    assert first.startswith("list.csv")
    app.selectbox(key="takes_place").select_index(1).run()
    app.button(key="use").click().run()
    app.switch_page("../pages/data.py").run()
    (back,) = [button for button in app.button if str(button.key).startswith("back_")]
    back.click().run()
    assert not app.exception


def test_a_usage_report_is_kept_and_what_it_cannot_tell_is_said(start: Start) -> None:
    head = "Report Refresh Date,Site URL,Is Deleted,File Count,Storage Used (Byte),Root Web Template\n"
    app = uploaded(start, "sites.csv", (head + "2026-09-30,https://x/hr,False,10,2048,Team Site\n").encode())
    assert "SharePoint site usage detail: 1 site on 1 day." in html(app)
    assert "does not tell types, ages" in app.info[0].value
    app.button(key="use").click().run()
    assert "1 site · 30 Sep 2026 · 10 files" in " ".join(text.value for text in app.markdown)
