"""On what kind of drive does a file lie?

In:    a path, the system's table of mounts.
Out:   the kind where it is a network drive, "" elsewhere and where the system does not say.
Never: guesses from a name.
"""

from __future__ import annotations

import re
from pathlib import Path

MOUNTS = Path("/proc/self/mounts")
NETWORK = frozenset({"9p", "afs", "beegfs", "ceph", "cifs", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4",
                     "smb2", "smb3", "smbfs"})  # fmt: skip
LOCAL_FUSE = frozenset({"fuse.fuse-overlayfs"})
_ESCAPED = re.compile(r"\\([0-7]{3})")


def network_drive(path: Path, mounts: Path = MOUNTS) -> str:
    """Return `cifs`, `nfs4`, `fuse.blobfuse2`, … for a path on a drive that SQLite cannot lock, else ""."""
    if not mounts.is_file():
        return ""
    place = path.resolve()
    found = [(point, kind) for point, kind in _table(mounts) if place.is_relative_to(point)]
    # the deepest mount counts, and of two at one place the later one
    kind = max(enumerate(found), key=lambda item: (len(item[1][0].parts), item[0]))[1][1] if found else ""
    return kind if kind in NETWORK or (kind.startswith("fuse.") and kind not in LOCAL_FUSE) else ""


def _table(mounts: Path) -> list[tuple[Path, str]]:
    lines = [line.split(" ") for line in mounts.read_text("utf-8", "surrogateescape").splitlines()]
    return [(Path(_ESCAPED.sub(_letter, line[1])), line[2]) for line in lines if len(line) > 2]


def _letter(escaped: re.Match[str]) -> str:
    """A space in a path is written as `\\040`."""
    return chr(int(escaped[1], 8))
