"""Rows of text to cells of a cube.

In:    a frame of text, one column per declared name.
Out:   `Rows`: cells with whole numbers, the faults, how many rows are in them.
Never: guesses a size or a date; a row that cannot be read is set aside and counted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast_core.inventory.contents import Contents
from forecast_core.inventory.cube import KEYS, MEASURES, SNAPSHOT
from forecast_core.schema import BASES, Issue, Severity, file_type

NAMED_ROWS = 5
ONE_SCOPE = "Files"
LARGEST_BYTES = 2**62
ISO = "2027-03-14, 2027-03-14 09:30 or 2027-03-14T09:30:00Z"
CELL = [SNAPSHOT, "basis", *KEYS]


@dataclass(frozen=True, eq=False)
class Rows:
    """`cells` with the columns of a cube, `snapshot_month` and `basis`; `used` rows of text are in them."""

    cells: pd.DataFrame
    issues: tuple[Issue, ...]
    used: int
    contents: Contents = Contents()


def cells_of_files(rows: pd.DataFrame, taken: np.datetime64 | None, folders: int = 0) -> Rows:
    """Return the cells of a file list as it stood at the end of `taken` (of the newest change if not given).

    Without a column of scopes they are the folders so many levels below the one that all files share; 0: one scope.
    """
    size, no_size = _whole(rows["size"], "size", "whole bytes, 0 or more")
    month, no_month = _months(rows["modified"], "modified")
    folder = rows["path"].str.endswith(("/", "\\"))
    good = size.notna() & month.notna() & ~folder
    issues = [*no_size, *no_month, *_folders(folder)]
    if not good.any():
        return Rows(pd.DataFrame(), tuple(issues), 0)
    kept = rows[good]
    files = pd.DataFrame(
        {
            "scope": _text(kept, "scope", ONE_SCOPE) if "scope" in kept else _by_folder(kept["path"], folders),
            "file_type": kept["path"].map(file_type),
            "size_class": _classes(size[good].to_numpy(np.int64)),
            "version": _versions(kept),
            "modified_month": month[good],
            "files": 1,
            "bytes": size[good].astype("int64"),
            SNAPSHOT: pd.Timestamp(taken if taken is not None else month[good].max()),
        }
    )
    parts = [files.assign(basis="modified")]
    if "accessed" in kept:
        accessed, _ = _months(kept["accessed"], "accessed")
        parts.append(files.assign(basis="accessed", modified_month=accessed.fillna(month[good])))
        issues += _never_opened(accessed.isna())
    cells = pd.concat(parts).groupby(CELL, sort=True, as_index=False)[list(MEASURES)].sum()
    return Rows(cells, tuple(issues), int(good.sum()), Contents.of(kept, size[good]))


def cells_of_cube(rows: pd.DataFrame, taken: np.datetime64 | None) -> Rows:
    """Return the cells of a table of cells; without `snapshot_month` they stood so at the end of `taken`."""
    numbers = {name: _whole(rows[name], name, "a whole number") for name in ("size_from_bytes", *MEASURES)}
    month, no_month = _months(rows["modified_month"], "modified_month")
    values = {name: found for name, (found, _) in numbers.items()}
    good = month.notna() & np.logical_and.reduce([found.notna() for found in values.values()])
    issues = [*no_month, *(issue for _, found in numbers.values() for issue in found)]
    snapshot = pd.Series(pd.Timestamp(taken if taken is not None else month.max()), index=rows.index)
    if SNAPSHOT in rows:
        snapshot, no_snapshot = _months(rows[SNAPSHOT], SNAPSHOT)
        good, issues = good & snapshot.notna(), [*issues, *no_snapshot]
    basis = _text(rows, "basis", BASES[0])
    strange = ~basis.isin(BASES)
    if strange.any():
        issues.append(_fault("basis", rows["basis"], strange, "modified or accessed"))
    good &= ~strange
    if not good.any():
        return Rows(pd.DataFrame(), tuple(issues), 0)
    kept = rows[good]
    cells = pd.DataFrame(
        {
            SNAPSHOT: snapshot[good],
            "basis": basis[good],
            "scope": _text(kept, "scope", ONE_SCOPE),
            "file_type": kept["file_type"],
            "size_class": _classes(values["size_from_bytes"][good].to_numpy(np.int64)),
            "version": _versions(kept),
            "modified_month": month[good],
            **{name: values[name][good].astype("int64") for name in MEASURES},
        }
    )
    return Rows(cells.groupby(CELL, sort=True, as_index=False)[list(MEASURES)].sum(), tuple(issues), int(good.sum()))


def _classes(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the size class of each; exact, which a logarithm of floats is not near a power of two."""
    return np.searchsorted(2 ** np.arange(63, dtype=np.int64), sizes, side="right") - 1


def _whole(texts: pd.Series, column: str, allowed: str) -> tuple[pd.Series, list[Issue]]:
    """Return whole numbers, NA where there is none, and the fault that names the first such rows."""
    plain = texts.str.replace(r"[ ,_](?=\d{3}\b)", "", regex=True)
    read = plain.where(plain.str.fullmatch(r"\d{1,18}"))
    bad = read.isna()
    return read.astype("Int64"), [_fault(column, texts, bad, allowed)] if bad.any() else []


def _months(texts: pd.Series, column: str) -> tuple[pd.Series, list[Issue]]:
    days = pd.to_datetime(texts.str.replace("/", "-"), format="ISO8601", utc=True, errors="coerce").dt.tz_localize(None)
    bad = days.isna()
    firsts = days.to_numpy().astype("datetime64[M]").astype("datetime64[s]")
    months = pd.Series(firsts, index=texts.index)
    return months, [_fault(column, texts, bad, ISO)] if bad.any() else []


def _fault(column: str, texts: pd.Series, bad: pd.Series, allowed: str) -> Issue:
    rows = texts.index[bad.to_numpy(bool)]
    named = ", ".join(f"{row}" for row in rows[:NAMED_ROWS]) + (" …" if len(rows) > NAMED_ROWS else "")
    value = str(texts.loc[rows[0]])
    return Issue(
        Severity.ERROR,
        f"{column}_unreadable",
        f"{column} cannot be read in {len(rows):,} rows ({named}); they are set aside.",
        allowed=allowed,
        hint="Correct the cells, or leave the rows out knowingly.",
        row=int(rows[0]),
        column=column,
        value=value,
        rows=len(rows),
    )


def _never_opened(unknown: pd.Series) -> list[Issue]:
    if not unknown.any():
        return []
    rows = unknown.index[unknown.to_numpy(bool)]
    what = f"The last access is not known in {len(rows):,} rows; there the last change counts."
    return [Issue(Severity.WARNING, "accessed_unknown", what, row=int(rows[0]), column="accessed", rows=len(rows))]


def _folders(folder: pd.Series) -> list[Issue]:
    if not folder.any():
        return []
    rows = folder.index[folder.to_numpy(bool)]
    what = f"{len(rows):,} rows are folders; only files count."
    return [Issue(Severity.FIXED, "folders", what, row=int(rows[0]), column="path", rows=len(rows))]


def _text(rows: pd.DataFrame, column: str, default: str) -> pd.Series:
    if column not in rows:
        return pd.Series(default, index=rows.index, dtype="str")
    return rows[column].where(rows[column] != "", default)


def _by_folder(paths: pd.Series, levels: int) -> pd.Series:
    """Return the folders of files, `levels` deep below the one that they all lie in."""
    if not levels:
        return pd.Series(ONE_SCOPE, index=paths.index, dtype="str")
    folders = paths.str.replace(r"[\\/]+", "/", regex=True).str.strip("/").str.rpartition("/")[0].str.split("/")
    first, last = folders.min(), folders.max()  # what the first and the last in order share, all share
    shared = next((at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), None)
    start = min(len(first), len(last)) if shared is None else shared
    named = folders.str[start : start + levels].str.join("/")
    return named.where(named != "", ONE_SCOPE)


def _versions(rows: pd.DataFrame) -> pd.Series:
    if "version" not in rows:
        return pd.Series(0, index=rows.index)
    return pd.to_numeric(rows["version"], errors="coerce").fillna(0).clip(0, 999).astype("int64")
