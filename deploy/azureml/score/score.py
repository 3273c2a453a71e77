"""The scoring script of the managed online endpoint: rows in, what the month after each archives and frees out.

In:    `{"input_data": {"columns": [...], "index": [...], "data": [[...], ...]}}`, the published contract.
Out:   `[[archived_gb, savings_gb], ...]` in the order of the rows; null where savings were never measured.
Never: answers a row whose column is unknown or missing, or from another model than the app: both read the same storage.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from forecast_core import DataError, ForecastError, Service, Settings
from forecast_core.service.rows import FEATURES, Row

COLUMNS = tuple(item.name for item in fields(Row))
NEEDED = {"month", *FEATURES}
CONTRACT = '{"input_data": {"columns": [...], "index": [...], "data": [[...], ...]}}'
_READY: list[tuple[Service, str]] = []


def init() -> None:
    """Fetch what is published and learn it, once; the newest data set answers, the demo company where there is none."""
    service = Service.of(Settings.load(), np.datetime64("today", "M"))
    service.share()
    own = [info.id for info in service.datasets() if not info.is_demo and not info.has_inventory]
    dataset = own[0] if own else service.demo_id
    service.learned(dataset)
    _READY[:] = [(service, dataset)]


def run(raw: str | bytes) -> list[list[float | None]]:
    """Answer; DataError names what does not fit the contract."""
    if not _READY:
        init()
    service, dataset = _READY[0]
    found = service.rows.predict(dataset, _rows(raw)).rows
    return [[row.archived.point, row.savings.point if row.savings else None] for row in found]


def _rows(raw: str | bytes) -> list[Row]:
    table = _table(raw)
    columns, data = table["columns"], table["data"]
    odd = sorted(set(map(str, columns)) - set(COLUMNS)) + sorted(NEEDED - set(map(str, columns)))
    if odd or len(set(columns)) != len(columns):
        raise DataError(
            f"Unknown, missing or doubled columns: {', '.join(odd) or 'doubled'}.", allowed=", ".join(COLUMNS)
        )
    if len(table.get("index", data)) != len(data) or any(len(cells) != len(columns) for cells in data):
        raise DataError("Every row needs one value per column, and one index.", allowed=CONTRACT)
    return [Row(**{name: _value(name, cell) for name, cell in zip(columns, cells, strict=True)}) for cells in data]


def _table(raw: str | bytes) -> Mapping[str, Any]:
    try:
        table = json.loads(raw)["input_data"]
        if isinstance(table["columns"], list) and isinstance(table["data"], list):
            return dict(table)
    except (ValueError, KeyError, TypeError):
        pass
    raise DataError("This is not the published contract.", allowed=CONTRACT)


def _value(name: str, cell: Any) -> str | float:
    if name in ("month", "scope"):
        return str(cell)
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        raise DataError(f"{name} is {str(cell)[:40]!r}; a number is needed.")
    return float(cell)


async def score(request: Request) -> Response:
    """Answer `POST /score`; 422 with a sentence for what cannot be answered."""
    try:
        return JSONResponse(await run_in_threadpool(run, await request.body()))
    except ForecastError as error:
        return JSONResponse({"error": error.what, "allowed": error.allowed, "hint": error.hint}, 422)


async def alive(_: Request) -> Response:
    """Answer the platform: 200 once the model is loaded."""
    await run_in_threadpool(lambda: _READY or init())
    return PlainTextResponse("ok")


app = Starlette(routes=[Route("/score", score, methods=["POST"]), Route("/", alive), Route("/ready", alive)])
