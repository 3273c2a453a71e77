"""The written method, as the repository keeps it.

In:    `docs/*.md`.
Out:   titles and Markdown texts.
Never: holds a second copy of what is written there.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGES = {
    "Method": "method.md",
    "Due dates": "due-dates.md",
    "Money": "money.md",
    "Is it still true?": "drift.md",
    "Glossary": "glossary.md",
    "Architecture": "architecture.md",
}


def titles() -> tuple[str, ...]:
    """Return the titles in reading order."""
    return tuple(PAGES)


@cache
def texts() -> tuple[str, ...]:
    """Return the texts in the same order, each without its own first heading and its comments."""
    return tuple(_without_title((DOCS / name).read_text(encoding="utf-8")) for name in PAGES.values())


def _without_title(text: str) -> str:
    first, _, rest = text.partition("\n")
    return re.sub(r"<!--.*?-->\n?", "", rest if first.startswith("# ") else text, flags=re.DOTALL)
