"""The list of faults as a table, for the screen and the download.

In:    issues.
Out:   a frame, one row per issue, worst first.
Never: drops or rewords one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields

import pandas as pd

from forecast_core.history.faults import sorted_issues
from forecast_core.schema import Issue


def issues_table(issues: Iterable[Issue]) -> pd.DataFrame:
    """Return one row per issue; `severity` in words, `row` empty for a fact of the whole file."""
    names = [item.name for item in fields(Issue)]
    rows = [asdict(issue) | {"severity": issue.severity.name.lower()} for issue in sorted_issues(issues)]
    return pd.DataFrame(rows, columns=names).astype({"row": "Int64", "rows": "int64"})
