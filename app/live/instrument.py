"""The component on a page: what it shows now, and what its events do.

In:    a sentence, groups of levers, parts.
Out:   the component; `app.state.live` is told what the browser says.
Never: knows which page it is on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.live import component
from app.state import live

ANSWER = "answer"  # the fragment that the component is in
SCENARIO: Mapping[str, Callable[[dict[str, Any]], None]] = {
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
    follow: Sequence[str],
    acts: Mapping[str, Callable[[dict[str, Any]], None]] = SCENARIO,
) -> None:
    """Draw the component; fragments named in `follow` are redrawn with it when a gesture has come to its end."""
    revision, moves = live.heard()
    data = {"rev": revision, "seq": moves, "said": said, "groups": groups, "parts": parts}
    events = {name: live.on_event(name, act, *_redrawn(name, follow)) for name, act in acts.items()}
    component.draw(live.KEY, data, **events)


def _redrawn(event: str, follow: Sequence[str]) -> tuple[str, ...]:
    return () if event == "move" else (ANSWER, *follow)
