"""One measurement in a process of its own: `python -m tests.bench.sql.measure bare|ours|make FILE [ROWS]`."""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import duckdb

# 40 sites and files of very different size, half of the files younger than a year
MAKE = """
COPY (
    SELECT
        'site' || CAST(FLOOR(40 * POW(u(i, 1), 2)) AS INT) AS scope,
        'https://contoso.example/sites/site/Documents/folder ' || (hash(i + 7) % 5000) || '/file ' || i
            || (['.pdf', '.docx', '.DOCX', '.xlsx', '.jpg', '.gz', '.pptx', ''])[1 + CAST(FLOOR(8 * u(i, 2)) AS INT)]
            AS path,
        CAST(EXP(12 + 1.2 * (u(i, 3) + u(i, 4) + u(i, 5) + u(i, 6) - 2) * 1.7) AS BIGINT) AS size,
        TIMESTAMP '2026-10-31 23:59:59' - INTERVAL 1 SECOND * CAST(-LN(1 - u(i, 7)) * 45e6 AS BIGINT) AS modified
    FROM range({rows}) AS t(i)
) TO '{path}' (FORMAT parquet, COMPRESSION zstd)
"""
# what somebody would write by hand in DuckDB, and nothing else
BARE = """
SELECT
    scope,
    CASE
        WHEN ending = 'pdf' THEN 'pdf'
        WHEN ending IN ('doc', 'docx', 'docm', 'dot', 'dotx', 'odt', 'rtf') THEN 'docx'
        WHEN ending IN ('xls', 'xlsx', 'xlsm', 'xlsb', 'xlt', 'xltx', 'ods') THEN 'xlsx'
        WHEN ending IN ('ppt', 'pptx', 'pptm', 'pps', 'ppsx', 'pot', 'potx', 'odp') THEN 'pptx'
        WHEN ending IN ('jpg', 'jpeg', 'png', 'gif', 'bmp', 'tif', 'tiff', 'heic', 'webp', 'svg') THEN 'images'
        WHEN ending IN ('mp4', 'mov', 'avi', 'mkv', 'wmv', 'm4v', 'mpg', 'mpeg', 'webm') THEN 'video'
        ELSE 'other'
    END AS file_type,
    CAST(FLOOR(LOG2(size)) AS INT) AS size_class,
    YEAR(modified) AS year,
    MONTH(modified) AS month,
    COUNT(*) AS files,
    SUM(size) AS bytes
FROM (SELECT *, LOWER(REGEXP_EXTRACT(path, '[.]([A-Za-z0-9]{{3,4}})$', 1)) AS ending FROM '{path}')
GROUP BY ALL
"""


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def make(path: str, rows: int) -> dict[str, float]:
    """Write the files of an estate that nobody has."""
    connection = duckdb.connect(config={"threads": "2", "preserve_insertion_order": "false"})
    connection.execute("CREATE MACRO u(i, k) AS (hash(i * 31 + k) % 1000003) / 1000003.0")
    connection.execute(MAKE.format(rows=rows, path=path))
    return {"mb": Path(path).stat().st_size / 2**20}


def bare(path: str) -> dict[str, float]:
    """Aggregate with DuckDB alone."""
    connection = duckdb.connect(config={"threads": "2", "preserve_insertion_order": "false"})
    before, began = _cpu(), time.perf_counter()
    found = connection.sql(BARE.format(path=path)).df()
    return {
        "cpu": _cpu() - before,
        "seconds": time.perf_counter() - began,
        "cells": len(found),
        "files": int(found["files"].sum()),
        "bytes": int(found["bytes"].sum()),
    }


def ours(path: str) -> dict[str, float]:
    """Count as the command does, up to the inventory that can be accepted."""
    import numpy as np

    from forecast_core import InventoryReading, Service

    with tempfile.TemporaryDirectory() as folder:
        service = Service(Path(folder), np.datetime64("2026-11", "M"))
        own = _peak_mb()
        before, began = _cpu(), time.perf_counter()
        found = service.connections.read_table("duckdb", path)
        spent, seconds = _cpu() - before, time.perf_counter() - began
    assert isinstance(found, InventoryReading) and found.inventory is not None
    cube = found.inventory.modified.last
    return {
        "cpu": spent,
        "seconds": seconds,
        "cells": len(cube.cells),
        "files": cube.total_files,
        "bytes": cube.total_bytes,
        "own_mb": own,
    }


if __name__ == "__main__":
    what, place = sys.argv[1:3]
    result = make(place, int(sys.argv[3])) if what == "make" else {"bare": bare, "ours": ours}[what](place)
    print(json.dumps({**result, "peak_mb": _peak_mb()}))
