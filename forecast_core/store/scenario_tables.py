"""How scenarios lie in the database: one row each, a row per version, comments.

In:    nothing; these are declarations.
Out:   `scenario`, `version`, `comment`.
Never: loses a version: what was saved once stays as it was.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    false,
)

from forecast_core.store.base import UtcTime, metadata

# `edition` counts every change of the row, `current` the versions of its content; a change names the edition it saw.
scenario = Table(
    "scenario",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("dataset_id", String(40), nullable=False),
    Column("scope", String(200), nullable=False),
    Column("current", Integer, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("created_by", String(120), nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("changed_by", String(120), nullable=False),
    Column("locked", Boolean, nullable=False, server_default=false()),
    Column("archived", Boolean, nullable=False, server_default=false()),
    Column("decided", Integer),  # the version that was decided on
    Column("decided_at", UtcTime),
    Column("decided_by", String(120)),
    Column("deleted_at", UtcTime),
    Index(None, "dataset_id"),
)

# `link` is the whole question as a versioned query, `frozen` what was answered then and with what.
version = Table(
    "scenario_version",
    metadata,
    Column("scenario_id", ForeignKey("scenario.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("saved_at", UtcTime, nullable=False),
    Column("saved_by", String(120), nullable=False),
    Column("note", Text, nullable=False),
    Column("digest", String(12), nullable=False),
    Column("link", Text, nullable=False),
    Column("frozen", JSON, nullable=False),
)

comment = Table(
    "scenario_comment",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("scenario_id", String(12), nullable=False),
    Column("number", Integer, nullable=False),
    Column("said_at", UtcTime, nullable=False),
    Column("said_by", String(120), nullable=False),
    Column("said", Text, nullable=False),
    Column("deleted_at", UtcTime),
    ForeignKeyConstraint(["scenario_id", "number"], ["scenario_version.scenario_id", "scenario_version.number"]),
    Index(None, "scenario_id"),
)
