"""Read a history, an archive log or a list of files, from here, a cloud or an engine, and keep it as a data set."""

from __future__ import annotations

import argparse
import csv
from dataclasses import asdict, replace
from pathlib import Path

from app.cli.screen import Screen
from app.cli.service import now, service
from forecast_core import (
    AS_FORM,
    NO_RULE_MONTHS,
    DataError,
    InventoryChoices,
    InventoryReading,
    Reading,
    Service,
    UsageReading,
)

Found = Reading | InventoryReading | UsageReading


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = "For a refresh by cron, see docs/inventories.md. Nothing is kept unless the whole source was read."
    source = "file, folder of an inventory run, or abfs://, s3://, gs:// address of one; with an engine also a table"
    parser.add_argument("source", nargs="?", default="", help=source)
    parser.add_argument("--id-file", type=Path, metavar="FILE", help="also write the id of the data set to this file")
    parser.add_argument("--name", help="name of the data set; that of the file by default")
    parser.add_argument("--replace", default="", metavar="ID", help="take the place of this data set; it is kept")
    refresh = "take the place of the data set of the same name; of an inventory its earlier month ends are kept"
    parser.add_argument("--refresh", action="store_true", help=refresh)
    _declare_engines(parser.add_argument_group("for sources of any size"))
    files = parser.add_argument_group("for a list of files")
    files.add_argument("--taken", default="", metavar="MONTH", help="month at whose end it stood so; newest change")
    files.add_argument("--rule-months", type=int, default=NO_RULE_MONTHS, metavar="N", help="age rule in force today")
    files.add_argument("--folders", type=int, default=AS_FORM, metavar="N", help="levels of folders that are a scope")
    files.add_argument("--date-order", choices=("auto", "dmy", "mdy"), default="auto", help="order in 03/04/2027")
    files.add_argument("--mapping", type=Path, metavar="CSV", help="two columns: beginning of a path, scope")


def _declare_engines(group: argparse._ArgumentGroup) -> None:
    engine = (
        "counts where the rows are: duckdb in Parquet or CSV files here, database in the one of "
        "ARCHIVE_FORECAST_ARCHIVE_LOG_URL, spark on the cluster that this runs on"
    )
    group.add_argument("--engine", choices=("duckdb", "database", "spark"), help=engine)
    group.add_argument("--deleted", default="", metavar="SOURCE", help="the log of deletions beside an archive log")
    group.add_argument("--by", choices=("site", "tenant"), default="site", help="what is a scope of an archive log")


def run(asked: argparse.Namespace, screen: Screen) -> int:
    """Read, list every finding, keep what can be used."""
    known = service()
    intake = known.intake
    reading = _counted(known, asked) if asked.engine else _read(known, asked)
    reading = replace(reading, name=asked.name) if asked.name else reading
    for issue in reading.issues:
        screen.note(f"{issue.severity.name.lower()}: {issue.what}" + (f" ({issue.hint})" if issue.hint else ""))
    replaces = asked.replace or (intake.same_name(reading) if asked.refresh else "")
    identity = intake.accept(reading, now(), replaces=replaces, joins=asked.refresh)
    is_same, replaces = identity == replaces, "" if identity == replaces else replaces
    if asked.id_file:
        asked.id_file.parent.mkdir(parents=True, exist_ok=True)
        asked.id_file.write_text(identity, encoding="utf-8")
    issues = [asdict(issue) | {"severity": issue.severity.name.lower()} for issue in reading.issues]
    found = {"dataset": identity, "rows": reading.rows_used, "set_aside": reading.rows_set_aside, "replaced": replaces}
    text = f"{identity}: {reading.rows_used} rows kept of {reading.rows_in}."
    if isinstance(reading, InventoryReading):
        found |= {"bytes": reading.bytes_used, "bytes_set_aside": reading.bytes_in - reading.bytes_used}
        text += f" {reading.bytes_used:,} bytes of {reading.bytes_in:,}."
    text += f" It takes the place of {replaces}." if replaces else ""
    screen.result({**found, "issues": issues}, text + (" Nothing changed: that is what was kept." if is_same else ""))
    return 0


def _read(known: Service, asked: argparse.Namespace) -> Found:
    if not asked.source:
        raise DataError("Nothing to read was named.", allowed="a file, a folder or an address; or an engine")
    said = InventoryChoices(
        taken=asked.taken,
        rule_months=asked.rule_months,
        folders=asked.folders,
        date_order=asked.date_order,
        mapping=_mapping(asked.mapping) if asked.mapping else (),
    )
    return known.intake.inspect(known.intake.place(_address(asked.source)), said=said)


def _counted(known: Service, asked: argparse.Namespace) -> Found:
    if asked.source:
        return known.connections.read_table(asked.engine, asked.source, asked.deleted, asked.by, asked.taken)
    if asked.engine != "database":
        raise DataError(f"The engine {asked.engine} needs a source.", allowed="a table, a file, a folder or a pattern")
    return known.connections.read_log(asked.by)


def _address(text: str) -> str:
    """Return an address, or the only file of a folder that holds one."""
    path = Path(text)
    if "://" in text or not path.is_dir():
        return text
    inside = sorted(item for item in path.iterdir() if not item.name.startswith("."))
    return str(inside[0]) if len(inside) == 1 and inside[0].is_file() else text


def _mapping(path: Path) -> tuple[tuple[str, str], ...]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = [row for row in csv.reader(stream) if row]
    except (OSError, UnicodeError, csv.Error) as error:
        raise DataError(f"{path} cannot be read as a mapping: {error}.", allowed="a CSV file (UTF-8)") from error
    strange = next((row for row in rows if len(row) != 2 or not all(row)), None)
    if strange or not rows or len(rows) > 2000:
        raise DataError(
            f"{path} is no mapping: {strange or f'{len(rows)} rows'}.",
            allowed="1 to 2,000 rows with two cells: beginning of a path, scope",
        )
    return tuple((row[0], row[1]) for row in rows)
