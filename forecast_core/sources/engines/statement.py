"""The SQL of a question, for the engine that runs it: one text, transpiled.

In:    the name of a query in `queries/`; the tables it is asked of.
Out:   one SELECT in the dialect of the engine.
Never: knows a connection; goes on where SQLGlot cannot say a thing in that dialect.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import sqlglot
from sqlglot import ErrorLevel, exp

from forecast_core.schema import EMPTY_CLASS, ENDINGS, LARGEST_CLASS, class_from_bytes
from forecast_core.schema.files import OTHER

WRITTEN_IN = "duckdb"
HISTORY, CUBE = "history", "cube"
ARCHIVED = "Archived"
SLASHES = ("/", "\\")


def statement(name: str, tables: Mapping[str, exp.Subquery], dialect: str, archived_state: str = ARCHIVED) -> str:
    """Return a query over these tables in a dialect of SQLGlot."""
    tree = _query(name).copy()
    for table in list(tree.find_all(exp.Table)):
        if table.name in tables:
            bound = tables[table.name].copy()
            bound.set("alias", exp.TableAlias(this=exp.to_identifier(table.alias_or_name)))
            table.replace(bound)
    for literal in list(tree.find_all(exp.Literal)):
        if literal.is_string and literal.this == ARCHIVED:
            literal.replace(exp.Literal.string(archived_state))
    return tree.sql(dialect=dialect, pretty=True, unsupported_level=ErrorLevel.RAISE)


@cache
def _query(name: str) -> exp.Expr:
    text = files("forecast_core.sources.engines").joinpath("queries", f"{name}.sql").read_text("utf-8")
    return sqlglot.parse_one(text, read=WRITTEN_IN).transform(_expanded)


def _expanded(node: exp.Expr) -> exp.Expr:
    """Replace the two words that no engine knows."""
    if isinstance(node, exp.Anonymous) and str(node.this).upper() == "ENDING":
        return _ending(node.expressions[0])
    if isinstance(node, exp.Anonymous) and str(node.this).upper() == "FILE_TYPE":
        return _file_type(node.expressions[0])
    if isinstance(node, exp.Anonymous) and str(node.this).upper() == "SIZE_FROM_BYTES":
        return _size_from_bytes(node.expressions[0])
    return node


def _ending(tail: exp.Expr) -> exp.Expr:
    """Return the three or four letters behind the last dot, of the last six letters of a path in lower case.

    A dot that begins the name, or the whole path, begins no ending: `.pdf` is a name.
    """

    def at(place: int) -> exp.Expr:
        return exp.func("LEFT", exp.func("RIGHT", tail.copy(), exp.Literal.number(place)), exp.Literal.number(1))

    found = exp.Case()
    for letters in (3, 4):
        inside = exp.func("LENGTH", tail.copy()) > letters + 1
        named = at(letters + 2).isin(*SLASHES).not_()
        ends = exp.func("RIGHT", tail.copy(), exp.Literal.number(letters))
        found = found.when(exp.and_(at(letters + 1).eq("."), inside, named), ends)
    return found


def _file_type(ending: exp.Expr) -> exp.Expr:
    """Return the family of an ending, as `schema.file_type` does."""
    found = exp.Case()
    for family, endings in ENDINGS.items():
        found = found.when(ending.copy().isin(*endings), exp.Literal.string(family))
    return found.else_(exp.Literal.string(OTHER))


def _size_from_bytes(size: exp.Expr) -> exp.Expr:
    """Return the smallest size of the class: by halving, exact near powers of two where a logarithm is not."""

    def between(lower: int, upper: int) -> exp.Expr:
        if lower == upper:
            return exp.cast(exp.Literal.number(class_from_bytes(lower)), "BIGINT")
        middle = (lower + upper) // 2
        below = size.copy() < class_from_bytes(middle + 1)
        return exp.Case().when(below, between(lower, middle)).else_(between(middle + 1, upper))

    nothing = exp.cast(exp.Literal.number(class_from_bytes(EMPTY_CLASS)), "BIGINT")
    known = exp.Case().when(size.copy() > 0, between(0, LARGEST_CLASS))
    return known.when(size.copy().eq(0), nothing)
