"""The component on a page: what it shows now, and what its events do.

In:    what is shown, by which name the answers to its moves are found.
Out:   the component; `app.state.live` is told what the browser says.
Never: knows which page it is on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.live import component
from app.live.panel import Described
from app.state import live

ANSWER = "answer"  # the fragment that the component is in
SCENARIO: Mapping[str, live.Act] = {"commit": live.take, "back": live.take_back, "reset": live.take_reset}


def draw(name: str, shown: Described, follow: Sequence[str] | None, acts: Mapping[str, live.Act] = SCENARIO) -> None:
    """Draw the component; moves are answered under its name (`app.moving`).

    The fragments of `follow`, or the page (None), are redrawn with it at the end of a gesture.
    """
    revision, moves = live.heard()
    after = None if follow is None else (ANSWER, *follow)
    events = {event: live.on_event(event, act, after) for event, act in acts.items()}
    to = {"address": f"live/{name}", "frame": live.frame()}
    component.draw(live.KEY, {"rev": revision, "seq": moves, "to": to, **shown}, **events)
