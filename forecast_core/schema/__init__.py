"""What every frame and file looks like: columns, raw tables, faults.

In:    nothing; these are declarations.
Out:   the columns of a monthly history (`COLUMNS`), the shape of a table as read (`RawTable`), one fault (`Issue`).
Never: reads, checks or converts anything.
"""

from forecast_core.schema.columns import COLUMNS, Column, column, shares
from forecast_core.schema.headers import BYTES_PER, Named, named, plain, unit_of
from forecast_core.schema.issues import Issue, Severity
from forecast_core.schema.raw import RawTable

__all__ = [
    "BYTES_PER",
    "COLUMNS",
    "Column",
    "Issue",
    "Named",
    "RawTable",
    "Severity",
    "column",
    "named",
    "plain",
    "shares",
    "unit_of",
]
