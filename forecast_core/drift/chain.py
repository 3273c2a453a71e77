"""What was said, frozen: every link names the one before it, so nothing can be changed, taken out or slipped in later.

In:    contents, oldest first.
Out:   links with their SHA-256; the first link that does not fit.
Never: forgives a byte.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

START = "0" * 64


@dataclass(frozen=True)
class Link:
    """One link: its place from 1, the sum of the link before, its content as text, its own sum."""

    number: int
    before: str
    content: str
    sha256: str


def canonical(content: Mapping[str, Any]) -> str:
    """Return the one text of a content; ValueError for a number that JSON does not know (write None)."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def link(content: Mapping[str, Any], last: Link | None) -> Link:
    """Return the next link after `last` (None for the first)."""
    text = canonical(content)
    number, before = (last.number + 1, last.sha256) if last else (1, START)
    return Link(number, before, text, _sum(number, before, text))


def broken(links: Iterable[Link]) -> int | None:
    """Return the number of the first link that was changed, is missing or does not follow; None if all is well.

    >>> one = link({"gb": 47.0}, None); two = link({"gb": 48.0}, one)
    >>> broken([one, two]), broken([two]), broken([Link(1, START, '{"gb":46.0}', one.sha256), two])
    (None, 1, 1)
    """
    before, expected = START, 1
    for item in links:
        fits = item.number == expected and item.before == before
        if not fits or item.sha256 != _sum(item.number, item.before, item.content):
            return expected
        before, expected = item.sha256, expected + 1
    return None


def _sum(number: int, before: str, text: str) -> str:
    return hashlib.sha256(f"{number}\n{before}\n{text}".encode()).hexdigest()
