"""What enters the bill: volumes of all scopes together, small files left out, sizes applied, recalled and kept.

In:    volumes by scope, a `Recipe`, the cells of the levers.
Out:   `Streams`: of each kind of quantity what enters in a month, what is there at its end, what leaves in it.
Never: knows a price.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.workbook.estate import Grid, Volumes
from app.workbook.levers import Cells, recall
from app.workbook.paper import FIRST_MONTH, Book, Sheet, month_cells
from forecast_core.money.units import GB_BYTES
from forecast_core.service.recipe import Recipe

KB = 2**10


@dataclass(frozen=True)
class Stream:
    """Addresses by month: what enters, what is held at the month's end, what leaves because it is recalled."""

    enters: list[str]
    held: list[str]
    leaves: list[str]


@dataclass(frozen=True)
class Streams:
    """Every kind of quantity by name; `active` on primary without archiving; `share` what is recalled of it."""

    of: dict[str, Stream]
    active: list[str] | None
    share: list[str]


def constants(book: Book, recipe: Recipe, months: list[str]) -> Volumes:
    """Write volumes as the app computed them, where they cannot be formulas."""
    sheet = book.sheet("Volumes", (34, 22, 12))
    sheet.text(0, 0, "Volumes as the app computed them; they do not follow the levers here", "title")
    sheet.months(1, months)
    sheet.row = 2
    flows = recipe.case.flows
    archived = _grid(sheet, "GB archived", flows.archived_gb)
    freed, files = _grid(sheet, "GB freed", flows.freed_gb), _grid(sheet, "Files archived", flows.files)
    active = None
    if flows.active_gb is not None:
        sheet.text(sheet.row, 0, "GB on primary without archiving", "bold")
        active = [sheet.number(sheet.row, FIRST_MONTH + at, float(value)) for at, value in enumerate(flows.active_gb)]
    return Volumes(archived, freed, files, active)


def _grid(sheet: Sheet, title: str, values: np.ndarray) -> Grid:
    sheet.text(sheet.row, 0, title, "bold")
    rows = [
        [sheet.number(sheet.row + 1 + row, FIRST_MONTH + at, float(value), "fine") for at, value in enumerate(line)]
        for row, line in enumerate(values)
    ]
    sheet.row += len(rows) + 2
    return rows


def streams(book: Book, recipe: Recipe, volumes: Volumes, cells: Cells, months: list[str]) -> Streams:
    """Write the sheet of movement."""
    sheet = book.sheet("Movement", (44, 22, 12))
    sheet.text(0, 0, "What enters the archive, what stays, what comes back", "title")
    sheet.months(1, months)
    sheet.row = 2
    case, count = recipe.case, len(recipe.case.months)
    start, lever = cells.lever["start_month"], recall(cells)
    today = cells.today["recall_ratio_per_month"]
    share = [
        sheet.formula(
            sheet.row, FIRST_MONTH + at, f"IF({months[at]}>={start},{lever},{today})", case.recall_ratio[at], "percent"
        )
        for at in range(count)
    ]
    sheet.text(sheet.row, 0, "Recalled of what is there")
    sheet.row += 2
    entering = _entering(book, sheet, recipe, volumes, cells)
    again, wait = cells.term.get("rearchived_ratio"), max(case.setting.archive.rules.lock_months, 1)
    found = {name: _stream(sheet, name, row, share, (again, wait)) for name, row in entering.items()}
    return Streams(found, volumes.active, share)


def _entering(book: Book, sheet: Sheet, recipe: Recipe, volumes: Volumes, cells: Cells) -> dict[str, list[str]]:
    """Write what is archived for the first time, of all scopes together."""
    whole = recipe.case.by_scope.total()
    held = cells.term.get("held_ratio", "0")
    parts = _parts(book, recipe, volumes)
    rows = {
        "GB freed": ([f"({cell})*(1-{held})" for cell in parts["GB freed"]], whole.freed_gb[0]),
        "GB added": (parts["GB added"], whole.added_gb[0]),
        "Files": (parts["Files"], whole.files[0]),
        "GB of padding": (parts["GB of padding"], whole.padding_gb[0]),
        "Files monitored": (parts["Files monitored"], whole.monitored_files[0]),
    }
    found = {}
    for name, (formulas, values) in rows.items():
        sheet.text(sheet.row, 0, f"{name}, first archived in the month")
        found[name] = [sheet.formula(sheet.row, FIRST_MONTH + at, formula, float(value), "fine")
                       for at, (formula, value) in enumerate(zip(formulas, values, strict=True))]  # fmt: skip
        sheet.row += 1
    sheet.row += 1
    return found


def _parts(book: Book, recipe: Recipe, volumes: Volumes) -> dict[str, list[str]]:
    """Return formulas of sums over scopes, by month; what sizes make of them is written on a sheet of its own."""
    case, count = recipe.case, len(recipe.case.months)
    grown = _grown(recipe)
    terms, rules = case.terms, case.setting.archive.rules
    plain = not terms.skip_below_kb and not rules.minimum_bytes and not rules.monitored_from_bytes
    files = _files(recipe, volumes)
    if plain or not case.sizes.is_assumed or case.sizes.share.ndim > 1:
        return _unsized(recipe, volumes, files, grown)
    sized = _sized(book, recipe, volumes, files, grown)
    return {name: ["+".join(row[at] for row in rows) for at in range(count)] for name, rows in sized.items()}


def _grown(recipe: Recipe) -> list[float]:
    """Return GB added per GB archived, by month; a month without archiving takes that of another."""
    archived, added = recipe.case.flows.archived_gb.sum(axis=0), recipe.case.flows.added_gb.sum(axis=0)
    known = [float(gb / base) for gb, base in zip(added, archived, strict=True) if base > 0]
    usual = known[0] if known else 1.0
    return [float(gb / base) if base > 0 else usual for gb, base in zip(added, archived, strict=True)]


def _files(recipe: Recipe, volumes: Volumes) -> Grid:
    """Return formulas of the files archived, by scope."""
    mean = recipe.case.terms.mean_file_mb
    if mean is None:
        return volumes.files
    return [[f"{cell}*1024/{mean:.17g}" for cell in row] for row in volumes.archived]


def _unsized(recipe: Recipe, volumes: Volumes, files: Grid, grown: list[float]) -> dict[str, list[str]]:
    """Return sums where no size matters, or where sizes were counted: then what they make of it is as computed."""
    whole, count = recipe.case.by_scope.total(), len(recipe.case.months)

    def summed(grid: Grid, at: int) -> str:
        return "+".join(row[at] for row in grid)

    return {
        "GB freed": [summed(volumes.freed, at) for at in range(count)],
        "GB added": [f"({summed(volumes.archived, at)})*{grown[at]:.17g}" for at in range(count)],
        "Files": [summed(files, at) for at in range(count)],
        "GB of padding": [f"{float(value):.17g}" for value in whole.padding_gb[0]],
        "Files monitored": [f"{float(value):.17g}" for value in whole.monitored_files[0]],
    }


def _sized(book: Book, recipe: Recipe, volumes: Volumes, files: Grid, grown: list[float]) -> dict[str, Grid]:
    """Write what sizes make of the volumes, scope by scope: small files left out, least sizes, monitoring."""
    case, sheet = recipe.case, book.sheet("Sizes", (34, 22, 12))
    sheet.text(
        0,
        0,
        "File sizes: share of files and size against the mean, by class; then what they make of each month",
        "title",
    )
    sheet.text(1, 0, case.sizes.source, "soft")
    classes = len(case.sizes.share)
    for place, (share, relative) in enumerate(zip(case.sizes.share, case.sizes.relative, strict=True)):
        sheet.number(3 + place, 0, float(share), "price")
        sheet.number(3 + place, 1, float(relative), "price")
    share, relative = (f"{sheet.at(3, column)}:{sheet.at(2 + classes, column).split('!')[1]}" for column in (0, 1))
    sheet.row = classes + 5
    names = ("GB freed", "GB added", "Files", "GB of padding", "Files monitored")
    count, scopes = len(case.months), len(volumes.archived)
    made: dict[str, Grid] = {name: [] for name in names}
    skip, rules = case.terms.skip_below_kb * KB, case.setting.archive.rules
    for scope in range(scopes):
        rows: dict[str, list[str]] = {name: [] for name in names}
        for at in range(count):
            added = f"({volumes.archived[scope][at]}*{grown[at]:.17g})"
            mean = sheet.formula(
                sheet.row,
                FIRST_MONTH + at,
                f"IF({files[scope][at]}>0,{added}*{GB_BYTES}/{files[scope][at]},0)",
                None,
                "fine",
            )
            large = f"({relative}*{mean}>={skip:.17g})"
            of_files = f"SUMPRODUCT({share}*{large})" if skip else "1"
            of_gb = f"SUMPRODUCT({share}*{relative}*{large})" if skip else "1"
            least = f"({rules.minimum_bytes}-{relative}*{mean})"
            kept = f"*{large}" if skip else ""
            padding = (
                f"SUMPRODUCT({share}*{least}*({least}>0){kept})*{files[scope][at]}/{GB_BYTES}"
                if rules.minimum_bytes
                else "0"
            )
            monitored = f"SUMPRODUCT({share}*({relative}*{mean}>={rules.monitored_from_bytes}))*{files[scope][at]}"
            formulas = (
                f"{volumes.freed[scope][at]}*{of_gb}",
                f"{added}*{of_gb}",
                f"{files[scope][at]}*{of_files}",
                padding,
                monitored,
            )
            for place, (name, formula) in enumerate(zip(names, formulas, strict=True)):
                rows[name].append(sheet.formula(sheet.row + 1 + place, FIRST_MONTH + at, formula, None, "fine"))
        for place, title in enumerate(("Mean file, bytes", *names)):
            sheet.text(sheet.row + place, 0, title, "soft")
        for name in names:
            made[name].append(rows[name])
        sheet.row += len(names) + 2
    return made


def _stream(sheet: Sheet, name: str, first: list[str], share: list[str], again: tuple[str | None, int]) -> Stream:
    """Write what enters (what is archived again included), is held and leaves, month after month."""
    rearchived, wait = again
    count, row = len(first), sheet.row
    enters, held, leaves = (month_cells(sheet, row + place, count) for place in range(3))
    for place, title in enumerate(("enters", "held at the end", "leaves, recalled")):
        sheet.text(row + place, 0, f"{name}: {title}")
    for at in range(count):
        back = f"+{rearchived}*{leaves[at - wait]}" if rearchived and at >= wait else ""
        sheet.formula(row, FIRST_MONTH + at, f"{first[at]}{back}", None, "fine")
        before = held[at - 1] if at else "0"
        sheet.formula(row + 2, FIRST_MONTH + at, f"{before}*{share[at]}", None, "fine")
        sheet.formula(row + 1, FIRST_MONTH + at, f"{before}*(1-{share[at]})+{enters[at]}", None, "fine")
    sheet.row += 4
    return Stream(enters, held, leaves)
