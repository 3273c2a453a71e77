"""A list of files, row by row, to cells: counted in one pass by DuckDB, within a fixed memory.

In:    a `Listing`; what the user says about it.
Out:   `Gathered`: cells, and what was set aside by reason; files and bytes in = both together, exactly.
Never: holds the list, keeps a name, or repairs a value.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from forecast_core.errors import ForecastError, SourceError
from forecast_core.inventory import cells_sql as sql
from forecast_core.inventory.contents import Contents
from forecast_core.sources.listing import ROW, Listing, NotUtf8Error, Tally

MEMORY, THREADS = "256MB", 2
MOST_CELLS = 3_000_000
ONE_SCOPE = "Files"
FIRST_MONTH = 1970 * 12
FUTURE_MONTHS = 12
SAMPLE_BATCHES = 2
RANKED = frozenset({"version_id", "is_current", "snapshot", "not_current"})
CELL = ("scope", "file_type", "size_class", "version", "tier", "modified_index", "accessed_index")


@dataclass(frozen=True)
class Wanted:
    """How a list is to be counted; `date_order` is "auto", "dmy" or "mdy", `folders` levels that make a scope."""

    latest: int
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
class Gathered:
    """`cells` with the columns of a cube (months as whole numbers), `aside` with `fault, files, bytes, row, value`."""

    cells: pd.DataFrame
    aside: pd.DataFrame
    votes: Votes
    order: str
    tally: Tally
    contents: Contents = Contents()
    listing: Listing | None = None


@dataclass
class _Stream:
    """Batches on their way into DuckDB; keeps the error that DuckDB would only quote."""

    listing: Listing
    tally: Tally = field(default_factory=Tally)
    error: Exception | None = None

    def reader(self, schema: pa.Schema) -> pa.RecordBatchReader:
        return pa.RecordBatchReader.from_batches(schema, self._batches())

    def _batches(self) -> Iterator[pa.RecordBatch]:
        try:
            yield from self.listing.batches(self.tally)
        except (ForecastError, NotUtf8Error) as error:
            self.error = error
            raise


def gather(listing: Listing, wanted: Wanted) -> Gathered:
    """Return the cells of a list; SourceError where it breaks off."""
    try:
        return _gather(listing, wanted)
    except NotUtf8Error:
        return _gather(listing.loose(), wanted)


def _gather(listing: Listing, wanted: Wanted) -> Gathered:
    schema = listing.schema()
    if schema is None:
        raise SourceError(f"{listing.name} has a header but no row.", hint="Check that the export finished.")
    with _engine() as engine:
        votes = _votes(engine, listing, schema)
        order = votes.order if wanted.date_order == "auto" else wanted.date_order
        columns = _columns(listing, schema, order, "," if votes.comma > votes.point else ".")
        start = _shared_levels(engine, listing, schema, columns) if wanted.folders else 0
        stream = _Stream(listing)
        counted = _select(listing, columns, wanted, start)
        kept = {"content_id", "compressed"} & set(columns)
        if kept or listing.form.unique or RANKED & set(columns):
            _run(engine, stream, schema, f"CREATE TEMP TABLE judged AS {counted}")
            rows = _once(listing.form.unique)
            rows = _ranked(rows) if RANKED & set(columns) else rows
        else:
            engine.register("batches", stream.reader(schema))
            rows = f"({counted})"
        table = _fetched(engine, _grouped(rows), stream)
        contents = _contents(engine, kept) if kept else Contents()
    return _result(table, votes, order, stream.tally, contents, listing)


@contextmanager
def _engine() -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield an engine that reads no file and fetches nothing."""
    with tempfile.TemporaryDirectory(prefix="count-") as folder:
        options: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": MEMORY,
            "threads": str(THREADS),
            "temp_directory": folder,
            "preserve_insertion_order": "false",
            "python_enable_replacements": "false",
            "autoinstall_known_extensions": "false",
        }
        with duckdb.connect(":memory:", config=options) as engine:
            engine.execute("SET TimeZone = 'UTC'")
            engine.execute("SET enable_external_access = false")
            engine.execute("SET lock_configuration = true")
            yield engine


def _run(
    engine: duckdb.DuckDBPyConnection, stream: _Stream, schema: pa.Schema, query: str
) -> duckdb.DuckDBPyConnection:
    """Run a query over the rows of a stream; its own error, not DuckDB's quotation of it."""
    engine.register("batches", stream.reader(schema))
    try:
        return engine.execute(query)
    except duckdb.Error as error:
        raise _refused(stream, error) from error


def _fetched(engine: duckdb.DuckDBPyConnection, query: str, stream: _Stream) -> pa.Table:
    try:
        return engine.sql(query).to_arrow_table()
    except duckdb.Error as error:
        raise _refused(stream, error) from error


def _refused(stream: _Stream, error: duckdb.Error) -> Exception:
    """Return the stream's own error, what is wrong with the data, or else the fault of ours that it is."""
    said = str(error).splitlines()[0][:160]
    if stream.error is not None:
        return stream.error
    if isinstance(error, duckdb.OutOfMemoryException | duckdb.IOException):
        return SourceError(f"{stream.listing.name} needs more memory and disk than there is: {said}.")
    if isinstance(error, duckdb.ConversionException | duckdb.OutOfRangeException):
        return SourceError(f"The sizes in {stream.listing.name} are together more than 8 EiB.", hint="Are they bytes?")
    return error


def _votes(engine: duckdb.DuckDBPyConnection, listing: Listing, schema: pa.Schema) -> Votes:
    """Return what the rows say about the order of dates and the decimal mark; all rows, where the first ones doubt."""
    texts = [role for role in ("modified", "size") if pa.types.is_string(schema.field(role).type)]
    if not texts:
        return Votes()
    first = pa.Table.from_batches(_first(listing.batches(Tally()), SAMPLE_BATCHES), schema)
    engine.register("batches", first)
    found = _vote(engine.execute(_vote_query(texts)))
    if found.either and not found.order:
        stream = _Stream(listing)
        found = _vote(_run(engine, stream, schema, _vote_query(texts)))
    return found


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


def _vote(found: duckdb.DuckDBPyConnection) -> Votes:
    return Votes(*found.fetchall()[0])


def _first(batches: Iterator[pa.RecordBatch], count: int) -> list[pa.RecordBatch]:
    return [batch for batch, _ in zip(batches, range(count), strict=False)]


def _columns(listing: Listing, schema: pa.Schema, order: str, decimal: str) -> dict[str, str]:
    """Return by role the SQL of what is known of a file; roles that are texts stay as they are."""
    kinds = {name: schema.field(name).type for name in schema.names if name != ROW}
    found = {name: f"coalesce({name}, '')" for name, kind in kinds.items() if pa.types.is_string(kind)}
    found |= {name: f"CAST({name} AS VARCHAR)" for name in kinds if name not in found}
    if listing.form.url_encoded and pa.types.is_string(kinds["path"]):
        found["path"] = f"url_decode(replace({found['path']}, '+', ' '))"
    found["size"] = sql.size("size", kinds["size"], decimal)
    for role in {"modified", "accessed"} & set(kinds):
        found[role] = sql.month(role, kinds[role], order)
    if "compressed" in kinds:
        found["compressed"] = sql.size("compressed", kinds["compressed"], decimal)
    return found


def _shared_levels(
    engine: duckdb.DuckDBPyConnection, listing: Listing, schema: pa.Schema, columns: Mapping[str, str]
) -> int:
    """Return how many folders all files share: what the first and the last in order share, all share."""
    path = columns["path"]
    query = (
        f"SELECT min(f), max(f) FROM (SELECT {sql.folder(path)} AS f FROM batches WHERE NOT {_is_folder_path(path)})"
    )
    ends = _run(engine, _Stream(listing), schema, query).fetchall()[0]
    if ends[0] is None:
        return 0
    first, last = (str(end).split(chr(1)) for end in ends)
    shared = next((at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), None)
    return min(len(first), len(last)) if shared is None else shared


def _is_folder_path(path: str) -> str:
    return f"(ends_with({path}, '/') OR ends_with({path}, '\\'))"


def _select(listing: Listing, columns: Mapping[str, str], wanted: Wanted, start: int) -> str:
    """Return the query that makes of every row its cell, its bytes, and the reason to set it aside ("" for none)."""
    form = listing.form
    named = ", ".join(f"{text} AS {role}" for role, text in columns.items())
    scope = f"CASE WHEN scope = '' THEN '{ONE_SCOPE}' ELSE scope END" if "scope" in columns else f"'{ONE_SCOPE}'"
    if wanted.folders:
        scope = sql.by_folder("folder", start, wanted.folders, ONE_SCOPE)
    folder = f", {sql.folder('path')} AS folder" if wanted.folders else ""
    current = _current(columns)
    accessed = "accessed" if "accessed" in columns else "NULL"
    extra = [role for role in ("content_id", "compressed") if role in columns]
    keys = (
        f", md5_number(path) AS file, {_or(columns, 'version_id')} AS vid, {_or(columns, 'snapshot')} AS snap"
        if form.unique or RANKED & set(columns)
        else ""
    )
    return f"""SELECT * REPLACE (CASE WHEN fault <> '' THEN left(coalesce(raw, ''), 60) END AS raw) FROM (
        SELECT {ROW} AS line, CAST(CASE WHEN size IS NULL THEN raw_size ELSE raw END AS VARCHAR) AS raw,
            {_fault(listing, columns, wanted)} AS fault, size AS bytes,
            left({sql.by_mapping("path", scope, wanted.mapping)}, 200) AS scope,
            {sql.file_type("ending")} AS file_type, {sql.size_class("size")} AS size_class,
            {_version(columns)} AS version, {current} AS current,
            left({_or(columns, "tier")}, 40) AS tier, modified AS modified_index, {accessed} AS accessed_index
            {"".join(f", {role}" for role in extra)}{keys}
        FROM (SELECT *, {sql.ending("path")} AS ending{folder} FROM (SELECT {ROW}, CAST(modified AS VARCHAR) AS raw,
            CAST(size AS VARCHAR) AS raw_size, {named} FROM batches)))"""


def _fault(listing: Listing, columns: Mapping[str, str], wanted: Wanted) -> str:
    words = listing.form.folder_words
    folders = [_is_folder_path("path")]
    if "kind" in columns and words:
        listed = ", ".join(map(sql.quoted, words))
        folders.append(f"list_has_any(string_split_regex(lower(kind), ' *, *'), [{listed}])")
    if "is_folder" in columns:
        folders.append(sql.is_true("is_folder"))
    if listing.form.folders.get("empty_size"):
        folders.append("coalesce(CAST(raw_size AS VARCHAR), '') = ''")
    deleted = f"WHEN {sql.is_true('is_deleted')} THEN 'deleted'" if "is_deleted" in columns else ""
    earliest, latest = FIRST_MONTH, wanted.latest + FUTURE_MONTHS
    return f"""CASE {deleted} WHEN {" OR ".join(folders)} THEN 'folders'
        WHEN size IS NULL THEN 'size' WHEN modified IS NULL THEN 'modified'
        WHEN modified < {earliest} OR modified > {latest} THEN 'impossible'
        WHEN length(path) > {sql.LONGEST_PATH} THEN 'path' ELSE '' END"""


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
        return "judged"
    copies = """SELECT file, vid, snap, min(rowid) AS kept FROM judged WHERE fault = ''
        GROUP BY file, vid, snap HAVING count(*) > 1"""
    return f"""(SELECT j.* REPLACE (CASE WHEN j.rowid > c.kept AND fault = '' THEN 'duplicate' ELSE fault END AS fault)
        FROM judged j LEFT JOIN ({copies}) c ON j.file = c.file AND j.vid = c.vid AND j.snap = c.snap)"""


def _ranked(rows: str) -> str:
    """Return the rows with versions counted from the current one, which is 0."""
    newest = "row_number() OVER (PARTITION BY fault, file ORDER BY current DESC, modified_index DESC, vid DESC)"
    version = f"CASE WHEN current THEN 0 ELSE least(greatest({newest} - 1, 1), 999) END"
    return f"(SELECT * REPLACE (CAST({version} AS INTEGER) AS version) FROM {rows})"


def _grouped(rows: str) -> str:
    """Return the count; rows set aside are gathered by reason alone."""
    cells = ", ".join(f"CASE WHEN fault = '' THEN {name} END AS {name}" for name in CELL)
    return f"""
        SELECT fault, {cells}, count(*) AS files, CAST(coalesce(sum(bytes), 0) AS BIGINT) AS bytes,
            min(line) AS "row", arg_min(raw, line) AS value
        FROM {rows} GROUP BY ALL LIMIT {MOST_CELLS + 1}"""


def _contents(engine: duckdb.DuckDBPyConnection, kept: set[str]) -> Contents:
    """Return what an archive could make smaller, of the files that are used."""
    copies, packed = float("nan"), float("nan")
    if "content_id" in kept:
        query = """SELECT sum(extra), sum(bytes) FROM (
            SELECT CASE WHEN content_id = '' THEN 0 ELSE sum(bytes) - max(bytes) END AS extra, sum(bytes) AS bytes,
                content_id <> '' AS known FROM judged WHERE fault = '' GROUP BY content_id)
            HAVING bool_or(known)"""
        (extra, total), *_ = engine.execute(query).fetchall() or [(None, None)]
        copies = float(extra) / float(total) if total else copies
    if "compressed" in kept:
        query = """SELECT sum(least(compressed, bytes)), sum(bytes) FROM judged
            WHERE fault = '' AND compressed IS NOT NULL"""
        (smaller, total), *_ = engine.execute(query).fetchall()
        packed = float(smaller) / float(total) if total else packed
    return Contents(copies, packed)


def _result(table: pa.Table, votes: Votes, order: str, tally: Tally, contents: Contents, listing: Listing) -> Gathered:
    if table.num_rows > MOST_CELLS:
        raise SourceError(
            f"{listing.name} gives more than {MOST_CELLS:,} cells.",
            hint="There are too many scopes or tiers: choose fewer folder levels, or a mapping.",
        )
    frame = table.to_pandas()
    good = frame["fault"] == ""
    cells = frame.loc[good, [*CELL, "files", "bytes"]].reset_index(drop=True)
    aside = frame.loc[~good, ["fault", "files", "bytes", "row", "value"]].reset_index(drop=True)
    whole = ["size_class", "version", "modified_index", "files", "bytes"]
    cells[whole] = cells[whole].astype(np.int64)
    return Gathered(cells, aside, votes, order, tally, contents, listing)
