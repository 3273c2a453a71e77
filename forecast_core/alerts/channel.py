"""A way to tell people, and the three ways in which it can fail.

In:    a `Message`.
Out:   nothing, or why not.
Never: says which address or key was used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import requests
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

SECONDS = 15.0


@dataclass(frozen=True)
class Message:
    """What is to be told; `id` is the same whenever the same thing is told, `facts` are short pairs for a table."""

    id: str
    title: str
    text: str
    colour: str
    facts: Mapping[str, str] = field(default_factory=dict)
    link: str = ""


class TryAgainError(Exception):
    """It did not arrive, and may later."""


class RefusedError(Exception):
    """It did not arrive and never will like this."""


class UnsureError(Exception):
    """It may have arrived: sending it again could double it."""


class Channel(Protocol):
    """A way to tell people."""

    @property
    def name(self) -> str:
        """Name in the outbox."""
        ...

    def send(self, message: Message) -> None:
        """Send; TryAgainError, RefusedError or UnsureError if it did not surely arrive."""
        ...


NEVER_ARRIVED = (NewConnectionError, ConnectTimeoutError, NameResolutionError)


def post(address: str, content: Any, headers: Mapping[str, str] | None = None) -> requests.Response:
    """Post JSON and return the answer; the three errors where it did not surely arrive."""
    try:
        answer = requests.post(address, json=content, headers=headers, timeout=SECONDS, allow_redirects=False)
    except requests.exceptions.ConnectTimeout as error:
        raise TryAgainError("nobody answered the call") from error
    except requests.exceptions.ConnectionError as error:
        if _never_arrived(error):
            raise TryAgainError("nobody answered the call") from error
        raise UnsureError("the connection broke before it was confirmed") from error
    except requests.exceptions.Timeout as error:
        raise UnsureError("it was sent and never confirmed") from error
    except requests.exceptions.RequestException as error:
        raise RefusedError("the address cannot be used") from error
    if answer.status_code == 429 or answer.status_code >= 500:
        raise TryAgainError(f"the receiver answered {answer.status_code}")
    if not 200 <= answer.status_code < 300:
        raise RefusedError(f"the receiver answered {answer.status_code}")
    return answer


def _never_arrived(error: requests.exceptions.ConnectionError) -> bool:
    inside = error.args[0] if error.args else None
    return isinstance(getattr(inside, "reason", inside), NEVER_ARRIVED)
