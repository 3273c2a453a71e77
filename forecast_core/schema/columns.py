"""The columns of a monthly history, each declared once.

Reader, checks, documentation and template file follow from this table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["scope", "month", "stock", "share", "policy", "flow", "extra"]


@dataclass(frozen=True)
class Column:
    """One column of a history row.

    `kind` says when it is measured: a stock and a share at month end after archiving, a flow and the policy during
    the month. `lower`/`upper` bound the value in `unit`; the upper bound of a size or count only stops what is absurd.
    `aliases` are headers that people really have, compared without case, blanks and punctuation. An alias that ends
    in `_next_period` is a label of the *following* month.
    """

    name: str
    title: str
    unit: str
    kind: Kind
    meaning: str
    required: bool = False
    lower: float = 0.0
    upper: float = float("inf")
    aliases: tuple[str, ...] = ()


COLUMNS: tuple[Column, ...] = (
    Column(
        "scope",
        "Scope",
        "",
        "scope",
        "Tenant, site, department or library the row is about; one scope if absent.",
        aliases=("tenant_id", "tenant", "site", "site_id", "site_url", "department", "library", "mandant", "abteilung"),
    ),
    Column(
        "month",
        "Month",
        "",
        "month",
        "Calendar month; daily rows are gathered into it.",
        required=True,
        aliases=("period", "date", "day", "monat", "datum", "year_month", "yyyymm", "report_date", "sampling_date"),
    ),
    Column(
        "total_files",
        "Total files",
        "files",
        "stock",
        "Files on primary at month end, after that month's archiving.",
        aliases=("files", "file_count", "number_of_files", "anzahl_dateien"),
        upper=1e13,
    ),
    Column(
        "avg_file_size_mb",
        "Average file size",
        "MB",
        "stock",
        "Average size of the files on primary at month end.",
        aliases=("average_file_size", "avg_size", "mean_file_size", "avg_file_size", "durchschnittsgroesse"),
        upper=1e7,
    ),
    Column(
        "pct_pdf",
        "Share of PDF",
        "fraction",
        "share",
        "Share of the file count on primary that is PDF.",
        upper=1.0,
        aliases=("pdf_share", "share_pdf", "pdf_pct", "pdf_percent", "anteil_pdf", "pdf"),
    ),
    Column(
        "pct_docx",
        "Share of Word",
        "fraction",
        "share",
        "Share of the file count on primary that is Word.",
        upper=1.0,
        aliases=("docx_share", "share_docx", "docx_pct", "docx_percent", "pct_word", "anteil_docx", "docx"),
    ),
    Column(
        "pct_xlsx",
        "Share of Excel",
        "fraction",
        "share",
        "Share of the file count on primary that is Excel.",
        upper=1.0,
        aliases=("xlsx_share", "share_xlsx", "xlsx_pct", "xlsx_percent", "pct_excel", "anteil_xlsx", "xlsx"),
    ),
    Column(
        "archive_frequency_per_day",
        "Archive frequency",
        "files per day",
        "policy",
        "Files the archiver was set to take per day during the month.",
        aliases=("archive_frequency", "files_per_day", "archive_rate", "archivierung_pro_tag"),
        upper=1e11,
    ),
    Column(
        "archived_gb",
        "Archived",
        "GB",
        "flow",
        "Original content moved to the archive during the month.",
        required=True,
        aliases=("volume_gb", "archived_volume_gb", "archived", "archiviert_gb", "archived_gb_next_period"),
        upper=1e9,
    ),
    Column(
        "savings_gb",
        "Freed",
        "GB",
        "flow",
        "Paid primary storage freed during the month because of archiving.",
        aliases=("storage_saved_gb", "saved_gb", "freed_gb", "savings", "eingespart_gb", "savings_gb_next_period"),
        upper=1e9,
    ),
    Column(
        "archive_added_gb",
        "Added to the archive",
        "GB",
        "flow",
        "What the archive had to add, after its de-duplication and compression.",
        aliases=("archive_growth_gb",),
        upper=1e9,
    ),
    Column(
        "eligible_files",
        "Eligible files",
        "files",
        "stock",
        "Files on primary that the policy could take (the backlog).",
        aliases=("backlog", "backlog_files", "eligible"),
        upper=1e13,
    ),
    Column(
        "files_archived",
        "Archived files",
        "files",
        "extra",
        "Files moved to the archive during the month.",
        aliases=("archived_files",),
        upper=1e13,
    ),
)
SHARES = ("pct_pdf", "pct_docx", "pct_xlsx")
_BY_NAME = {item.name: item for item in COLUMNS}


def column(name: str) -> Column:
    """Return the declaration of a canonical column; KeyError for any other name."""
    return _BY_NAME[name]


def shares() -> tuple[str, ...]:
    """Return the three share columns; what they leave of 1 is `pct_other`."""
    return SHARES
