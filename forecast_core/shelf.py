"""Published models on disk: whole versions, and which one answers.

In:    the files of a version as bytes; what was decided about it.
Out:   `<folder>/<version>/` with a manifest of SHA-256 sums, `<folder>/<data set>.json` with champion, challenger and
       the record of every decision; the same, read back and checked.
Never: leaves half a version (written aside, then renamed), returns a file whose hash does not fit, runs what it reads.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from forecast_core.errors import ModelError, NotFoundError

log = logging.getLogger(__name__)

FORMAT = 1
MANIFEST = "manifest.json"
_VERSION = re.compile(r"[a-z0-9]{1,40}-v(\d{1,6})")
_DATASET = re.compile(r"[a-z0-9]{1,40}")


@dataclass(frozen=True)
class Decision:
    """One line of the record: who answers from now on, and why; `at` an ISO time given by the caller."""

    at: str
    action: str
    version: str
    reason: str


@dataclass(frozen=True)
class Standing:
    """Which versions of a data set answer and wait; "" where there is none. `record` oldest first.

    `untold` is what MLflow could not be told of it, "" if it knows all.
    """

    dataset_id: str
    champion: str = ""
    challenger: str = ""
    untold: str = ""
    record: tuple[Decision, ...] = ()

    def decided(self, decision: Decision, **standing: str) -> Standing:
        """Return the standing after a decision."""
        return replace(self, record=(*self.record, decision), **standing)

    @property
    def earlier(self) -> tuple[str, ...]:
        """Versions that were champion before, the latest first."""
        named = [decision.version for decision in self.record if decision.action in ("publish", "promote", "rollback")]
        return tuple(dict.fromkeys(name for name in reversed(named) if name != self.champion))


@dataclass(frozen=True)
class Manifest:
    """What a version says of itself: for which data, made with what, and the SHA-256 of each of its files.

    `about` is what whoever published it wants to find again without reading the files.
    """

    version: str
    dataset_id: str
    data_sha256: str
    code_version: str
    libraries: Mapping[str, str]
    created_at: str
    about: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    format: int = FORMAT


class Shelf:
    """One folder of published versions; several processes may use it at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def publish(self, manifest: Manifest, files: Mapping[str, bytes]) -> Manifest:
        """Store a version under the next free name of its data set; it exists whole or not at all."""
        _checked(manifest.dataset_id, _DATASET)
        with self._locked():
            named = replace(
                manifest,
                version=self._next(manifest.dataset_id),
                files={name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
            )
            self._place(named, files)
        return named

    def hand_over(self, dataset_id: str, target: Shelf) -> tuple[str, ...]:
        """Copy the versions of a data set that the target lacks, then the standing; return the copied versions.

        ModelError, and nothing is copied, where the target holds another version under the same name.
        """
        with target._locked():
            held = {version: target.manifest(version) for version in target.versions(dataset_id)}
            offered = [self.read(version) for version in reversed(self.versions(dataset_id))]
            for manifest, _ in offered:
                if held.get(manifest.version, manifest) != manifest:
                    raise _refused(manifest.version, "another one of this name is published there")
            fresh = [(manifest, files) for manifest, files in offered if manifest.version not in held]
            for manifest, files in fresh:
                target._place(manifest, files)
        target.decide(self.standing(dataset_id))
        return tuple(manifest.version for manifest, _ in fresh)

    def read(self, version: str) -> tuple[Manifest, dict[str, bytes]]:
        """Return a version's manifest and files; ModelError if anything was changed, is missing or too new."""
        manifest = self.manifest(version)
        found = {}
        for name, sha256 in manifest.files.items():
            path = self._folder / version / _plain_name(name)
            try:
                content = path.read_bytes()
            except OSError:
                content = b""
            if hashlib.sha256(content).hexdigest() != sha256:
                raise _refused(version, f"its file {name} was changed, is missing or cannot be read")
            found[name] = content
        return manifest, found

    def manifest(self, version: str) -> Manifest:
        """Return what a version says of itself; NotFoundError if there is no such version."""
        path = self._folder / _checked(version, _VERSION) / MANIFEST
        if not path.is_file():
            raise NotFoundError(f"There is no published version {version!r}.", hint="`card` lists those there are.")
        try:
            manifest = Manifest(**json.loads(path.read_text("utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise _refused(version, "its manifest cannot be read") from error
        if manifest.format != FORMAT:
            raise _refused(version, f"its format is {manifest.format}, this program reads {FORMAT}")
        if manifest.version != version:
            raise _refused(version, "its manifest belongs to another version")
        return manifest

    def versions(self, dataset_id: str) -> tuple[str, ...]:
        """Return the versions of a data set, the newest first."""
        found = [path.parent.name for path in self._folder.glob(f"{_checked(dataset_id, _DATASET)}-v*/{MANIFEST}")]
        return tuple(sorted(filter(_VERSION.fullmatch, found), key=_number, reverse=True))

    def standing(self, dataset_id: str) -> Standing:
        """Return which versions answer and wait, and the record; an empty standing where nothing was published."""
        try:
            values = json.loads(self._pointer(dataset_id).read_text("utf-8"))
            return Standing(**{**values, "record": tuple(Decision(**line) for line in values["record"])})
        except FileNotFoundError:
            return Standing(dataset_id)
        except (OSError, ValueError, TypeError, KeyError) as error:
            log.warning("the standing of %s cannot be read: %s", dataset_id, error)
            return Standing(dataset_id)

    def standings(self) -> tuple[Standing, ...]:
        """Return the standing of every data set."""
        return tuple(self.standing(path.stem) for path in sorted(self._folder.glob("*.json")))

    def decide(self, standing: Standing) -> None:
        """Store a standing in one step: readers see the old one or the new one."""
        with self._locked():
            fresh = self._folder / f".new-{os.getpid()}-{standing.dataset_id}"
            _written(fresh, _json(asdict(standing)))
            os.replace(fresh, self._pointer(standing.dataset_id))
            _to_disk(self._folder)

    def edition(self, dataset_id: str) -> str:
        """Return a text that changes when the standing of a data set does; cheap enough for every question."""
        try:
            found = self._pointer(dataset_id).stat()
        except FileNotFoundError:
            return ""
        return f"{found.st_ino}-{found.st_mtime_ns}-{found.st_size}"

    def _place(self, manifest: Manifest, files: Mapping[str, bytes]) -> None:
        """Write a version aside, then give it its name."""
        fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=self._folder))
        try:
            for name, content in {**files, MANIFEST: _json(asdict(manifest))}.items():
                _written(fresh / name, content)
            _to_disk(fresh)
            os.rename(fresh, self._folder / manifest.version)
            _to_disk(self._folder)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)

    def _pointer(self, dataset_id: str) -> Path:
        return self._folder / f"{_checked(dataset_id, _DATASET)}.json"

    def _next(self, dataset_id: str) -> str:
        taken = [_number(version) for version in self.versions(dataset_id)]
        return f"{dataset_id}-v{max(taken, default=0) + 1}"

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the folder for writing; what a killed writer left aside is swept out."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / ".lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            for left in self._folder.glob(".new-*"):
                shutil.rmtree(left) if left.is_dir() else left.unlink()
            yield


def _number(version: str) -> int:
    return int(version.rsplit("-v", 1)[1])


def _checked(name: str, form: re.Pattern[str]) -> str:
    if not form.fullmatch(name):
        raise NotFoundError(f"There is nothing published under {name[:40]!r}.", hint="Choose a version from the list.")
    return name


def _plain_name(name: str) -> str:
    if name != Path(name).name:
        raise ModelError(f"A manifest names the file {name[:60]!r}, which lies elsewhere; it is refused.")
    return name


def _json(values: Mapping[str, Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _written(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    _to_disk(path)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _refused(version: str, why: str) -> ModelError:
    return ModelError(f"The published version {version} is refused: {why}.", hint="Train again, or roll back.")
