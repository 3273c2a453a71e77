"""A stored file as plain bytes: gzip and ZIP opened, and stopped when they grow out of proportion.

In:    a `Source`.
Out:   a stream of plain bytes, and its first ones.
Never: holds more than a block; unpacks an archive within an archive.
"""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from forecast_core.errors import SourceError
from forecast_core.sources.listing.place import Source, unreachable

PROPORTION, FREE_BYTES = 100, 64 * 2**20
GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
OFFICE = "xl/workbook.xml"


@dataclass(frozen=True)
class Packed:
    """A source and how it is packed: "", "gzip" or the name of the member of a ZIP archive."""

    source: Source
    how: str = ""
    member: str = ""

    @property
    def name(self) -> str:
        """Return the name of what is inside."""
        return self.member or self.source.name

    def stream(self) -> io.BufferedReader:
        """Return the plain bytes from the start."""
        raw = self.source.open()
        opened: Callable[[], object] = {
            "gzip": lambda: gzip.GzipFile(fileobj=raw, mode="rb"),
            "zip": lambda: zipfile.ZipFile(raw).open(self.member),  # noqa: SIM115 - closed with the stream
        }.get(self.how, lambda: raw)
        return io.BufferedReader(_Watched(opened(), self.source, bool(self.how)), 1 << 20)

    def start(self, count: int) -> bytes:
        """Return the first plain bytes."""
        with self.stream() as stream:
            return stream.read(count)


def packed(source: Source) -> Packed:
    """Return how a file is packed; SourceError for a ZIP archive of none or several files."""
    first = Packed(source).start(4)
    if first.startswith(GZIP):
        return Packed(source, "gzip")
    if not first.startswith(ZIP):
        return Packed(source)
    try:
        with zipfile.ZipFile(source.open()) as archive:
            names = [item for item in archive.infolist() if not item.is_dir() and not item.filename.startswith("__")]
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise SourceError("The archive is damaged or not complete.", hint="Pack it again.") from error
    if any(item.filename == OFFICE for item in names):
        return Packed(source)
    if len(names) != 1:
        raise SourceError(
            f"The ZIP archive holds {len(names):,} files.", allowed="one file", hint="Unpack it and choose the file."
        )
    if names[0].flag_bits & 1:
        raise SourceError("The ZIP archive is protected by a password.", hint="Unpack it first.")
    return Packed(source, "zip", names[0].filename)


class _Watched(io.RawIOBase):
    """Counts what comes out; names what went wrong."""

    def __init__(self, inner: object, source: Source, grows: bool) -> None:
        self._inner, self._source = inner, source
        self._left = max(source.size * PROPORTION, FREE_BYTES) if grows else -1

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any, /) -> int:
        view = memoryview(target)
        try:
            block = self._inner.read(len(view))  # type: ignore[attr-defined]
        except (zlib.error, EOFError, gzip.BadGzipFile, zipfile.BadZipFile, NotImplementedError) as error:
            raise SourceError(
                f"{self._source.name} is damaged or ends too early.", hint="Copy or export it again; nothing was used."
            ) from error
        except (OSError, pa.ArrowException) as error:
            raise unreachable(self._source.name, error) from error
        if self._left >= 0:
            self._left -= len(block)
            if self._left < 0:
                raise SourceError(
                    f"{self._source.name} unpacks to more than {PROPORTION} times its size.",
                    allowed=f"up to {PROPORTION} times, or {FREE_BYTES >> 20} MB",
                    hint="That is no file list. Unpack it yourself if you know what it is.",
                )
        view[: len(block)] = block
        return len(block)

    def close(self) -> None:
        self._inner.close()  # type: ignore[attr-defined]
        super().close()
