"""Sources that are asked where they are: an archive log in a database, tables in a lake, files too large to upload.

In:    where the archive log is (settings), or the name of a table and the engine that reads it.
Out:   `Reading` or `InventoryReading`, as from an upload; `Service.accept` stores them.
Never: opens or imports anything before it is asked to; knows SQL.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from forecast_core.errors import NotFoundError, SourceError
from forecast_core.history import Choices, Reading, read
from forecast_core.inventory import InventoryChoices, InventoryReading, read_counted
from forecast_core.schema import ARCHIVE_JOB, ARCHIVED, ARCHIVED_FILE, DELETED_FILE, FILE_LIST
from forecast_core.settings import Settings

if TYPE_CHECKING:
    from forecast_core.sources.archive_log import By
    from forecast_core.sources.engines import Engine, Relation
    from forecast_core.sources.engines.database import Database

    LogTables = tuple[Relation, Relation | None, Relation | None]  # archived files, deletions, runs of the archiver

EngineName = Literal["duckdb", "database", "spark"]


@dataclass(frozen=True)
class LogPlace:
    """Where the archive log is; `url` has its login, `state` is what the log calls a file that was archived."""

    url: str = ""
    schema: str = ""
    seconds: int = 600
    state: str = ARCHIVED

    def __repr__(self) -> str:
        """Return the place without its login."""
        return f"LogPlace(schema={self.schema!r})"

    @classmethod
    def of(cls, settings: Settings) -> LogPlace:
        """Return the place that the surroundings name."""
        return cls(
            settings.archive_log_url,
            settings.archive_log_schema,
            settings.archive_log_seconds,
            settings.archive_log_state,
        )


class Connections:
    """What can be asked where it is; safe to call from several threads, every question has its own session."""

    def __init__(self, place: LogPlace, this_month: np.datetime64) -> None:
        self._place = place
        self._this_month = this_month

    @property
    def archive_log(self) -> str:
        """The database with the archive log in words, without its login; "" where none is set."""
        if not self._place.url:
            return ""
        from forecast_core.sources.engines.database import address, said

        return said(address(self._place.url))

    def read_log(self, by: By = "site", choices: Choices | None = None) -> Reading:
        """Read the archive log of the settings; NotFoundError where none is set or it has no such table."""
        from forecast_core.sources.engines.database import database

        self._needed()
        with database(self._place.url, self._place.schema, self._place.seconds) as engine:
            archived = engine.log(ARCHIVED_FILE)
            if archived is None:
                raise NotFoundError(
                    f"{engine.where} has no archive log.",
                    allowed=f"a table or view named {', '.join((ARCHIVED_FILE.name, *ARCHIVED_FILE.aliases))}",
                    hint="Set ARCHIVE_FORECAST_ARCHIVE_LOG_SCHEMA where it is in a schema of its own.",
                )
            return self._history(engine, (archived, engine.log(DELETED_FILE), self._runs(engine)), by, choices)

    def read_table(
        self, engine: EngineName, name: str, deleted: str = "", by: By = "site", taken: str = ""
    ) -> Reading | InventoryReading:
        """Read a table, or files, as what their columns say: an archive log or a file list."""
        from forecast_core.sources.engines.counting import count_files

        with self._engine(engine) as found:
            table = found.relation(name)
            if table.looks_like(ARCHIVED_FILE):
                return self._history(found, (table, found.relation(deleted) if deleted else None, None), by, None)
            if not table.looks_like(FILE_LIST):
                needed = "path, size, modified for a file list; size, archived_at for an archive log"
                told = f"It has the columns {', '.join(list(table.columns)[:20])}."
                raise SourceError(
                    f"{table.title} is neither a file list nor an archive log.", allowed=needed, hint=told
                )
            counted = count_files(found, table, self._this_month)
        # the engine gives its memory back before the cells are checked
        reading = read_counted(counted, self._this_month, InventoryChoices(taken=taken))
        return replace(reading, origin=f"File list: {found.where}")

    @staticmethod
    def _runs(engine: Database) -> Relation | None:
        """Return the table of runs where there is one that tells when they began; nothing depends on it."""
        found = engine.log(ARCHIVE_JOB)
        return found if found and found.looks_like(ARCHIVE_JOB) else None

    def _history(self, engine: Engine, tables: LogTables, by: By, choices: Choices | None) -> Reading:
        from forecast_core.sources.archive_log import Log, read_log

        archived, deleted, runs = tables
        log = Log(archived, deleted, self._place.state, runs)
        said = choices or Choices()
        known = replace(said, frequency="observed") if said.frequency == "auto" else said  # a log knows no setting
        return read(read_log(engine, log, self._this_month, by), self._this_month, known)

    def _engine(self, name: EngineName) -> AbstractContextManager[Engine]:
        if name == "spark":
            from forecast_core.sources.engines.spark import spark

            return spark()
        if name == "duckdb":
            from forecast_core.sources.engines.duck import duck

            return duck()
        from forecast_core.sources.engines.database import database

        self._needed()
        return database(self._place.url, self._place.schema, self._place.seconds)

    def _needed(self) -> None:
        if not self._place.url:
            raise NotFoundError(
                "No archive log is set up.",
                allowed="an address of SQLAlchemy, as postgresql://user:password@host/name",
                hint="Set ARCHIVE_FORECAST_ARCHIVE_LOG_URL; the login needs SELECT and nothing else.",
            )
