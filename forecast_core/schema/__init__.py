"""What every frame and file looks like: columns, raw tables, faults.

In:    nothing; these are declarations.
Out:   the columns of a monthly history (`COLUMNS`), the shape of a table as read (`RawTable`), one fault (`Issue`).
Never: reads, checks or converts anything.
"""

from forecast_core.schema.archive_log import (
    ARCHIVE_JOB,
    ARCHIVED,
    ARCHIVED_FILE,
    DELETED_FILE,
    FILE_LIST,
    LogColumn,
    LogTable,
)
from forecast_core.schema.columns import COLUMNS, Column, column, shares
from forecast_core.schema.files import (
    BASES,
    CUBE_COLUMNS,
    EMPTY_CLASS,
    ENDINGS,
    FILE_COLUMNS,
    FILE_TYPES,
    LARGEST_CLASS,
    NEEDED_OF_CUBE,
    NEEDED_OF_FILES,
    OTHER,
    FileColumn,
    class_from_bytes,
    file_type,
    size_class,
    type_order,
)
from forecast_core.schema.headers import BYTES_PER, Named, named, plain, unit_of
from forecast_core.schema.issues import Issue, Severity
from forecast_core.schema.raw import CountedFiles, RawTable, SetAside

__all__ = [
    "ARCHIVED",
    "ARCHIVED_FILE",
    "ARCHIVE_JOB",
    "BASES",
    "BYTES_PER",
    "COLUMNS",
    "CUBE_COLUMNS",
    "DELETED_FILE",
    "EMPTY_CLASS",
    "ENDINGS",
    "FILE_COLUMNS",
    "FILE_LIST",
    "FILE_TYPES",
    "LARGEST_CLASS",
    "NEEDED_OF_CUBE",
    "NEEDED_OF_FILES",
    "OTHER",
    "Column",
    "CountedFiles",
    "FileColumn",
    "Issue",
    "LogColumn",
    "LogTable",
    "Named",
    "RawTable",
    "SetAside",
    "Severity",
    "class_from_bytes",
    "column",
    "file_type",
    "named",
    "plain",
    "shares",
    "size_class",
    "type_order",
    "unit_of",
]
