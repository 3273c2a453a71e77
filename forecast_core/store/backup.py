"""The whole database in one file, and back: from and to SQLite and PostgreSQL alike.

In:    a `Store`; a path.
Out:   a ZIP with a file of rows per table and `about.json`: the revisions, the counts, when.
Never: reads half of a change that is going on; puts back a file that is cut short; leaves a half-restored database.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, DateTime, MetaData, Table, func, insert, select, text

from forecast_core.errors import SourceError, StoreError
from forecast_core.store import migrate
from forecast_core.store.store import Store

FORMAT = 1
ABOUT = "about.json"


@dataclass(frozen=True)
class Backup:
    """What a backup holds: `heads` the revisions of its tables, `rows` by table."""

    made_at: str
    heads: tuple[str, ...]
    rows: Mapping[str, int]


def back_up(store: Store, target: Path, now: str) -> Backup:
    """Write a backup, whole or not at all; `now` is an ISO time. SourceError where the file cannot be written."""
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with store.snapshot() as connection, zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED) as archive:
            tables = _tables(connection)
            counts = {table.name: _write(connection, archive, table) for table in tables}
            made = Backup(now, tuple(sorted(migrate.heads(connection))), counts)
            archive.writestr(ABOUT, json.dumps({"format": FORMAT, **vars(made)}))
        os.replace(aside, target)
    except OSError as error:
        raise SourceError(f"{target} cannot be written: {error.strerror}.", hint="Choose another place.") from error
    finally:
        aside.unlink(missing_ok=True)
    return made


def restore(store: Store, source: Path, *, replace: bool = False) -> Backup:
    """Put a backup back, whole or not at all; StoreError where there is something already and it may not be replaced.

    An older backup is put back into the tables it was made of, which are then brought up to date.
    """
    made, rows = _open(source)
    with store.transaction() as connection:
        if not replace and any(_count(connection, table) for table in _tables(connection)):
            raise StoreError("There is something in this database already.", hint="Add --replace to put it away.")
        migrate.downgrade(connection)
        migrate.upgrade(connection, made.heads)
        for table in _tables(connection):
            found = [_typed(table, row) for row in rows.get(table.name, [])]
            if found:
                connection.execute(insert(table), found)
            _count_on(connection, table)
        migrate.upgrade(connection)
    return made


def _tables(connection: Connection) -> list[Table]:
    """Return the tables that are there, those that others refer to first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != migrate.VERSION_TABLE]


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _write(connection: Connection, archive: zipfile.ZipFile, table: Table) -> int:
    count = 0
    with archive.open(f"{table.name}.jsonl", "w") as stream:
        for row in connection.execute(select(table)).mappings():
            stream.write(json.dumps({name: _plain(value) for name, value in row.items()}).encode() + b"\n")
            count += 1
    return count


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _typed(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as its columns want it."""
    moments = {column.name for column in table.columns if isinstance(column.type, DateTime)}
    return {name: _moment(value) if name in moments and value else value for name, value in row.items()}


def _moment(value: str) -> datetime:
    """SQLite forgets the zone; it is UTC."""
    found = datetime.fromisoformat(value)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _count_on(connection: Connection, table: Table) -> None:
    """Let PostgreSQL number new rows after the highest one put back; SQLite does so by itself."""
    keys = [column for column in table.primary_key if column.autoincrement and column.type.python_type is int]
    if connection.dialect.name != "postgresql" or len(table.primary_key) != 1 or not keys:
        return
    sequence = text("SELECT pg_get_serial_sequence(:table, :column)")
    name = connection.execute(sequence, {"table": table.name, "column": keys[0].name}).scalar_one()
    if name:
        highest = connection.execute(select(func.coalesce(func.max(keys[0]), 0))).scalar_one()
        connection.execute(select(func.setval(name, highest + 1, False)))


def _open(source: Path) -> tuple[Backup, dict[str, list[dict[str, Any]]]]:
    try:
        with zipfile.ZipFile(source) as archive:
            about = json.loads(archive.read(ABOUT))
            if about.pop("format") != FORMAT:
                raise ValueError("another format")
            made = Backup(about["made_at"], tuple(about["heads"]), about["rows"])
            rows = {name: list(_lines(archive.read(f"{name}.jsonl"))) for name in made.rows}
    except (OSError, zipfile.BadZipFile, ValueError, KeyError, TypeError) as error:
        raise SourceError(f"{source} is not a backup of this product, or is damaged: {error}.") from error
    if {name: len(found) for name, found in rows.items()} != dict(made.rows):
        raise SourceError(f"{source} is cut short.", hint="Take another backup.")
    return made, rows


def _lines(content: bytes) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in content.splitlines())
