"""A place that several machines share: a container of Azure Blob Storage, or a folder.

In:    its address.
Out:   names with a stamp that changes when the content does; contents; conditional writing.
Never: overwrites what it was not told to, keeps a key (Azure is entered with the machine's identity).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from forecast_core.errors import SourceError

if TYPE_CHECKING:
    from azure.storage.blob import ContainerClient


class TakenError(Exception):
    """Somebody else wrote this name in the meantime."""


class Place(Protocol):
    """What a shared place can do."""

    def names(self) -> dict[str, str]:
        """Return the stamp of everything that is there, by name."""
        ...

    def read(self, name: str) -> tuple[bytes, str]:
        """Return content and stamp."""
        ...

    def write(self, name: str, content: bytes, stamp: str | None) -> str:
        """Write if the name still has this stamp ("" if it is new, None always) and return the new one; TakenError."""
        ...


def shared_place(address: str, under: str = "") -> Place:
    """Return the place at `https://ACCOUNT.blob.core.windows.net/CONTAINER` or `file:///FOLDER`, or a folder of it."""
    if address.startswith("file://"):
        return FolderPlace(Path(address.removeprefix("file://")) / under)
    return BlobPlace(address, under)


class FolderPlace:
    """A folder that all machines can reach."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> dict[str, str]:
        """Return the stamp of everything that is there, by name."""
        found = (path for path in self._folder.rglob("*") if path.is_file() and not path.name.startswith("."))
        return {path.relative_to(self._folder).as_posix(): _stamp(path.read_bytes()) for path in found}

    def read(self, name: str) -> tuple[bytes, str]:
        """Return content and stamp."""
        content = (self._folder / name).read_bytes()
        return content, _stamp(content)

    def write(self, name: str, content: bytes, stamp: str | None) -> str:
        """Write if the name still has this stamp; TakenError."""
        path = self._folder / name
        with self._locked():
            now = _stamp(path.read_bytes()) if path.exists() else ""
            if stamp is not None and stamp != now:
                raise TakenError(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, fresh = tempfile.mkstemp(prefix=".new-", dir=path.parent)
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            os.replace(fresh, path)
        return _stamp(content)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / ".lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def _stamp(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class BlobPlace:
    """A container of Azure Blob Storage, or what lies `under` a name in it.

    A connection string in place of an address is for an emulator.
    """

    def __init__(self, address: str, under: str = "") -> None:
        self._address, self._start = address, f"{under}/" if under else ""

    @cached_property
    def _container(self) -> ContainerClient:
        from azure.storage.blob import ContainerClient, ExponentialRetry  # slow to import, needed only where it is used

        # Somebody may be waiting for a file to be accepted: what is away for longer waits for the next round.
        patience = ExponentialRetry(initial_backoff=1, increment_base=2, retry_total=2)
        if self._address.startswith("https://"):
            from azure.identity import DefaultAzureCredential

            return ContainerClient.from_container_url(
                self._address, credential=DefaultAzureCredential(), retry_policy=patience, connection_timeout=5
            )
        emulated = ContainerClient.from_connection_string(
            self._address, "data", retry_policy=patience, connection_timeout=5
        )
        if not emulated.exists():
            emulated.create_container()
        return emulated

    def names(self) -> dict[str, str]:
        """Return the stamp of everything that is there, by name."""
        with _named():
            found = self._container.list_blobs(name_starts_with=self._start or None)
            return {blob.name.removeprefix(self._start): _bare(blob.etag) for blob in found}

    def read(self, name: str) -> tuple[bytes, str]:
        """Return content and stamp."""
        with _named():
            found = self._container.download_blob(self._start + name)
            return found.readall(), _bare(found.properties.etag)

    def write(self, name: str, content: bytes, stamp: str | None) -> str:
        """Write if the name still has this stamp; TakenError."""
        from azure.core import MatchConditions

        with _named():
            blob = self._container.get_blob_client(self._start + name)
            if stamp:
                told = blob.upload_blob(
                    content, overwrite=True, etag=f'"{stamp}"', match_condition=MatchConditions.IfNotModified
                )
            else:
                told = blob.upload_blob(content, overwrite=stamp is None)
            return _bare(told["etag"])


def _bare(etag: object) -> str:
    """A list gives the stamp without quotation marks, everything else with them."""
    return str(etag).strip('"')


@contextmanager
def _named() -> Iterator[None]:
    """Turn what Azure's library raises into the two things that callers care about."""
    from azure.core.exceptions import AzureError, ResourceExistsError, ResourceModifiedError

    try:
        yield
    except (ResourceExistsError, ResourceModifiedError) as error:
        raise TakenError(str(error)) from error
    except AzureError as error:
        raise SourceError(
            f"The shared storage did not answer: {str(error).splitlines()[0][:200]}.",
            hint="Is the address right, and may this identity read and write the container?",
        ) from error
