"""A deck as slides that anybody may edit: real titles and tables, pictures with their words."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR
from pptx.util import Inches, Pt

from app.pack.page import Deck, Page, Report
from app.painting import Paper, png

_rgb: Callable[[str], RGBColor] = RGBColor.from_string
FONT = "Arial"  # on every machine that shows slides
INK, SOFT, RULE, PAPER = (_rgb(colour) for colour in ("1B2430", "5B6470", "E8ECF0", "FFFFFF"))
WIDTH, HEIGHT, EDGE, FOOT = 13.333, 7.5, 0.6, 6.95  # inches
INNER = WIDTH - 2 * EDGE
HIGH = 5.3  # inches that a picture may take
PICTURE_PIXELS = 900
MOST_ROWS, LONG_CELL = 15, 60
ONLY_TITLE = 5  # the layout of python-pptx's own template


def slides(deck: Deck, report: Report = lambda *_: None) -> bytes:
    """Return the deck as PPTX; `report` is told page by page."""
    shown = Presentation()
    shown.slide_width, shown.slide_height = Inches(WIDTH), Inches(HEIGHT)
    told = shown.core_properties
    told.title, told.author, told.comments = deck.title, deck.stamp.who, deck.stamp.line
    told.created = told.modified = deck.stamp.made_at.replace(tzinfo=None)
    for number, page in enumerate(deck.pages):
        report(number, len(deck.pages), page.title)
        for part in _parts(page):
            _slide(shown, part, deck.stamp.line)
    report(len(deck.pages), len(deck.pages), "done")
    stream = io.BytesIO()
    shown.save(stream)
    return stream.getvalue()


def _parts(page: Page) -> list[Page]:
    """Return a page in as many slides as its table needs; a row that wraps counts twice."""
    if not page.table:
        return [page]
    groups: list[list[tuple[str, ...]]] = [[]]
    for row in page.rows:
        if groups[-1] and sum(map(_lines, groups[-1])) + _lines(row) > MOST_ROWS - len(page.lines):
            groups.append([])
        groups[-1].append(row)
    heads = list(page.table)
    return [
        Page(page.title if not place else f"{page.title} ({place + 1})", page.lines if not place else (),
             table={head: [row[at] for row in rows] for at, head in enumerate(heads)}, is_lead=page.is_lead)
        for place, rows in enumerate(groups)
    ]  # fmt: skip


def _lines(row: Sequence[str]) -> int:
    return 1 + max(len(str(cell)) for cell in row) // LONG_CELL


def _slide(shown: Any, page: Page, foot: str) -> None:
    slide = shown.slides.add_slide(shown.slide_layouts[ONLY_TITLE])
    size = 30 if page.is_lead else 24
    tall = 0.25 + size / 72 * 1.25 * (1 + len(page.title) // (75 if page.is_lead else 92))
    _title(slide, page.title, size, tall)
    at = 0.45 + tall
    if page.lines:
        at = _text(slide, page.lines, 14 if page.table or page.picture else 18, at)
    if page.picture:
        high = float(page.picture.figure["layout"]["height"])
        wide = max(PICTURE_PIXELS, high * INNER / HIGH)
        drawn = io.BytesIO(png(page.picture, Paper(width=round(wide), scale=2.5, titled=False)))
        picture = slide.shapes.add_picture(drawn, Inches(EDGE), Inches(at), width=Inches(INNER))
        picture._element.nvPicPr.cNvPr.set("descr", page.picture.alt)
    if page.table:
        _table(slide, page, at)
    _words(slide, foot, 9, SOFT, (FOOT, 0.4))


def _title(slide: Any, text: str, size: int, tall: float) -> None:
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = Inches(EDGE), Inches(0.35), Inches(INNER), Inches(tall)
    title.text_frame.text, title.text_frame.word_wrap = text, True
    title.text_frame.vertical_anchor = MSO_ANCHOR.TOP
    for line in title.text_frame.paragraphs:
        line.alignment = 1
        _type(line, size, INK, bold=True)


def _text(slide: Any, lines: Sequence[str], size: int, at: float) -> float:
    """Write sentences; return where they end, about."""
    wide = 1900 / size  # letters in a line
    tall = sum(1 + int(len(line) // wide) for line in lines) * size / 72 * 1.25 + len(lines) * 0.08 + 0.15
    box = slide.shapes.add_textbox(Inches(EDGE), Inches(at), Inches(INNER), Inches(tall)).text_frame
    box.word_wrap = True
    for place, line in enumerate(lines):
        paragraph = box.paragraphs[0] if not place else box.add_paragraph()
        paragraph.text, paragraph.space_after = line, Pt(5)
        _type(paragraph, size, SOFT if size < 18 else INK)
    return at + tall


def _words(slide: Any, text: str, size: int, colour: RGBColor, place: tuple[float, float]) -> None:
    top, tall = place
    box = slide.shapes.add_textbox(Inches(EDGE), Inches(top), Inches(INNER), Inches(tall)).text_frame
    box.word_wrap, box.text = True, text
    _type(box.paragraphs[0], size, colour)


def _table(slide: Any, page: Page, at: float) -> None:
    heads, rows = list(page.table or ()), page.rows
    frame = slide.shapes.add_table(len(rows) + 1, len(heads), Inches(EDGE), Inches(at), Inches(INNER), Inches(0.4))
    table, longest = frame.table, [max(12, *(min(len(str(row[at])), 36) for row in rows)) for at in range(len(heads))]
    for place, letters in enumerate(longest):
        table.columns[place].width = Inches(INNER * letters / sum(longest))
    for down, cells in enumerate([heads, *rows]):
        for across, text in enumerate(cells):
            cell = table.cell(down, across)
            cell.text, cell.margin_top, cell.margin_bottom = str(text), Inches(0.04), Inches(0.04)
            cell.fill.solid()
            cell.fill.fore_color.rgb = PAPER if down else RULE
            for line in cell.text_frame.paragraphs:
                _type(line, 14 if page.is_lead else 12, INK, bold=not down)


def _type(paragraph: Any, size: int, colour: RGBColor, *, bold: bool = False) -> None:
    font = paragraph.font
    font.name, font.size, font.bold, font.color.rgb = FONT, Pt(size), bold, colour
