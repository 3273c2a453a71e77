"""A table as it was found: text cells and where they came from."""

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
    `set_aside`  rows that are not in `cells` because they do not fit the header; each is named in `issues`
    """

    name: str
    content_id: str
    cells: pd.DataFrame
    decimal: str = ""
    how: tuple[tuple[str, str], ...] = ()
    issues: tuple[Issue, ...] = field(default=())
    set_aside: int = 0
