"""A folder of files to an age cube, without keeping a single name.

In:    a folder that this process may read; the month it is.
Out:   `Scan`: cells, counts, what could not be read; a CSV that the Data page takes.
Never: follows a link, opens a file, or holds the list of files; a folder that cannot be read is named, not fatal.
"""

from __future__ import annotations

import json
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from forecast_core.errors import SourceError
from forecast_core.schema import class_from_bytes, file_type, size_class

PROGRESS_FILES = 2_000
CELL = ("scope", "basis", "file_type", "size_from_bytes", "modified_month")
Progress = Callable[[int, int], None]
Cell = tuple[str, str, str, int, str]
COUNTS = ("files", "bytes", "folders", "links", "special")
Folder = tuple[str, tuple[str, ...]]
JOURNAL_ENTRIES = 50_000


@dataclass
class Scan:
    """What was found; `errors` are (path, reason), `links` and `special` files that were passed over.

    `counted` is by cell the files and their bytes.
    """

    files: int = 0
    bytes: int = 0
    folders: int = 0
    links: int = 0
    special: int = 0
    errors: list[tuple[str, str]] = field(default_factory=list)
    counted: dict[Cell, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]), repr=False)

    def add(self, scope: str, name: str, found: os.stat_result, accessed: bool) -> None:
        """Count one file."""
        self.files += 1
        self.bytes += found.st_size
        times = {"modified": found.st_mtime, **({"accessed": found.st_atime} if accessed else {})}
        for basis, moment in times.items():
            key = (scope, basis, file_type(name), class_from_bytes(size_class(found.st_size)), _month(moment))
            cell = self.counted[key]
            cell[0] += 1
            cell[1] += found.st_size

    def cells(self, month: np.datetime64) -> pd.DataFrame:
        """Return the cells as they stand in `month`."""
        rows = [(*key, *counts) for key, counts in sorted(self.counted.items())]
        frame = pd.DataFrame(rows, columns=[*CELL, "files", "bytes"])
        frame.insert(1, "snapshot_month", str(month.astype("datetime64[M]")))
        return frame


@dataclass(frozen=True)
class Asked:
    """What is to be scanned: scopes are the folders `scope_depth` levels below the root."""

    root: Path
    scope_depth: int = 1
    accessed: bool = False


def scan(
    root: Path,
    *,
    scope_depth: int = 1,
    accessed: bool = False,
    progress: Progress | None = None,
    journal: Path | None = None,
) -> Scan:
    """Return what lies under a folder.

    With a `journal` what was counted is written down folder by folder; a scan that was stopped goes on from there.
    """
    if not root.is_dir():
        raise SourceError(f"{root} is not a folder that can be read.", hint="Give the path of a folder.")
    asked = Asked(root.absolute(), scope_depth, accessed)
    found, waiting = _resumed(journal, asked) if journal else _fresh(asked)
    written = 0
    while waiting:
        folder, below = waiting.pop()
        _count(found, waiting, (folder, below), asked, progress)
        if journal and (seen := found.files + found.folders) >= written + JOURNAL_ENTRIES:
            _write_down(journal, asked, found, waiting)
            written = seen
    if journal:
        journal.unlink(missing_ok=True)
    return found


def _count(found: Scan, waiting: list[Folder], where: Folder, asked: Asked, progress: Progress | None) -> None:
    """Count the files of one folder; its folders wait."""
    for scope, entry in _entries(found, waiting, where, asked):
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError as error:
            found.errors.append((entry.path, _reason(error)))
            continue
        found.add(scope, entry.name, status, asked.accessed)
        if progress and found.files % PROGRESS_FILES == 0:
            progress(found.files, found.bytes)


def _entries(found: Scan, waiting: list[Folder], where: Folder, asked: Asked) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield (scope, file) of every regular file of a folder; links are counted and passed over."""
    folder, below = where
    found.folders += 1
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_symlink():
                    found.links += 1
                elif entry.is_dir(follow_symlinks=False):
                    waiting.append((entry.path, (*below, entry.name)[: asked.scope_depth]))
                elif entry.is_file(follow_symlinks=False):
                    yield "/".join(below) or asked.root.name or "root", entry
                else:
                    found.special += 1
    except OSError as error:
        found.errors.append((folder, _reason(error)))


def _write_down(journal: Path, asked: Asked, found: Scan, waiting: list[Folder]) -> None:
    """Write down what was counted, and which folders wait, in one step."""
    cells = [[*key, *counts] for key, counts in found.counted.items()]
    told = {"cells": cells, "errors": found.errors, **{name: getattr(found, name) for name in COUNTS}}
    text = json.dumps({"asked": _named(asked), "waiting": waiting, **told})
    fresh = journal.with_name(f"{journal.name}.new")
    try:
        fresh.write_text(text, "utf-8")
        os.replace(fresh, journal)
    except OSError as error:
        raise SourceError(f"{journal} cannot be written: {_reason(error)}.", hint="Choose another file.") from error


def _resumed(journal: Path, asked: Asked) -> tuple[Scan, list[Folder]]:
    """Return what a stopped scan had counted and what waited; from the start where there is no journal."""
    if not journal.exists():
        return _fresh(asked)
    try:
        told = json.loads(journal.read_text("utf-8"))
        if told["asked"] != _named(asked):
            raise SourceError(f"{journal} is of another scan.", hint="Delete it, or scan as before.")
        found = Scan()
        for name in COUNTS:
            setattr(found, name, int(told[name]))
        found.errors.extend((str(path), str(reason)) for path, reason in told["errors"])
        found.counted.update({tuple(cell[:5]): list(cell[5:]) for cell in told["cells"]})
        return found, [(str(folder), tuple(below)) for folder, below in told["waiting"]]
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise SourceError(
            f"{journal} is no journal of a scan, or damaged.", hint="Delete it and start again."
        ) from error


def _fresh(asked: Asked) -> tuple[Scan, list[Folder]]:
    return Scan(), [(str(asked.root), ())]


def _named(asked: Asked) -> list[object]:
    return [str(asked.root), asked.scope_depth, asked.accessed]


def write_cube(cells: pd.DataFrame, target: Path, *, add: bool = False) -> int:
    """Write cells as CSV and return how many months the file then holds; `add` keeps the other months in it."""
    if add and target.exists():
        earlier = pd.read_csv(target, dtype=str, keep_default_na=False)
        if list(earlier.columns) != list(cells.columns):
            raise SourceError(f"{target} is no age cube of this tool.", allowed=", ".join(cells.columns))
        months = set(cells["snapshot_month"])
        cells = pd.concat([earlier[~earlier["snapshot_month"].isin(months)], cells.astype(str)], ignore_index=True)
    fresh = target.with_name(f".{target.name}.new")
    try:
        cells.to_csv(fresh, index=False, lineterminator="\n")
        os.replace(fresh, target)
    except OSError as error:
        raise SourceError(f"{target} cannot be written: {_reason(error)}.", hint="Choose another file.") from error
    return int(cells["snapshot_month"].nunique())


def _month(moment: float) -> str:
    year, month = time.gmtime(moment)[:2]
    return f"{year:04d}-{month:02d}"


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
