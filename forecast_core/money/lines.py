"""The lines of the ledger, declared once: name, sign, formula, what the scopes share it by.

In:    nothing; this is the declaration.
Out:   `LINES`, in the order of the waterfall.
Never: holds a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Group = Literal["saved", "stored", "moved", "project", "primary"]


@dataclass(frozen=True)
class LineKind:
    """`saves` is true for what is no longer paid; `formula` says what the quantity is, in words."""

    name: str
    title: str
    group: Group
    formula: str
    saves: bool = False


LINES: tuple[LineKind, ...] = (
    LineKind("primary", "Primary storage no longer paid", "saved", "GB freed so far, less recalled", saves=True),
    LineKind("versions", "Old versions trimmed", "saved", "GB of versions trimmed so far, above a quota", saves=True),
    LineKind("archive", "Archive storage", "stored", "GB added to the archive so far, less recalled"),
    LineKind("small_files", "Small files billed at the least size", "stored", "GB billed beyond the size of files"),
    LineKind("index", "Index kept with each archived object", "stored", "objects in the archive × index size"),
    LineKind("names", "Names kept at the standard tier", "stored", "objects in the archive × name size"),
    LineKind("monitoring", "Monitoring of objects", "stored", "objects in the archive of the monitored size"),
    LineKind("writes", "Writing into the archive", "moved", "files archived, each one operation"),
    LineKind("reads", "Read operations", "moved", "files read in the archive or recalled, each one operation"),
    LineKind("retrieval", "Retrieval", "moved", "GB read in the archive or recalled"),
    LineKind("requests", "Retrieval requests", "moved", "files read in the archive or recalled, each one request"),
    LineKind("early", "Early deletion", "moved", "GB recalled before their least time × months still owed"),
    LineKind("egress", "Transfer out", "moved", "GB read in the archive or recalled, leaving the region"),
    LineKind("endpoint", "Private endpoint", "project", "endpoints × hours of a month"),
    LineKind("endpoint_data", "Private endpoint, data", "moved", "GB archived, read or recalled"),
    LineKind("one_off", "One-off project cost", "project", "once, in the first month"),
    LineKind("running", "Running cost", "project", "every month"),
    LineKind("primary_paid", "Primary storage", "primary", "GB on primary"),
    LineKind("primary_writes", "Writing to primary", "primary", "operations"),
    LineKind("primary_reads", "Reading from primary", "primary", "operations"),
)  # fmt: skip
KINDS = {kind.name: kind for kind in LINES}
