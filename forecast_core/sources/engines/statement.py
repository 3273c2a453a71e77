"""The SQL of a question, for the engine that runs it: one text, transpiled.

In:    the name of a query in `queries/`; the tables it is asked of.
Out:   one SELECT in the dialect of the engine.
Never: knows a connection; goes on where SQLGlot cannot say a thing in that dialect.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files

import sqlglot
from sqlglot import ErrorLevel, exp

from forecast_core.schema import EMPTY_CLASS, ENDINGS, LARGEST_CLASS, class_from_bytes
from forecast_core.schema.files import OTHER

WRITTEN_IN = "duckdb"
HISTORY, CUBE, JOBS = "history", "cube", "jobs"
SLASHES = ("/", "\\")


def statement(name: str, tables: Mapping[str, exp.Subquery], dialect: str, **values: str | int) -> str:
    """Return a query over these tables in a dialect of SQLGlot; `values` by the names that the query gives them."""
    tree = _query(name).copy()
    for table in list(tree.find_all(exp.Table)):
        if table.name in tables:
            bound = tables[table.name].copy()
            bound.set("alias", exp.TableAlias(this=exp.to_identifier(table.alias_or_name)))
            table.replace(bound)
    for place in list(tree.find_all(exp.Placeholder)):
        place.replace(exp.convert(values[place.name]))
    if dialect == WRITTEN_IN:
        tree = tree.transform(_from_the_end)
    return tree.sql(dialect=dialect, pretty=True, unsupported_level=ErrorLevel.RAISE)


def _from_the_end(node: exp.Expr) -> exp.Expr:
    """Return the last characters as DuckDB finds them soonest: for RIGHT it counts the whole text first."""
    if not isinstance(node, exp.Right):
        return node
    return exp.Substring(this=node.this, start=exp.Neg(this=node.expression))


@cache
def _query(name: str) -> exp.Expr:
    text = files("forecast_core.sources.engines").joinpath("queries", f"{name}.sql").read_text("utf-8")
    return sqlglot.parse_one(text, read=WRITTEN_IN).transform(_expanded)


def _expanded(node: exp.Expr) -> exp.Expr:
    """Replace the words that no engine knows."""
    words: dict[str, Callable[..., exp.Expr]] = {
        "TYPE_NUMBER": _type_number,
        "TYPE_NAME": _type_name,
        "SIZE_CLASS": _size_class,
    }
    word = words.get(str(node.this).upper()) if isinstance(node, exp.Anonymous) else None
    return word(*(part.transform(_expanded) for part in node.expressions)) if word else node


def _type_number(six: exp.Expr, five: exp.Expr, four: exp.Expr) -> exp.Expr:
    """Return which family a file is of by the last characters of its path in lower case, as `schema.file_type` does.

    NULL for a folder. A dot that begins a name begins no ending: `.pdf` is a name. Regular expressions would say it
    shorter, and SQL Server has none. A number groups faster than a name.
    """

    def one_of(last: exp.Expr, longer: exp.Expr, endings: list[str]) -> exp.Expr:
        begins = exp.Substring(this=longer.copy(), start=exp.convert(1), length=exp.convert(1)).isin(*SLASHES)
        dotted = [f".{ending}" for ending in endings]
        return exp.and_(last.copy().isin(*dotted), longer.copy().neq(last.copy()), begins.not_())

    found = exp.Case()
    for number, endings in enumerate(ENDINGS.values()):
        short, long = ([ending for ending in endings if len(ending) == letters] for letters in (3, 4))
        ways = [one_of(four, five, short)] if short else []
        ways += [one_of(five, six, long)] if long else []
        found = found.when(exp.or_(*ways), exp.Literal.number(number))
    folder = exp.func("RIGHT", four.copy(), exp.Literal.number(1)).isin(*SLASHES)
    return found.when(folder, exp.null()).else_(exp.Literal.number(len(ENDINGS)))


def _type_name(number: exp.Expr) -> exp.Expr:
    found = exp.Case()
    for position, family in enumerate((*ENDINGS, OTHER)):
        found = found.when(number.copy().eq(position), exp.Literal.string(family))
    return found


def _size_class(size: exp.Expr) -> exp.Expr:
    """Return the class of a size: by halving, exact near powers of two where a logarithm is not."""

    def between(lower: int, upper: int) -> exp.Expr:
        if lower == upper:
            return exp.Literal.number(lower)
        middle = (lower + upper) // 2
        below = size.copy() < class_from_bytes(middle + 1)
        return exp.Case().when(below, between(lower, middle)).else_(between(middle + 1, upper))

    known = exp.Case().when(size.copy() > 0, between(0, LARGEST_CLASS))
    return known.when(size.copy().eq(0), exp.Literal.number(EMPTY_CLASS))
