"""Rows a CPU second and peak memory by form and number of rows; run with `python -m tests.bench.listings [rows …]`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import duckdb

from tests.bench.listings.work import bare, measured, read

ROWS = """
    SELECT 'share/' || ['Finance', 'Legal', 'Sales', 'HR'][1 + (i % 4)] || '/' || i
        || ['.pdf', '.docx', '.xlsx', '.jpg', '.x'][1 + (hash(i) % 5)::INTEGER] AS path,
        (hash(i * 7) % 10000000)::BIGINT AS size,
        make_timestamp(1790000000000000 - (hash(i * 3) % 315360000)::BIGINT * 1000000) AS moment
    FROM range({rows}) AS r(i)"""
FORMS: dict[str, tuple[str, str]] = {
    "plain CSV": ("SELECT path AS Path, size AS Size, strftime(moment, '%Y-%m-%dT%H:%M:%SZ') AS Modified", "csv"),
    "PowerShell": (
        "SELECT path AS FullName, size AS Length, strftime(moment, '%-m/%-d/%Y %-I:%M:%S %p') AS LastWriteTime",
        "csv",
    ),
    "Azure CSV": (
        'SELECT path AS Name, size AS "Content-Length", strftime(moment, \'%Y-%m-%dT%H:%M:%SZ\') AS "Last-Modified",'
        " 'Hot' AS AccessTier",
        "csv",
    ),
    "Parquet": ('SELECT path AS "Path", size AS "Size", moment AS "Modified"', "parquet"),
}


def made(folder: Path, form: str, rows: int) -> Path:
    """Write a list of so many rows."""
    query, kind = FORMS[form]
    target = folder / f"{form.replace(' ', '_')}_{rows}.{kind}"
    options = "FORMAT parquet" if kind == "parquet" else "FORMAT csv, HEADER"
    duckdb.sql(f"COPY ({query} FROM ({ROWS.format(rows=rows)})) TO '{target}' ({options})")
    return target


def main(counts: list[int]) -> None:
    """Print the table."""
    print(f"{'form':12} {'rows':>12} {'MB':>7} {'CPU s':>7} {'rows/CPU s':>12} {'peak MB':>8} {'bare CPU s':>10}")
    for rows in counts:
        for form in FORMS:
            with tempfile.TemporaryDirectory() as folder:
                path = made(Path(folder), form, rows)
                cpu, peak = measured(read, path)
                plain, _ = measured(bare, path) if form in ("plain CSV", "Parquet") else (float("nan"), 0.0)
                size = path.stat().st_size / 2**20
            print(
                f"{form:12} {rows:12,} {size:7.0f} {cpu:7.1f} {rows / cpu:12,.0f} {peak:8.0f} {plain:10.1f}", flush=True
            )


if __name__ == "__main__":
    main([int(count) for count in sys.argv[1:]] or [1_000_000, 10_000_000])
