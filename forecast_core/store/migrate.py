"""Tables brought to the state this release expects, forwards and back.

In:    a connection inside a transaction.
Out:   the same database with every chain of revisions at its head, or at its base.
Never: leaves half a migration; touches a database that a newer release has changed.

Each subject has a chain of its own, `versions/<subject>_0001.py` onwards, so that no subject waits for another.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from forecast_core.errors import StoreError
from forecast_core.store.base import metadata

VERSION_TABLE = "archive_forecast_version"
FOLDER = Path(__file__).with_name("migrations")
# Any number of our own: two processes that start at once queue at this lock of PostgreSQL; SQLite has only one writer.
_LOCK = 7_305_511


def is_current(connection: Connection) -> bool:
    """Return whether the tables are as this release expects; StoreError where a newer release changed them."""
    known = ScriptDirectory.from_config(_config())
    standing = set(MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_heads())
    strange = standing - {script.revision for script in known.walk_revisions()}
    if strange:
        raise StoreError(
            f"The database was changed by a newer release ({', '.join(sorted(strange))}).",
            hint="Start that release, or restore the backup that was made before.",
        )
    return standing == set(known.get_heads())


def upgrade(connection: Connection) -> None:
    """Bring every chain to its head."""
    _wait_for_turn(connection)
    if not is_current(connection):
        command.upgrade(_config(connection), "heads")


def downgrade(connection: Connection) -> None:
    """Take every table away again, and what is in them."""
    _wait_for_turn(connection)
    is_current(connection)
    command.downgrade(_config(connection), "base")


def _wait_for_turn(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _config(connection: Connection | None = None) -> Config:
    given: dict[str, Any] = {
        "connection": connection,
        "target_metadata": metadata,
        "version_table": VERSION_TABLE,
        "render_as_batch": True,  # SQLite changes a column by copying its table
    }
    config = Config(attributes={"given": given})
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return config
