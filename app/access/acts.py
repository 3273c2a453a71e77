"""Acts: done by those who may, and written down with who, when, from where, and what they changed.

In:    an act, the role it takes.
Out:   its result; an entry in the audit, and its number and sum in the log.
Never: lets an act pass without its record; writes a name that somebody typed, or a row of data.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from app import request_id
from app.access.current import current
from app.access.identity import Identity, Role
from app.observing.logs import say
from forecast_core import Act, Audit, StoreError

log = logging.getLogger(__name__)
Found = TypeVar("Found")
Facts = Mapping[str, Any]


def _nothing(_: Any) -> Facts:
    return {}


class Acts:
    """The acts of one installation; `audit` is asked for when it is needed."""

    def __init__(self, audit: Callable[[], Audit]) -> None:
        self._audit = audit

    def do(
        self, role: Role, act: str, what: str, do: Callable[[], Found], after: Callable[[Found], Facts] = _nothing,
        before: Facts | None = None,
    ) -> Found:  # fmt: skip
        """Do something that takes a role, and write it down."""
        who = current()
        who.need(role)
        found = do()
        self.write(who, act, what, before or {}, after(found))
        return found

    def write(self, who: Identity, act: str, what: str, before: Facts, after: Facts) -> None:
        """Write down what was done; where the audit cannot take it, the log does, and the error goes on."""
        now = datetime.now(UTC)
        done = Act(now, who.name, who.role, who.tenant, who.place, act, what, before, after, request_id.current())
        try:
            entry = self._audit().write(done)
        except StoreError:
            say(log, "act without audit", {"who": who.name, "act": act, "what": what}, logging.ERROR)
            raise
        say(log, "audit", {"number": entry.number, "sha256": entry.sha256, "act": act})
