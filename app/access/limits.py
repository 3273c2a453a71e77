"""How much one may ask: requests, sign-in attempts, bodies.

In:    who asks what.
Out:   seconds to wait, 0 where it may go on.
Never: remembers a name or address for longer than the limit's own span.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

SIGN_IN_NAME, SIGN_IN_PLACE, SIGN_IN_SECONDS = 5, 30, 300.0
MOVES_PER_MINUTE = 3000  # a hand on a lever asks up to 16 times a second
BODY_BYTES = 8 * 2**20
LONGEST_URL = 16_000
Clock = Callable[[], float]


class Window:
    """At most so many in so many seconds for each name, in memory; one too many is not counted."""

    def __init__(self, most: int, seconds: float, clock: Clock = time.monotonic) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._lock = threading.Lock()
        self._hits: OrderedDict[str, deque[float]] = OrderedDict()  # who came last is last

    def wait(self, name: str) -> int:
        """Count one; return the seconds to wait if it is one too many."""
        now = self._clock()
        with self._lock:
            self._forget(now - self._seconds)
            hits = self._hits.setdefault(name, deque())
            while hits and hits[0] <= now - self._seconds:
                hits.popleft()
            if len(hits) >= self._most:
                return max(1, math.ceil(hits[0] + self._seconds - now))
            hits.append(now)
            self._hits.move_to_end(name)
        return 0

    def _forget(self, before: float) -> None:
        """Drop everybody who has not come since."""
        while self._hits and next(iter(self._hits.values()))[-1] <= before:
            self._hits.popitem(last=False)


class Limits:
    """The limits of one process; behind several instances each counts for itself."""

    def __init__(self, per_minute: int, clock: Clock = time.monotonic) -> None:
        self._requests = Window(per_minute, 60.0, clock)
        self._moves = Window(MOVES_PER_MINUTE, 60.0, clock)
        self._places = Window(SIGN_IN_PLACE, SIGN_IN_SECONDS, clock)
        self._names = Window(SIGN_IN_NAME, SIGN_IN_SECONDS, clock)

    def request(self, who: str, *, is_move: bool = False) -> int:
        """Count a request, moves of a lever for themselves; return the seconds to wait if it is one too many."""
        return (self._moves if is_move else self._requests).wait(who)

    def attempt(self, name: str, place: str) -> int:
        """Count a sign-in attempt; return the seconds to wait if it is one too many for this name or this place."""
        return self._places.wait(place) or self._names.wait(f"{name.lower()[:120]} {place}")
