"""What readers hand over: a table as it was found, or a file list as an engine counted it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from forecast_core.schema.issues import Issue


@dataclass(frozen=True, eq=False)
class RawTable:
    """What a reader hands over: every cell as text, nothing converted.

    `cells`      one column per header as found (stripped, made unique), str cells, "" for empty;
                 the index is the row number as a spreadsheet shows it
    `content_id` SHA-256 of the bytes, hexadecimal
    `decimal`    the decimal mark that the reader is sure of ("." for typed spreadsheet cells), else ""
    `how`        what was recognised, in words: encoding, delimiter, sheet, header row
    `origin`     where it comes from in words, where that is no file of the user; every page names it
    `set_aside`  rows that are not in `cells` because they do not fit the header; each is named in `issues`
    """

    name: str
    content_id: str
    cells: pd.DataFrame
    decimal: str = ""
    how: tuple[tuple[str, str], ...] = ()
    issues: tuple[Issue, ...] = field(default=())
    set_aside: int = 0
    origin: str = ""


@dataclass(frozen=True, eq=False)
class CountedFiles:
    """What an engine counted of a file list too large to hand over.

    `cells`  scope, file_type, size_from_bytes (int), version (int), modified_month (datetime64), files, bytes
    `aside`  what could not be placed: what they are, how many, their bytes
    """

    name: str
    content_id: str
    cells: pd.DataFrame
    aside: tuple[tuple[str, int, int], ...]
    origin: str
