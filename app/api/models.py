"""Which model answers, and reading it again; whether the server is ready."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app import wire
from app.api.contract import DEMO, DatasetId
from app.api.door import Caller, TheDoor, TheService, sent
from app.api.problems import documented
from app.api.replies import HealthReply, ModelReply
from app.wire import Document
from forecast_core import Service

router = APIRouter(tags=["model"])
published = APIRouter()
Dataset = Annotated[DatasetId, Query()]


@router.get(
    "/health", response_model=HealthReply, responses={503: {"model": HealthReply, "description": "Not ready yet"}}
)
@published.get("/health")
def health(door: TheDoor) -> Response:
    """Answer 200 when the first question can be answered, 503 before."""
    return sent({"status": "ready"}) if door.is_ready() else sent({"status": "starting"}, 503)


@router.get("/model/info", response_model=ModelReply, responses=documented(404, 409, 422))
@published.get("/model/info")
def info(service: TheService, dataset: Dataset = DEMO) -> Response:
    """Answer which model answers for a data set."""
    return sent(_model(service, dataset))


@router.post("/reload-model", response_model=ModelReply, responses=documented(403, 404, 409, 422))
@published.post("/reload-model")
def reload(service: TheService, who: Caller, dataset: Dataset = DEMO) -> Response:
    """Read the published model again and answer which one it is; for administrators."""
    who.need("admin")
    service.reload(dataset)
    return sent(_model(service, dataset))


def _model(service: Service, dataset: str) -> Document:
    source = service.forecast(dataset, service.scopes(dataset)[0], 1).provenance
    return wire.model(service.models_of(dataset), source)
