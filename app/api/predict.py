"""The published contract: rows in, the next month out; as JSON or as CSV, up to ten thousand in one call."""

from __future__ import annotations

import csv
import io
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from app import tables, wire
from app.api.contract import DEMO, ROW, DatasetId, PredictRequest
from app.api.door import TheService, sent
from app.api.problems import documented
from app.api.replies import PredictReply
from forecast_core import Row, Service

router = APIRouter(tags=["ask"])
published = APIRouter()
CSV = "text/csv"
CSV_EXAMPLE = ",".join(ROW) + "\n" + ",".join(str(value) for value in ROW.values()) + "\n"


@router.post("/predict", response_model=PredictReply, responses=documented(400, 404, 409, 413, 415, 422))
@published.post("/predict")
def predict(asked: PredictRequest, service: TheService) -> Response:
    """Answer what each row brings in the month after it, with interval and trust."""
    return sent(_answered(service, asked.dataset, [item.as_row() for item in asked.instances]))


@router.post(
    "/predict.csv",
    response_class=Response,
    responses={
        200: {"description": "The rows with their answers.", "content": {CSV: {"schema": {"type": "string"}}}},
        **documented(400, 404, 409, 413, 415, 422),
    },
)
def predict_csv(
    rows: Annotated[bytes, Body(media_type=CSV, examples=[CSV_EXAMPLE], description="A header line, then rows.")],
    service: TheService,
    dataset: Annotated[DatasetId, Query()] = DEMO,
) -> Response:
    """Answer a CSV of rows with a CSV of answers."""
    found = _answered(service, dataset, _read(rows))
    return Response(_written(found["predictions"]), media_type=CSV)


def _answered(service: Service, dataset: str, rows: list[Row]) -> dict[str, Any]:
    return wire.predictions(service.rows.predict(dataset, rows))


def _read(content: bytes) -> list[Row]:
    """Return the rows of a CSV; every fault of every row at once, as for JSON."""
    try:
        text = io.StringIO(content.decode("utf-8-sig"), newline="")
        found = list(csv.DictReader(text, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise RequestValidationError([_unreadable(str(error))]) from None
    try:
        asked = PredictRequest.model_validate({"instances": [_cells(row) for row in found]})
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_url=False, include_context=False)) from None
    return [item.as_row() for item in asked.instances]


def _cells(row: dict[Any, Any]) -> dict[str, Any]:
    """Return a line by column; what stands beyond the last column is a column without a name."""
    return {str(name or ""): value for name, value in row.items() if value is not None}


def _unreadable(why: str) -> dict[str, Any]:
    return {"type": "value_error", "loc": ("body",), "msg": f"CSV in UTF-8: {why}", "input": ""}


def _written(predictions: list[dict[str, Any]]) -> str:
    return tables.to_csv({name: [row[name] for row in predictions] for name in predictions[0]})
