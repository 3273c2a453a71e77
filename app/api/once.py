"""Writes count once: the `Idempotency-Key` of a request, and the reply that is kept under it.

In:    a request, what it asks, how to answer it.
Out:   the reply; the same one again for the same key and question.
Never: keeps a refusal: what was refused may be tried again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Header, Response
from pydantic import BaseModel

from app.access import Identity
from app.api.door import sent
from app.wire import Document
from forecast_core import Replies, Reply, Service, Ticket

CREATED = 201
AGAIN = "Idempotent-Replayed"
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=64,
        pattern=r"^[A-Za-z0-9._-]+$",
        description="A request that is repeated with its key counts once; the reply is kept for a day.",
    ),
]


@dataclass(frozen=True)
class Once:
    """A write of somebody: where, what is asked, under which key."""

    who: Identity
    path: str
    asked: BaseModel
    key: str | None

    def answer(self, service: Service, act: Callable[[], Document]) -> Response:
        """Do it, or return what was answered when it was done."""
        if self.key is None:
            return sent(act(), CREATED)
        digest = hashlib.sha256(f"{self.path}\n{self.asked.model_dump_json()}".encode()).hexdigest()
        ticket, replies = Ticket(self.who.name, self.key, digest), Replies(service.store)
        before = replies.begin(ticket, datetime.now(UTC))
        if before is not None:
            return Response(before.body, before.status, {AGAIN: "true"}, media_type="application/json")
        try:
            found = sent(act(), CREATED)
            replies.end(ticket, Reply(CREATED, bytes(found.body).decode()))
        except BaseException:
            replies.drop(ticket)
            raise
        return found
