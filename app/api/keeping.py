"""What is kept: scenarios under a name, what really came, and whether the forecast is still true."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app import wire
from app.api.contract import DEMO, ActualRequest, DatasetId, KeepRequest, MonthText, ScopeName
from app.api.door import Caller, TheService, sent
from app.api.kept_replies import ActualReply, DriftReply, KeptReply, KeptsReply
from app.api.once import Key, Once
from app.api.problems import documented
from app.text import headline as words
from forecast_core import Asked, Author, from_values, parse_month

router = APIRouter(tags=["keep"])
WRONG = documented(400, 403, 404, 409, 413, 415, 422, 503)
LOOKED = documented(404, 409, 422, 503)


@router.get("/scenarios", response_model=KeptsReply, responses=documented(503))
def scenarios(service: TheService) -> Response:
    """Answer every scenario that is kept; what changed last comes first."""
    return sent({"scenarios": [wire.kept(found) for found in service.kept.all()]})


@router.get("/scenarios/{identity}", response_model=KeptReply, responses=LOOKED)
def scenario(service: TheService, identity: Annotated[str, Path(max_length=12)]) -> Response:
    """Answer one kept scenario with what was answered when it was kept."""
    return sent(wire.kept(service.kept.get(identity)))


@router.post("/scenarios", response_model=KeptReply, status_code=201, responses=WRONG)
def keep(request: Request, asked: KeepRequest, service: TheService, who: Caller, key: Key = None) -> Response:
    """Keep a scenario under a name, with what is answered now."""
    who.need("analyst")

    def act() -> wire.Document:
        known = service.ranges(asked.dataset, asked.scope or service.scopes(asked.dataset)[0])
        question = Asked(from_values(asked.values, known, left_out=asked.left_out))
        sentence = words.headline(service.simulate(question.scenario))
        return wire.kept(service.kept.keep(asked.name, question, sentence, asked.note, _author(who.name)))

    return Once(who, request.url.path, asked, key).answer(service, act)


@router.get("/drift", response_model=DriftReply, responses=LOOKED)
def drift(
    service: TheService,
    dataset: Annotated[DatasetId, Query()] = DEMO,
    scope: Annotated[ScopeName, Query()] = "",
    month: Annotated[MonthText | None, Query(description="The month to look at; the last one by default.")] = None,
) -> Response:
    """Answer whether it is still true: what left its path, what it moves, how well it was said before."""
    scope = scope or service.scopes(dataset)[0]
    return sent(wire.drift(service.watch.view(dataset, scope, parse_month(month) if month else None)))


@router.post("/actuals", response_model=ActualReply, status_code=201, responses=WRONG)
def actual(request: Request, asked: ActualRequest, service: TheService, who: Caller, key: Key = None) -> Response:
    """Keep what really came in a month that was forecast."""
    who.need("analyst")

    def act() -> wire.Document:
        month = parse_month(asked.month)
        service.watch.type_in(asked.dataset, asked.scope, month, asked.archived_gb, _author(who.name))
        return asked.model_dump()

    return Once(who, request.url.path, asked, key).answer(service, act)


def _author(name: str) -> Author:
    return Author(name, datetime.now(UTC))
