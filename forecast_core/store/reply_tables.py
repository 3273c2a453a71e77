"""How answers to writes lie in the database: one row per idempotency key.

In:    nothing; these are declarations.
Out:   `reply`.
Never: holds a question; only its digest.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text

from forecast_core.store.base import UtcTime, metadata

# `status` 0 while the first request is being answered.
reply = Table(
    "reply",
    metadata,
    Column("who", String(120), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "at"),
)
