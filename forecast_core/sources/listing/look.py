"""What a stored file is: which export, where its roles are, how its text is read.

In:    a `Source`.
Out:   `Look`: the format, the part to read rows from, what was recognised in words; None where it is no file list.
Never: reads more than the start of a file.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from forecast_core.errors import SourceError
from forecast_core.schema import Issue, Severity
from forecast_core.sources.excel import check_workbook, workbook_records
from forecast_core.sources.header import SEARCHED_ROWS
from forecast_core.sources.limits import Limits
from forecast_core.sources.listing.formats import Format, Match, match, match_banner, match_lines
from forecast_core.sources.listing.parts import LOOSE, Columnar, Delimited, Lines, Objects, Part, Sheet, open_parquet
from forecast_core.sources.listing.place import Source
from forecast_core.sources.listing.unpack import ZIP, Packed, packed
from forecast_core.sources.text import DELIMITERS, encoding_of

START_BYTES = 1 << 18
PARQUET = b"PAR1"
SAMPLE_LINES = 20
_GUESSED = Issue(
    Severity.FIXED,
    "encoding",
    "The text is not UTF-8; it was read as Windows-1252.",
    hint="Sizes and dates are not concerned; names are not kept.",
)


@dataclass(frozen=True)
class Look:
    """A file list as recognised; `headers` are (header, role)."""

    form: Format
    part: Part
    headers: tuple[tuple[str, str], ...]
    how: tuple[tuple[str, str], ...]
    issues: tuple[Issue, ...] = ()

    def loose(self) -> Look:
        """Return the same text read as Windows-1252, which any bytes are."""
        if not isinstance(self.part, Delimited | Lines) or self.part.encoding == LOOSE:
            raise SourceError("The text changes its encoding half-way.", hint="Save it as CSV (UTF-8).")
        how = tuple((name, "Windows-1252" if name == "encoding" else what) for name, what in self.how)
        return replace(self, part=replace(self.part, encoding=LOOSE), how=how, issues=(*self.issues, _GUESSED))


def look(source: Source, limits: Limits = Limits()) -> Look | None:
    """Return what a file is, None where it is no file list; SourceError where it cannot be opened."""
    inside = packed(source)
    start = inside.start(START_BYTES)
    if start.startswith(PARQUET):
        return _parquet(inside, limits)
    if start.startswith(ZIP):
        return _workbook(inside, limits)
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"[", b"{")):
        return _objects(inside, start)
    return _text(inside, start, limits)


def look_as(source: Source, headers: Sequence[str], limits: Limits = Limits()) -> Look | None:
    """Return a file whose headers a manifest tells, since it has none itself."""
    inside = packed(source)
    if inside.start(4) == PARQUET:
        return _parquet(inside, limits)
    found = match(headers)
    if found is None:
        return None
    part = Delimited(inside, "utf8", ",", tuple(headers), 0, found.roles)
    return Look(found.form, part, _told(found), (*_packing(inside), ("header", "from the manifest")))


def _text(inside: Packed, start: bytes, limits: Limits) -> Look | None:
    whole = start if len(start) < START_BYTES else start[: start.rfind(b"\n") + 1] or start
    encoding = encoding_of(whole if not start.startswith((b"\xff\xfe", b"\xfe\xff")) else _even(start))
    text = whole.decode(encoding, errors="ignore")
    codec = {"utf-8": "utf8", "utf-8-sig": "utf8", "cp1252": LOOSE}.get(encoding, encoding)
    said = encoding.removesuffix("-sig").upper().replace("CP", "Windows-")
    issues = (_GUESSED,) if codec == LOOSE else ()
    form = match_lines([line for line in text.splitlines() if line][:SAMPLE_LINES])
    if form is not None and codec in ("utf8", LOOSE):
        told = tuple((f"column {at}", role) for at, role in enumerate(re.compile(form.pattern).groupindex, 1))
        return Look(form, Lines(inside, codec, form.pattern), told, (*_packing(inside), ("encoding", said)), issues)
    found = [item for mark in DELIMITERS if (item := _header(text, mark, limits))]
    if not found:
        return None
    match_, mark, names, skipped = max(found, key=lambda item: (len(item[0].roles), len(item[2])))
    part = Delimited(inside, codec, mark, names, skipped, match_.roles)
    how = (("encoding", said), ("delimiter", DELIMITERS[mark]), ("header", f"row {skipped}"))
    return Look(match_.form, part, _told(match_), (*_packing(inside), *how), issues)


def _header(text: str, mark: str, limits: Limits) -> tuple[Match, str, tuple[str, ...], int] | None:
    """Return (match, delimiter, unique names, lines down to the header) of the first row that is a header."""
    lines = text.splitlines(keepends=True)
    reader = csv.reader(lines, delimiter=mark)
    banner = lines[0].lstrip("\ufeff").strip('" \r\n') if lines else ""
    try:
        for cells in islice(reader, SEARCHED_ROWS):
            if len(cells) > limits.max_columns:
                raise SourceError(
                    f"The table has {len(cells):,} columns or more.", allowed=f"up to {limits.max_columns:,}"
                )
            names = _unique(cells)
            found = match(names) or (match_banner(banner, names) if reader.line_num > 1 else None)
            if found:
                return found, mark, names, reader.line_num
    except csv.Error:
        return None
    return None


def _parquet(inside: Packed, limits: Limits) -> Look | None:
    with open_parquet(inside) as file:
        names = tuple(file.schema_arrow.names)
    if len(names) > limits.max_columns:
        raise SourceError(f"The table has {len(names):,} columns.", allowed=f"up to {limits.max_columns:,}")
    found = match(names)
    how = (("encoding", "Parquet"),)
    return Look(found.form, Columnar(inside, found.roles), _told(found), how) if found else None


def _objects(inside: Packed, start: bytes) -> Look | None:
    """Return a list of JSON objects by the names in its first one."""
    first = start.decode("utf-8", errors="ignore").lstrip("\ufeff[ \r\n\t")
    try:
        item, _ = json.JSONDecoder().raw_decode(first)
    except (ValueError, RecursionError):
        return None
    found = match(tuple(map(str, item))) if isinstance(item, dict) else None
    if found is None:
        return None
    return Look(found.form, Objects(inside, found.roles), _told(found), (*_packing(inside), ("encoding", "JSON")))


def _workbook(inside: Packed, limits: Limits) -> Look | None:
    if inside.source.size > limits.max_bytes:
        raise SourceError("The workbook is too large.", allowed=f"up to {limits.max_bytes >> 20} MB", hint="Use CSV.")
    with inside.stream() as stream:
        data = stream.read()
    check_workbook(data, limits)
    sheet, records, _ = workbook_records(data)
    for at, (_, cells) in enumerate(islice(records, SEARCHED_ROWS)):
        names = _unique(cells)
        if found := match(names):
            places = {role: names.index(header) for role, header in found.roles.items()}
            part = Sheet(data, limits, at + 1, places)
            return Look(found.form, part, _told(found), (("sheet", sheet), ("header", f"row {at + 1}")))
    return None


def _packing(inside: Packed) -> tuple[tuple[str, str], ...]:
    return (("packed", inside.how),) if inside.how else ()


def _told(found: Match) -> tuple[tuple[str, str], ...]:
    return tuple((header, role) for role, header in found.roles.items())


def _unique(cells: Sequence[str]) -> tuple[str, ...]:
    """Return headers made different from each other; an empty one is no name."""
    names: list[str] = []
    for at, cell in enumerate(cells):
        name = cell.strip().lstrip("\ufeff") or f"column {at + 1}"
        names.append(name if name not in names else f"{name} ({at + 1})")
    return tuple(names)


def _even(data: bytes) -> bytes:
    return data[: len(data) // 4 * 4]
