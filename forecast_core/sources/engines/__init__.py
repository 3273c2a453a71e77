"""Where a question is put to data too large to hand over: DuckDB here, a database, a Spark cluster.

In:    the name of a query in `queries/`, tables in files, a database or a lake.
Out:   the few rows of the answer; `Engine` is what every one of them can do.
Never: hands over a row of the source; writes to it; knows what the answer is used for.
"""

from __future__ import annotations

from typing import Protocol

import pandas as pd

from forecast_core.sources.engines.answer import first_days
from forecast_core.sources.engines.relation import Relation
from forecast_core.sources.engines.statement import CUBE, HISTORY, JOBS, statement

__all__ = ["CUBE", "HISTORY", "JOBS", "Engine", "Relation", "first_days", "statement"]


class Engine(Protocol):
    """`dialect` as SQLGlot calls it; `where` what it is and where, in words, without a password."""

    dialect: str
    where: str

    def relation(self, name: str) -> Relation:
        """Return a table by the name that a person gave; SourceError where there is none."""
        ...

    def rows(self, sql: str) -> pd.DataFrame:
        """Return the rows of a query; SourceError says why it could not be run."""
        ...
