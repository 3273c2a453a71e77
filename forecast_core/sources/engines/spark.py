"""A Spark cluster that is there already: the session of `spark-submit`, or Spark Connect by `SPARK_REMOTE`.

In:    tables of its catalogue, or paths that its workers can read.
Out:   `Relation`; the rows of a query that ran on the cluster.
Never: brings its own Spark: the cluster's PySpark is used, in the version it has.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd
from sqlglot import exp

from forecast_core.errors import SourceError
from forecast_core.sources.engines.answer import MOST_ROWS, few
from forecast_core.sources.engines.relation import Relation

NAME = "archive-forecast"
READERS = {"csv": "csv", "parquet": "parquet", "orc": "orc", "json": "json"}


class Spark:
    """An engine that runs a question on a cluster."""

    dialect = "spark"

    def __init__(self, session: Any, failure: type[Exception]) -> None:
        self._session = session
        self._failure = failure
        self._views = 0
        self.where = f"Spark {session.version}"

    def relation(self, name: str) -> Relation:
        """Return a table of the catalogue, or the files behind a path; SourceError where there are none."""
        try:
            frame = self._files(name) if "/" in name else self._session.table(name)
            columns = dict(frame.dtypes)
        except self._failure as error:
            raise self._refused(error) from error
        if "/" not in name:
            return Relation(exp.to_table(name, dialect=self.dialect), columns, name)
        self._views += 1
        view = f"archive_forecast_{self._views}"
        frame.createOrReplaceTempView(view)
        return Relation(exp.to_table(view), columns, name.rstrip("/").rpartition("/")[2])

    def rows(self, sql: str) -> pd.DataFrame:
        """Return the rows of a query; they are few, so they come one by one and keep their types."""
        try:
            found = self._session.sql(sql)
            rows = [tuple(row) for row in found.take(MOST_ROWS + 1)]
        except self._failure as error:
            raise self._refused(error) from error
        return few(pd.DataFrame(rows, columns=found.columns))

    def _files(self, path: str) -> Any:
        ending = path.rstrip("/").rpartition(".")[2].lower()
        if ending == "csv":
            return self._session.read.csv(path, header=True)
        return self._session.read.format(READERS.get(ending, "parquet")).load(path)

    def _refused(self, error: Exception) -> SourceError:
        first = (str(error).splitlines() or [""])[0][:300]
        return SourceError(
            f"{self.where} refuses: {first}", hint="Name a table of its catalogue, or a path it can read."
        )


@contextmanager
def spark() -> Iterator[Spark]:
    """Use the session of this process or make one; SourceError where there is no PySpark."""
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError:
        raise SourceError(
            "There is no PySpark here.",
            hint="Run this by spark-submit, on a node of the cluster, or install the PySpark of its version.",
        ) from None
    running = SparkSession.getActiveSession()
    session = running or SparkSession.builder.appName(NAME).getOrCreate()
    session.conf.set("spark.sql.session.timeZone", "UTC")
    try:
        yield Spark(session, PySparkException)
    finally:
        if running is None:
            session.stop()
