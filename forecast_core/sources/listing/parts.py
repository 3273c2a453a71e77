"""The rows of one stored file, batch by batch, a column per role.

In:    plain bytes, and where each role is found in them.
Out:   Arrow record batches: `row` (its number in the file) and a column per role, text unless the file has types.
Never: holds the whole file; loses a row without counting it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from forecast_core.errors import SourceError
from forecast_core.sources.excel import check_workbook, workbook_records
from forecast_core.sources.limits import Limits
from forecast_core.sources.listing.unpack import Packed

ROW = "row"
BLOCK_BYTES = 8 << 20
BATCH_ROWS = 50_000
MOST_GROUP_BYTES = 4 << 30
LOOSE = "latin-1"


class NotUtf8Error(Exception):
    """The text is not what its start promised; it is read again in another way."""


@dataclass
class Tally:
    """Rows that are in no batch, since they do not fit the header: how many, and the first ones."""

    misfits: int = 0
    first: list[str] = field(default_factory=list)

    def skip(self, row: csv.InvalidRow) -> str:
        """Count a row that has more or fewer cells than the header."""
        self.misfits += 1
        if len(self.first) < 3:
            self.first.append(f"{row.actual_columns} cells instead of {row.expected_columns}")
        return "skip"

    def drop(self, text: str) -> None:
        """Count a line that is nothing we know."""
        self.misfits += 1
        if len(self.first) < 3:
            self.first.append(text[:60])


@dataclass(frozen=True)
class Delimited:
    """Text in columns: the names of all columns in order, the lines above the first row."""

    inside: Packed
    encoding: str
    delimiter: str
    names: tuple[str, ...]
    skipped_lines: int
    roles: Mapping[str, str]

    def batches(self, tally: Tally) -> Iterator[pa.RecordBatch]:
        """Yield the rows."""
        wanted = list(dict.fromkeys(self.roles.values()))
        reader = csv.open_csv(
            pa.PythonFile(self.inside.stream(), mode="r"),
            csv.ReadOptions(
                use_threads=False,
                block_size=BLOCK_BYTES,
                skip_rows=self.skipped_lines,
                column_names=list(self.names),
                encoding=self.encoding,
            ),
            csv.ParseOptions(delimiter=self.delimiter, newlines_in_values=True, invalid_row_handler=tally.skip),
            csv.ConvertOptions(
                include_columns=wanted,
                column_types=dict.fromkeys(wanted, pa.string()),
                strings_can_be_null=False,
            ),
        )
        first = self.skipped_lines + 1
        for batch in reader:
            yield _numbered(first, {role: batch[name] for role, name in self.roles.items()})
            first += batch.num_rows


@dataclass(frozen=True)
class Lines:
    """Text without a header: every line fits one pattern with a named group per role."""

    inside: Packed
    encoding: str
    pattern: str

    def batches(self, tally: Tally) -> Iterator[pa.RecordBatch]:
        """Yield the rows."""
        fits = re.compile(self.pattern)
        names = list(fits.groupindex)
        first, lines = 1, _decoded(self.inside, self.encoding)
        while chunk := list(islice(lines, BATCH_ROWS)):
            found = [match for line in chunk if (match := _fit(fits, line, tally))]
            yield _numbered(first, {name: pa.array([match[name] for match in found], pa.string()) for name in names})
            first += len(chunk)


@dataclass(frozen=True)
class Objects:
    """JSON objects, one a line, as rclone writes its list; brackets and commas around them are passed over."""

    inside: Packed
    roles: Mapping[str, str]

    def batches(self, tally: Tally) -> Iterator[pa.RecordBatch]:
        """Yield the rows."""
        first, lines = 1, _decoded(self.inside, "utf-8")
        while chunk := list(islice(lines, BATCH_ROWS)):
            found = [item for line in chunk for item in _items(line, tally)]
            columns = {role: [_cell(item.get(name)) for item in found] for role, name in self.roles.items()}
            yield _numbered(first, {role: pa.array(cells, pa.string()) for role, cells in columns.items()})
            first += len(chunk)


@dataclass(frozen=True)
class Columnar:
    """A Parquet file."""

    inside: Packed
    roles: Mapping[str, str]

    def batches(self, tally: Tally) -> Iterator[pa.RecordBatch]:
        """Yield the rows."""
        first, wanted = 1, list(dict.fromkeys(self.roles.values()))
        with open_parquet(self.inside) as file:
            for batch in file.iter_batches(BATCH_ROWS, columns=wanted, use_threads=False):
                yield _numbered(first, {role: plain_column(batch[name]) for role, name in self.roles.items()})
                first += batch.num_rows


@dataclass(frozen=True)
class Sheet:
    """A sheet of an Excel workbook; `above` rows stand above the first one."""

    data: bytes
    limits: Limits
    above: int
    columns: Mapping[str, int]

    def batches(self, tally: Tally) -> Iterator[pa.RecordBatch]:
        """Yield the rows."""
        check_workbook(self.data, self.limits)
        records = islice(workbook_records(self.data)[1], self.above, None)
        first = self.above + 1
        while chunk := [cells for _, cells in islice(records, BATCH_ROWS)]:
            cells = {role: [_at(row, place) for row in chunk] for role, place in self.columns.items()}
            yield _numbered(first, {role: pa.array(column, pa.string()) for role, column in cells.items()})
            first += len(chunk)


Part = Delimited | Lines | Objects | Columnar | Sheet


def open_parquet(inside: Packed) -> pq.ParquetFile:
    """Return a Parquet file; SourceError for a damaged one, or one that unpacks to more than memory may hold."""
    try:
        file = pq.ParquetFile(inside.source.open())
        groups = range(file.metadata.num_row_groups)
        largest = max((file.metadata.row_group(group).total_byte_size for group in groups), default=0)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise SourceError(
            f"{inside.name} is damaged or not complete.", allowed="a whole Parquet file", hint="Copy it again."
        ) from error
    if largest > MOST_GROUP_BYTES:
        raise SourceError(
            f"A part of {inside.name} unpacks to {largest >> 20:,} MB.", allowed=f"up to {MOST_GROUP_BYTES >> 20:,} MB"
        )
    return file


def plain_column(column: pa.Array) -> pa.Array:
    """Return a column as whole numbers, moments in UTC or text."""
    try:
        if pa.types.is_integer(column.type):
            return column.cast(pa.int64())
        if pa.types.is_timestamp(column.type) or pa.types.is_date(column.type):
            return column.cast(pa.timestamp("us"), safe=False) if column.type != pa.timestamp("us") else column
        if isinstance(column, pa.DictionaryArray):
            return column.dictionary_decode().cast(pa.string())
        return column.cast(pa.string())
    except (pa.ArrowException, ValueError) as error:
        raise SourceError(f"A column holds {column.type}, which is no path, size or date.") from error


def _numbered(first: int, columns: Mapping[str, Any]) -> pa.RecordBatch:
    count = len(next(iter(columns.values())))
    numbers = pa.array(np.arange(first, first + count))
    return pa.RecordBatch.from_arrays([numbers, *columns.values()], [ROW, *columns])


def _decoded(inside: Packed, encoding: str) -> Iterator[str]:
    """Yield lines; one that never ends is cut, and will not fit."""
    with inside.stream() as stream:
        while line := stream.readline(BLOCK_BYTES):
            try:
                yield line.decode(encoding).rstrip("\r\n")
            except UnicodeDecodeError as error:
                raise NotUtf8Error from error


def _fit(fits: re.Pattern[str], line: str, tally: Tally) -> re.Match[str] | None:
    found = fits.fullmatch(line)
    if found is None and line:
        tally.drop(line)
    return found


def _items(line: str, tally: Tally) -> list[dict[str, Any]]:
    """Return the objects of a line: one of a list, or a whole list."""
    text = line.strip().removesuffix(",")
    if text in ("", "[", "]"):
        return []
    if text[0] == "[" or text[-1] == "]":
        text = f"[{text.removeprefix('[').removesuffix(']')}]"
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    items = found if isinstance(found, list) else [found]
    if not all(isinstance(item, dict) for item in items):
        tally.drop(text)
        return []
    return items


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _at(row: list[str], place: int) -> str:
    return row[place] if place < len(row) else ""


def schema_of(batches: Iterable[pa.RecordBatch]) -> pa.Schema | None:
    """Return the schema of the first batch."""
    return next((batch.schema for batch in batches), None)
