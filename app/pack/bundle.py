"""Every picture as PNG and SVG and every table as CSV, in one ZIP."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from functools import partial

from app import lab_tables, money_tables, tables
from app.charts import compare, forecast, simulator
from app.charts import money as bills
from app.charts.frame import Picture
from app.pack.material import Material
from app.pack.page import Report
from app.painting import Paper, png, svg
from app.tables import Table

SHOWN_MONTHS = 24


def pictures(found: Material) -> dict[str, Picture]:
    """Return every picture by the name of its file."""
    past = found.outlook.past.months
    shown = {
        "archived-and-freed": simulator.flows(found.answer),
        "forecast": forecast.flows(found.outlook, past[max(len(past) - SHOWN_MONTHS, 0)], past[-1]),
    }
    if money := simulator.cumulative_money(found.answer):
        shown["money-so-far"] = money
    if found.report:
        shown["bill"] = bills.waterfall(found.report)
        shown["bill-by-month"] = bills.by_month(found.report)
        shown["what-could-turn-it"] = bills.sensitivity(found.report)
    if options := found.options:
        shown["options"] = compare.course(options, found.names, options.measures[0])
        shown["options-differences"] = compare.differences(options, found.names, options.measures[0], 0)
    return shown


def sheets(found: Material) -> dict[str, Table]:
    """Return every table by the name of its file."""
    shown = {"archived-and-freed": tables.flows(found.answer), "forecast": tables.forecast(found.outlook)}
    if found.answer.money:
        shown["money-so-far"] = tables.cumulative_money(found.answer)
    if found.answer.by_type:
        shown["file-types"] = tables.by_type(found.answer)
    if found.report:
        shown["bill"] = money_tables.waterfall(found.report)
        shown["bill-by-month"] = money_tables.ledger(found.report)
        shown["bill-by-scope-and-month"] = money_tables.scopes_by_month(found.report)
        shown["prices"] = money_tables.prices(found.report)
        shown["what-could-turn-it"] = money_tables.swings(found.report)
    if options := found.options:
        shown["options"] = lab_tables.course(options, found.names, options.measures[0])
        shown["options-differences"] = lab_tables.differences(options, found.names, options.measures[0])
    return shown


def _csv(table: Table, found: Material) -> bytes:
    return stamped(table, found).encode()


def bundle(found: Material, report: Report = lambda *_: None) -> bytes:
    """Return the ZIP; `report` is told file by file."""
    made: dict[str, Callable[[], bytes]] = {}
    paper = Paper(foot=found.stamp.line)
    for name, picture in pictures(found).items():
        made[f"{name}.png"] = partial(png, picture, paper)
        made[f"{name}.svg"] = partial(svg, picture, paper)
    for name, table in sheets(found).items():
        made[f"{name}.csv"] = partial(_csv, table, found)
    made["about.csv"] = lambda: tables.to_csv({name: [value] for name, value in found.stamp.rows}).encode()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for number, (name, make) in enumerate(made.items()):
            report(number, len(made), name)
            entry = zipfile.ZipInfo(name, found.stamp.made_at.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, make())
    report(len(made), len(made), "done")
    return stream.getvalue()


def stamped(table: Table, found: Material) -> str:
    """Return a table as CSV, every row with where it comes from."""
    return tables.to_csv(found.stamp.beside(table))
