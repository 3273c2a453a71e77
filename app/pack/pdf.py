"""A deck as PDF: A4 across, the type embedded, the stamp at the foot of every page."""

from __future__ import annotations

import io
import logging

from fpdf import FPDF
from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace

from app.pack.page import Deck, Page, Report
from app.painting import Paper, png
from app.painting.theme import BOLD, REGULAR
from app.text.stamp import Stamp

FONT = "Source Sans"
EDGE, WIDE = 15.0, 267.0  # mm
INK, SOFT, RULE = (27, 36, 48), (91, 100, 112), (201, 209, 217)
HIGH = 140.0  # mm that a picture may take
PICTURE_PIXELS = 900
TITLE, LEAD, TEXT, TABLE, SMALL = 22, 28, 14, 12, 7.5  # points
SPREAD = 1.3
logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells of every table of a font that it leaves out


class _Paper(FPDF):
    """Pages that carry the stamp."""

    def __init__(self, stamp: Stamp) -> None:
        super().__init__("landscape", "mm", "A4")
        self.stamp = stamp
        self.add_font(FONT, "", REGULAR)
        self.add_font(FONT, "B", BOLD)
        self.set_margins(EDGE, EDGE, EDGE)
        self.set_auto_page_break(True, 20)

    def footer(self) -> None:
        """Write the stamp and the number of the page."""
        self.set_y(-15)
        self.set_font(FONT, size=SMALL)
        self.set_text_color(*SOFT)
        self.multi_cell(WIDE - 25, 3.6, self.stamp.line, align="L")
        self.set_xy(EDGE + WIDE - 25, -15)
        self.cell(25, 3.6, f"Page {self.page_no()} of {{nb}}", align="R")

    def text(self, text: str, size: float, colour: tuple[int, int, int] = INK, *, bold: bool = False) -> None:  # type: ignore[override]
        """Write a paragraph."""
        self.set_font(FONT, "B" if bold else "", size)
        self.set_text_color(*colour)
        self.multi_cell(WIDE, size * SPREAD * 0.3528, text, align="L", new_x="LMARGIN", new_y="NEXT")
        self.ln(size * 0.12)


def pdf(deck: Deck, report: Report = lambda *_: None) -> bytes:
    """Return the deck as PDF; `report` is told page by page."""
    paper = _Paper(deck.stamp)
    paper.set_title(deck.title)
    paper.set_author(deck.stamp.who)
    paper.set_subject(deck.stamp.line)
    paper.set_creation_date(deck.stamp.made_at)
    for number, page in enumerate(deck.pages):
        report(number, len(deck.pages), page.title)
        _page(paper, page)
    report(len(deck.pages), len(deck.pages), "done")
    return bytes(paper.output())


def _page(paper: _Paper, page: Page) -> None:
    paper.add_page()
    paper.start_section(page.title)
    paper.text(page.title, LEAD if page.is_lead else TITLE, bold=True)
    for line in page.lines:
        paper.text(line, TEXT, SOFT if page.picture else INK)
    paper.ln(2)
    if page.picture:
        high = float(page.picture.figure["layout"]["height"])
        wide = max(PICTURE_PIXELS, high * WIDE / HIGH)  # a figure keeps its own height: its words are placed by pixels
        drawn = io.BytesIO(png(page.picture, Paper(width=round(wide), scale=2.5, titled=False)))
        paper.image(drawn, EDGE, paper.get_y(), WIDE, alt_text=page.picture.alt)
    if page.table:
        _table(paper, page)


def _table(paper: _Paper, page: Page) -> None:
    paper.set_font(FONT, size=TABLE + (3 if page.is_lead else 0))
    paper.set_text_color(*INK)
    paper.set_draw_color(*RULE)
    head = FontFace(emphasis="BOLD", color=SOFT)
    with paper.table(
        headings_style=head, borders_layout=TableBordersLayout.HORIZONTAL_LINES, text_align="LEFT", padding=1.4,
        line_height=6.5 if page.is_lead else 5.4, col_widths=_widths(page), width=WIDE, align="LEFT",
    ) as table:  # fmt: skip
        for cells in (tuple(page.table or ()), *page.rows):
            row = table.row()
            for cell in cells:
                row.cell(str(cell))


def _widths(page: Page) -> tuple[float, ...]:
    """Return the shares of the columns: by their longest text, within bounds, so that sources may wrap."""
    columns = (page.table or {}).items()
    return tuple(min(max(12, len(head), *(len(str(cell)) for cell in cells)), 36) for head, cells in columns)
