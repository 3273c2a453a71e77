"""Which column of a table is which, and how it is read as what the queries expect.

In:    the columns that a table really has, with their types.
Out:   `Relation`, bound to a declared table as a subquery; SourceError names what is missing.
Never: writes a name into SQL as text: every name is quoted by SQLGlot.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp

from forecast_core.errors import SourceError
from forecast_core.schema import LogColumn, LogTable, plain

LONGEST_TEXT = 400
CASTS = {"text": f"VARCHAR({LONGEST_TEXT})", "whole": "BIGINT", "moment": "TIMESTAMP"}
_TYPES = {
    "text": re.compile(r"char|text|string|clob|enum", re.IGNORECASE),
    "moment": re.compile(r"timestamp|date", re.IGNORECASE),
    "whole": re.compile(r"int|num|dec|long|double|float|real|money", re.IGNORECASE),
}
FORGIVING = ("duckdb", "spark")


@dataclass(frozen=True, eq=False)
class Relation:
    """A table, view or file of an engine: how SQL names it, its columns with their types, in order."""

    source: exp.Expr
    columns: Mapping[str, str]
    title: str

    def looks_like(self, table: LogTable) -> bool:
        """Return whether every column that is needed is there."""
        return not _missing(table, self.columns)

    def has(self, table: LogTable, name: str) -> bool:
        """Return whether a declared column is there."""
        return name in matched(table, self.columns)

    def bound(self, table: LogTable, dialect: str, archived_state: str = "") -> exp.Subquery:
        """Return the table under its declared names; SourceError lists what is missing or of another type."""
        if missing := _missing(table, self.columns):
            raise SourceError(
                f"{self.title} cannot be {table.title}: {', '.join(missing)} not found.",
                allowed="; ".join(f"{item.name} ({_names(item)})" for item in table.columns if item.name in missing),
                hint=f"It has the columns {', '.join(list(self.columns)[:20])}.",
            )
        found = matched(table, self.columns)
        fields = [self._field(item, found.get(item.name), dialect, archived_state) for item in table.columns]
        return exp.select(*fields).from_(self.source).subquery(table.name)

    def nothing(self, table: LogTable) -> exp.Subquery:
        """Return a declared table without a row, where there is none."""
        fields = [exp.alias_(exp.cast(exp.null(), CASTS[item.holds]), item.name) for item in table.columns]
        return exp.select(*fields).from_(self.source).where("1 = 0").subquery(table.name)

    def _field(self, item: LogColumn, header: str | None, dialect: str, archived_state: str) -> exp.Expr:
        if header is None:
            return exp.alias_(_absent(item, archived_state), item.name)
        return exp.alias_(_read(item, header, self.columns[header], dialect, self.title), item.name)


def _absent(item: LogColumn, archived_state: str) -> exp.Expr:
    """Return what stands for a column that is not there: one scope for all, every entry archived, else unknown."""
    if item.name == "state":
        return exp.Literal.string(archived_state)
    if item.name in ("tenant", "site", "scope", "tier", "aside_because"):
        return exp.Literal.string("")
    if item.name == "version":
        return exp.Literal.number(0)
    return exp.cast(exp.null(), CASTS[item.holds])


def matched(table: LogTable, headers: Mapping[str, str]) -> dict[str, str]:
    """Return by declared column the name it has: its own before an alias, aliases in their order."""
    by_plain = {plain(header): header for header in reversed(list(headers))}
    wanted = {item.name: [plain(name) for name in (item.name, *item.aliases)] for item in table.columns}
    found = {name: next((by_plain[key] for key in keys if key in by_plain), None) for name, keys in wanted.items()}
    return {name: header for name, header in found.items() if header is not None}


def _missing(table: LogTable, headers: Mapping[str, str]) -> list[str]:
    found = matched(table, headers)
    return [item.name for item in table.columns if item.needed and item.name not in found]


def _names(item: LogColumn) -> str:
    return ", ".join((item.name, *item.aliases))


def _read(item: LogColumn, header: str, written: str, dialect: str, title: str) -> exp.Expr:
    """Return a column as text, whole number or moment; unreadable cells of text are NULL where the engine can."""
    name = exp.column(exp.to_identifier(header, quoted=True))
    kind = next((kind for kind, pattern in _TYPES.items() if pattern.search(written)), "other")
    if item.holds == "moment" and kind == "moment":
        # SQL Server takes the year of a moment with an offset as it is written; every month here is one of UTC
        with_offset = dialect == "tsql" and "offset" in written.lower()
        return exp.AtTimeZone(this=name, zone=exp.Literal.string("UTC")) if with_offset else name
    if item.holds == "text":
        return name if kind == "text" else exp.cast(name, CASTS["text"])
    if kind == "text" and dialect in FORGIVING:
        return exp.TryCast(this=name, to=exp.DataType.build(CASTS[item.holds]))
    if item.holds == "whole" and kind == "whole":
        return exp.cast(name, CASTS["whole"])
    wanted = "a date or timestamp" if item.holds == "moment" else "a whole number"
    raise SourceError(
        f"The column {header} of {title} is {written}.", allowed=wanted, hint="Offer a view of the table."
    )
