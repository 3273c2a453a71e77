"""What `docs/sql/` shows: the queries as each engine is asked, on tables as they are usually found."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sqlglot import exp

from forecast_core.schema import FILE_LIST
from forecast_core.sources.archive_jobs import jobs_sql
from forecast_core.sources.archive_log import Log, history_sql
from forecast_core.sources.engines import CUBE, Relation, statement

FOLDER = Path(__file__).parents[1] / "docs" / "sql"
DIALECTS = {"duckdb": "duckdb", "postgresql": "postgres", "sql-server": "tsql", "spark": "spark"}
TEXT = {"duckdb": "VARCHAR", "postgres": "TEXT", "tsql": "NVARCHAR(400)", "spark": "string"}
KEY = {"duckdb": "VARCHAR", "postgres": "UUID", "tsql": "UNIQUEIDENTIFIER", "spark": "string"}
MOMENT = {"duckdb": "TIMESTAMP", "postgres": "TIMESTAMP", "tsql": "DATETIMEOFFSET", "spark": "timestamp"}


def _table(name: str, columns: Mapping[str, str], dialect: str) -> Relation:
    schema = exp.to_identifier("dbo", quoted=True) if dialect == "tsql" else None
    return Relation(exp.table_(exp.to_identifier(name, quoted=True), db=schema), columns, name)


def texts() -> dict[str, str]:
    """Return by file name what an engine is asked."""
    found = {}
    for title, dialect in DIALECTS.items():
        text, key, moment = TEXT[dialect], KEY[dialect], MOMENT[dialect]
        keys = {"TenantId": key, "SiteId": key, "UniqueId": key}
        archived = {**keys, "Filename": text, "Size": "BIGINT", "ArchivedAt": moment, "State": text}
        deleted = {**keys, "Size": "BIGINT", "Deleted": moment}
        log = Log(_table("ArchivedFile", archived, dialect), _table("DeletedFile", deleted, dialect))
        files = _table("files", {"site": text, "path": text, "size": "BIGINT", "modified": moment}, dialect)
        cube = statement(CUBE, {FILE_LIST.name: files.bound(FILE_LIST, dialect)}, dialect, latest=202711)
        runs = _table("ArchiveJob", {"StartedAt": moment, "Status": text}, dialect)
        found[f"jobs.{title}.sql"] = jobs_sql(dialect, runs) + "\n"
        found |= {f"history.{title}.sql": history_sql(dialect, log) + "\n", f"cube.{title}.sql": cube + "\n"}
    return found
