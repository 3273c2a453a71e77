"""What if, what next, what may be moved: the questions of the pages."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app import wire
from app.api.contract import DEMO, CompareRequest, DatasetId, ScopeName, SimulateRequest
from app.api.door import TheService, sent
from app.api.problems import documented
from app.api.replies import CompareReply, DatasetsReply, ForecastReply, LeversReply, SimulateReply
from forecast_core import Ranges, Service, from_values

router = APIRouter(tags=["ask"])
YEAR = 12
WRONG = documented(400, 404, 409, 413, 415, 422)
Dataset = Annotated[DatasetId, Query()]
Scope = Annotated[ScopeName, Query()]


def _known(service: Service, dataset: str, scope: str) -> Ranges:
    """Return the levers of a scope, of the first one (ALL where there are several) if none is named."""
    return service.ranges(dataset, scope or service.scopes(dataset)[0])


@router.post("/simulate", response_model=SimulateReply, responses=WRONG)
def simulate(asked: SimulateRequest, service: TheService) -> Response:
    """Answer a what-if month by month, against today, in GB and money."""
    known = _known(service, asked.dataset, asked.scope)
    return sent(wire.answer(service.simulate(from_values(asked.values, known, asked.name, asked.left_out))))


@router.post("/compare", response_model=CompareReply, responses=WRONG)
def compare(asked: CompareRequest, service: TheService) -> Response:
    """Answer several scenarios over all months, each against today."""
    known = _known(service, asked.dataset, asked.scope)
    scenarios = [from_values(item.values, known, item.name, item.left_out) for item in asked.scenarios]
    answers = [service.simulate(scenario) for scenario in scenarios]
    found = [wire.compared(answer.scenario.name, answer) for answer in answers]
    return sent({"scenarios": found, "provenance": wire.plain(answers[0].provenance)})


@router.get("/forecast", response_model=ForecastReply, responses=documented(404, 409, 422))
def forecast(
    service: TheService,
    dataset: Dataset = DEMO,
    scope: Scope = "",
    months: Annotated[int, Query(ge=1, le=60)] = YEAR,
) -> Response:
    """Answer what comes if nothing changes."""
    return sent(wire.outlook(service.forecast(dataset, scope or service.scopes(dataset)[0], months)))


@router.get("/levers", response_model=LeversReply, responses=documented(404, 409, 422))
def levers(service: TheService, dataset: Dataset = DEMO, scope: Scope = "") -> Response:
    """Answer what may be moved, from today's value, and how far."""
    return sent(wire.levers(_known(service, dataset, scope)))


@router.get("/datasets", response_model=DatasetsReply, tags=["data"])
def datasets(service: TheService) -> Response:
    """Answer which data sets can be asked about."""
    return sent({"datasets": [wire.dataset(info) for info in service.datasets()]})
