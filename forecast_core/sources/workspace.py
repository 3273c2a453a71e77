"""Accepted data sets, kept by the hash of their content.

In:    a checked frame and what is to be remembered about it.
Out:   `<folder>/datasets/<id>/` with `rows.parquet` and `dataset.json`; the same, read back.
Never: leaves half a data set (written aside, then renamed), or returns one whose hash does not fit.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from forecast_core.errors import NotFoundError, SourceError

log = logging.getLogger(__name__)

_ID = re.compile(r"[0-9a-f]{12}")
_ROWS, _ABOUT, _REPLACED = "rows.parquet", "dataset.json", "replaced.json"


@dataclass(frozen=True)
class DataSet:
    """What is remembered about a data set besides its rows.

    `kind` is "demo" or "upload"; `saved_at` an ISO time given by the caller; `choices` how the file was to be read;
    `facts` what the rows alone do not say; `sha256` that of the stored rows, filled in when saved.
    """

    name: str
    kind: str
    content_id: str
    saved_at: str
    choices: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    issues: tuple[Mapping[str, Any], ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    sha256: str = ""

    @property
    def id(self) -> str:
        """Twelve hexadecimal letters: another content or another reading is another data set."""
        return dataset_id(self.content_id, self.choices)


def dataset_id(content_id: str, choices: Mapping[str, Any]) -> str:
    """Return the id of a content read with these choices."""
    text = content_id + json.dumps(dict(choices), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


class Workspace:
    """One folder of data sets; several processes may use it at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "datasets"

    def save(self, frame: pd.DataFrame, about: DataSet) -> DataSet:
        """Store a data set and return it with its hash; one that is there already and sound stays as it is."""
        target = self._folder / about.id
        if target.exists() and (kept := _sound(target)):
            return kept
        self._folder.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=self._folder))
        try:
            stored = _write(fresh, frame, about)
            shutil.rmtree(target, ignore_errors=True)
            _publish(fresh, target)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        return stored

    def load(self, identity: str) -> tuple[DataSet, pd.DataFrame]:
        """Return a data set and its rows; NotFoundError if there is none, SourceError if it was changed or damaged."""
        target = self._place(identity)
        about = _about(target)
        if _hash(target / _ROWS) != about.sha256:
            raise _changed(identity)
        return about, pd.read_parquet(target / _ROWS)

    def has(self, identity: str) -> bool:
        """Return whether there is a data set with this id."""
        return bool(_ID.fullmatch(identity)) and (self._folder / identity / _ABOUT).is_file()

    def replace(self, identity: str, by: str, at: str) -> None:
        """Note that another data set stands in the place of this one from now on; it is kept, and links still open it.

        What replaced it, if anything did, is no longer replaced itself.
        """
        place = self._place(identity)
        self._place(by)
        fresh = place / f"{_REPLACED}.new"
        fresh.write_text(json.dumps({"by": by, "at": at}), "utf-8")
        os.replace(fresh, place / _REPLACED)
        (self._folder / by / _REPLACED).unlink(missing_ok=True)

    def replaced(self) -> dict[str, DataSet]:
        """Return by the id of what was replaced the data set that stands in its place."""
        found = {}
        for place in sorted(self._folder.glob(f"*/{_REPLACED}")):
            with suppress(SourceError, ValueError, KeyError, OSError):
                by = json.loads(place.read_text("utf-8"))["by"]
                found[place.parent.name] = _about(self._folder / by)
        return found

    def about(self, identity: str) -> DataSet:
        """Return what is remembered about a data set; NotFoundError if there is none."""
        return _about(self._place(identity))

    def list(self) -> tuple[DataSet, ...]:
        """Return every readable data set that nothing replaced, the newest first; a damaged one is logged."""
        found: dict[str, DataSet] = {}
        for place in sorted(self._folder.glob("*")):
            if self.has(place.name) and not (place / _REPLACED).exists():
                try:
                    found[place.name] = _about(place)
                except SourceError as error:
                    log.warning("data set %s left out: %s", place.name, error.what)
        return tuple(sorted(found.values(), key=lambda about: (about.saved_at, about.id), reverse=True))

    def _place(self, identity: str) -> Path:
        if not self.has(identity):
            raise NotFoundError(
                f"There is no data set {identity[:40]!r}.",
                allowed="an id of twelve letters 0–9 and a–f",
                hint="It may live on another server; upload the file again on the Data page.",
            )
        return self._folder / identity


def _write(folder: Path, frame: pd.DataFrame, about: DataSet) -> DataSet:
    frame.to_parquet(folder / _ROWS, engine="pyarrow", index=False)
    stored = replace(about, sha256=_hash(folder / _ROWS))
    (folder / _ABOUT).write_text(json.dumps({"id": stored.id, **asdict(stored)}, ensure_ascii=False, indent=1), "utf-8")
    for path in (folder / _ROWS, folder / _ABOUT, folder):
        _to_disk(path)
    return stored


def _publish(fresh: Path, target: Path) -> None:
    try:
        os.rename(fresh, target)
    except OSError:
        # Another process saved the same content in the meantime; the same id means the same rows.
        if not _sound(target):
            raise
        return
    _to_disk(target.parent)


def _sound(target: Path) -> DataSet | None:
    try:
        about = _about(target)
        return about if _hash(target / _ROWS) == about.sha256 else None
    except (OSError, SourceError):
        return None


def _about(target: Path) -> DataSet:
    try:
        values = json.loads((target / _ABOUT).read_text("utf-8"))
        identity = values.pop("id")
        about = DataSet(**{**values, "issues": tuple(values["issues"])})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _changed(target.name) from error
    if not identity == target.name == about.id:
        raise _changed(target.name)
    return about


def _hash(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _changed(identity: str) -> SourceError:
    return SourceError(
        f"The stored data set {identity} was changed or damaged; it is not used.", hint="Upload the file again."
    )
