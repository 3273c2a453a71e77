"""A page and a deck: what every kind of file is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.charts.frame import Picture
    from app.text.stamp import Stamp

Report = Callable[[int, int, str], None]


@dataclass(frozen=True, eq=False)
class Page:
    """A finding as title, then sentences, a picture or a table of words; `is_lead` pages carry larger type."""

    title: str
    lines: Sequence[str] = ()
    picture: Picture | None = None
    table: Mapping[str, Sequence[str]] | None = None
    is_lead: bool = False

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The table row by row."""
        return list(zip(*self.table.values(), strict=True)) if self.table else []


@dataclass(frozen=True, eq=False)
class Deck:
    """Pages in their order."""

    title: str
    pages: Sequence[Page]
    stamp: Stamp
