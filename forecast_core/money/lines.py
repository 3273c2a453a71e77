"""The lines of the ledger, declared once: name, sign, formula, what the scopes share it by.

In:    nothing; this is the declaration.
Out:   `LINES`, in the order of the waterfall.
Never: holds a number.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LineKind:
    """`saves` is true for what is no longer paid; `formula` says what the quantity is, in words."""

    name: str
    title: str
    formula: str
    saves: bool = False


LINES: tuple[LineKind, ...] = (
    LineKind("primary", "Primary storage no longer paid", "GB freed so far, less recalled, above a quota", saves=True),
    LineKind("versions", "Old versions trimmed", "GB of versions trimmed so far, above a quota", saves=True),
    LineKind("archive", "Archive storage", "GB added to the archive so far, less recalled"),
    LineKind("small_files", "Small files billed at the least size", "GB that files are billed beyond their size"),
    LineKind("index", "Index kept with each archived object", "objects in the archive × index size"),
    LineKind("names", "Names kept at the standard tier", "objects in the archive × name size"),
    LineKind("monitoring", "Monitoring of objects", "objects in the archive of the monitored size"),
    LineKind("writes", "Writing into the archive", "files archived, each one operation"),
    LineKind("reads", "Read operations", "files read in the archive or recalled, each one operation"),
    LineKind("retrieval", "Retrieval", "GB read in the archive or recalled"),
    LineKind("requests", "Retrieval requests", "files read in the archive or recalled, each one request"),
    LineKind("early", "Early deletion", "GB recalled before their least time × months still owed"),
    LineKind("egress", "Transfer out", "GB read in the archive or recalled, leaving the region"),
    LineKind("endpoint", "Private endpoint", "endpoints × hours of a month"),
    LineKind("endpoint_data", "Private endpoint, data", "GB archived, read or recalled"),
    LineKind("one_off", "One-off project cost", "once, in the first month"),
    LineKind("running", "Running cost", "every month"),
    LineKind("primary_paid", "Primary storage", "GB on primary"),
    LineKind("primary_writes", "Writing to primary", "operations"),
    LineKind("primary_reads", "Reading from primary", "operations"),
)  # fmt: skip
KINDS = {kind.name: kind for kind in LINES}
