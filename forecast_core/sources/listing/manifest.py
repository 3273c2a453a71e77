"""The newest finished run of a cloud inventory: what its manifest promises, and the files it names.

In:    the files below a folder, or one manifest.
Out:   `Run`: data files, their headers, how many objects and bytes the cloud counted, runs that were passed over.
Never: opens a file outside the container the manifest lies in; believes a manifest whose checksum does not fit.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from forecast_core.errors import SourceError
from forecast_core.schema import Issue, Severity
from forecast_core.sources.listing.place import Place

MOST_BYTES = 16 << 20
_ELSEWHERE = re.compile(r"[/\\]|[A-Za-z]:[/\\]|[a-z0-9+]+://")
AZURE, S3, GOOGLE = "Azure Blob Inventory", "Amazon S3 Inventory", "Google Cloud Storage Insights"


@dataclass(frozen=True)
class Run:
    """One finished run; `headers` is empty where the files have their own, counts are None where none were told."""

    kind: str
    files: tuple[Place, ...]
    headers: tuple[str, ...] = ()
    objects: int | None = None
    bytes: int | None = None
    issues: tuple[Issue, ...] = ()


def is_manifest(name: str) -> bool:
    """Return whether a file is the manifest of an inventory.

    >>> [is_manifest(name) for name in ("manifest.json", "Rule_1-manifest.json", "list.json")]
    [True, True, False]
    """
    return name.endswith("manifest.json")


def newest_run(manifests: Iterable[Place]) -> Run:
    """Return the newest run that is finished; SourceError when none is."""
    passed: list[str] = []
    for place in sorted(manifests, key=lambda found: found.path, reverse=True):
        told = _told(place)
        reason = _unfinished(place, told)
        if not reason:
            found = _run(place, told)
            return Run(found.kind, found.files, found.headers, found.objects, found.bytes, tuple(_ignored(passed)))
        passed.append(f"{place.shown} ({reason})")
    raise SourceError(
        f"No run of the inventory is finished: {'; '.join(passed[:3])}.",
        allowed="a manifest with the status Succeeded and its checksum file",
        hint="Wait for the run to end.",
    )


def _told(place: Place) -> dict[str, Any]:
    if place.size > MOST_BYTES:
        raise SourceError(f"{place.shown} is too large for a manifest.", allowed=f"up to {MOST_BYTES >> 20} MB")
    with place.open() as stream:
        data = stream.read()
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{place.shown} is no manifest: it is not JSON.", hint="Copy it again.") from error
    if not isinstance(found, dict):
        raise SourceError(f"{place.shown} is no manifest.", allowed="the manifest of an inventory")
    return {**found, "md5": hashlib.md5(data, usedforsecurity=False)}


def _unfinished(place: Place, told: dict[str, Any]) -> str:
    """Return why a run is not to be used, "" if it is; SourceError where its checksum does not fit."""
    checksum = place.at(place.path.removesuffix(".json") + ".checksum")
    is_azure = "ruleDefinition" in told or "status" in told
    if not checksum.exists():
        return "no checksum yet" if is_azure else ""
    with checksum.open() as stream:
        said = stream.read(200).decode("ascii", "replace").strip().split()
    hexadecimal, packed = told["md5"].hexdigest(), base64.b64encode(told["md5"].digest()).decode()
    if not said or said[0].lower() != hexadecimal and said[0] != packed:
        raise SourceError(
            f"{place.shown} does not fit its checksum.", hint="It was changed or copied in part; copy the run again."
        )
    status = str(told.get("status", "Succeeded"))
    return "" if status == "Succeeded" else f"status {status[:20]}"


def _run(place: Place, told: dict[str, Any]) -> Run:
    if "report_shards_file_names" in told:
        names = _texts(told["report_shards_file_names"])
        folder = place.path.rpartition("/")[0]
        files = tuple(_checked(place, f"{folder}/{_inside(name)}") for name in names)
        return Run(GOOGLE, files, objects=_count(told.get("records_processed")))
    listed = told.get("files")
    if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
        raise SourceError(f"{place.shown} names no files.", allowed="the manifest of an inventory")
    is_s3 = "fileSchema" in told
    wanted = str(told.get("destinationBucket" if is_s3 else "destinationContainer", "")).rpartition(":")[2]
    if place.bucket and wanted and wanted != place.bucket:
        raise SourceError(
            f"The manifest names files in {wanted[:60]!r}, but lies in {place.bucket!r}.",
            allowed="files in the container of the manifest",
            hint="Read it where the cloud wrote it, or copy the whole run.",
        )
    files = tuple(_data_file(place, str(item.get("key" if is_s3 else "blob", "")), item.get("size")) for item in listed)
    if is_s3:
        headers = tuple(name.strip() for name in str(told["fileSchema"]).split(","))
        is_csv = str(told.get("fileFormat", "CSV")).upper() == "CSV"
        return Run(S3, files, headers if is_csv else ())
    told_summary = told.get("summary")
    summary = told_summary if isinstance(told_summary, dict) else {}
    return Run(AZURE, files, objects=_count(summary.get("objectCount")), bytes=_count(summary.get("totalObjectSize")))


def _data_file(manifest: Place, name: str, size: Any) -> Place:
    """Return a named file: of the container, or on a disk of the nearest folder above that holds it."""
    inside = _inside(name)
    if manifest.bucket:
        return _checked(manifest, f"{manifest.bucket}/{inside}", size)
    above = PurePosixPath(manifest.path).parents
    tails = [PurePosixPath(*PurePosixPath(inside).parts[at:]) for at in range(len(PurePosixPath(inside).parts))]
    near = (manifest.at(str(folder / tail)) for folder in above[:8] for tail in tails)
    found = next((place for place in near if place.exists()), None)
    return _checked(manifest, found.path if found else f"{above[0]}/{inside}", size)


def _inside(name: str) -> str:
    parts = name.replace("\\", "/").split("/")
    if not name or ".." in parts or _ELSEWHERE.match(name):
        raise SourceError(
            f"The manifest names a file elsewhere: {name[:80]!r}.", allowed="files in the container of the manifest"
        )
    return "/".join(parts)


def _checked(manifest: Place, path: str, size: Any = None) -> Place:
    found = manifest.at(path)
    if not found.exists():
        raise SourceError(f"{found.shown}, named by the manifest, is not there.", hint="Copy the whole run.")
    if _count(size) is not None and found.size != size:
        raise SourceError(
            f"{found.shown} has {found.size:,} bytes, the manifest says {size:,}.", hint="Copy the run again."
        )
    return found


def _texts(found: Any) -> Sequence[str]:
    if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
        raise SourceError("The manifest names no files.", allowed="the manifest of an inventory")
    return found


def _count(found: Any) -> int | None:
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def _ignored(passed: Sequence[str]) -> Iterable[Issue]:
    if passed:
        what = f"{len(passed)} later runs are not finished and were passed over: {'; '.join(passed[:3])}."
        yield Issue(Severity.FIXED, "run_pending", what, rows=0)
