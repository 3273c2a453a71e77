"""What people keep, in SQL: one database, its migrations, transactions that lose nothing.

In:    the address of a database; rows to be remembered.
Out:   `Store` with `transaction()` and `reading()`; tables are declared on `metadata`, a module per subject.
Never: is on the path of a number; keeps SQLite on a network drive; hides why a row was not saved.
"""

from forecast_core.store import access_tables, audit_tables, reply_tables, scenario_tables, watch_tables
from forecast_core.store.access import Access, Account, ApiKey, Session
from forecast_core.store.auditing import Auditing, AuditRow
from forecast_core.store.backup import Backup, back_up, restore
from forecast_core.store.base import UtcTime, metadata
from forecast_core.store.replies import Replies, Reply, Ticket
from forecast_core.store.scenarios import Author, Comment, Content, Kept, Scenarios, Version
from forecast_core.store.store import Store
from forecast_core.store.watching import AlarmRow, ChangeRow, Delivery, Line, LinkRow, Watching

__all__ = [
    "Access",
    "Account",
    "AlarmRow",
    "ApiKey",
    "AuditRow",
    "Auditing",
    "Author",
    "Backup",
    "ChangeRow",
    "Comment",
    "Content",
    "Delivery",
    "Kept",
    "Line",
    "LinkRow",
    "Replies",
    "Reply",
    "Scenarios",
    "Session",
    "Store",
    "Ticket",
    "UtcTime",
    "Version",
    "Watching",
    "access_tables",
    "audit_tables",
    "back_up",
    "metadata",
    "reply_tables",
    "restore",
    "scenario_tables",
    "watch_tables",
]
