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


@dataclass(frozen=True)
class SetAside:
    """Files of a list that are not used for one reason; `row` is the first of them, `value` what stands there."""

    reason: str
    files: int
    bytes: int
    row: int | None = None
    value: str = ""


@dataclass(frozen=True, eq=False)
class CountedFiles:
    """What was counted of a file list.

    `cells`  scope, file_type, size_class (int), version (int), tier, modified_month and accessed_month (datetime64, NaT
             where no access is known), files, bytes
    `aside`  the rest, by reason
    `…_ratio`  of bytes: exact copies of another file, what is left after compression; NaN where nothing tells
    """

    name: str
    cells: pd.DataFrame
    aside: tuple[SetAside, ...]
    duplicate_ratio: float = float("nan")
    compressed_ratio: float = float("nan")

    @property
    def files(self) -> int:
        """Files in the cells."""
        return int(self.cells["files"].sum())

    @property
    def bytes(self) -> int:
        """Their bytes, exact."""
        return int(self.cells["bytes"].sum())
