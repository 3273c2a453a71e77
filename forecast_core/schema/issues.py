"""One fault of an input: where, what, what is allowed, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Severity(IntEnum):
    """How much a fault matters.

    FIXED    understood and converted, said once ("shares were percent in 20 scopes")
    WARNING  used as it is, look at it
    ERROR    the row is set aside; the rest is used
    BLOCKING nothing can be used
    """

    FIXED = 1
    WARNING = 2
    ERROR = 3
    BLOCKING = 4


@dataclass(frozen=True)
class Issue:
    """One line of the quality report; it is the screen, the download and the test oracle.

    `row` is the row number in the file as a spreadsheet shows it (header counted), None for the whole file.
    `rows` counts the rows that the fault concerns.
    """

    severity: Severity
    code: str
    what: str
    allowed: str = ""
    hint: str = ""
    row: int | None = None
    scope: str | None = None
    month: str | None = None
    column: str | None = None
    value: str | None = None
    rows: int = 1
