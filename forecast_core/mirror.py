"""Data sets and published models, the same on every machine: a folder here and one place that all share.

In:    the data folder, the folder of published models, the shared place.
Out:   what is missing here is fetched, what is missing there is sent; what went which way.
Never: leaves half a data set or version on either side (written aside or without its note until it is whole), deletes
       anything, or lets two machines answer differently for longer than a round: what was shared first stands.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import shutil
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from forecast_core.errors import SourceError
from forecast_core.shared_place import Place, TakenError

log = logging.getLogger(__name__)

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}")
_MEMORY = ".mirror.json"


@dataclass(frozen=True)
class Shelved:
    """Folders that never change once they are whole; `note` is the file that says so and is written last."""

    kind: str
    folder: Path
    note: str

    def here(self) -> set[str]:
        """Return the whole ones on this side."""
        return {path.parent.name for path in self.folder.glob(f"*/{self.note}") if _NAME.fullmatch(path.parent.name)}

    def there(self, names: Mapping[str, str]) -> set[str]:
        """Return the whole ones on the shared side."""
        parts = (name.split("/") for name in names)
        found = (part for part in parts if len(part) == 3 and part[0] == self.kind and part[2] == self.note)
        return {part[1] for part in found if _NAME.fullmatch(part[1])}


@dataclass
class Round:
    """What one round moved: `fetched` and `sent` by their shared names, `overruled` what was decided twice."""

    fetched: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    overruled: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.fetched or self.sent or self.overruled)


class Mirror:
    """One per process; a round may be asked for by several threads, they take turns."""

    def __init__(self, data_dir: Path, models_dir: Path, place: Place) -> None:
        self._place = place
        self._small = {
            "models": (models_dir, ".json"),
            "prices": (data_dir / "prices", ".json"),
            "reports": (data_dir / "reports", ".md"),
        }
        self._memory = data_dir / _MEMORY
        self._shelved = (
            Shelved("datasets", data_dir / "datasets", "dataset.json"),
            Shelved("models", models_dir, "manifest.json"),
        )
        self._turn = threading.Lock()
        self._checked: set[str] = set()

    def sync(self) -> Round:
        """Go round once; SourceError if the shared place cannot be reached, with nothing half done."""
        done = Round()
        with self._turn:
            names = self._place.names()
            for shelved in self._shelved:
                self._shelve(shelved, names, done)
            self._exchange(names, done)
        if done:
            log.info("mirror fetched=%s sent=%s overruled=%s", done.fetched, done.sent, done.overruled)
        return done

    def _shelve(self, shelved: Shelved, names: Mapping[str, str], done: Round) -> None:
        here, there = shelved.here(), shelved.there(names)
        for unit in sorted(here & there):
            if not self._is_the_same(shelved, unit):
                log.warning("mirror: another %s was shared first; it takes the place of the one made here", unit)
                done.overruled.append(f"{shelved.kind}/{unit}")
                shutil.rmtree(shelved.folder / unit)
                here.discard(unit)
        for unit in sorted(there - here):
            self._fetch(shelved, unit, names)
            done.fetched.append(f"{shelved.kind}/{unit}")
        for unit in sorted(here - there):
            if self._send(shelved, unit):
                done.sent.append(f"{shelved.kind}/{unit}")

    def _is_the_same(self, shelved: Shelved, unit: str) -> bool:
        name = f"{shelved.kind}/{unit}/{shelved.note}"
        if shelved.kind == "models" and name not in self._checked:
            if self._place.read(name)[0] != (shelved.folder / unit / shelved.note).read_bytes():
                return False
            self._checked.add(name)
        return True

    def _fetch(self, shelved: Shelved, unit: str, names: Mapping[str, str]) -> None:
        start = f"{shelved.kind}/{unit}/"
        with _aside(shelved.folder) as fresh:
            for name in names:
                tail = name.removeprefix(start)
                if tail != name and _NAME.fullmatch(tail):
                    (fresh / tail).write_bytes(self._place.read(name)[0])
            target = shelved.folder / unit
            if not target.exists():
                os.rename(fresh, target)

    def _send(self, shelved: Shelved, unit: str) -> bool:
        """Send the note last; False if another machine was faster."""
        folder = shelved.folder / unit
        files = sorted(
            (path for path in folder.iterdir() if path.is_file()), key=lambda path: path.name == shelved.note
        )
        for path in files:
            name = f"{shelved.kind}/{unit}/{path.name}"
            try:
                self._place.write(name, path.read_bytes(), "")
            except TakenError:
                if path.name == shelved.note:
                    return False
                self._place.write(name, path.read_bytes(), None)  # left by a sender that was stopped half-way
        self._checked.add(f"{shelved.kind}/{unit}/{shelved.note}")
        return True

    # ── who answers, imported prices, reports: small files that change ─────────────────────────────────────────────
    def _exchange(self, names: Mapping[str, str], done: Round) -> None:
        memory = self._remembered()
        before = dict(memory)
        small = ((kind, path) for kind, (folder, end) in self._small.items() for path in folder.glob(f"*{end}"))
        here = {f"{kind}/{path.name}": path for kind, path in small}
        shared = {name for name in names if self._is_small(name)}
        for name in sorted(shared | {name for name in here if self._is_small(name)}):
            stamp, content = names.get(name, ""), here[name].read_bytes() if name in here else None
            known_stamp, known_sum = memory.get(name, ("", ""))
            if stamp != known_stamp:
                memory[name] = (stamp, _sum(self._take(name, content, known_sum, done)))
            elif content is not None and _sum(content) != known_sum:
                try:
                    memory[name] = (self._place.write(name, content, stamp), _sum(content))
                    done.sent.append(name)
                except TakenError:
                    log.info("mirror: %s was changed elsewhere at the same moment; the next round reads it", name)
        if memory != before:
            _replace(self._memory, json.dumps(memory).encode())

    def _take(self, name: str, here: bytes | None, known_sum: str, done: Round) -> bytes:
        content, _ = self._place.read(name)
        if content == here:
            return content
        if here is not None and _sum(here) != known_sum:
            log.warning("mirror: %s was changed elsewhere first; what was decided here is void", name)
            done.overruled.append(name)
        kind, _, tail = name.partition("/")
        _replace(self._small[kind][0] / tail, content)
        done.fetched.append(name)
        return content

    def _is_small(self, name: str) -> bool:
        kind, _, tail = name.partition("/")
        return kind in self._small and tail.endswith(self._small[kind][1]) and bool(_NAME.fullmatch(tail))

    def _remembered(self) -> dict[str, tuple[str, str]]:
        try:
            found = json.loads(self._memory.read_bytes())
            return {str(name): (str(stamp), str(content_sum)) for name, (stamp, content_sum) in found.items()}
        except (FileNotFoundError, ValueError, TypeError, AttributeError):
            return {}


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@contextmanager
def _aside(folder: Path) -> Iterator[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".fetched-", dir=folder))
    try:
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _replace(path: Path, content: bytes) -> None:
    """Write aside, then rename: a reader sees the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".fetched-{os.getpid()}-{path.name.lstrip('.')}")
    try:
        fresh.write_bytes(content)
        os.replace(fresh, path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise SourceError(f"{path.name} cannot be written here: {error}.") from error
