"""The tables behind the pictures of a data set.

In:    `Profile`, differences of two inventories.
Out:   `Table`.
Never: knows Streamlit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.tables import Table
from app.text import profile as words
from app.text.numbers import count, volume
from forecast_core.months import month_text

if TYPE_CHECKING:
    from forecast_core import Moved, Profile, Slice


def slices(parts: tuple[Slice, ...], what: str) -> Table:
    """Return files and GB of parts, by name or by where each starts."""
    return {
        what: [part.name or part.start for part in parts],
        "files": [part.files for part in parts],
        "gb": [part.gb for part in parts],
    }


def tiers(profile: Profile) -> Table:
    """Return files and volume by storage tier, in words."""
    return {
        "tier": [part.name or "none told" for part in profile.by_tier],
        "files": [count(part.files) for part in profile.by_tier],
        "volume": [volume(part.gb) for part in profile.by_tier],
    }


def calendar(profile: Profile) -> Table:
    """Return a column per month."""
    columns = zip(profile.months, profile.calendar.T.tolist(), strict=True)
    return {"scope": list(profile.scopes), **{month_text(month): column for month, column in columns}}


def hints(profile: Profile) -> Table:
    """Return what is unusual, in words."""
    told = [words.hint(found) for found in profile.hints]
    return {
        "what is unusual": [what for what, _, _ in told],
        "usual": [usual for _, usual, _ in told],
        "what to look at": [meaning for _, _, meaning in told],
    }


def moved(found: tuple[Moved, ...]) -> Table:
    """Return what moved by scope, exact."""
    table: dict[str, list[object]] = {"scope": [item.scope for item in found]}
    titles = {
        "before": "before",
        "left": "changed, deleted or moved away",
        "arrived": "new or changed",
        "found": "came with an old date",
        "after": "after",
    }
    for name, title in titles.items():
        for at, measure in enumerate(("files", "bytes")):
            table[f"{title}, {measure}"] = [getattr(item, name)[at] for item in found]
    return table
