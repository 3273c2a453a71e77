"""Runs of cloud inventories as the clouds lay them out, written through any file system."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Callable

from tests.unit.listings.samples import AZURE, GCS, S3

Write = Callable[[str, bytes], object]


def azure_run(write: Write, day: str, status: str = "Succeeded", *, checksum: bool = True, objects: int = 5) -> str:
    """Write a run of a rule on a day (`2026/10/31`); without a checksum it is not finished. Return its folder."""
    folder = f"{day}/13-25-36/Rule_1"
    head, *rows = AZURE.splitlines(keepends=True)
    files = {
        f"{folder}/Rule_1_{at}.csv": (head + "".join(part)).encode() for at, part in enumerate((rows[:2], rows[2:]))
    }
    manifest = json.dumps(
        {
            "destinationContainer": "inventory",
            "endpoint": "https://testaccount.blob.core.windows.net",
            "files": [{"blob": name, "size": len(data)} for name, data in files.items()],
            "inventoryStartTime": "2026-10-31T13:25:36Z",
            "ruleDefinition": {"format": "csv", "objectType": "blob", "schedule": "daily"},
            "ruleName": "Rule_1",
            "status": status,
            "summary": {"objectCount": objects, "totalObjectSize": 5_000_002_900},
            "version": "1.0",
        }
    ).encode()
    for name, data in (files if checksum else {}).items():
        write(name, data)
    write(f"{folder}/Rule_1-manifest.json", manifest)
    if checksum:
        write(f"{folder}/Rule_1-manifest.checksum", hashlib.md5(manifest).hexdigest().encode())
    return folder


def s3_run(write: Write, moment: str, *, key: str = "", bucket: str = "inventory") -> str:
    """Write a run at a moment (`2026-10-31T00-00Z`); `key` is what the manifest names. Return its folder."""
    root, head = "photos/weekly", S3.splitlines()[0]
    data = gzip.compress("".join(f"{line}\n" for line in S3.splitlines()[1:]).encode())
    write(f"{root}/data/part.csv.gz", data)
    named = {"key": key or f"{root}/data/part.csv.gz", "size": len(data), "MD5checksum": hashlib.md5(data).hexdigest()}
    manifest = json.dumps(
        {
            "sourceBucket": "photos",
            "destinationBucket": f"arn:aws:s3:::{bucket}",
            "version": "2016-11-30",
            "creationTimestamp": "1713142800000",
            "fileFormat": "CSV",
            "fileSchema": ", ".join(head.split(",")),
            "files": [named],
        }
    ).encode()
    folder = f"{root}/{moment}"
    write(f"{folder}/manifest.json", manifest)
    write(f"{folder}/manifest.checksum", base64.b64encode(hashlib.md5(manifest).digest()))
    return folder


def gcs_run(write: Write) -> str:
    """Write a report in two shards. Return its folder."""
    head, *rows = GCS.splitlines(keepends=True)
    names = [f"weekly_2026-10-31T00:00_{at}.csv" for at in range(len(rows))]
    for name, row in zip(names, rows, strict=True):
        write(f"reports/{name}", (head + row).encode())
    told = {"report_config": {}, "records_processed": 2, "shard_count": 2, "report_shards_file_names": names}
    write("reports/weekly_2026-10-31T00:00_manifest.json", json.dumps(told).encode())
    return "reports"
