"""The outbox emptied: each message once per channel, again later if it did not arrive.

In:    an outbox that hands out one delivery at a time, channels, how a change is worded.
Out:   how many were sent, wait, failed.
Never: sends again what may have arrived.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from forecast_core.alerts.channel import Channel, Message, RefusedError, TryAgainError, UnsureError

log = logging.getLogger(__name__)
BACK_OFF_MINUTES = (1, 5, 30, 120, 720)
TAKEN = timedelta(minutes=5)


class Claimed(Protocol):
    """One delivery."""

    @property
    def channel(self) -> str:
        """Name of the channel."""
        ...

    @property
    def tries(self) -> int:
        """How often it was tried before."""
        ...

    @property
    def body(self) -> Mapping[str, Any]:
        """What changed."""
        ...


class Outbox(Protocol):
    """Where deliveries wait."""

    def claim(self, now: datetime, until: datetime) -> Any:
        """Take the next one that is due, None if there is none."""
        ...

    def finish(self, sent: Any, state: str, said: str, next_at: datetime) -> None:
        """Say how it went."""
        ...


def send_due(
    outbox: Outbox,
    channels: Sequence[Channel],
    worded: Callable[[Mapping[str, Any]], Message],
    clock: Callable[[], datetime],
) -> Mapping[str, int]:
    """Send everything that is due; return how many came to which end."""
    named = {channel.name: channel for channel in channels}
    ends: Counter[str] = Counter()
    while (claimed := outbox.claim(clock(), clock() + TAKEN)) is not None:
        state, said = _sent(named.get(claimed.channel), worded(claimed.body))
        if state == "waiting" and claimed.tries >= len(BACK_OFF_MINUTES):
            state, said = "failed", f"given up after {claimed.tries + 1} tries: {said}"
        pause = BACK_OFF_MINUTES[min(claimed.tries, len(BACK_OFF_MINUTES) - 1)]
        outbox.finish(claimed, state, said, clock() + timedelta(minutes=pause))
        ends[state] += 1
        if state != "sent":
            log.warning("alert by %s: %s, %s", claimed.channel, state, said)
    return dict(ends)


def _sent(channel: Channel | None, message: Message) -> tuple[str, str]:
    if channel is None:
        return "failed", "this channel is no longer set up"
    try:
        channel.send(message)
    except TryAgainError as error:
        return "waiting", str(error)
    except RefusedError as error:
        return "failed", str(error)
    except UnsureError as error:
        return "unsure", str(error)
    return "sent", ""
