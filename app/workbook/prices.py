"""The prices a bill uses, each with its source; changing one changes the ledger.

In:    a `Recipe`, the cells of the levers.
Out:   `Tariffs`: what a quantity costs in a month, as a formula.
Never: loses the unit a price is printed in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from app.workbook.levers import Cells
from app.workbook.paper import Book, Sheet
from forecast_core import Offer, Price
from forecast_core.money.units import unit
from forecast_core.scenario.levers import ARCHIVE_PRICE, PRIMARY_PRICE
from forecast_core.service.recipe import Recipe

HEADS = (
    "Price", "Printed price", "per", "From, units", "Price per own unit", "In force", "Source", "Read", "Confidence",
    "Note",
)  # fmt: skip


Moved = Callable[[str], str]


@dataclass
class Tariffs:
    """Writes each price once, when it is first asked for."""

    sheet: Sheet
    recipe: Recipe
    cells: Cells
    months: list[str]
    written: dict[Price, list[tuple[float, str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, book: Book, recipe: Recipe, cells: Cells, months: list[str]) -> Tariffs:
        """Return the sheet, still without prices."""
        sheet = book.sheet("Prices", (58, 14, 18, 12, 18, 20, 60, 10, 12, 40))
        sheet.text(
            0, 0, f"Prices used, {recipe.case.book.currency}: change a yellow cell, and the ledger follows", "title"
        )
        for column, head in enumerate(HEADS):
            sheet.text(2, column, head, "head")
        sheet.row = 3
        sheet.sheet.freeze_panes(3, 0)
        return cls(sheet, recipe, cells, months)

    def cost(self, quantity: str, offer: Offer, item: str, at: int, base: str = "") -> str:
        """Return what a quantity costs in a month; with a base, what is taken off the top of it."""
        price = offer.tariff(item).at(self.recipe.case.months[at])
        bands = self.written.get(price) or self._write(price)
        moved = self._moved(offer, item, at)
        if len(bands) == 1:
            return f"{quantity}*{moved(bands[0][1])}"
        whole = self._banded(bands, base or quantity, moved)
        return f"({whole}-({self._banded(bands, f'({base}-{quantity})', moved)}))" if base else whole

    def _banded(self, bands: list[tuple[float, str]], quantity: str, moved: Moved) -> str:
        ends = [start for start, _ in bands[1:]]
        parts = []
        for place, (start, cell) in enumerate(bands):
            top = f"MIN({quantity},{ends[place]:.17g})" if place < len(ends) else quantity
            parts.append(f"MAX({top}-{start:.17g},0)*{moved(cell)}")
        return f"({'+'.join(parts)})"

    def _write(self, price: Price) -> list[tuple[float, str]]:
        size = unit(price.unit).size
        bands = []
        for start, value in price.bands:
            sheet, row = self.sheet, self.sheet.row
            sheet.text(row, 0, price.title)
            printed = sheet.number(row, 1, value, "price input")
            sheet.text(row, 2, price.unit)
            sheet.number(row, 3, start, "number")
            own = sheet.formula(row, 4, f"{printed}/{size:.17g}", value / size, "price")
            force = (
                f"{price.valid_from or 'ever since'} to {price.valid_to or 'now'}"
                if price.valid_from or price.valid_to
                else "always"
            )
            for column, text in enumerate((force, price.source, price.read, price.confidence, price.note), 5):
                sheet.text(row, column, text)
            bands.append((start * size, own))
            sheet.row += 1
        self.written[price] = bands
        return bands

    def _moved(self, offer: Offer, item: str, at: int) -> Moved:
        """Return what a lever makes of a price: it stands in for the stored price from the start month on."""
        terms = self.recipe.case.terms
        lever = {terms.primary: PRIMARY_PRICE.name, terms.archive: ARCHIVE_PRICE.name}.get(offer.id)
        own = any(entry[:2] == (offer.id, "stored") for entry in terms.own)
        if item != "stored" or lever not in self.cells.lever or own:
            return lambda cell: cell
        converted = terms.currency and terms.currency != self.recipe.book.currency
        rate = terms.currency_rate if converted and terms.currency_rate else 1.0  # your own price knows no discount
        asked, today = self.cells.lever[lever], self.cells.today[lever]
        start = self.cells.lever["start_month"]
        return lambda cell: f"IF(AND({asked}<>{today},{self.months[at]}>={start}),{asked}*{rate:.17g},{cell})"
