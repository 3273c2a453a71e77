"""A file list of any size to the cells of an age cube: an engine counts, this names months.

In:    an engine, a table or files with path, size and last change; the last month that can be.
Out:   `CountedFiles`: cells with whole files and bytes, and what was set aside.
Never: sees a path; loses a byte: what goes in is in the cells or set aside.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast_core.errors import SourceError
from forecast_core.months import month_text
from forecast_core.schema import FILE_LIST, CountedFiles, SetAside
from forecast_core.sources.engines import Engine
from forecast_core.sources.engines.answer import first_days
from forecast_core.sources.engines.relation import Relation
from forecast_core.sources.engines.statement import CUBE, statement

ONE_SCOPE = "Files"
FUTURE_MONTHS = 12
MOST_VERSIONS = 999
MOST_BYTES = 2**63 - 1


def count_files(engine: Engine, files: Relation, this_month: np.datetime64) -> CountedFiles:
    """Return the cells of a file list; SourceError says what is missing."""
    bound = files.bound(FILE_LIST, engine.dialect)
    latest = int(month_text(this_month + FUTURE_MONTHS).replace("-", ""))
    found = engine.rows(statement(CUBE, {FILE_LIST.name: bound}, engine.dialect, latest=latest))
    if found.empty:
        raise SourceError(f"{files.title} holds no file.")
    if sum(map(int, found["bytes"])) > MOST_BYTES:
        raise SourceError(f"The sizes in {files.title} are together more than 8 EiB.", hint="Are they bytes?")
    good = found["aside"] == ""
    aside, found = tuple(_aside(found[~good])), found[good]
    return CountedFiles(files.title, _cells(found), aside)


def _cells(found: pd.DataFrame) -> pd.DataFrame:
    named = {name: found[name].fillna("").astype("str") for name in ("scope", "tier", "file_type")}
    whole = {name: found[name].astype("int64") for name in ("size_class", "files", "bytes")}
    months = {name: first_days(found[name]) for name in ("modified_month", "accessed_month")}
    versions = found["version"].fillna(0).clip(0, MOST_VERSIONS).astype("int64")
    scopes = named["scope"].where(named["scope"] != "", ONE_SCOPE)
    return pd.DataFrame({**named, "scope": scopes, "version": versions, **months, **whole})


def _aside(found: pd.DataFrame) -> list[SetAside]:
    return [
        SetAside(str(reason), int(rows["files"].sum()), int(rows["bytes"].sum()), _first(rows["first_line"]))
        for reason, rows in found.groupby("aside", sort=True)
    ]


def _first(lines: pd.Series) -> int | None:
    return int(lines.min()) if lines.notna().any() else None
