"""The sheet that is changed by hand: every lever and term, today's value beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.text.levers import value as spoken
from app.workbook.paper import Book, Sheet
from forecast_core import TERMS, LeverRange, Term
from forecast_core.scenario.levers import HORIZON, RECALL
from forecast_core.service.recipe import Recipe

STYLES = {"percent": "percent", "month": "month", "price": "price", "files": "count"}
MONEY = ("recall_ratio_per_month", "primary_cost_per_gb_month", "archive_cost_per_gb_month", "start_month")
LIVE_TERMS = ("read_ratio_per_month", "rearchived_ratio", "held_ratio", "trimmed_gb_per_month", "quota_gb",
              "private_endpoints", "one_off_cost", "running_cost_per_month", "interest_ratio_per_year")  # fmt: skip
ALWAYS = ("read_ratio_per_month", "held_ratio", "one_off_cost", "running_cost_per_month", "interest_ratio_per_year")
EPOCH = np.datetime64("1899-12-30", "D")  # day 0 of a spreadsheet


@dataclass(frozen=True)
class Cells:
    """Names of cells: what a lever is set to, and what it is today."""

    lever: dict[str, str]
    today: dict[str, str]
    term: dict[str, str]


def day(month: np.datetime64) -> float:
    """Return the first day of a month as a spreadsheet counts days."""
    return float((month.astype("datetime64[D]") - EPOCH).astype(int))


def levers(book: Book, recipe: Recipe, below: str) -> Cells:
    """Write the sheet; return the names of its cells."""
    sheet = book.sheet("Levers", (34, 16, 18, 26, 70))
    sheet.text(0, 0, "Levers: change a yellow cell, and the ledger follows", "title")
    sheet.text(1, 0, below, "soft")
    for column, head in enumerate(("Lever", "Today", "Set to", "Allowed", "What it is")):
        sheet.text(3, column, head, "headright" if head in ("Today", "Set to") else "head")
    sheet.row = 4
    cells = Cells({}, {}, {})
    for item in recipe.known.available():
        if item.lever is not HORIZON:
            _lever(book, sheet, recipe, item, cells)
    sheet.row += 1
    sheet.text(sheet.row, 0, "Term of money", "head")
    sheet.row += 1
    for term in TERMS:
        given = getattr(recipe.case.terms, term.name)
        if term.name in LIVE_TERMS and (given or term.name in ALWAYS):
            _term(book, sheet, term, float(given or 0), cells)
    sheet.sheet.freeze_panes(4, 0)
    return cells


def is_live(recipe: Recipe, name: str) -> bool:
    """Return whether a lever's effect is written as formulas."""
    return name in MONEY or recipe.model is not None


def _lever(book: Book, sheet: Sheet, recipe: Recipe, item: LeverRange, cells: Cells) -> None:
    name, unit, row = item.lever.name, item.lever.unit, sheet.row
    style = STYLES.get(unit, "fine" if unit == "MB" else "number")
    now, today = recipe.scenario.values[name], recipe.base.values[name]
    if unit == "month":
        now, today = (day(np.datetime64(int(each), "M")) for each in (now, today))
    sheet.text(row, 0, item.lever.title)
    today_at = sheet.number(row, 1, today, style)
    live = is_live(recipe, name)
    at = sheet.number(row, 2, now, f"{style} input" if live else style)
    allowed = f"{spoken(item.lever, item.lower)} to {spoken(item.lever, item.upper)}"
    sheet.text(row, 3, allowed if live else "not live here: as computed by the app", "aside")
    sheet.text(row, 4, item.lever.help, "soft")
    if live and unit != "month":
        sheet.sheet.data_validation(row, 2, row, 2, {"validate": "decimal", "criteria": "between",
                                                     "minimum": item.lower, "maximum": item.upper})  # fmt: skip
    cells.today[name] = book.name(f"today_{item.lever.code}", today_at)
    cells.lever[name] = book.name(f"set_{item.lever.code}", at)
    sheet.row += 1


def _term(book: Book, sheet: Sheet, term: Term, value: float, cells: Cells) -> None:
    sheet.text(sheet.row, 0, term.title)
    style = "percent" if term.unit == "percent" else "number"
    at = sheet.number(sheet.row, 2, value, f"{style} input")
    sheet.text(sheet.row, 4, term.help, "soft")
    cells.term[term.name] = book.name(f"term_{term.name}", at)
    sheet.row += 1


def recall(cells: Cells) -> str:
    """Return the name of the recall lever."""
    return cells.lever[RECALL.name]
