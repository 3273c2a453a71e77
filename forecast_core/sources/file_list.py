"""A file list of any size to the cells of an age cube: an engine counts, this names months.

In:    an engine, a table or files with path, size and last change.
Out:   `CountedFiles`: cells with whole files and bytes, and what could not be placed.
Never: sees a path; loses a byte: what goes in is in the cells or set aside.
"""

from __future__ import annotations

import hashlib

import pandas as pd

from forecast_core.errors import SourceError
from forecast_core.schema import FILE_LIST, CountedFiles
from forecast_core.sources.engines import CUBE, Engine, Relation, first_days, statement

ONE_SCOPE = "Files"
UNKNOWN = {
    "file_type": "folders",
    "size_from_bytes": "files without a size",
    "modified_month": "files without a date",
}


def count_files(engine: Engine, files: Relation) -> CountedFiles:
    """Return the cells of a file list; SourceError says what is missing."""
    found = engine.rows(statement(CUBE, {FILE_LIST.name: files.bound(FILE_LIST, engine.dialect)}, engine.dialect))
    if found.empty:
        raise SourceError(f"{files.title} holds no file.")
    found["modified_month"] = first_days(found["modified_month"])
    aside = []
    for column, what in UNKNOWN.items():
        lost = found[column].isna()
        if lost.any():
            aside.append((what, int(found["files"][lost].sum()), int(found["bytes"][lost].fillna(0).sum())))
            found = found[~lost]
    cells = found.assign(
        scope=found["scope"].fillna("").replace("", ONE_SCOPE).astype("str"),
        version=found["version"].fillna(0).astype("int64"),
        size_from_bytes=found["size_from_bytes"].astype("int64"),
    ).sort_values(["scope", "file_type", "size_from_bytes", "version", "modified_month"], ignore_index=True)
    content = hashlib.sha256(pd.util.hash_pandas_object(cells, index=False).to_numpy().tobytes()).hexdigest()
    return CountedFiles(files.title, content, cells, tuple(aside), f"File list: {engine.where}")
