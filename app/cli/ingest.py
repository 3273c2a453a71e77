"""Read a monthly history, an archive log or a file list and keep it as a data set."""

from __future__ import annotations

import argparse
from dataclasses import asdict, replace
from pathlib import Path

from app.cli.screen import Screen
from app.cli.service import now, service
from forecast_core import DataError, InventoryReading, Reading, Service


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = (
        "Without an engine the source is a monthly history in one file. An engine counts where the rows are: duckdb in "
        "Parquet or CSV files here, database in the one of ARCHIVE_FORECAST_ARCHIVE_LOG_URL, spark on the cluster that "
        "this runs on. Its columns say whether a source is an archive log or a file list."
    )
    history = "CSV, TSV or Excel; of a folder, its only file. With an engine: a table, a file, a folder or a pattern"
    parser.add_argument("source", nargs="?", default="", help=history)
    parser.add_argument("--engine", choices=("duckdb", "database", "spark"), help="what counts a source of any size")
    parser.add_argument("--deleted", default="", metavar="SOURCE", help="the log of deletions beside an archive log")
    parser.add_argument("--by", choices=("site", "tenant"), default="site", help="what is a scope of an archive log")
    parser.add_argument(
        "--taken", default="", metavar="MONTH", help="month at whose end a file list stood so (2027-03)"
    )
    parser.add_argument("--name", default="", help="name of the data set")
    parser.add_argument("--id-file", type=Path, metavar="FILE", help="also write the id of the data set to this file")


def run(asked: argparse.Namespace, screen: Screen) -> int:
    """Read, list every finding, keep what can be used."""
    known = service()
    reading = _read(known, asked)
    if asked.name:
        reading = replace(reading, name=asked.name)
    for issue in reading.issues:
        screen.note(f"{issue.severity.name.lower()}: {issue.what}" + (f" ({issue.hint})" if issue.hint else ""))
    info = known.accept(reading, now())
    if asked.id_file:
        asked.id_file.parent.mkdir(parents=True, exist_ok=True)
        asked.id_file.write_text(info.id, encoding="utf-8")
    found = {"dataset": info.id, "rows": reading.rows_used, "set_aside": reading.rows_set_aside}
    issues = [asdict(issue) | {"severity": issue.severity.name.lower()} for issue in reading.issues]
    screen.result({**found, "issues": issues}, f"{info.id}: {reading.rows_used} rows kept of {reading.rows_in}.")
    return 0


def _read(known: Service, asked: argparse.Namespace) -> Reading | InventoryReading:
    if not asked.engine:
        path = _only_file(Path(asked.source or "."))
        return known.inspect(path.name, path.read_bytes())
    if asked.source:
        return known.connections.read_table(asked.engine, asked.source, asked.deleted, asked.by, asked.taken)
    if asked.engine != "database":
        raise DataError(f"The engine {asked.engine} needs a source.", allowed="a table, a file, a folder or a pattern")
    return known.connections.read_log(asked.by)


def _only_file(path: Path) -> Path:
    inside = sorted(item for item in path.iterdir() if item.is_file()) if path.is_dir() else [path]
    if len(inside) != 1 or not inside[0].is_file():
        raise DataError(f"{path} must be one file, or a folder with one file; found {len(inside)}.")
    return inside[0]
