"""A deck as one HTML file: full screen, arrow keys, projector type; opens offline and asks nobody for anything."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from pathlib import Path
from string import Template

from app.pack.page import Deck, Page, Report
from app.painting import Paper, svg

FRAME = Template(Path(__file__).with_name("show.html").read_text(encoding="utf-8"))
PICTURE_PIXELS, SHAPE = 860, 2.1  # how much wider than high a picture is at most


def show(deck: Deck, report: Report = lambda *_: None) -> str:
    """Return the page; `report` is told page by page."""
    pages = []
    for number, page in enumerate(deck.pages):
        report(number, len(deck.pages), page.title)
        pages.append(_page(page, number, deck))
    report(len(deck.pages), len(deck.pages), "done")
    return FRAME.substitute(title=escape(deck.title), pages="\n".join(pages))


def _page(page: Page, number: int, deck: Deck) -> str:
    lines = "".join(f"<p>{escape(line)}</p>" for line in page.lines)
    drawn = _picture(page) if page.picture else _table(page) if page.table else ""
    foot = f"<footer><span>{escape(deck.stamp.line)}</span><span>{number + 1} of {len(deck.pages)}</span></footer>"
    kind = "lead" if page.is_lead else "shown"
    return f'<section class="{kind}" id="p{number + 1}"><h1>{escape(page.title)}</h1>{lines}{drawn}{foot}</section>'


def _picture(page: Page) -> str:
    if page.picture is None:
        return ""
    high = float(page.picture.figure["layout"]["height"])
    wide = max(PICTURE_PIXELS, round(high * SHAPE))
    image = b64encode(svg(page.picture, Paper(width=wide, titled=False))).decode()
    return f'<img alt="{escape(page.picture.alt)}" src="data:image/svg+xml;base64,{image}">'


def _table(page: Page) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in page.table or ())
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in row[1:])}</tr>'
        for row in page.rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
