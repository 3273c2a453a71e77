"""Price lists that a user imported, kept by the hash of their rows and the month they were read in.

In:    rows as read, a month.
Out:   `<folder>/prices/<id>.json`; the same, read back.
Never: returns a list whose hash does not fit.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forecast_core.errors import NotFoundError, SourceError

_ID = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True, eq=False)
class PriceList:
    """Rows of one import; `read` is the month in which they were the latest, as `2027-03`."""

    name: str
    read: str
    rows: tuple[dict[str, Any], ...]

    @property
    def id(self) -> str:
        """Twelve hexadecimal letters of the rows and their month."""
        text = json.dumps([self.read, list(self.rows)], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


class PriceLists:
    """One folder of price lists."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "prices"

    def save(self, found: PriceList) -> str:
        """Store a list, written aside and then renamed; return its id."""
        self._folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".new-", dir=self._folder)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                json.dump(
                    {"name": found.name, "read": found.read, "rows": list(found.rows)}, stream, ensure_ascii=False
                )
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).replace(self._folder / f"{found.id}.json")
        finally:
            Path(name).unlink(missing_ok=True)
        return found.id

    def load(self, identity: str) -> PriceList:
        """Return a list; NotFoundError if there is none, SourceError if it was changed."""
        place = self._folder / f"{identity}.json"
        if not _ID.fullmatch(identity) or not place.is_file():
            raise NotFoundError(f"There is no price list {identity[:40]!r}.", hint="Import it again on the Money page.")
        try:
            raw = json.loads(place.read_text("utf-8"))
            found = PriceList(str(raw["name"]), str(raw["read"]), tuple(raw["rows"]))
        except (ValueError, KeyError, TypeError) as error:
            raise _changed(identity) from error
        if found.id != identity:
            raise _changed(identity)
        return found


def _changed(identity: str) -> SourceError:
    return SourceError(f"The stored price list {identity} was changed; it is not used.", hint="Import it again.")
