"""The stock-and-flow model as formulas: a block of rows for each quantity, a row a scope, a column a month.

In:    a `Recipe` whose model can be written out, the cells of the levers.
Out:   the addresses of archived and freed GB and of files, by scope and month.
Never: differs from `forecast_core.estimators.stock_flow` by a term: a test runs both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from app.workbook.levers import Cells
from app.workbook.paper import FIRST_MONTH, Book, Sheet
from forecast_core.estimators import StockFlowModel
from forecast_core.estimators.stock_flow.model import GROWTH_BOUND, GROWTH_FADE
from forecast_core.estimators.stock_flow.parameters import MIX_CENTRE
from forecast_core.estimators.stock_flow.process import DELETED_RATIO, MOST_RIPENING, TINY
from forecast_core.features import Today
from forecast_core.months import days_in_month, month_of_year
from forecast_core.service.recipe import Recipe

NO_LIMIT = 1e15
PER_DAY, FILES, GROWTH, SIZE = (
    "archive_frequency_per_day", "total_files", "growth_ratio_per_month", "avg_file_size_mb",
)  # fmt: skip
SHARES = ("pct_pdf", "pct_docx", "pct_xlsx")
Grid = list[list[str]]


@dataclass(frozen=True)
class Volumes:
    """Addresses by scope and month, and of what is on primary at the end of each month without archiving, if known."""

    archived: Grid
    freed: Grid
    files: Grid
    active: list[str] | None


class _Blocks:
    """Blocks below each other on one sheet."""

    def __init__(self, sheet: Sheet, scopes: tuple[str, ...], months: int) -> None:
        self.sheet, self.scopes, self.months = sheet, scopes, months

    def head(self, title: str) -> int:
        """Write the title of a block; return its first row."""
        self.sheet.text(self.sheet.row, 0, title, "bold")
        first = self.sheet.row + 1
        for place, scope in enumerate(self.scopes):
            self.sheet.text(first + place, 1, scope, "soft")
        self.sheet.row = first + len(self.scopes) + 1
        return first

    def grid(self, first: int) -> Grid:
        """Return the addresses of a block."""
        rows, columns = range(len(self.scopes)), range(self.months)
        return [[self.sheet.at(first + row, FIRST_MONTH + month) for month in columns] for row in rows]


def estate(book: Book, recipe: Recipe, cells: Cells, months: list[str]) -> Volumes:
    """Write the model; `months` are the addresses of the months."""
    model, today = recipe.model, recipe.today
    if model is None or today is None:
        raise ValueError("this model cannot be written as formulas")
    sheet = book.sheet("Estate", (34, 22, 12))
    sheet.text(0, 0, "How the estate moves, scope by scope (the stock-and-flow model)", "title")
    sheet.months(1, months)
    sheet.row = 2
    rows = _months(sheet, recipe, model, cells, months)
    own = _scopes(sheet, model, today, cells)
    return _roll(sheet, recipe, (model, today), cells, (rows, own))


def _months(
    sheet: Sheet, recipe: Recipe, model: StockFlowModel, cells: Cells, months: list[str]
) -> dict[str, list[str]]:
    """Write what every scope shares in a month."""
    coming = recipe.case.months
    season = np.exp(model.params.season[month_of_year(coming) - 1])
    rows: dict[str, list[str]] = {}
    start = cells.lever["start_month"]
    given = {"Days": days_in_month(coming), "Season": season}
    for title, values in given.items():
        rows[title] = [
            sheet.number(sheet.row, FIRST_MONTH + at, float(value), "fine") for at, value in enumerate(values)
        ]
        sheet.text(sheet.row, 0, title)
        sheet.row += 1
    made: dict[str, Callable[[int], str]] = {
        "Levers act": lambda at: f"IF({months[at]}>={start},1,0)",
        "Files against today": lambda at: _ratio(rows["Levers act"][at], FILES, cells),
        "Size against today": lambda at: _ratio(rows["Levers act"][at], SIZE, cells),
        "Growth added": lambda at: _added(rows["Levers act"][at], cells),
    }
    for title, formula in made.items():
        rows[title] = []
        for at in range(len(coming)):
            rows[title].append(sheet.formula(sheet.row, FIRST_MONTH + at, formula(at), None, "fine"))
        sheet.text(sheet.row, 0, title)
        sheet.row += 1
    sheet.row += 1
    return rows


def _ratio(acts: str, name: str, cells: Cells) -> str:
    if name not in cells.lever:
        return "1"
    return f"IF({acts}=1,{cells.lever[name]}/{cells.today[name]},1)"


def _added(acts: str, cells: Cells) -> str:
    if GROWTH not in cells.lever:
        return "0"
    return f"IF({acts}=1,{cells.lever[GROWTH]}-{cells.today[GROWTH]},0)"


def _scopes(sheet: Sheet, model: StockFlowModel, today: Today, cells: Cells) -> list[dict[str, str]]:
    """Write what each scope stands at and how it behaves; return the addresses by name."""
    params = model.params
    weight = np.exp(model.bias + params.level + model.carried)
    bounded = np.minimum(weight, 1 / np.maximum(model.eligible, TINY)) if model.limited else weight
    mix = np.where(np.isfinite(today.mix), today.mix, 0.0 if SHARES[0] in cells.lever else MIX_CENTRE)
    columns = {
        "files": model.files, "eligible": model.eligible, "GB per file": model.size_gb,
        "size of the backlog": model.backlog_size, "GB factor": bounded, "ripening": params.ripening_ratio(),
        "files taken": model.files_taken, "growth": model.growth,
        "per day": np.where(np.isfinite(today.frequency_per_day), today.frequency_per_day, NO_LIMIT),
        "pdf": mix[:, 0], "docx": mix[:, 1], "xlsx": mix[:, 2], "other": np.clip(1 - mix.sum(axis=1), 0, 1),
        "freed": np.exp(model.savings.scope_effect),
    }  # fmt: skip
    for column, name in enumerate(columns):
        sheet.text(sheet.row, FIRST_MONTH + column, name, "headright")
    sheet.text(sheet.row, 0, "Scopes today", "head")
    found = []
    for row, scope in enumerate(model.scopes):
        at = sheet.row + 1 + row
        sheet.text(at, 1, scope, "soft")
        own = {name: sheet.number(at, FIRST_MONTH + column, float(values[row]), "fine")
               for column, (name, values) in enumerate(columns.items())}  # fmt: skip
        own |= _mixed(sheet, at, FIRST_MONTH + len(columns), own, model, cells)
        found.append(own)
    sheet.row += len(model.scopes) + 3
    return found


def _mixed(
    sheet: Sheet, row: int, column: int, own: dict[str, str], model: StockFlowModel, cells: Cells
) -> dict[str, str]:
    """Write the effect of the file mix as it is and as it is set: on GB per file, and on what is freed."""
    names = ("pdf", "docx", "xlsx", "other")
    now = [own[name] for name in names]
    found = {"mix": sheet.formula(row, column, _mix_factor(now[:3], model), None, "fine"),
             "ratio": sheet.formula(row, column + 1, _freed_ratio(now, own["freed"], model), None, "fine")}  # fmt: skip
    if SHARES[0] not in cells.lever:
        return found | {"mix set": found["mix"], "ratio set": found["ratio"]}
    asked, base = ([*(each[name] for name in SHARES)] for each in (cells.lever, cells.today))
    asked.append(f"MAX(1-{asked[0]}-{asked[1]}-{asked[2]},0)")
    base.append(f"MAX(1-{base[0]}-{base[1]}-{base[2]},0)")
    towards = [f"IF({old}>0,{here}*{new}/{old},{new})" for here, new, old in zip(now, asked, base, strict=True)]
    scaled = [sheet.formula(row, column + 2 + place, formula, None, "fine") for place, formula in enumerate(towards)]
    total = f"({'+'.join(scaled)})"
    moved = "+".join(f"ABS({one}-{other})" for one, other in zip(asked[:3], base[:3], strict=True))
    normal = [f"IF({total}>0,{each}/MAX({total},1E-12),{new})" for each, new in zip(scaled, asked, strict=True)]
    shares = [
        sheet.formula(row, column + 6 + place, f"IF({moved}=0,{now[place]},{normal[place]})", None, "fine")
        for place in range(3)
    ]
    rest = sheet.formula(row, column + 9, f"MAX(MIN(1-{shares[0]}-{shares[1]}-{shares[2]},1),0)", None, "fine")
    return found | {
        "mix set": sheet.formula(row, column + 10, _mix_factor(shares, model), None, "fine"),
        "ratio set": sheet.formula(row, column + 11, _freed_ratio([*shares, rest], own["freed"], model), None, "fine"),
    }


def _mix_factor(shares: list[str], model: StockFlowModel) -> str:
    effects = zip(shares, MIX_CENTRE, np.asarray(model.params.mix), strict=True)
    return f"EXP({'+'.join(f'({share}-{centre:.17g})*({effect:.17g})' for share, centre, effect in effects)})"


def _freed_ratio(shares: list[str], effect: str, model: StockFlowModel) -> str:
    parts = "+".join(f"{share}*{ratio:.17g}" for share, ratio in zip(shares, model.savings.by_type, strict=True))
    return f"MIN({effect}*({parts}),1)"


TITLES = (
    "Files per day", "Growth", "Growth so far", "Arrivals", "Leaving", "Hot before", "Backlog before", "Files archived",
    "Mean size taken", "GB there", "GB archived", "Ripe", "Left", "Size of backlog", "Hot after", "GB freed",
)  # fmt: skip


def _roll(
    sheet: Sheet,
    recipe: Recipe,
    learned: tuple[StockFlowModel, Today],
    cells: Cells,
    shared: tuple[dict[str, list[str]], list[dict[str, str]]],
) -> Volumes:
    """Write the months one after the other, block by block."""
    (model, today), (rows, own), flows = learned, shared, recipe.flows
    count = len(recipe.case.months)
    blocks = _Blocks(sheet, model.scopes, count)
    first = {title: blocks.head(title) for title in TITLES}
    cell = {title: blocks.grid(first[title]) for title in TITLES}
    values = {"Files archived": flows.files_archived[0], "GB archived": flows.archived_gb[0],
              "GB freed": flows.savings_gb[0], "GB there": flows.stock_gb[0]}  # fmt: skip
    for scope in range(len(model.scopes)):
        for at in range(count):
            here = {title: cell[title][scope][at] for title in TITLES}
            before = {title: cell[title][scope][at - 1] for title in TITLES} if at else None
            shares = {title: row[at] for title, row in rows.items()}
            earlier = rows["Files against today"][at - 1] if at else "1"
            step = _Step(model, own[scope], here, before, shares, at, earlier)
            formulas = {"Files per day": _per_day(own[scope], shares["Levers act"], cells, recipe, today)}
            for title, formula in {**formulas, **step.grown(), **step.taken(), **step.left()}.items():
                now = float(values[title][scope, at]) if title in values else None
                sheet.formula(first[title] + scope, FIRST_MONTH + at, formula, now, "fine")
    active = _active(sheet, first, (len(model.scopes), count)) if recipe.case.flows.active_gb is not None else None
    return Volumes(cell["GB archived"], cell["GB freed"], cell["Files archived"], active)


@dataclass(frozen=True)
class _Step:
    """One scope in one month: every formula is one line of `StockFlowModel.predict`."""

    model: StockFlowModel
    mine: dict[str, str]
    here: dict[str, str]
    before: dict[str, str] | None
    shared: dict[str, str]
    at: int
    earlier: str

    def grown(self) -> dict[str, str]:
        """Return what arrives and leaves, and what is there when the month begins."""
        mine, here, before, ratio = self.mine, self.here, self.before, self.shared["Files against today"]
        pool, fade = f"({self.model.pool_growth:.17g})", f"{GROWTH_FADE**self.at:.17g}"
        net = f"{pool}+({mine['growth']}-{pool})*{fade}+{self.shared['Growth added']}"
        gross = f"({here['Growth']}+{mine['files taken']}+{DELETED_RATIO}*{mine['eligible']})"
        jump = f"{ratio}/{self.earlier}"
        hot = before["Hot after"] if before else f"{mine['files']}*(1-{mine['eligible']})"
        backlog = before["Left"] if before else f"{mine['files']}*{mine['eligible']}"
        return {
            "Growth": f"MAX(MIN({net},{GROWTH_BOUND}),-{GROWTH_BOUND})",
            "Growth so far": f"{before['Growth so far']}*(1+{before['Growth']})" if before else "1",
            "Arrivals": f"{mine['files']}*{here['Growth so far']}*{ratio}*MAX({gross},0)",
            "Leaving": f"MAX(-{gross},0)",
            "Hot before": f"{hot}*{jump}",
            "Backlog before": f"{backlog}*{jump}",
        }

    def taken(self) -> dict[str, str]:
        """Return what is archived and freed."""
        mine, here, params = self.mine, self.here, self.model.params
        usable, sharp = float(np.exp(params.usable)), float(np.exp(params.sharpness))
        psi, acts = float(params.size_exponent[0]), self.shared["Levers act"]
        able = f"({usable:.17g}*{here['Files per day']}*{self.shared['Days']}*{self.shared['Season']})"
        backlog, archived = here["Backlog before"], here["Files archived"]
        share = f"MAX({able}/MAX({backlog},{TINY}),{TINY})"
        part = f"MAX(MIN({archived}/MAX({backlog},{TINY}),1),{TINY})"
        size = self.before["Size of backlog"] if self.before else mine["size of the backlog"]
        mix = f"IF({acts}=1,{mine['mix set']},{mine['mix']})"
        grown = f"{mine['GB per file']}*{self.shared['Size against today']}"
        gb = f"{archived}*{here['Mean size taken']}*{mine['GB factor']}*{mix}*{grown}"
        limited = self.model.limited
        return {
            "Files archived": f"{backlog}*(1+{share}^(-{sharp:.17g}))^(-1/{sharp:.17g})" if limited else able,
            "Mean size taken": f"{size}*{part}^({psi - 1:.17g})" if limited else "1",
            "GB there": f"({here['Hot before']}+{backlog}+{here['Arrivals']})*{grown}",
            "GB archived": f"MIN({gb},{here['GB there']})" if limited else gb,
            "GB freed": f"{here['GB archived']}*IF({acts}=1,{mine['ratio set']},{mine['ratio']})",
        }

    def left(self) -> dict[str, str]:
        """Return what the month leaves behind."""
        mine, here, stay = self.mine, self.here, f"{1 - DELETED_RATIO:.17g}"
        backlog, hot, taken = here["Backlog before"], here["Hot before"], here["Files archived"]
        size = self.before["Size of backlog"] if self.before else mine["size of the backlog"]
        kept = f"{stay}*({backlog}-MIN({taken},{backlog}))"
        old = f"{stay}*MAX({backlog}*{size}-MIN({taken},{backlog})*{here['Mean size taken']},0)"
        content = f"({old}+{here['Left']}-{kept})"
        return {
            "Ripe": f"MIN({mine['ripening']}*{self.shared['Season']},{MOST_RIPENING})",
            "Left": f"{stay}*MAX({backlog}-{taken},0)+{here['Ripe']}*MAX({hot},0)",
            "Size of backlog": f"MAX(MIN({content}/MAX({here['Left']},{TINY}),1),0)",
            "Hot after": f"MAX({hot}*(1-{here['Ripe']}-{here['Leaving']}),0)+{here['Arrivals']}",
        }


def _per_day(mine: dict[str, str], acts: str, cells: Cells, recipe: Recipe, today: Today) -> str:
    """Return what the archiver is set to take: every scope in proportion, by its files where nothing runs today."""
    rate = mine["per day"]
    if PER_DAY not in cells.lever:
        return rate
    moved = f"{rate}*{cells.lever[PER_DAY]}/{cells.today[PER_DAY]}"
    if recipe.base.values[PER_DAY] <= 0:
        known = np.isfinite(today.frequency_per_day)
        files = max(float(np.where(known, np.nan_to_num(today.total_files, nan=1.0), 0.0).sum()), 1e-12)
        moved = f"{cells.lever[PER_DAY]}*{mine['files']}/{files:.17g}"
    return f"IF(AND({acts}=1,{rate}<{NO_LIMIT}),{moved},{rate})"


def _active(sheet: Sheet, first: dict[str, int], shape: tuple[int, int]) -> list[str]:
    """Write what would be on primary at the end of each month without archiving."""
    sheet.text(sheet.row, 0, "GB on primary without archiving", "bold")
    (scopes, count), found = shape, []

    def column(title: str, start: int, end: int) -> str:
        top, bottom = sheet.at(first[title], start), sheet.at(first[title] + scopes - 1, end).split("!")[1]
        return f"SUM({top}:{bottom})"

    for at in range(count):
        here = FIRST_MONTH + at
        there, freed = column("GB there", here, here), column("GB freed", here, here)
        so_far = column("GB freed", FIRST_MONTH, here)
        found.append(sheet.formula(sheet.row, here, f"{there}-{freed}+{so_far}", None))
    sheet.row += 2
    return found
