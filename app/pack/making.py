"""Who makes which kind of file. Loading what they draw with takes seconds: import this where a file is made."""

from __future__ import annotations

from collections.abc import Callable

from app.pack.board import board
from app.pack.bundle import bundle
from app.pack.document import document
from app.pack.material import Material
from app.pack.page import Report
from app.pack.pdf import pdf
from app.pack.show import show
from app.pack.slides import slides
from app.pack.story import story
from app.workbook import workbook

MAKERS: dict[str, Callable[[Material, Report], bytes]] = {
    "pdf": lambda found, report: pdf(board(found), report),
    "pptx": lambda found, report: slides(board(found), report),
    "html": lambda found, report: show(story(found), report).encode(),
    "xlsx": lambda found, report: workbook(found.recipe(), found.stamp, report),
    "zip": bundle,
    "json": lambda found, _: document(found),
}
