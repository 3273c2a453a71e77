"""How accounts, sessions and API keys lie in the database.

In:    nothing; these are declarations.
Out:   `account`, `session`, `api_key`.
Never: holds a password, a key or a cookie; only what they are checked against.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table

from forecast_core.store.base import UtcTime, metadata

account = Table(
    "account",
    metadata,
    Column("name", String(120), primary_key=True),
    Column("password", String(200), nullable=False),  # Argon2id, with its salt
    Column("role", String(20), nullable=False),
    Column("tenant", String(80), nullable=False),
    Column("edition", Integer, nullable=False),  # counts changes of password, role and tenant: older sessions end
    Column("made_at", UtcTime, nullable=False),
    Column("made_by", String(120), nullable=False),
    Column("ended_at", UtcTime),
)

# `digest` is the SHA-256 of the cookie; `kind` local or oidc. Role and tenant of a local one are its account's.
session = Table(
    "session",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("name", String(120), nullable=False),
    Column("role", String(20), nullable=False),
    Column("tenant", String(80), nullable=False),
    Column("edition", Integer, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Index(None, "name"),
)

# `digest` is the HMAC of the whole key under the installation's secret.
api_key = Table(
    "api_key",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("title", String(120), nullable=False),
    Column("role", String(20), nullable=False),
    Column("tenant", String(80), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("made_by", String(120), nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("used_at", UtcTime),
)
