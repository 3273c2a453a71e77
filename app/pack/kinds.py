"""Every kind of file that an export can be, declared once; `app.pack.making` makes them."""

from __future__ import annotations

from dataclasses import dataclass

from app.text.stamp import Stamp

OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True)
class Kind:
    """A kind of file: what it is called, and what it is good for."""

    title: str
    what: str
    stem: str
    ending: str
    mime: str

    def file_name(self, stamp: Stamp) -> str:
        """Return the name of the file."""
        return stamp.file_name(self.stem, self.ending)


KINDS = {
    "pdf": Kind(
        "Board pack, PDF", "Decision, three pictures, assumptions, prices with sources, limits.",
        "board-pack", "pdf", "application/pdf",
    ),
    "pptx": Kind(
        "Board pack, PowerPoint", "The same as slides that you can edit.",
        "board-pack", "pptx", f"{OFFICE}.presentationml.presentation",
    ),
    "html": Kind(
        "Presentation", "The story for a meeting: full screen, arrow keys, one file that opens offline.",
        "presentation", "html", "text/html",
    ),
    "xlsx": Kind(
        "Workbook, Excel", "Live formulas: change a lever or a price there, and the ledger follows.",
        "workbook", "xlsx", f"{OFFICE}.spreadsheetml.sheet",
    ),
    "zip": Kind(
        "Pictures and tables, ZIP", "Every picture as PNG and SVG, every table as CSV.",
        "pictures-and-tables", "zip", "application/zip",
    ),
    "json": Kind(
        "Everything, JSON", "All numbers to the last digit, for other programs.",
        "numbers", "json", "application/json",
    ),
}  # fmt: skip
