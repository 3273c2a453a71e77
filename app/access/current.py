"""Who is being served right now, wherever one looks: a request's, or a page's.

In:    what the gate put into a request; how a page finds out.
Out:   `current()`.
Never: remembers anybody beyond the request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from app.access.identity import NOBODY, Identity

_REQUEST: ContextVar[Identity | None] = ContextVar("identity", default=None)
_LOOKS: list[Callable[[], Identity | None]] = []


def current() -> Identity:
    """Return who is being served, NOBODY where nobody is known."""
    found = _REQUEST.get()
    if found is not None:
        return found
    return next((one for look in _LOOKS if (one := look()) is not None), NOBODY)


def look_also(look: Callable[[], Identity | None]) -> None:
    """Ask this where no request says who it is: pages run in threads of their own."""
    _LOOKS.append(look)


@contextmanager
def serving(who: Identity) -> Iterator[None]:
    """Serve somebody until the block ends."""
    mark = _REQUEST.set(who)
    try:
        yield
    finally:
        _REQUEST.reset(mark)
