"""The door to a database by its address.

In:    an address: SQLite on a local disk, or PostgreSQL.
Out:   an SQLAlchemy `Engine` that waits for its turn and forgets nothing it has confirmed.
Never: opens SQLite on a network drive; upgrades a read to a write, which SQLite refuses without waiting.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.schema import CreateSchema

from forecast_core.errors import StoreError
from forecast_core.store.mounts import network_drive

FILE = "store.db"
WAIT_SECONDS = 15
ALLOWED = "sqlite:////folder/file.db or postgresql://user:password@host/database"


def address(folder: Path, url: str = "") -> URL:
    """Return the address that was set, or that of the file in the data folder; StoreError if it is not understood."""
    if not url:
        return URL.create("sqlite", database=str((folder / FILE).absolute()))
    try:
        found = make_url(url)
    except ArgumentError:
        raise StoreError("The address of the database cannot be read.", allowed=ALLOWED) from None
    kind = found.get_backend_name()
    if kind in ("postgresql", "postgres"):
        return found.set(drivername="postgresql+psycopg")
    if kind != "sqlite" or not found.database or found.database == ":memory:":
        raise StoreError(f"The database {kind} is not supported here.", allowed=ALLOWED)
    return found.set(drivername="sqlite")


def opened(url: URL, schema: str = "") -> Engine:
    """Return the engine of an address; nothing is connected yet. StoreError for SQLite on a network drive.

    In a `schema` of PostgreSQL nothing of another one can be seen by its name alone.
    """
    if url.get_backend_name() != "sqlite":
        where = {"options": f"-csearch_path={schema}"} if schema else {}
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": WAIT_SECONDS, **where})
    place = Path(url.database or "")
    if kind := network_drive(place):
        raise StoreError(
            f"The database is on a network drive ({kind}); SQLite would lose what is saved there.",
            allowed="a local disk, or PostgreSQL",
            hint="Set ARCHIVE_FORECAST_DATABASE_URL to a PostgreSQL database, or the data folder to a local disk.",
        )
    engine = create_engine(url, connect_args={"timeout": WAIT_SECONDS})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def make_schema(url: URL, schema: str) -> None:
    """Make a schema of a PostgreSQL database if it is not there yet; SQLite has a file of its own instead."""
    if url.get_backend_name() == "sqlite":
        return
    engine = opened(url)
    with engine.begin() as connection:
        connection.execute(CreateSchema(schema, if_not_exists=True))
    engine.dispose()


def writing(engine: Engine) -> Engine:
    """Return the engine whose transactions take the right to write at once, and wait for it if need be."""
    return engine.execution_options(begin="IMMEDIATE")


def _prepare(connection: DBAPIConnection, _: object) -> None:
    connection.isolation_level = None  # the driver would begin late and by itself
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    how = connection.get_execution_options().get("begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {how}")
