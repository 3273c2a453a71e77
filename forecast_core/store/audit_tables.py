"""How the audit lies in the database: one link of a chain per act.

In:    nothing; these are declarations.
Out:   `audit`.
Never: has a column that is changed later.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text

from forecast_core.store.base import UtcTime, metadata

# `content` is the whole entry as canonical text, of which `sha256` is made; other columns repeat parts of it.
audit = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("who", String(120), nullable=False),
    Column("act", String(60), nullable=False),
    Column("before", String(64), nullable=False),
    Column("content", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Index(None, "at"),
)
