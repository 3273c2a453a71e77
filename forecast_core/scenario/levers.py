"""Every lever, declared once: widget, URL, API field, validation and documentation follow from this table.

In:    nothing; this is the declaration.
Out:   `LEVERS`, one `Lever` each, in the order they are shown.
Never: knows a scope; bounds and today's value come from the scope's own data (`ranges`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Group = Literal["Estate", "Policy", "Money", "Time"]
Unit = Literal[
    "files", "percent", "MB", "files per day", "month", "months", "price", "age", "size class", "versions", "switch"
]


@dataclass(frozen=True)
class Lever:
    """One thing a storage manager may move.

    `name`      field name everywhere; `code` its short form in a link
    `unit`      how it is written; a `percent` is a fraction inside (0.25), a `month` a count of months since 1970-01,
                a `size class` the exponent of a power of two of bytes, an `age` 121 months for no rule at all
    `column`    the column of the history that today's value comes from, if any
    `digits`    decimals that count: a value is rounded to them everywhere, so that a link returns the very same number
    `assumed`   whether it is something we believe (an assumption) rather than something we decide
    """

    name: str
    code: str
    title: str
    unit: Unit
    group: Group
    help: str
    digits: int
    column: str = ""
    assumed: bool = False

    def rounded(self, value: float) -> float:
        """Return the value as every door writes it."""
        return round(float(value), self.digits)


TOTAL_FILES = Lever(
    "total_files", "files", "Files on primary", "files", "Estate",
    "How many files lie on primary storage when the change starts; the backlog grows and shrinks with them.",
    0, "total_files", assumed=True,
)  # fmt: skip
GROWTH = Lever(
    "growth_ratio_per_month", "growth", "Growth per month", "percent", "Estate",
    "How fast the number of files on primary grows if archiving stays as it is today.",
    4, assumed=True,
)  # fmt: skip
AVERAGE_SIZE = Lever(
    "avg_file_size_mb", "size", "Average file size", "MB", "Estate",
    "Average size of a file on primary; GB move in proportion.",
    6, "avg_file_size_mb", assumed=True,
)  # fmt: skip
SHARE_PDF = Lever(
    "pct_pdf", "pdf", "Share of PDF", "percent", "Estate",
    "Share of the number of files; moving one share rescales the others.", 4, "pct_pdf", assumed=True,
)  # fmt: skip
SHARE_DOCX = Lever(
    "pct_docx", "docx", "Share of Word", "percent", "Estate",
    "Share of the number of files; moving one share rescales the others.", 4, "pct_docx", assumed=True,
)  # fmt: skip
SHARE_XLSX = Lever(
    "pct_xlsx", "xlsx", "Share of Excel", "percent", "Estate",
    "Share of the number of files; moving one share rescales the others.", 4, "pct_xlsx", assumed=True,
)  # fmt: skip
FREQUENCY = Lever(
    "archive_frequency_per_day", "perday", "Archived per day", "files per day", "Policy",
    "How many files the archiver is set to take per day; it can take no more than the backlog holds.",
    4, "archive_frequency_per_day",
)  # fmt: skip
START = Lever(
    "start_month", "start", "Change starts in", "month", "Policy",
    "First month in which the moved levers apply; before it everything stays as it is today.", 0,
)  # fmt: skip
RECALL = Lever(
    "recall_ratio_per_month", "recall", "Recalled per month", "percent", "Money",
    "Share of what has been freed that comes back to primary each month because people open it again.",
    4, assumed=True,
)  # fmt: skip
PRIMARY_PRICE = Lever(
    "primary_cost_per_gb_month", "primary", "Price of primary", "price", "Money",
    "What one GB (2^30 bytes) on primary costs per month.", 5, assumed=True,
)  # fmt: skip
ARCHIVE_PRICE = Lever(
    "archive_cost_per_gb_month", "archive", "Price of the archive", "price", "Money",
    "What one GB (2^30 bytes) in the archive costs per month.", 5, assumed=True,
)  # fmt: skip
HORIZON = Lever(
    "horizon_months", "horizon", "Months ahead", "months", "Time",
    "How many coming months the answer covers.", 0,
)  # fmt: skip

# ── with a file inventory: the rule itself ───────────────────────────────────────────────────────────────────────────
RULE = Lever(
    "rule_months", "age", "Untouched for", "age", "Policy",
    "Files go to the archive at the first month end at which nobody changed them for so long.", 0,
)  # fmt: skip
BY_ACCESS = Lever(
    "by_access", "access", "Count from last access", "switch", "Policy",
    "Count from the last time a file was opened instead of changed, where the inventory knows it.", 0,
)  # fmt: skip
SMALLEST = Lever(
    "smallest_class", "min", "Smallest file", "size class", "Policy",
    "Smaller files stay on primary; powers of two, because that is how the inventory is kept.", 0,
)  # fmt: skip
CLASS_LIMIT = Lever(
    "class_limit", "max", "Only files below", "size class", "Policy",
    "Files of this size or more stay on primary; powers of two.", 0,
)  # fmt: skip
KEEP_VERSIONS = Lever(
    "keep_versions", "keep", "Versions that stay", "versions", "Policy",
    "So many versions of a file stay on primary, the current one counted; 0: all may go.", 0,
)  # fmt: skip
RAMP = Lever(
    "ramp_months", "ramp", "Work off the backlog over", "months", "Policy",
    "0: what is late already waits its turn under the files per day; else it goes apart, in equal parts.", 0,
)  # fmt: skip
ARRIVALS = Lever(
    "arrivals_ratio", "new", "New content", "percent", "Estate",
    "What will be added, relative to the last 24 months.", 4, assumed=True,
)  # fmt: skip
ARRIVALS_GROWTH = Lever(
    "arrivals_growth_ratio_per_month", "newgrowth", "New content grows", "percent", "Estate",
    "How new content changes from month to month; in the libraries we measured it fades by 3 % a month.",
    4, assumed=True,
)  # fmt: skip
TOUCH = Lever(
    "touch_ratio", "touch", "Changed before due", "percent", "Estate",
    "How readily files are changed before they fall due, relative to what was measured.", 4, assumed=True,
)  # fmt: skip
DELETED = Lever(
    "deleted_ratio_per_month", "deleted", "Deleted per month", "percent", "Estate",
    "Share of all files that is deleted each month, on top of what was measured.", 4, assumed=True,
)  # fmt: skip
FOOTPRINT = Lever(
    "footprint_ratio", "footprint", "Added per GB archived", "percent", "Money",
    "What the archive has to add per archived GB, after its de-duplication and compression; 100 %: as it is.",
    4, assumed=True,
)  # fmt: skip

HISTORY_LEVERS: tuple[Lever, ...] = (
    FREQUENCY, START, TOTAL_FILES, GROWTH, AVERAGE_SIZE, SHARE_PDF, SHARE_DOCX, SHARE_XLSX,
    RECALL, PRIMARY_PRICE, ARCHIVE_PRICE, HORIZON,
)  # fmt: skip
INVENTORY_LEVERS: tuple[Lever, ...] = (
    RULE, BY_ACCESS, SMALLEST, CLASS_LIMIT, KEEP_VERSIONS, FREQUENCY, RAMP, START,
    ARRIVALS, ARRIVALS_GROWTH, SHARE_PDF, SHARE_DOCX, SHARE_XLSX, TOUCH, DELETED,
    RECALL, FOOTPRINT, PRIMARY_PRICE, ARCHIVE_PRICE, HORIZON,
)  # fmt: skip
LEVERS = tuple(dict.fromkeys((*HISTORY_LEVERS, *INVENTORY_LEVERS)))
MIX = (SHARE_PDF, SHARE_DOCX, SHARE_XLSX)
MOST_MONTHS = 60
BY_NAME = {lever.name: lever for lever in LEVERS}
BY_CODE = {lever.code: lever for lever in LEVERS}
