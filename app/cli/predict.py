"""Answer rows of the published contract: a scope at the end of a month, its next month."""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from app import tables, wire
from app.cli.screen import Screen
from app.cli.service import declare_data, service
from forecast_core import DataError, FieldFault, Row, RowsError

NUMBERS = tuple(item.name for item in fields(Row) if item.name not in ("month", "scope"))


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    declare_data(parser)
    parser.add_argument(
        "file", type=Path, help='CSV with a header line, or JSON {"instances": [...]}; - reads the input'
    )


def run(asked: argparse.Namespace, screen: Screen) -> int:
    """Ask and print: CSV, or JSON with --json."""
    text = _text(asked.file)
    found = service(asked.tenant).rows.predict(
        asked.data, [_row(place, cells) for place, cells in enumerate(_cells(text))]
    )
    document = wire.predictions(found)
    answers = document["predictions"]
    screen.result(document, tables.to_csv({name: [row[name] for row in answers] for name in answers[0]}).rstrip())
    for note in found.notes:
        screen.note(note)
    return 0


def _text(file: Path) -> str:
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{file} cannot be read: {error}.", allowed="a text file in UTF-8") from error


def _cells(text: str) -> list[Mapping[str, Any]]:
    if text.lstrip().startswith("{"):
        try:
            return list(json.loads(text)["instances"])
        except (ValueError, KeyError, TypeError) as error:
            raise RowsError(FieldFault(0, "instances", str(error), 'JSON as {"instances": [{"month": …}]}')) from error
    return list(csv.DictReader(io.StringIO(text, newline="")))


def _row(place: int, cells: Mapping[str, Any]) -> Row:
    values: dict[str, Any] = {"month": str(cells.get("month", ""))[:7], "scope": str(cells.get("scope") or "")}
    for name in NUMBERS:
        try:
            values[name] = float(cells[name])
        except (KeyError, TypeError, ValueError):
            raise RowsError(FieldFault(place, name, repr(cells.get(name)), "a number")) from None
    return Row(**values)
