"""The first sheet: the answer, what the workbook comes to, and whether both agree; and the last: ranges as computed."""

from __future__ import annotations

from app.text import money as words
from app.text.stamp import Stamp
from app.workbook.bill import Bill
from app.workbook.levers import day
from app.workbook.paper import FIRST_MONTH, Book, Sheet
from forecast_core import KINDS
from forecast_core.service.recipe import Recipe

LIVE = "Every number below follows the yellow cells on the sheets Levers and Prices, volumes included."
MONEY_LIVE = "Recall, prices and terms below are live; volumes are as the app computed them, because {why}."
BY_FILES = "due dates of single files cannot be written as formulas"
OTHER_MODEL = "the model that answers cannot be written as formulas"
RANGES = "Ranges and chances are computed from sample paths by the app and do not follow the levers here."


def below(recipe: Recipe) -> str:
    """Return what is live."""
    if recipe.model is not None:
        return LIVE
    return MONEY_LIVE.format(why=BY_FILES if recipe.case.sizes.share.ndim > 1 else OTHER_MODEL)


def months_row(sheet: Sheet, recipe: Recipe) -> list[str]:
    """Write the months; return their addresses."""
    sheet.text(0, 0, "Months", "head")
    return [sheet.number(0, FIRST_MONTH + at, day(month), "month") for at, month in enumerate(recipe.case.months)]


def decision(sheet: Sheet, recipe: Recipe, stamp: Stamp) -> None:
    """Write the answer and where it comes from; `check` fills the rest when the ledger is written."""
    report = recipe.report
    sheet.sheet.set_row(0, 48)
    sheet.sheet.merge_range(0, 0, 0, 4, "", sheet.book.format("answer"))
    sheet.text(0, 0, words.headline(report, recipe.case.setting.archive), "answer")
    sheet.text(1, 0, words.below(report)[0], "soft")
    sheet.text(2, 0, below(recipe), "soft")
    sheet.row = 4
    for name, value in stamp.rows:
        sheet.text(sheet.row, 0, name, "soft")
        sheet.text(sheet.row, 1, value)
        sheet.row += 1
    sheet.row += 1


def check(sheet: Sheet, recipe: Recipe, bill: Bill) -> None:
    """Write every line as the app has it and as this workbook comes to it."""
    for column, head in enumerate(("", "This workbook", "The app, when exported", "Difference")):
        sheet.text(sheet.row, column, head, "head" if not column else "headright")
    sheet.row += 1
    for name, (places, value) in bill.lines.items():
        _row(sheet, KINDS[name].title, "+".join(places), value, "money")
    _row(sheet, "Net", bill.total, float(recipe.case.ledger.net.sum()), "total")
    _row(sheet, "Worth today", bill.worth, recipe.case.value, "total")
    sheet.row += 1
    said = "The difference is nil until a yellow cell is changed; then it is what the change does."
    sheet.text(sheet.row, 0, said, "soft")


def _row(sheet: Sheet, title: str, formula: str, value: float, style: str) -> None:
    sheet.text(sheet.row, 0, title, "bold" if style == "total" else "text")
    here = sheet.formula(sheet.row, 1, formula, value, style)
    there = sheet.number(sheet.row, 2, value, style)
    sheet.formula(sheet.row, 3, f"{here}-{there}", 0.0, style)
    sheet.row += 1


def ranges(book: Book, recipe: Recipe, stamp: Stamp) -> None:
    """Write the bands that the app computed, and what limits them."""
    report, sheet = recipe.report, book.sheet("Ranges", (16, 18, 18, 18, 18, 18, 18))
    sheet.text(0, 0, RANGES, "title")
    heads = ("Month", "Net", "Net, lower", "Net, upper", "So far", "So far, lower", "So far, upper")
    for column, head in enumerate(heads):
        sheet.text(2, column, head, "headright")
    for row, month in enumerate(report.months, 3):
        sheet.number(row, 0, day(month), "month")
        bands = (report.net.point, report.net.lower, report.net.upper,
                 report.cumulative.point, report.cumulative.lower, report.cumulative.upper)  # fmt: skip
        for column, values in enumerate(bands, 1):
            sheet.number(row, column, float(values[row - 3]), "money")
    sheet.row = len(report.months) + 5
    sheet.lines(["Limits", *report.notes, f"{stamp.line}"], "soft")
