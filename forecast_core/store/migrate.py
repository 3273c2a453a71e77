"""Tables brought to the state this release expects, forwards and back.

In:    a connection inside a transaction.
Out:   the same database with every chain of revisions at its head, or at its base.
Never: leaves half a migration; touches a database that a newer release has changed.

Each subject has a chain of its own, `versions/<subject>_0001.py` onwards, so that no subject waits for another.
"""

from __future__ import annotations

from collections.abc import Collection
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


def heads(connection: Connection) -> frozenset[str]:
    """Return the revisions that the tables stand at."""
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    return frozenset(context.get_current_heads())


def is_current(connection: Connection) -> bool:
    """Return whether the tables are as this release expects; StoreError where a newer release changed them."""
    return known(heads(connection)) == set(ScriptDirectory.from_config(_config()).get_heads())


def known(revisions: Collection[str]) -> set[str]:
    """Return the revisions; StoreError if this release does not know them all."""
    scripts = ScriptDirectory.from_config(_config()).walk_revisions()
    strange = set(revisions) - {script.revision for script in scripts}
    if strange:
        raise StoreError(
            f"The database was changed by a newer release ({', '.join(sorted(strange))}).",
            hint="Start that release, or restore the backup that was made before.",
        )
    return set(revisions)


def upgrade(connection: Connection, goals: Collection[str] = ("heads",)) -> None:
    """Bring every chain to its head, or chains to the revisions that are named."""
    _wait_for_turn(connection)
    if goals != ("heads",):
        known(goals)
    elif is_current(connection):
        return
    for goal in goals:
        command.upgrade(_config(connection), goal)


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
