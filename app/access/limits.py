"""How much one may ask: requests, sign-in attempts, bodies.

In:    who asks what.
Out:   seconds to wait, 0 where it may go on.
Never: remembers a name or address for longer than the limit's own span.
"""

from __future__ import annotations

import math
import time

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter, SlidingWindowCounterRateLimiter

SIGN_IN_NAME = parse("5 per 5 minutes")
SIGN_IN_PLACE = parse("30 per 5 minutes")
MOVES = parse("3000 per minute")  # a hand on a lever asks up to 16 times a second
BODY_BYTES = 8 * 2**20
LONGEST_URL = 16_000


class Limits:
    """The limits of one process; behind several instances each counts for itself."""

    def __init__(self, per_minute: int) -> None:
        self._requests: RateLimitItem = parse(f"{per_minute} per minute")
        storage = MemoryStorage()
        self._often = SlidingWindowCounterRateLimiter(storage)
        self._attempts = MovingWindowRateLimiter(storage)

    def request(self, who: str, *, is_move: bool = False) -> int:
        """Count a request, moves of a lever for themselves; return the seconds to wait if it is one too many."""
        limit, kind = (MOVES, "move") if is_move else (self._requests, "request")
        if self._often.hit(limit, kind, who):
            return 0
        return _until(self._often.get_window_stats(limit, kind, who).reset_time)

    def attempt(self, name: str, place: str) -> int:
        """Count a sign-in attempt; return the seconds to wait if it is one too many for this name or this place."""
        for limit, key in ((SIGN_IN_PLACE, f"place {place}"), (SIGN_IN_NAME, f"name {name.lower()[:120]} {place}")):
            if not self._attempts.hit(limit, "sign-in", key):
                return _until(self._attempts.get_window_stats(limit, "sign-in", key).reset_time)
        return 0


def _until(moment: float) -> int:
    return max(1, math.ceil(moment - time.time()))
