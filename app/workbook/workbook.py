"""The whole workbook."""

from __future__ import annotations

from collections.abc import Callable

from app.text.stamp import Stamp
from app.workbook import bill as bills
from app.workbook import estate, front, levers, volumes
from app.workbook.paper import Book
from app.workbook.prices import Tariffs
from forecast_core.service.recipe import Recipe

Report = Callable[[int, int, str], None]
MOST_CELLS = 60_000  # beyond that a spreadsheet takes its time at every change


def workbook(recipe: Recipe, stamp: Stamp, report: Report = lambda *_: None) -> bytes:
    """Return the bill of a scenario as XLSX; `report` is told how far it is."""
    book = Book()
    book.told(f"Archive Forecast, scenario {stamp.scenario}", stamp.who, stamp.line)
    report(0, 4, "levers")
    first = book.sheet("Decision", (42, 26, 26, 16, 40))
    front.decision(first, recipe, stamp)
    cells = levers.levers(book, recipe, front.below(recipe))
    months = front.months_row(book.sheet("Months", (12, 2, 2)), recipe)
    report(1, 4, "volumes")
    live = recipe.model is not None
    moved = estate.estate(book, recipe, cells, months) if live else volumes.constants(book, recipe, months)
    streams = volumes.streams(book, recipe, moved, cells, months)
    report(2, 4, "ledger")
    tariffs = Tariffs.of(book, recipe, cells, months)
    done = bills.bill(book, recipe, streams, tariffs, cells)
    front.check(first, recipe, done)
    front.ranges(book, recipe, stamp)
    report(3, 4, "file")
    made = book.bytes()
    report(4, 4, "done")
    return made
