"""The ledger as formulas: quantity, price, amount for every line and month.

In:    streams, tariffs, a `Recipe`.
Out:   the addresses of net and totals.
Never: leaves out a line of the app's ledger; a line that cannot be a formula says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from app.workbook.levers import Cells
from app.workbook.paper import FIRST_MONTH, Book, Sheet, month_cells
from app.workbook.prices import Tariffs
from app.workbook.volumes import Streams
from forecast_core import KINDS
from forecast_core.money.movement import BILLED_MONTH_DAYS
from forecast_core.money.units import GB_BYTES, HOURS_PER_MONTH
from forecast_core.money.usage import POOLED, Meter, meters
from forecast_core.months import parse_month
from forecast_core.service.recipe import Recipe

QUOTA, TRIMMED, READ = "quota_gb", "trimmed_gb_per_month", "read_ratio_per_month"


@dataclass(frozen=True)
class Bill:
    """Addresses: net by month, its total, its worth today; of every line its totals, and what the app says."""

    net: list[str]
    total: str
    worth: str
    lines: dict[str, tuple[list[str], float]]


class _Quantities:
    """Formulas of what each line bills in a month."""

    def __init__(self, recipe: Recipe, streams: Streams, cells: Cells) -> None:
        self.recipe, self.streams, self.terms = recipe, streams, cells.term
        self.setting = recipe.case.setting
        self.freed, self.added, self.files = (streams.of[name] for name in ("GB freed", "GB added", "Files"))

    def of(self, meter: Meter) -> Callable[[int], str] | None:
        """Return the formula of a line by month, None where only the app's number is known."""
        rules = self.setting.archive.rules
        known: dict[str, Callable[[int], str]] = {
            "primary": self._primary,
            "versions": self._versions,
            "archive": self._archive(meter.item),
            "small_files": self._small_files,
            "index": lambda at: f"{self.files.held[at]}*{rules.index_bytes}/{GB_BYTES}",
            "names": lambda at: f"{self.files.held[at]}*{rules.name_bytes}/{GB_BYTES}",
            "monitoring": lambda at: self.streams.of["Files monitored"].held[at],
            "writes": lambda at: self.files.enters[at],
            "reads": lambda at: self._out(self.files.held, self.files.leaves, at),
            "requests": lambda at: self._out(self.files.held, self.files.leaves, at),
            "retrieval": lambda at: self._out(self.added.held, self.added.leaves, at),
            "egress": lambda at: self._out(self.added.held, self.added.leaves, at),
            "early": self._early,
            "endpoint_data": lambda at: f"{self.added.enters[at]}+{self._out(self.added.held, self.added.leaves, at)}",
            "endpoint": lambda at: f"{self.terms['private_endpoints']}*{HOURS_PER_MONTH}",
        }
        return known.get(meter.line)

    def base(self, meter: Meter) -> Callable[[int], str] | None:
        """Return what a quantity is taken off the top of, where the app does so."""
        if meter.base is None or self.streams.active is None:
            return None
        is_first = meter.line == "primary"
        if QUOTA in self.terms:
            return self._unpaid if is_first else self._paid
        return self._before if is_first else self._after

    def _unpaid(self, at: int) -> str:
        return f"MAX({self._active(at)}-{self.terms[QUOTA]},0)"

    def _before(self, at: int) -> str:
        return f"MAX({self._active(at)},{self.freed.held[at]}+{self._trimmed(at)})"

    def _after(self, at: int) -> str:
        return f"({self._before(at)}-{self.freed.held[at]})"

    def _active(self, at: int) -> str:
        if self.streams.active is None:
            raise ValueError("this data does not say what is on primary")
        return self.streams.active[at]

    def _out(self, held: list[str], leaves: list[str], at: int) -> str:
        return f"({self.terms[READ]}*{held[at]}+{leaves[at]})"

    def _trimmed(self, at: int) -> str:
        return f"{self.terms[TRIMMED]}*{at + 1}" if TRIMMED in self.terms else "0"

    @property
    def _in_place(self) -> bool:
        return self.setting.archive.id == POOLED and self.recipe.case.terms.way == "file"

    def _left(self, at: int) -> str:
        return self._active(at) if self._in_place else f"({self._active(at)}-{self.freed.held[at]})"

    def _paid(self, at: int) -> str:
        return f"MAX({self._left(at)}-{self.terms[QUOTA]},0)"

    def _primary(self, at: int) -> str:
        if QUOTA not in self.terms or self.streams.active is None:
            return self.freed.held[at]
        return f"({self._unpaid(at)}-{self._paid(at)})"

    def _versions(self, at: int) -> str:
        if QUOTA not in self.terms:
            return self._trimmed(at)
        return f"({self._paid(at)}-MAX({self._left(at)}-{self._trimmed(at)}-{self.terms[QUOTA]},0))"

    def _archive(self, item: str) -> Callable[[int], str]:
        if item != "stored" or self.setting.archive.has("stored_after_30_days"):
            return lambda at: self._aged(item, at)
        if QUOTA in self.terms and self.setting.archive.id == POOLED:
            return self._pooled
        return lambda at: self.added.held[at]

    def _pooled(self, at: int) -> str:
        if self._in_place:
            return "0"
        held, left = self.added.held[at], f"MAX({self._left(at)}-{self._trimmed(at)},0)"
        return f"MIN({held},MAX({left}+{held}-{self.terms[QUOTA]},0))"

    def _aged(self, item: str, at: int) -> str:
        """What is there for less than a month, for one or two, for longer."""
        young = [self._still(at, age) for age in range(min(at, 2) + 1)]
        if item == "stored":
            return young[0]
        if item == "stored_after_30_days":
            return "+".join(young[1:]) or "0"
        return f"{self.added.held[at]}-({'+'.join(young)})"

    def _still(self, at: int, age: int) -> str:
        """What entered `age` months ago and is still there."""
        kept = "".join(f"*(1-{self.streams.share[month]})" for month in range(at - age + 1, at + 1))
        return f"{self.added.enters[at - age]}{kept}"

    def _small_files(self, at: int) -> str:
        case = self.recipe.case
        applies = self.setting.archive.rules.minimum_applies(case.months, parse_month(case.terms.account_month))
        return self.streams.of["GB of padding"].held[at] if applies[at] else "0"

    def _early(self, at: int) -> str:
        """GB that leave before their least days × months still owed; 30 days a month."""
        days, parts = self.setting.archive.rules.minimum_days, []
        for age in range(1, at + 1):
            owed = (days - BILLED_MONTH_DAYS * age) / BILLED_MONTH_DAYS
            if owed > 0:
                stayed = "".join(f"*(1-{self.streams.share[month]})" for month in range(at - age + 1, at))
                parts.append(f"{self.added.enters[at - age]}{stayed}*{self.streams.share[at]}*{owed:.17g}")
        return "+".join(parts) or "0"


def bill(book: Book, recipe: Recipe, streams: Streams, tariffs: Tariffs, cells: Cells) -> Bill:
    """Write the ledger; return where its sums are."""
    sheet = book.sheet("Ledger", (46, 30, 16))
    case = recipe.case
    sheet.text(0, 0, f"Ledger, {case.book.currency}: saved is positive, paid negative", "title")
    for column, head in enumerate(("Line", "", "All months")):
        sheet.text(2, column, head, "head")
    sheet.months(2, tariffs.months)
    sheet.row = 3
    quantities = _Quantities(recipe, streams, cells)
    lines: dict[str, list[str]] = {}
    used = [meter for meter in meters(case.by_scope.total(), case.setting) if meter.cost is None and meter.offer]
    for meter in used:
        _line(sheet, recipe, meter, quantities, tariffs, lines)
    _project(sheet, recipe, cells, lines)
    return _sums(sheet, recipe, cells, lines)


def _line(
    sheet: Sheet, recipe: Recipe, meter: Meter, quantities: _Quantities, tariffs: Tariffs, lines: dict[str, list[str]]
) -> None:
    """Write quantity and amount of a line."""
    kind, row, count = KINDS[meter.line], sheet.row, len(recipe.case.months)
    made, base, offer = quantities.of(meter), quantities.base(meter), meter.offer
    now = np.broadcast_to(meter.quantity, (1, count))[0]
    if offer is None or not offer.has(meter.item):
        return
    sign = "" if kind.saves else "-"
    ledger = next(line for line in recipe.case.ledger.lines if (line.name, line.item) == (meter.line, meter.item))
    sheet.text(row, 0, kind.title)
    sheet.text(row, 1, kind.formula if made else f"{kind.formula}: as computed by the app", "soft")
    sheet.text(row + 1, 0, f"{kind.title}, amount", "bold")
    for at in range(count):
        column = FIRST_MONTH + at
        if made:
            amount = sheet.formula(row, column, made(at), float(now[at]), "number")
        else:
            amount = sheet.number(row, column, float(now[at]), "number")
        cost = tariffs.cost(amount, offer, meter.item, at, base(at) if base else "")
        sheet.formula(row + 1, column, f"{sign}({cost})", float(np.broadcast_to(ledger.amount, (count,))[at]), "money")
    _all_months(sheet, row, count, float(now.sum()), "number")
    lines.setdefault(meter.line, []).append(_all_months(sheet, row + 1, count, float(np.sum(ledger.amount)), "money"))
    sheet.row += 2


def _all_months(sheet: Sheet, row: int, count: int, value: float, style: str) -> str:
    cells = month_cells(sheet, row, count)
    sheet.formula(row, 2, f"SUM({cells[0]}:{cells[-1].split('!')[1]})", value, style)
    return cells[0]


def _project(sheet: Sheet, recipe: Recipe, cells: Cells, lines: dict[str, list[str]]) -> None:
    """Write what is entered and not priced: once in the first month, and every month."""
    count, terms = len(recipe.case.months), recipe.case.terms
    rows = (
        ("one_off", "one_off_cost", terms.one_off_cost),
        ("running", "running_cost_per_month", terms.running_cost_per_month),
    )
    for line, name, value in rows:
        sheet.text(sheet.row, 0, f"{KINDS[line].title}, amount", "bold")
        for at in range(count):
            falls = line == "running" or at == 0
            formula, now = (f"-{cells.term[name]}", -value) if falls else ("0", 0.0)
            sheet.formula(sheet.row, FIRST_MONTH + at, formula, now, "money")
        lines.setdefault(line, []).append(
            _all_months(sheet, sheet.row, count, -value * (count if line == "running" else 1), "money")
        )
        sheet.row += 1


def _sums(sheet: Sheet, recipe: Recipe, cells: Cells, lines: dict[str, list[str]]) -> Bill:
    """Write net, running sum and worth today."""
    ledger, count, row = recipe.case.ledger, len(recipe.case.months), sheet.row + 1
    amounts = [first for firsts in lines.values() for first in firsts]
    columns = [[cell.replace("$D$", f"${_column(at)}$") for cell in amounts] for at in range(count)]
    for place, title in enumerate(("Net", "Net so far", "Worth today")):
        sheet.text(row + place, 0, title, "bold")
    net, so_far, worth = (month_cells(sheet, row + place, count) for place in range(3))
    interest = cells.term["interest_ratio_per_year"]
    for at in range(count):
        column, value = FIRST_MONTH + at, float(ledger.net[at])
        sheet.formula(row, column, "+".join(columns[at]), value, "total")
        before = f"{so_far[at - 1]}+" if at else ""
        sheet.formula(row + 1, column, f"{before}{net[at]}", float(ledger.cumulative[at]), "money")
        factor = (1 + recipe.case.terms.interest_ratio_per_year) ** (-(at + 1) / 12)
        sheet.formula(row + 2, column, f"{net[at]}*(1+{interest})^(-{at + 1}/12)", value * factor, "money")
    _all_months(sheet, row, count, float(ledger.net.sum()), "total")
    _all_months(sheet, row + 2, count, recipe.case.value, "money")
    totals = {
        name: ([cell.replace("$D$", "$C$") for cell in firsts], float(np.sum(ledger.amount(name))))
        for name, firsts in lines.items()
    }
    return Bill(net, sheet.at(row, 2), sheet.at(row + 2, 2), totals)


def _column(at: int) -> str:
    """Return the letters of a month's column."""
    number, letters = FIRST_MONTH + at + 1, ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
