"""Which media and upload addresses somebody was told of: one that leaks is worth nothing to anybody else.

In:    what is sent to a page; an address that is asked for.
Out:   whether it is theirs.
Never: grows without end.
"""

from __future__ import annotations

import re

from app.access.identity import Identity

NAMED = re.compile(rb"/(?:media|_stcore/upload_file)/([0-9A-Za-z_-]{8,128}(?:/[0-9A-Za-z_-]{8,128})?)")
ASKED = re.compile(r"^(?!.*/static/).*/(?:media|upload_file)/([^.]*)")
MARKS = (b"/media/", b"/upload_file/")
MOST = 20_000


class Media:
    """The media of one process."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, str], None] = {}

    def hear(self, who: Identity, message: bytes) -> None:
        """Remember the media and upload addresses that a message to somebody names."""
        if not any(mark in message for mark in MARKS):
            return
        for name in NAMED.findall(message):
            self._known[who.name, who.tenant, name.decode()] = None
        while len(self._known) > MOST:
            del self._known[next(iter(self._known))]

    def is_theirs(self, who: Identity, path: str) -> bool:
        """Return whether somebody may fetch this: any path but those they were not told of."""
        found = ASKED.match(path)
        return found is None or (who.name, who.tenant, found[1]) in self._known
