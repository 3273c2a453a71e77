"""The component on a page: what it shows now, and what its events do.

In:    a sentence, groups of levers, parts.
Out:   the component; `app.state.live` is told what the browser says.
Never: knows which page it is on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.live import component
from app.state import live

ANSWER = "answer"  # the fragment that the component is in
SCENARIO: Mapping[str, live.Act] = {
    "move": live.take,
    "commit": live.take_and_commit,
    "back": live.take_back,
    "reset": live.take_reset,
}
Described = dict[str, Any]


def draw(
    said: str,
    groups: Sequence[Described],
    parts: Sequence[Described],
    follow: Sequence[str] | None,
    acts: Mapping[str, live.Act] = SCENARIO,
) -> None:
    """Draw the component; the fragments of `follow`, or the page (None), are redrawn with it after a gesture."""
    revision, moves = live.heard()
    data = {"rev": revision, "seq": moves, "said": said, "groups": groups, "parts": parts}
    after = None if follow is None else (ANSWER, *follow)
    events = {name: live.on_event(name, act, () if name == "move" else after) for name, act in acts.items()}
    component.draw(live.KEY, data, **events)
