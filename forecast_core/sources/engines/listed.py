"""A list of files as the table that a cube is counted from: a stream of its rows, read by DuckDB as they come.

In:    a `Listing`; what the user says about it.
Out:   `Listed`: cells, what was set aside by reason, what the rows say about dates and sizes.
Never: holds the list, keeps a name, repairs a value, or says what a cell is: `queries/cube.sql` does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from sqlglot import exp

from forecast_core.errors import ForecastError, SourceError
from forecast_core.schema import FILE_LIST, CountedFiles, SetAside
from forecast_core.sources.engines import texts as sql
from forecast_core.sources.engines.counting import ONE_SCOPE, count_files
from forecast_core.sources.engines.duck import Duck, duck
from forecast_core.sources.engines.relation import Relation
from forecast_core.sources.listing import FILE_BITS, ROW, Listing, NotUtf8Error, Tally

SAMPLE_BATCHES = 2
RANKED = frozenset({"version_id", "is_current", "snapshot", "not_current"})
CONTENTS = frozenset({"content_id", "compressed"})
TYPES = {"text": "VARCHAR", "whole": "BIGINT", "moment": "DATE"}
SHOWN = {"size": "size", "modified": "modified", "impossible": "modified"}
LONGEST_SHOWN = 60


@dataclass(frozen=True)
class Wanted:
    """How a list is to be counted; `date_order` is "auto", "dmy" or "mdy", `folders` levels that make a scope."""

    this_month: np.datetime64
    date_order: str = "auto"
    folders: int = 0
    mapping: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Votes:
    """What all rows together say about dates and sizes."""

    day_first: int = 0
    month_first: int = 0
    either: int = 0
    comma: int = 0
    point: int = 0
    sized: int = 0

    @property
    def order(self) -> str:
        """Return "dmy" or "mdy", "" where nothing decides."""
        if self.day_first == self.month_first:
            return ""
        return "dmy" if self.day_first > self.month_first else "mdy"


@dataclass(frozen=True, eq=False)
class Listed:
    """A list that was counted; `order` is that of its dates, "" where nobody knows it."""

    counted: CountedFiles
    listing: Listing
    votes: Votes
    order: str
    tally: Tally


@dataclass
class _Stream:
    """The rows on their way into DuckDB; keeps the error that DuckDB would only quote."""

    engine: Duck
    listing: Listing
    schema: pa.Schema
    tally: Tally = field(default_factory=Tally)
    error: Exception | None = None

    def ask(self, query: str) -> list[Any]:
        """Return the rows of a query over `batches`; the stream's own error where it broke off."""
        self.start()
        try:
            return self.engine.connection.execute(query).fetchall()
        except duckdb.Error as error:
            raise self.error or error from error

    def start(self) -> None:
        """Let `batches` be the rows from the first one on; they can be read once."""
        self.tally = Tally()
        reader = pa.RecordBatchReader.from_batches(self.schema, self._batches())
        self.engine.connection.register("batches", reader)

    def _batches(self) -> Iterator[pa.RecordBatch]:
        try:
            yield from self.listing.batches(self.tally)
        except (ForecastError, NotUtf8Error) as error:
            self.error = error
            raise


def count_list(listing: Listing, wanted: Wanted) -> Listed:
    """Return the cells of a list; SourceError where it breaks off."""
    try:
        return _count(listing, wanted)
    except NotUtf8Error:
        return _count(listing.loose(), wanted)


def _count(listing: Listing, wanted: Wanted) -> Listed:
    schema = listing.schema()
    if schema is None:
        raise SourceError(f"{listing.name} has a header but no row.", hint="Check that the export finished.")
    with duck(reads_files=False) as engine:
        stream = _Stream(engine, listing, schema)
        votes = _votes(stream)
        order = votes.order if wanted.date_order == "auto" else wanted.date_order
        columns = _columns(listing, schema, order, "," if votes.comma > votes.point else ".")
        start = _shared_levels(stream, columns["path"]) if wanted.folders else 0
        stream.start()
        try:
            table = _table(engine, listing, columns, _select(listing, columns, wanted, start))
            counted = _measured(engine, columns, count_files(engine, table, wanted.this_month))
        except (SourceError, duckdb.Error) as error:
            raise stream.error or error from error
    return Listed(_shown(counted, listing), listing, votes, order, stream.tally)


def _table(engine: Duck, listing: Listing, columns: Mapping[str, str], select: str) -> Relation:
    """Return the rows as a table: kept aside first where one row needs the others, else as they come."""
    name = "rows"
    if CONTENTS & set(columns) or listing.form.unique or RANKED & set(columns):
        engine.connection.execute(f"CREATE TEMP TABLE kept AS {select}")
        select = _once(listing.form.unique)
        select = _ranked(select) if RANKED & set(columns) else select
        select = f"SELECT * FROM {select}"
    engine.connection.execute(f"CREATE TEMP VIEW {name} AS {select}")
    return Relation(exp.to_table(name), {item.name: TYPES[item.holds] for item in FILE_LIST.columns}, listing.name)


def _shown(counted: CountedFiles, listing: Listing) -> CountedFiles:
    """Return the count with what stands in the first row of each reason, where that can be told without a name."""
    wanted = {part.row: SHOWN[part.reason] for part in counted.aside if part.row and part.reason in SHOWN}
    values = listing.texts_at(wanted) if wanted else {}
    return replace(counted, aside=tuple(_with_value(part, values) for part in counted.aside))


def _with_value(part: SetAside, values: Mapping[int, str]) -> SetAside:
    row = part.row or 0
    return replace(part, row=row & ((1 << FILE_BITS) - 1), value=values.get(row, "")[:LONGEST_SHOWN])


def _votes(stream: _Stream) -> Votes:
    """Return what the rows say about the order of dates and the decimal mark; all rows, where the first ones doubt."""
    texts = [role for role in ("modified", "size") if pa.types.is_string(stream.schema.field(role).type)]
    if not texts:
        return Votes()
    first = zip(stream.listing.batches(Tally()), range(SAMPLE_BATCHES), strict=False)
    connection = stream.engine.connection
    connection.register("batches", pa.Table.from_batches([batch for batch, _ in first], stream.schema))
    found = Votes(*connection.execute(_vote_query(texts)).fetchall()[0])
    return Votes(*stream.ask(_vote_query(texts))[0]) if found.either and not found.order else found


def _vote_query(texts: list[str]) -> str:
    local, sized = f"regexp_full_match(trim(modified), '{sql.LOCAL}')", sql.SIZED.replace("'", "''")
    first, second = (f"TRY_CAST(regexp_extract(trim(modified), '{sql.LOCAL}', {at}) AS INTEGER)" for at in (1, 2))
    size = f"regexp_extract(lower(trim(size)), '{sized}', 1)"
    kinds = (f"{local} AND {first} > 12", f"{local} AND {second} > 12", local)
    dates = ", ".join(f"count(*) FILTER ({kind})" for kind in kinds) if "modified" in texts else "0, 0, 0"
    marks = (
        f"count(*) FILTER (regexp_matches({size}, ',[0-9]{{1,2}}$')), "
        f"count(*) FILTER (regexp_matches({size}, '[.][0-9]{{1,2}}$')), count(*) FILTER ({size} <> '')"
        if "size" in texts
        else "0, 0, 0"
    )
    return f"SELECT {dates}, {marks} FROM batches"


def _columns(listing: Listing, schema: pa.Schema, order: str, decimal: str) -> dict[str, str]:
    """Return by role the SQL of what is known of a file; roles that are texts stay as they are."""
    kinds = {name: schema.field(name).type for name in schema.names if name != ROW}
    found = {name: f"coalesce({name}, '')" for name, kind in kinds.items() if pa.types.is_string(kind)}
    found |= {name: f"CAST({name} AS VARCHAR)" for name in kinds if name not in found}
    if listing.form.url_encoded and pa.types.is_string(kinds["path"]):
        found["path"] = f"url_decode(replace({found['path']}, '+', ' '))"
    for role in {"size", "compressed"} & set(kinds):
        found[role] = sql.size(role, kinds[role], decimal)
    for role in {"modified", "accessed"} & set(kinds):
        found[role] = sql.day(role, kinds[role], order)
    return found


def _shared_levels(stream: _Stream, path: str) -> int:
    """Return how many folders all files share: what the first and the last in order share, all share."""
    # chr(1) sorts before whatever a name holds, so that the files of a folder stand together
    key = f"replace({sql.slashes(path)}, '/', chr(1))"
    first, last = stream.ask(f"SELECT min({key}), max({key}) FROM batches WHERE NOT {sql.is_folder_path(path)}")[0]
    folders = [str(end).split(chr(1))[:-1] for end in (first, last) if end is not None]
    if not folders:
        return 0
    shared = zip(*folders, strict=False)
    return next((at for at, (one, other) in enumerate(shared) if one != other), min(map(len, folders)))


def _select(listing: Listing, columns: Mapping[str, str], wanted: Wanted, start: int) -> str:
    """Return the query that makes of every row what the cube asks for, and the reasons that only a list knows."""
    form, by_path = listing.form, bool(wanted.folders or wanted.mapping)
    named = ", ".join(f"{text} AS {role}" for role, text in columns.items())
    scope = "scope" if "scope" in columns else f"'{ONE_SCOPE}'"
    if wanted.folders:
        scope = sql.by_folder("slashed", start, wanted.folders, ONE_SCOPE)
    scope = sql.by_mapping("slashed", scope, wanted.mapping)
    keys = (
        f", md5_number(path) AS file, {_or(columns, 'version_id')} AS vid, {_or(columns, 'snapshot')} AS snap"
        if form.unique or RANKED & set(columns)
        else ""
    )
    more = "".join(f", {role}" for role in sorted(CONTENTS & set(columns)))
    slashed = f", {sql.slashes('path')} AS slashed" if by_path else ""
    return f"""SELECT {ROW} AS list_line, {_aside(listing, columns)} AS aside_because, left({scope}, 200) AS scope,
            right(path, 6) AS path, size, {_version(columns)} AS version, left({_or(columns, "tier")}, 40) AS tier,
            modified, {"accessed" if "accessed" in columns else "CAST(NULL AS DATE)"} AS accessed,
            {_current(columns)} AS current{more}{keys}
        FROM (SELECT *{slashed} FROM (
            SELECT {ROW}, size AS raw_size, modified AS raw_modified, {named} FROM batches))"""


def _aside(listing: Listing, columns: Mapping[str, str]) -> str:
    """Return why a row does not count where only its list knows."""
    words = listing.form.folder_words
    folders = [sql.is_folder_path("path")]
    if "kind" in columns and words:
        listed = ", ".join(map(sql.quoted, words))
        folders.append(f"list_has_any(string_split_regex(lower(kind), ' *, *'), [{listed}])")
    if "is_folder" in columns:
        folders.append(sql.is_true("is_folder"))
    if listing.form.folders.get("empty_size"):
        folders.append(sql.is_empty("raw_size"))
    deleted = f"WHEN {sql.is_true('is_deleted')} THEN 'deleted'" if "is_deleted" in columns else ""
    return f"""CASE {deleted} WHEN {" OR ".join(folders)} THEN 'folders'
        WHEN length(path) > {sql.LONGEST_PATH} THEN 'path'
        WHEN {sql.is_empty("raw_size")} THEN 'size_empty' WHEN {sql.is_empty("raw_modified")} THEN 'modified_empty'
        ELSE '' END"""


def _current(columns: Mapping[str, str]) -> str:
    if "is_current" in columns:
        unmarked = " AND ".join(f"{_or(columns, role)} = ''" for role in ("is_current", "version_id", "snapshot"))
        return f"({sql.is_true('is_current')} OR {unmarked})"
    old = " AND ".join(f"{role} = ''" for role in ("not_current", "snapshot") if role in columns)
    return f"({old})" if old else "true"


def _version(columns: Mapping[str, str]) -> str:
    if "version" not in columns:
        return "0"
    return "least(greatest(coalesce(TRY_CAST(version AS INTEGER), 0), 0), 999)"


def _or(columns: Mapping[str, str], role: str) -> str:
    return role if role in columns else "''"


def _once(unique: bool) -> str:
    """Return the rows with every further copy of a row marked; few are, so they are found before they are joined."""
    if not unique:
        return "kept"
    copies = """SELECT file, vid, snap, min(rowid) AS first FROM kept WHERE aside_because = ''
        GROUP BY file, vid, snap HAVING count(*) > 1"""
    aside = "CASE WHEN k.rowid > c.first AND aside_because = '' THEN 'duplicate' ELSE aside_because END"
    return f"""(SELECT k.* REPLACE ({aside} AS aside_because)
        FROM kept k LEFT JOIN ({copies}) c ON k.file = c.file AND k.vid = c.vid AND k.snap = c.snap)"""


def _ranked(rows: str) -> str:
    """Return the rows with versions counted from the current one, which is 0."""
    newest = "row_number() OVER (PARTITION BY aside_because, file ORDER BY current DESC, modified DESC, vid DESC)"
    version = f"CASE WHEN current THEN 0 ELSE least(greatest({newest} - 1, 1), 999) END"
    return f"(SELECT * REPLACE (CAST({version} AS INTEGER) AS version) FROM {rows})"


def _measured(engine: Duck, columns: Mapping[str, str], counted: CountedFiles) -> CountedFiles:
    """Return the count with what an archive could make smaller, of the files that have a size."""
    queries = {
        "content_id": """SELECT sum(extra), sum(bytes) FROM (
            SELECT CASE WHEN content_id = '' THEN 0 ELSE sum(size) - max(size) END AS extra, sum(size) AS bytes,
                content_id <> '' AS known FROM kept WHERE aside_because = '' AND size IS NOT NULL GROUP BY content_id)
            HAVING bool_or(known)""",
        "compressed": """SELECT sum(least(compressed, size)), sum(size) FROM kept
            WHERE aside_because = '' AND size IS NOT NULL AND compressed IS NOT NULL""",
    }
    found = dict.fromkeys(CONTENTS, float("nan"))
    for role in CONTENTS & set(columns):
        for part, whole in engine.connection.execute(queries[role]).fetchall():
            found[role] = float(part) / float(whole) if whole else found[role]
    return replace(counted, duplicate_ratio=found["content_id"], compressed_ratio=found["compressed"])
