"""Every kind of file that an export can be, declared once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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

OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True)
class Kind:
    """A kind of file: what it is called, what it is good for, and who makes it."""

    title: str
    what: str
    stem: str
    ending: str
    mime: str
    make: Callable[[Material, Report], bytes]

    def file_name(self, found: Material) -> str:
        """Return the name of the file."""
        return found.stamp.file_name(self.stem, self.ending)


KINDS = {
    "pdf": Kind(
        "Board pack, PDF", "Decision, three pictures, assumptions, prices with sources, limits.",
        "board-pack", "pdf", "application/pdf", lambda found, report: pdf(board(found), report),
    ),
    "pptx": Kind(
        "Board pack, PowerPoint", "The same as slides that you can edit.",
        "board-pack", "pptx", f"{OFFICE}.presentationml.presentation",
        lambda found, report: slides(board(found), report),
    ),
    "html": Kind(
        "Presentation", "The story for a meeting: full screen, arrow keys, one file that opens offline.",
        "presentation", "html", "text/html", lambda found, report: show(story(found), report).encode(),
    ),
    "xlsx": Kind(
        "Workbook, Excel", "Live formulas: change a lever or a price there, and the ledger follows.",
        "workbook", "xlsx", f"{OFFICE}.spreadsheetml.sheet",
        lambda found, report: workbook(found.recipe(), found.stamp, report),
    ),
    "zip": Kind(
        "Pictures and tables, ZIP", "Every picture as PNG and SVG, every table as CSV.",
        "pictures-and-tables", "zip", "application/zip", bundle,
    ),
    "json": Kind(
        "Everything, JSON", "All numbers to the last digit, for other programs.",
        "numbers", "json", "application/json", lambda found, _: document(found),
    ),
}  # fmt: skip
