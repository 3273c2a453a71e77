"""What a table in a database or a lake must say to be read: archive logs, deletions, file lists; each column once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from forecast_core.schema.files import FILE_COLUMNS, FileColumn

ARCHIVED = "Archived"  # what a log calls a file that was archived, where nobody says otherwise
Holds = Literal["text", "whole", "moment"]


@dataclass(frozen=True)
class LogColumn:
    """One column as the queries know it; `aliases` are names it really has, compared without case and punctuation."""

    name: str
    holds: Holds
    meaning: str
    aliases: tuple[str, ...] = ()
    needed: bool = False


@dataclass(frozen=True)
class LogTable:
    """A table as the queries know it; `aliases` are names it really has."""

    name: str
    title: str
    columns: tuple[LogColumn, ...]
    aliases: tuple[str, ...] = ()


def _of_files(name: str, holds: Holds, *, needed: bool = False) -> LogColumn:
    column: FileColumn = next(item for item in FILE_COLUMNS if item.name == name)
    return LogColumn(name, holds, column.meaning, column.aliases, needed)


TENANT = LogColumn("tenant", "text", "Tenant the file belongs to.", ("TenantId",))
SITE = LogColumn("site", "text", "Site, library or department of the file.", ("SiteId",))

ARCHIVED_FILE = LogTable(
    "archived_file",
    "the archive log",
    (
        TENANT,
        SITE,
        LogColumn("unique_id", "text", "The same for a file and its deletion.", ("UniqueId", "FileId", "ItemId")),
        LogColumn("name", "text", "File name; its ending tells the type.", ("Filename", "Path", "LeafName")),
        LogColumn("size", "whole", "Bytes of the original.", ("FileSize", "SizeInBytes", "Bytes"), needed=True),
        LogColumn(
            "archived_at", "moment", "When it was archived, UTC.", ("ArchivedOn", "ArchivedDate", "ArchiveDate"), True
        ),
        LogColumn("state", "text", "Archived where it worked; without it every entry counts.", ("Status",)),
    ),
    ("ArchivedFile", "ArchivedFiles", "FilesArchived"),
)
DELETED_FILE = LogTable(
    "deleted_file",
    "the log of deletions",
    (
        TENANT,
        SITE,
        LogColumn("unique_id", "text", "The same for a file and its deletion.", ("UniqueId", "FileId", "ItemId"), True),
        LogColumn("size", "whole", "Bytes that were freed.", ("FileSize", "SizeInBytes", "Bytes")),
        LogColumn(
            "deleted_at", "moment", "When the original was deleted, UTC.", ("Deleted", "DeletedOn", "DeletedDate"), True
        ),
    ),
    ("DeletedFile", "DeletedFiles", "FilesDeleted"),
)
ARCHIVE_JOB = LogTable(
    "archive_job",
    "the list of runs",
    (
        LogColumn(
            "started_at",
            "moment",
            "When the run began, UTC.",
            ("StartedAt", "Started", "StartTime", "StartedOn", "RunAt", "CreatedAt", "Created"),
            needed=True,
        ),
        LogColumn("state", "text", "How it ended.", ("Status", "Result", "Outcome")),
    ),
    ("ArchiveJob", "ArchiveJobs", "JobRuns"),
)
FILE_LIST = LogTable(
    "file_list",
    "the file list",
    (
        _of_files("scope", "text"),
        _of_files("path", "text", needed=True),
        _of_files("size", "whole", needed=True),
        _of_files("version", "whole"),
        _of_files("tier", "text"),
        _of_files("modified", "moment", needed=True),
        _of_files("accessed", "moment"),
        LogColumn("aside_because", "text", "Why a reader of lists sets the row aside; '' where it does not."),
        LogColumn("list_line", "whole", "Row of the list."),
    ),
)
