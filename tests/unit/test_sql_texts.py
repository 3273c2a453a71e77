"""The SQL that is committed is the SQL that runs, and what an engine cannot say is not in it."""

from __future__ import annotations

import pytest
import sqlglot
from sqlglot import ErrorLevel, exp

from forecast_core.errors import SourceError
from forecast_core.sources.engines.database import address, said
from tests.sql_texts import DIALECTS, FOLDER, texts

TEXTS = texts()
QUERIES = ("history", "cube", "jobs")
# what SQL Server before 2022 does not know
NOT_OF_SQL_SERVER = (
    exp.DateTrunc, exp.TimestampTrunc, exp.Boolean, exp.Limit, exp.Extract, exp.Filter, exp.DPipe, exp.Array,
)  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_the_committed_text_is_what_runs(name: str) -> None:
    assert (FOLDER / name).read_text("utf-8") == TEXTS[name], "run make docs and look at the difference"


def test_nothing_else_is_committed() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(TEXTS)


@pytest.mark.parametrize("name", TEXTS)
def test_the_text_is_one_select_in_its_dialect(name: str) -> None:
    dialect = DIALECTS[name.split(".")[1]]
    found = sqlglot.parse(TEXTS[name], read=dialect, error_level=ErrorLevel.RAISE)
    assert [type(tree) for tree in found] == [exp.Select]
    assert not list(found[0].find_all(exp.Command, exp.Insert, exp.Update, exp.Delete, exp.Into))
    assert not {node.name.upper() for node in found[0].find_all(exp.Anonymous)} & {
        "TYPE_NUMBER",
        "TYPE_NAME",
        "SIZE_CLASS",
    }


@pytest.mark.parametrize("query", QUERIES)
def test_sql_server_is_asked_nothing_that_it_does_not_know(query: str) -> None:
    tree = sqlglot.parse_one(TEXTS[f"{query}.sql-server.sql"], read="tsql")
    assert [type(node).__name__ for node in tree.find_all(*NOT_OF_SQL_SERVER)] == []
    assert len(list(tree.find_all(exp.Sum, exp.Count))) >= 1
    assert all(node.args.get("big_int") for node in tree.find_all(exp.Count)), "COUNT counts in 32 bits, COUNT_BIG not"
    assert _depth(tree) <= 10, "SQL Server nests CASE ten deep"
    assert "AT TIME ZONE 'UTC'" in TEXTS[f"{query}.sql-server.sql"], "a month is one of UTC"


def test_every_engine_is_asked_the_same() -> None:
    """Take the texts back into one dialect: what is computed has the same names in the same order."""
    for query in QUERIES:
        columns = {
            tuple(sqlglot.parse_one(TEXTS[f"{query}.{title}.sql"], read=DIALECTS[title]).named_selects)
            for title in DIALECTS
        }
        assert len(columns) == 1


def test_sql_server_is_reached_by_its_own_driver() -> None:
    place = address("mssql://reader:secret@db.example/archive")
    assert place.drivername == "mssql+mssqlpython"
    assert place.get_dialect().import_dbapi().__name__ == "mssql_python", "the driver can be loaded on this machine"
    assert said(place) == "SQL Server, archive on db.example"
    assert "secret" not in said(place)


def test_an_address_that_is_none_is_refused_without_its_password() -> None:
    with pytest.raises(SourceError, match="No SQL can be written for sqlite") as refused:
        address("sqlite:///secret.db")
    assert "secret" not in str(refused.value)
    with pytest.raises(SourceError, match="cannot be read") as refused:
        address("not an address: secret")
    assert "secret" not in str(refused.value)
    assert address("postgresql://a:b@c/d").drivername == "postgresql+psycopg"


def _depth(node: exp.Expr) -> int:
    below = max((_depth(child) for child in node.iter_expressions()), default=0)
    return below + isinstance(node, exp.Case)
