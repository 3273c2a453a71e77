"""A database by its SQLAlchemy address: PostgreSQL, SQL Server, or any other that SQLGlot can write for.

In:    an address with its login, a schema, how long a statement may take.
Out:   `Relation`; the rows of a query that ran inside the database.
Never: writes, not even by accident: the session is told that it may only read, and is rolled back; shows a password.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pandas as pd
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, NoSuchTableError, SQLAlchemyError
from sqlglot import exp

from forecast_core.errors import SourceError
from forecast_core.schema import LogTable, plain
from forecast_core.sources.engines.answer import MOST_ROWS, few
from forecast_core.sources.engines.relation import Relation

CONNECT_SECONDS = 15
ALLOWED = "postgresql://user:password@host/name, mssql://user:password@host/name, or another address of SQLAlchemy"
DRIVERS = {"postgresql": "postgresql+psycopg", "mssql": "mssql+mssqlpython"}
DIALECTS = {"postgresql": "postgres", "mssql": "tsql", "mysql": "mysql", "mariadb": "mysql", "oracle": "oracle"}
DIALECTS |= {name: name for name in ("databricks", "redshift", "snowflake", "trino")}
TITLES = {"postgresql": "PostgreSQL", "mssql": "SQL Server", "mysql": "MySQL", "mariadb": "MariaDB"}

# What a session is told before the first question; {ms} is how long a statement may take.
MANNERS: dict[str, tuple[str, ...]] = {
    "postgresql": (
        "SET default_transaction_read_only = on",
        "SET statement_timeout = {ms}",
        "SET TimeZone = 'UTC'",
    ),
    "mysql": (
        "SET SESSION TRANSACTION READ ONLY",
        "SET SESSION max_execution_time = {ms}",
        "SET SESSION time_zone = '+00:00'",
    ),
    "mariadb": (
        "SET SESSION TRANSACTION READ ONLY",
        "SET SESSION max_statement_time = {seconds}",
        "SET SESSION time_zone = '+00:00'",
    ),
    # a session of SQL Server cannot give up the right to write: the login must be one that has none
    "mssql": ("SET LOCK_TIMEOUT {ms}", "SET TRANSACTION ISOLATION LEVEL READ COMMITTED"),
}


class Database:
    """An engine that runs a question where the rows are."""

    def __init__(self, connection: Connection, where: str, schema: str) -> None:
        self._connection = connection
        self._schema = schema or None
        self.where = where
        self.dialect = DIALECTS[connection.dialect.name]

    def relation(self, name: str) -> Relation:
        """Return a table or view by its name, whatever its case; SourceError where there is none."""
        return self._relation(self._named((name,)) or name)

    def log(self, table: LogTable) -> Relation | None:
        """Return the table that has a name this log is known by, None where there is none."""
        found = self._named((table.name, *table.aliases))
        return self._relation(found) if found else None

    def rows(self, sql: str) -> pd.DataFrame:
        """Return the rows of a query."""
        with _explained(self.where):
            found = self._connection.execute(text(sql.replace(":", r"\:")))
            return few(pd.DataFrame(found.fetchmany(MOST_ROWS + 1), columns=list(found.keys())))

    def _named(self, names: tuple[str, ...]) -> str | None:
        with _explained(self.where):
            known = inspect(self._connection)
            there = (*known.get_table_names(self._schema), *known.get_view_names(self._schema))
        by_plain = {plain(name): name for name in there}
        exact = next((name for name in names if name in there), None)
        return exact or next((by_plain[plain(name)] for name in names if plain(name) in by_plain), None)

    def _relation(self, name: str) -> Relation:
        with _explained(self.where):
            columns = inspect(self._connection).get_columns(name, self._schema)
        source = exp.table_(exp.to_identifier(name, quoted=True), db=self._db())
        return Relation(source, {item["name"]: _written(item["type"]) for item in columns}, name)

    def _db(self) -> exp.Identifier | None:
        return exp.to_identifier(self._schema, quoted=True) if self._schema else None


@contextmanager
def database(url: str, schema: str = "", seconds: int = 600) -> Iterator[Database]:
    """Open a database for reading; SourceError if the address is not understood or nobody answers."""
    place = address(url)
    where = said(place)
    engine = _engine(place, seconds)
    try:
        with _explained(where):
            connection = engine.connect()
        with connection:
            yield Database(connection, where, schema)
            connection.rollback()
    finally:
        engine.dispose()


def address(url: str) -> URL:
    """Return an address with the driver that is used for it; SourceError if it is not understood."""
    try:
        place = make_url(url)
    except ArgumentError:
        raise SourceError("The address of the archive log cannot be read.", allowed=ALLOWED) from None
    kind = place.get_backend_name()
    if kind not in DIALECTS:
        raise SourceError(f"No SQL can be written for {kind}.", allowed=", ".join(sorted(DIALECTS)))
    plain_name = place.drivername in (kind, "postgres")
    return place.set(drivername=DRIVERS[kind]) if plain_name and kind in DRIVERS else place


def said(place: URL) -> str:
    """Return a database in words: `PostgreSQL, archive on db.example`; never its login."""
    kind = place.get_backend_name()
    return f"{TITLES.get(kind, kind)}, {place.database or 'its default database'} on {place.host or 'this machine'}"


def _engine(place: URL, seconds: int) -> Engine:
    kind = place.get_backend_name()
    connect = {"postgresql": {"connect_timeout": CONNECT_SECONDS}, "mssql": {"timeout": seconds}}.get(kind, {})
    try:
        engine = create_engine(place, connect_args=connect)
    except (NoSuchModuleError, ImportError):
        hint = "pip install archive-forecast[sqlserver]" if kind == "mssql" else f"Install the driver of {kind}."
        raise SourceError(f"The driver of {TITLES.get(kind, kind)} is not installed.", hint=hint) from None

    def prepare(connection: DBAPIConnection, _: object) -> None:
        cursor = connection.cursor()
        for sentence in MANNERS.get(kind, ()):
            cursor.execute(sentence.format(ms=1000 * seconds, seconds=seconds))
        cursor.close()
        connection.commit()

    event.listen(engine, "connect", prepare)
    return engine


def _written(kind: object) -> str:
    """Return a type as SQL writes it; one that only its own database knows keeps its name."""
    try:
        return str(kind)
    except SQLAlchemyError:
        return type(kind).__name__


@contextmanager
def _explained(where: str) -> Iterator[None]:
    try:
        yield
    except NoSuchTableError as error:
        hint = "Check the name, and ARCHIVE_FORECAST_ARCHIVE_LOG_SCHEMA."
        raise SourceError(f"{where} has no table {error}.", hint=hint) from error
    except DBAPIError as error:
        raise SourceError(_words(where, error), hint=_hint(error)) from error


def _words(where: str, error: DBAPIError) -> str:
    state = str(getattr(error.orig, "sqlstate", "") or "")
    if state == "57014":
        return f"{where} did not answer in time."
    first = (str(error.orig).splitlines() or [""])[0][:200]
    return f"{where} refuses: {first}"


def _hint(error: DBAPIError) -> str:
    state = str(getattr(error.orig, "sqlstate", "") or "")
    if state == "57014":
        return "Allow more by ARCHIVE_FORECAST_ARCHIVE_LOG_SECONDS, or give the log an index on the date."
    return "Check ARCHIVE_FORECAST_ARCHIVE_LOG_URL and the rights of its login: it needs SELECT, nothing else."
