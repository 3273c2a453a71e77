"""What a database says when it refuses, in words for people.

In:    an error of SQLAlchemy.
Out:   `StoreError`: what happened, what is allowed, what to do; nothing was saved.
Never: shows a password.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, IntegrityError, TimeoutError

from forecast_core.errors import StoreError

LOCKED = ("Somebody else is writing and did not finish in time.", "Try again in a moment.")
FULL = ("The disk of the database is full.", "Make room on it; everything saved before is safe.")
READ_ONLY = ("The database may be read but not written.", "Give this process the right to write it.")
AWAY = ("The database cannot be reached.", "Check that it runs and that ARCHIVE_FORECAST_DATABASE_URL is right.")
BROKEN = ("The database file is damaged or is not a database.", "Restore a backup: archive-forecast store restore.")
NO_FILE = ("The database file cannot be opened.", "Check the folder's rights and ARCHIVE_FORECAST_DATA_DIR.")

SQLITE = {
    "SQLITE_BUSY": LOCKED,
    "SQLITE_LOCKED": LOCKED,
    "SQLITE_FULL": FULL,
    "SQLITE_READONLY": READ_ONLY,
    "SQLITE_CORRUPT": BROKEN,
    "SQLITE_NOTADB": BROKEN,
    "SQLITE_CANTOPEN": NO_FILE,
    "SQLITE_IOERR": ("The disk of the database does not answer as it should.", "Check the disk and its free space."),
}
POSTGRES = {
    "40": LOCKED,  # deadlock, serialisation
    "55P03": LOCKED,
    "57014": LOCKED,  # statement timeout
    "53100": FULL,
    "53300": ("The database has no free connection.", "Try again in a moment, or allow more connections."),
    "25006": READ_ONLY,
    "42501": READ_ONLY,
    "28": ("The database refuses this user.", "Check user and password in ARCHIVE_FORECAST_DATABASE_URL."),
    "3D": ("There is no such database.", "Make it, or mend ARCHIVE_FORECAST_DATABASE_URL."),
}


@contextmanager
def explained(url: URL) -> Iterator[None]:
    """Turn what the database raises into a StoreError; a broken constraint is a fault of ours and stays as it is."""
    try:
        yield
    except IntegrityError:
        raise
    except (DBAPIError, TimeoutError) as error:
        what, hint = _words(error)
        where = url.render_as_string(hide_password=True)
        raise StoreError(f"{what} ({where}) Nothing of this was saved.", hint=hint) from error


def _words(error: DBAPIError | TimeoutError) -> tuple[str, str]:
    if isinstance(error, TimeoutError):
        return LOCKED
    if isinstance(error.orig, sqlite3.Error):
        name = getattr(error.orig, "sqlite_errorname", "")
        return next((words for known, words in SQLITE.items() if name.startswith(known)), _plain(error))
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        return AWAY
    return next((words for known, words in POSTGRES.items() if str(state).startswith(known)), _plain(error))


def _plain(error: DBAPIError) -> tuple[str, str]:
    first = (str(error.orig).splitlines() or [""])[0][:200]
    return f"The database refuses: {first}.", "See the log of the database."
