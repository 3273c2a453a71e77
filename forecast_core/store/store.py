"""The database as the rest of the product sees it: read, or change all or nothing.

In:    an address.
Out:   connections inside a transaction, on tables of this release.
Never: connects before somebody asks; saves half of what was asked.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from sqlalchemy import URL, Connection, Engine

from forecast_core.errors import StoreError
from forecast_core.store import migrate
from forecast_core.store.engine import address, make_schema, opened, writing
from forecast_core.store.faults import explained

log = logging.getLogger(__name__)


class Store:
    """One database; safe to use from several threads and processes."""

    def __init__(self, url: URL, schema: str = "") -> None:
        self.url, self._schema = url, schema
        self._starting = threading.Lock()
        self._is_ready = False

    @classmethod
    def at(cls, folder: Path, url: str = "", schema: str = "") -> Store:
        """Return the database of an address, or a schema of it; without one, SQLite in the data folder."""
        return cls(address(folder, url), schema)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Change rows: everything inside is saved at the end, or nothing.

        StoreError says why the database refused; any other error also takes everything back.
        """
        self._start()
        with explained(self.url), writing(self._engine).begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read rows as they stand at one moment; never waits for a writer."""
        self._start()
        with explained(self.url), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Read many tables as they stand at one moment; SQLite reads so anyway."""
        self._start()
        engine = self._engine
        if engine.dialect.name == "postgresql":
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with explained(self.url), engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    @cached_property
    def _engine(self) -> Engine:
        return opened(self.url, self._schema)

    def _start(self) -> None:
        """Bring the tables up to date, once per process; reading alone needs no right to write."""
        with self._starting:
            if self._is_ready:
                return
            with explained(self.url):
                self._make_folder()
                if self._schema:
                    make_schema(self.url, self._schema)
                with self._engine.begin() as connection:
                    current = migrate.is_current(connection)
                if not current:
                    with writing(self._engine).begin() as connection:
                        migrate.upgrade(connection)
            self._is_ready = True

    def _make_folder(self) -> None:
        if self.url.get_backend_name() != "sqlite":
            return
        folder = Path(self.url.database or "").parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            log.warning("the folder %s cannot be made: %s", folder, error.strerror)
            hint = "Check the rights of ARCHIVE_FORECAST_DATA_DIR; the log names the folder."
            raise StoreError(f"The folder of the database cannot be made: {error.strerror}.", hint=hint) from error
