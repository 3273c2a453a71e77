"""Read a monthly history and keep it as a data set."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from app.cli.screen import Screen
from app.cli.service import now, service
from forecast_core import DataError


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", type=Path, help="CSV, TSV or Excel; of a folder, its only file")
    parser.add_argument("--id-file", type=Path, metavar="FILE", help="also write the id of the data set to this file")


def run(asked: argparse.Namespace, screen: Screen) -> int:
    """Read, list every finding, keep what can be used."""
    path = _only_file(asked.file)
    known = service()
    reading = known.inspect(path.name, path.read_bytes())
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


def _only_file(path: Path) -> Path:
    inside = sorted(item for item in path.iterdir() if item.is_file()) if path.is_dir() else [path]
    if len(inside) != 1 or not inside[0].is_file():
        raise DataError(f"{path} must be one file, or a folder with one file; found {len(inside)}.")
    return inside[0]
