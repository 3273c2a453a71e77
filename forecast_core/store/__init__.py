"""What people keep, in SQL: one database, its migrations, transactions that lose nothing.

In:    the address of a database; rows to be remembered.
Out:   `Store` with `transaction()` and `reading()`; tables are declared on `metadata`, a module per subject.
Never: is on the path of a number; keeps SQLite on a network drive; hides why a row was not saved.
"""

from forecast_core.store import scenario_tables, watch_tables
from forecast_core.store.backup import Backup, back_up, restore
from forecast_core.store.base import UtcTime, metadata
from forecast_core.store.scenarios import Author, Comment, Content, Kept, Scenarios, Version
from forecast_core.store.store import Store
from forecast_core.store.watching import AlarmRow, ChangeRow, Delivery, Line, LinkRow, Watching

__all__ = [
    "AlarmRow",
    "Author",
    "Backup",
    "ChangeRow",
    "Comment",
    "Content",
    "Delivery",
    "Kept",
    "Line",
    "LinkRow",
    "Scenarios",
    "Store",
    "UtcTime",
    "Version",
    "Watching",
    "back_up",
    "metadata",
    "restore",
    "scenario_tables",
    "watch_tables",
]
