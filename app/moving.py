"""The answers to moves, while a hand is on a lever: asked of the server itself, past sessions and scripts.

In:    a move, with the link that it starts from.
Out:   what the component draws, as JSON.
Never: remembers a move; the session hears of it when the hand rests.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import to_json
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app import money_live, policy, simulator
from app.asked import Asked, asked_by
from app.live.panel import Described
from app.text import locale
from forecast_core import ForecastError

ANSWERS: dict[str, Callable[[Asked], Described]] = {
    "simulator": simulator.moved,
    "policy": policy.moved,
    "money": money_live.moved,
}
MOST_BYTES = 64 * 2**10
FAST = 1  # a higher level takes three times as long for a tenth less


class Move(BaseModel):
    """What the browser sends: where the gesture began (`link`, `rev`), what it has come to, its number."""

    link: dict[str, str]
    locale: str
    rev: str
    seq: int
    moved: str
    values: dict[str, Any]


async def answer(request: Request) -> Response:
    """Answer a move; 422 where the page itself has to say what is wrong."""
    shown = ANSWERS.get(request.path_params["page"])
    if shown is None:
        return JSONResponse({"title": "No levers move here."}, 404)
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return JSONResponse({"title": "This is no move."}, 413)
    try:
        found = await run_in_threadpool(answered, shown, Move.model_validate_json(body))
    except (ForecastError, ValidationError) as error:
        return JSONResponse({"title": str(error)}, 422)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(found, media_type="application/json")
    packed = zlib.compress(found, FAST, wbits=31)
    return Response(packed, media_type="application/json", headers={"content-encoding": "gzip"})


def answered(shown: Callable[[Asked], Described], move: Move) -> bytes:
    """Return a page's answer to a move."""
    with locale.using(locale.of(move.locale)):
        found = {"seq": move.seq, "rev": move.rev, **shown(asked_by(move.link).moved(move.values, move.moved))}
    return to_json(found, inf_nan_mode="null")
