"""Archive logs to try engines on: rows at the edges, and a generated log with known doubles."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
from pandas import Timestamp

ARCHIVED = ["Id", "TenantId", "SiteId", "UniqueId", "Filename", "Size", "Archived", "ArchivedAt", "State", "ErrorCode"]
DELETED = ["UniqueId", "SiteId", "TenantId", "Size", "Deleted"]
TIB = 2**40
MARCH_ENDS = Timestamp("2024-03-31 23:59:59.999999")
JANUARY = Timestamp("2024-01-15 12:00")

# what may go wrong in one row: site, unique id, file name, size, archived at, state
EDGES: list[tuple[str | None, str | None, str | None, int | None, Timestamp | None, str]] = [
    ("A", "plain", "Report.pdf", 1000, JANUARY, "Archived"),
    ("A", "no-name", None, 2000, JANUARY, "Archived"),
    ("A", "no-size", "x.docx", None, JANUARY, "Archived"),
    ("A", "negative", "x.docx", -5, JANUARY, "Archived"),
    (None, "no-site", "x.docx", 3000, JANUARY, "Archived"),
    ("A", "blank", "x.pdf ", 4000, JANUARY, "Archived"),
    ("A", "dotted", "İ.PDF", 5000, JANUARY, "Archived"),
    ("A", "hidden", ".pdf", 5001, JANUARY, "Archived"),
    ("A", "in-folder", "a/.docx", 5002, JANUARY, "Archived"),
    ("A", "two-dots", "q..xlsx", 5003, JANUARY, "Archived"),
    ("A", "short", "/a.pdf", 5004, JANUARY, "Archived"),
    ("A", "shortest", "b.pdf", 5005, JANUARY, "Archived"),
    ("A", "whole", ".docx", 5006, JANUARY, "Archived"),
    ("A", "hidden-below", "a/.pdf", 5007, JANUARY, "Archived"),
    ("A", "dots", "/..docx", 5008, JANUARY, "Archived"),
    ("A", "letter", "c", 5009, JANUARY, "Archived"),
    ("A", "old", "x.xls", 6000, Timestamp("1970-01-01"), "Archived"),
    ("A", "month-end", "x.xlsx", 7000, MARCH_ENDS, "Archived"),
    ("A", "tebibyte", "x.iso", TIB, MARCH_ENDS, "Archived"),
    ("A", "undated", "x.pdf", 8000, None, "Archived"),
    ("A", "failed", "x.pdf", 9000, JANUARY, "Failed"),
    ("A", None, "x.pdf", 9500, JANUARY, "Archived"),
    ("B", "twice", "x.pdf", 100, JANUARY, "Archived"),
    ("B", "twice", "x.pdf", 300, Timestamp("2024-02-01"), "Archived"),
    ("B", "stub", "x.pdf", 5000, JANUARY, "Archived"),
    ("B", "before", "x.pdf", 400, JANUARY, "Archived"),
    ("B", "undated-deletion", "x.pdf", 500, JANUARY, "Archived"),
]
# unique id, site, size, deleted
GONE: list[tuple[str | None, str | None, int | None, Timestamp | None]] = [
    ("plain", "A", 1000, Timestamp("2024-02-01")),
    ("plain", "A", 1000, Timestamp("2024-02-01")),
    ("plain", "A", 1000, Timestamp("2024-05-09")),
    ("no-size", "A", 77, Timestamp("2024-02-01")),
    ("no-site", None, 3000, Timestamp("2024-02-01")),
    ("tebibyte", "A", None, Timestamp("2024-04-01")),
    ("failed", "A", 9000, Timestamp("2024-02-01")),
    (None, "A", 9500, Timestamp("2024-02-01")),
    ("twice", "B", 300, Timestamp("2024-03-01")),
    ("stub", "B", 900, Timestamp("2024-03-01")),
    ("before", "B", 400, Timestamp("2023-12-01")),
    ("undated-deletion", "B", 500, None),
    ("never archived", "B", 1, Timestamp("2024-03-01")),
]


def edges() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows at the edges: the archive log and the deletions."""
    archived = pd.DataFrame(
        [
            (at, "t", site, key, name, size, state == "Archived", moment, state, 0)
            for at, (site, key, name, size, moment, state) in enumerate(EDGES)
        ],
        columns=ARCHIVED,
    )
    deleted = pd.DataFrame([(key, site, "t", size, at) for key, site, size, at in GONE], columns=DELETED)
    return _typed(archived), _typed(deleted)


def generated(rows: int, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a log of four years over a dozen sites; a tenth of the originals was deleted since, some of it twice."""
    draw = np.random.default_rng(seed)
    start = Timestamp("2022-12-01")
    seconds = draw.integers(0, 4 * 365 * 86_400, rows)
    archived = pd.DataFrame(
        {
            "Id": np.arange(rows),
            "TenantId": "contoso",
            "SiteId": [f"site{at:02d}" for at in draw.integers(0, 12, rows)],
            "UniqueId": [f"{at:032x}" for at in range(rows)],
            "Filename": [f"file {at}{draw.choice(['.pdf', '.docx', '.XLSX', '.tar.gz'])}" for at in range(rows)],
            "Size": draw.integers(0, 50_000_000, rows),
            "Archived": True,
            "ArchivedAt": [start + timedelta(seconds=int(at)) for at in seconds],
            "State": np.where(draw.random(rows) < 0.97, "Archived", "Failed"),
            "ErrorCode": 0,
        }
    )
    gone = archived[draw.random(rows) < 0.1]
    deleted = pd.DataFrame(
        {
            "UniqueId": gone["UniqueId"],
            "SiteId": gone["SiteId"],
            "TenantId": gone["TenantId"],
            "Size": gone["Size"],
            "Deleted": gone["ArchivedAt"] + timedelta(days=20),
        }
    )
    doubled = pd.concat([deleted, deleted[draw.random(len(deleted)) < 0.1]], ignore_index=True)
    return _typed(archived), _typed(doubled)


def runs() -> pd.DataFrame:
    """Return the runs of an archiver: none in March 2024, two failures, one run without a date or a state."""
    moments = ["2024-01-31 23:59:59.999999", "2024-02-01", "2024-02-09", "2024-04-01", "2024-04-02", None]
    states = ["Completed", "Completed", "Failed", "Timed out", "Completed", None]
    return pd.DataFrame(
        {"Id": range(6), "StartedAt": pd.to_datetime(moments, format="ISO8601"), "Status": states}
    ).astype({"StartedAt": "datetime64[us]"})


def file_list(archived: pd.DataFrame) -> pd.DataFrame:
    """Return a log as a file list of the same files, with a folder and the sizes around every edge of a class."""
    columns = {"SiteId": "scope", "Filename": "path", "Size": "size", "ArchivedAt": "modified"}
    files = archived[list(columns)].rename(columns=columns)
    sizes = sorted({max(2**power + more, 0) for power in range(61) for more in (-1, 0, 1)})
    edges = pd.DataFrame({"scope": "edges", "path": "x.pdf", "size": sizes, "modified": JANUARY})
    folder = pd.DataFrame({"scope": ["A"], "path": ["folder/"], "size": [0], "modified": [JANUARY]})
    kinds = {"size": "Int64", "modified": "datetime64[us]"}
    return pd.concat([files.astype(kinds), edges.astype(kinds), folder.astype(kinds)], ignore_index=True)


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    types = {"Size": "Int64", "ArchivedAt": "datetime64[us]", "Deleted": "datetime64[us]"}
    return frame.astype({name: kind for name, kind in types.items() if name in frame})
