"""Where a list of files lies: a folder of this machine, Azure, S3 or Google storage, or the bytes of an upload.

In:    a path or an address `abfs://`, `s3://`, `gs://`; who we are there.
Out:   `Place`: open it, list it, go to its neighbour.
Never: follows a link to another store; shows a key in a message.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from urllib.parse import urlsplit

import pyarrow as pa
from pyarrow import fs

from forecast_core.errors import SourceError

AZURE, S3, GOOGLE = ("abfs", "abfss", "az"), ("s3",), ("gs",)
SCHEMES = (*AZURE, *S3, *GOOGLE)
ALLOWED = "a path, abfs://container@account/path, s3://bucket/path or gs://bucket/path"
MOST_LISTED = 100_000


@dataclass(frozen=True)
class Stores:
    """Who we are at Azure; without a key the machine's own identity. S3 and Google find theirs as their tools do.

    `endpoint` is the host of an emulator, "" for Azure itself; `s3_endpoint` a store that speaks S3, "" for Amazon.
    """

    account: str = ""
    key: str = ""
    endpoint: str = ""
    s3_endpoint: str = ""


class Source(Protocol):
    """Something that can be read again and again from its start."""

    @property
    def name(self) -> str:
        """Return the last part of where it lies."""

    @property
    def size(self) -> int:
        """Return its bytes as stored."""

    def open(self) -> Any:
        """Return a file to read at any place of it."""


@dataclass(frozen=True)
class Upload:
    """The bytes of an upload."""

    name: str
    data: bytes

    @property
    def size(self) -> int:
        """Return how many there are."""
        return len(self.data)

    def open(self) -> BinaryIO:
        """Return them as a file."""
        return io.BytesIO(self.data)


@dataclass(frozen=True)
class Place:
    """A file or folder of a store; `shown` is how the user wrote it."""

    system: fs.FileSystem
    path: str
    shown: str

    @property
    def name(self) -> str:
        """Return the last part of the path."""
        return self.path.rstrip("/").rpartition("/")[2]

    @property
    def bucket(self) -> str:
        """Return the container or bucket, "" on a disk."""
        return "" if isinstance(self.system, fs.LocalFileSystem) else self.path.partition("/")[0]

    @property
    def is_folder(self) -> bool:
        """Return whether it is a folder; SourceError where there is nothing."""
        found = self._told()
        if found.type is fs.FileType.NotFound:
            raise SourceError(f"There is nothing at {self.shown}.", hint="Check the address; names are case-sensitive.")
        return bool(found.type is fs.FileType.Directory)

    @property
    def size(self) -> int:
        """Return its bytes as stored."""
        return int(self._told().size or 0)

    def exists(self) -> bool:
        """Return whether there is a file."""
        return bool(self._told().type is fs.FileType.File)

    def open(self) -> Any:
        """Return a file to read at any place of it."""
        try:
            return self.system.open_input_file(self.path)
        except (OSError, pa.ArrowException) as error:
            raise unreachable(self.shown, error) from error

    def at(self, path: str) -> Place:
        """Return another file of the same store."""
        return Place(self.system, path, f"{self.shown.partition('://')[0]}://{path}" if self.bucket else path)

    def below(self) -> list[Place]:
        """Return the files below a folder, sorted by path."""
        try:
            found = self.system.get_file_info(fs.FileSelector(self.path, recursive=True))
        except (OSError, pa.ArrowException) as error:
            raise unreachable(self.shown, error) from error
        if len(found) > MOST_LISTED:
            raise SourceError(
                f"{self.shown} holds more than {MOST_LISTED:,} files.", hint="Name the manifest or the folder of a run."
            )
        return [self.at(item.path) for item in sorted(found, key=lambda item: item.path) if item.is_file]

    def _told(self) -> fs.FileInfo:
        try:
            return self.system.get_file_info(self.path)
        except (OSError, pa.ArrowException) as error:
            raise unreachable(self.shown, error) from error


def place_of(address: str, stores: Stores = Stores()) -> Place:
    """Return the place behind a path or an address; SourceError for a scheme that is not read or an address with a key.

    >>> place_of("/srv/list.csv").name
    'list.csv'
    """
    scheme, mark, _ = address.partition("://")
    if not mark:
        return Place(fs.LocalFileSystem(), str(Path(address).absolute()), address)
    parts = urlsplit(address)
    if scheme not in SCHEMES or "::" in address:
        raise SourceError(f"{scheme[:20]}:// is not read.", allowed=ALLOWED)
    if parts.password or parts.query or parts.fragment:
        raise SourceError(
            "The address holds a key or a query.", allowed=ALLOWED, hint="Keys are settings, never part of an address."
        )
    host = parts.netloc.rpartition("@")
    container = host[0] or host[2]
    if not container or ".." in parts.path.split("/"):
        raise SourceError("The address names no container, or goes up with '..'.", allowed=ALLOWED)
    path = f"{container}{parts.path}".rstrip("/")
    try:
        return Place(_system(scheme, host[2] if host[0] else "", container, stores), path, address)
    except (OSError, ValueError, pa.ArrowException) as error:
        raise unreachable(address, error) from error


def unreachable(shown: str, error: Exception) -> SourceError:
    """Return what to say when a store does not answer; its own words are cut, they may go on for pages."""
    said = str(error).splitlines()[0][:160] if str(error) else type(error).__name__
    return SourceError(
        f"{shown} cannot be read: {said}.",
        hint="Nothing was taken over. Check the address, the rights and the network.",
    )


def _system(scheme: str, host: str, container: str, stores: Stores) -> fs.FileSystem:
    if scheme in AZURE:
        account = host.partition(".")[0] or stores.account
        if not account:
            raise ValueError("no storage account is named")
        named: dict[str, Any] = {"account_key": stores.key} if stores.key else {}
        if stores.endpoint:
            web, _, where = stores.endpoint.rpartition("://")
            scheme_of = {f"{kind}_storage_scheme": web or "https" for kind in ("blob", "dfs")}
            named |= {f"{kind}_storage_authority": where for kind in ("blob", "dfs")} | scheme_of
        return fs.AzureFileSystem(account, **named)
    if scheme in S3:
        own = {"endpoint_override": stores.s3_endpoint} if stores.s3_endpoint else {}
        return fs.S3FileSystem(request_timeout=60, connect_timeout=10, **own)
    return fs.GcsFileSystem()
