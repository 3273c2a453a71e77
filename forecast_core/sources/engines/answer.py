"""The rows that an engine answers with: a few million at most, months as months.

In:    rows of an answer.
Out:   the same; SourceError where there are more.
Never: cuts an answer short in silence.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast_core.errors import SourceError

MOST_ROWS = 3_000_000


def few(found: pd.DataFrame) -> pd.DataFrame:
    """Return an answer that is not too long; an engine need not be asked for more than one row too many."""
    if len(found) > MOST_ROWS:
        raise SourceError(
            f"The answer has more than {MOST_ROWS:,} rows.",
            hint="There are too many scopes or tiers: choose fewer folder levels, or a mapping.",
        )
    return found


def first_days(numbers: pd.Series) -> pd.Series:
    """Return the first day of each month that a query wrote as 202702; unknown where it is unknown.

    >>> [str(day)[:10] for day in first_days(pd.Series([202702, None]))]
    ['2027-02-01', 'NaT']
    """
    known = numbers.fillna(0).to_numpy(np.int64)
    months = (known // 100 - 1970) * 12 + known % 100 - 1
    days = pd.Series(months.astype("datetime64[M]").astype("datetime64[s]"), index=numbers.index)
    return days.where(numbers.notna())
