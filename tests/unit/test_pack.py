"""What is handed around: complete, stamped, harmless, and openable."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from pptx import Presentation

from app.pack import KINDS, Material, Option, gather, usual_options
from app.pack.board import board
from app.pack.making import MAKERS
from app.pack.story import story
from app.text.stamp import Stamp
from forecast_core import PriceError, Scenario, Service

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
EVIL = '=HYPERLINK("http://evil","x")'
MARKUP = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def moved(unchanged: Scenario) -> Scenario:
    return unchanged.with_values(archive_frequency_per_day=12_000.0)


@pytest.fixture(scope="module")
def material(service: Service, moved: Scenario) -> Material:
    stamp = Stamp(service.stamp(moved.dataset_id, moved.scope), moved.id, NOW, EVIL)
    terms = service.money_terms()
    options = [Option(MARKUP if option.name == "As today" else option.name, *option[1:])
               for option in usual_options(service, moved, terms)]  # fmt: skip
    return gather(service, (moved, terms), options, stamp)


@pytest.fixture(scope="module")
def files(material: Material) -> dict[str, bytes]:
    told: list[tuple[int, int, str]] = []
    made = {name: MAKERS[name](material, lambda *at: told.append(at)) for name in KINDS}
    assert told[-1][0] == told[-1][1] and all(done <= of for done, of, _ in told)
    return made


def facts(material: Material) -> list[str]:
    """What every export must carry: data, data-to month, model, prices, scenario, time, who."""
    return [value for _, value in material.stamp.rows[:7]]


def test_options_are_decisions_and_begin_with_today(service: Service, unchanged: Scenario, moved: Scenario) -> None:
    names = [option.name for option in usual_options(service, moved, service.money_terms())]
    assert names[:2] == ["As today", "This scenario"] and len(names) == 3
    assert "Files grow twice as fast" not in names
    assert "This scenario" not in [option.name for option in usual_options(service, unchanged, service.money_terms())]


def test_the_board_pack_holds_decision_three_pictures_assumptions_prices_limits(material: Material) -> None:
    deck = board(material)
    first, pictures = deck.pages[0], [page for page in deck.pages if page.picture]
    assert first.title == deck.title and first.table and len(pictures) == 3
    tables = [page.table for page in deck.pages[4:] if page.table]
    assert "Today" in tables[1] and "Source" in tables[2] and all(tables[2]["Source"])
    assert deck.pages[-1].lines and ".." not in " ".join(line for page in deck.pages for line in page.lines)


def test_the_story_goes_from_where_we_are_to_a_recommendation(material: Material) -> None:
    titles = [page.title for page in story(material).pages]
    assert titles[1].startswith("In the last year we archived") and titles[2].startswith("What comes: ")
    assert titles[3].startswith("Three options: ") and titles[-1].startswith("Recommendation: ")


def test_slides_have_titles_and_pictures_have_words(files: dict[str, bytes], material: Material) -> None:
    shown = Presentation(io.BytesIO(files["pptx"]))
    slides = list(shown.slides)
    assert all(slide.shapes.title.text for slide in slides)
    pictures = [shape for slide in slides for shape in slide.shapes if shape.shape_type == 13]
    assert len(pictures) == 3 and all(shape._element.nvPicPr.cNvPr.get("descr") for shape in pictures)
    for slide in slides:
        text = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        assert all(fact in text for fact in facts(material))
    assert shown.core_properties.author == EVIL


def test_the_presentation_is_one_harmless_file(files: dict[str, bytes], material: Material) -> None:
    page = files["html"].decode()
    assert MARKUP not in page and "default-src 'none'" in page
    assert not re.findall(r'(?:src|href)="(?!data:)', page), "nothing is fetched"
    found: list[tuple[str, dict[str, str | None]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, dict(attrs)))

    Reader().feed(page)
    assert sum(tag == "section" for tag, _ in found) == 6
    assert all(attrs["alt"] for tag, attrs in found if tag == "img")
    assert sum(material.stamp.scenario in part for part in page.split("<footer>")[1:]) == 6


def test_every_row_of_every_csv_is_stamped_and_no_cell_is_a_formula(
    files: dict[str, bytes], material: Material
) -> None:
    with zipfile.ZipFile(io.BytesIO(files["zip"])) as packed:
        names = packed.namelist()
        tables = {name: list(csv.reader(io.StringIO(packed.read(name).decode()))) for name in names if "csv" in name}
    assert {name.partition(".")[0] for name in names if name.endswith(".png")} == {
        name.partition(".")[0] for name in names if name.endswith(".svg")
    }
    for name, (head, *rows) in tables.items():
        assert rows, name
        for row in rows:
            assert not [cell for cell in row if cell[:1] in "=+@\t\r" and cell], name
            if name != "about.csv":
                assert dict(zip(head, row, strict=True))["export_scenario"] == material.stamp.scenario


def test_json_is_the_answer_to_the_last_digit(files: dict[str, bytes], material: Material) -> None:
    found = json.loads(files["json"])
    assert found["answer"]["archived_total_gb"]["scenario"]["point"] == material.answer.archived_total.scenario.point
    assert set(found["stamp"].values()) >= set(facts(material)) and found["bill"]["prices"]["source"]
    assert [option["name"] for option in found["options"]][0] == MARKUP


def test_pdf_is_a_pdf_with_its_pages(files: dict[str, bytes], material: Material) -> None:
    content = files["pdf"]
    pages = [int(found) for found in re.findall(rb"/Count (\d+)", content)]
    assert content.startswith(b"%PDF-") and max(pages) >= len(board(material).pages)


def test_names_say_demo(material: Material) -> None:
    for kind in KINDS.values():
        assert re.fullmatch(rf"demo-{kind.stem}-2026-10-[0-9a-f]+\.{kind.ending}", kind.file_name(material.stamp))


def test_where_nothing_can_be_priced_the_pack_says_why(service: Service, moved: Scenario) -> None:
    terms = service.money_terms()
    unpriced = next(offer.id for offer in service.price_book.offers if "archive" in offer.roles and offer.missing)
    lacking = replace(terms, archive=unpriced)
    stamp = Stamp(service.stamp(moved.dataset_id, moved.scope), moved.id, NOW, "")
    with pytest.raises(PriceError):
        service.money(moved, lacking)
    found = gather(service, (moved, lacking), usual_options(service, moved, lacking), stamp)
    assert found.report is None and found.unpriced
    assert found.unpriced in board(found).pages[0].lines
    assert json.loads(MAKERS["json"](found, lambda *_: None))["bill"] is None
