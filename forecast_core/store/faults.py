"""What a database says when it refuses, in words for people.

In:    an error of SQLAlchemy.
Out:   `StoreError`: what happened, what to do; nothing was saved. Where the database is stands in the log.
Never: tells who asks where the database is; writes a password into the log.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL
from sqlalchemy.exc import DataError as OddValueError
from sqlalchemy.exc import DBAPIError, IntegrityError, TimeoutError

from forecast_core.errors import DataError, StoreError

log = logging.getLogger(__name__)

LOCKED = ("Somebody else is writing and did not finish in time.", "Try again in a moment.")
FULL = ("The disk of the database is full.", "Make room on it; everything saved before is safe.")
READ_ONLY = ("The database may be read but not written.", "Give this process the right to write it.")
AWAY = ("The database cannot be reached.", "Check that it runs and that ARCHIVE_FORECAST_DATABASE_URL is right.")
BROKEN = ("The database file is damaged or is not a database.", "Restore a backup: archive-forecast store restore.")
OTHER = ("The database refuses.", "The log says why.")
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
    except OddValueError as error:
        hint = "Leave out letters that cannot be seen."
        raise DataError("The database cannot keep this text. Nothing was saved.", hint=hint) from error
    except (DBAPIError, TimeoutError) as error:
        what, hint = _words(error)
        first = (str(getattr(error, "orig", error)).splitlines() or [""])[0][:200]
        log.warning("%s %s: %s", what, url.render_as_string(hide_password=True), first)
        raise StoreError(f"{what} Nothing of this was saved.", hint=hint) from error


def _words(error: DBAPIError | TimeoutError) -> tuple[str, str]:
    if isinstance(error, TimeoutError):
        return LOCKED
    if isinstance(error.orig, sqlite3.Error):
        name = getattr(error.orig, "sqlite_errorname", "")
        return next((words for known, words in SQLITE.items() if name.startswith(known)), OTHER)
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        return AWAY
    return next((words for known, words in POSTGRES.items() if str(state).startswith(known)), OTHER)
