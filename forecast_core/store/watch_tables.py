"""How the kept score and the alarms lie in the database.

In:    nothing; these are declarations.
Out:   `link`, `journal`, `alarm`, `change`, `delivery`.
Never: changes a link or a line of the journal; a revision is another line.

`subject` is the name of a data set: next month's upload is another data set of the same name.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from forecast_core.store.base import UtcTime, metadata

# What was said, one chain for the whole database: `before` is the sum of the link before.
link = Table(
    "watch_link",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("subject", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("ref", String(300), nullable=False),
    Column("before", String(64), nullable=False),
    Column("content", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    UniqueConstraint("subject", "kind", "ref"),
)

# Actuals, invoices, feedback, rounds, replays of the frozen questions.
journal = Table(
    "watch_journal",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subject", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("ref", String(300), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("by", String(120), nullable=False),
    Column("body", JSON, nullable=False),
    UniqueConstraint("subject", "kind", "ref"),
)

alarm = Table(
    "watch_alarm",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subject", String(200), nullable=False),
    Column("key", String(400), nullable=False),
    Column("since", String(7), nullable=False),
    Column("state", String(20), nullable=False),
    Column("edition", Integer, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("body", JSON, nullable=False),
    UniqueConstraint("subject", "key", "since"),
    Index(None, "subject", "state"),
)

# What is to be told, once per channel; `id` is the same whenever the same change is found again.
change = Table(
    "watch_change",
    metadata,
    Column("subject", String(200), nullable=False),
    Column("id", String(600), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("body", JSON, nullable=False),
    PrimaryKeyConstraint("subject", "id"),
)

# `state` waiting, sending, sent, failed or unsure: one that may have arrived is not sent again.
delivery = Table(
    "watch_delivery",
    metadata,
    Column("subject", String(200), nullable=False),
    Column("change_id", String(600), nullable=False),
    Column("channel", String(40), nullable=False),
    Column("state", String(20), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_at", UtcTime, nullable=False),
    Column("said", Text, nullable=False),
    PrimaryKeyConstraint("subject", "change_id", "channel"),
    ForeignKeyConstraint(["subject", "change_id"], ["watch_change.subject", "watch_change.id"]),
)
