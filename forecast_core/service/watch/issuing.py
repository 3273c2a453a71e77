"""A forecast as it is frozen: everything that was said, and what it was made of.

In:    what was learned; an outlook; a scenario that was decided.
Out:   plain JSON for the chain; `Said` rows, read back.
Never: leaves out what is needed to judge it later.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecast_core.backtest import recorded_plan
from forecast_core.drift.accuracy import RANGE
from forecast_core.drift.track import Said
from forecast_core.features import today
from forecast_core.forecast import COVERAGE, Luck
from forecast_core.history import ALL
from forecast_core.intervals import bounds, marginal
from forecast_core.months import month_text, parse_month
from forecast_core.service.answers import Outlook
from forecast_core.service.learned import Learned
from forecast_core.service.publishing import code_version
from forecast_core.store import LinkRow

Array = NDArray[np.float64]
HORIZON = 12
FORECAST, DECIDED = "forecast", "decided"
FIELDS = ("archived", "lower", "upper", "lower90", "upper90", "saved", "stock")


@dataclass(frozen=True)
class Issue:
    """Who says it of what: `subject` the name of the data set, `input_sha256` the sum of the data it was made of."""

    subject: str
    dataset_id: str
    input_sha256: str
    made_at: str


def of_history(learned: Learned, issue: Issue, seed: int) -> tuple[str, dict[str, Any]]:
    """Return name and content of the forecast of every live scope and of ALL, twelve months ahead."""
    history = learned.history.only(learned.history.live_scopes)
    calibration = learned.calibration.take(history.scopes)
    flows = learned.model.predict(recorded_plan(learned.history, learned.history.last_month, HORIZON))
    rows = [learned.history.scopes.index(scope) for scope in history.scopes]
    point, saved, stock = (grid[0, rows] for grid in (flows.archived_gb, flows.savings_gb, flows.stock_gb))
    inner, outer = (marginal(calibration, point, share) for share in (COVERAGE, RANGE))
    scopes = {
        scope: _columns(point[row], inner[0][row], inner[1][row], outer[0][row], outer[1][row], saved[row], stock[row])
        for row, scope in enumerate(history.scopes)
    }
    paths = Luck.of(calibration, HORIZON, seed).archived(point).sum(axis=1)
    whole = point.sum(axis=0)
    ends = [each for share in (COVERAGE, RANGE) for each in bounds(paths, share)]
    ends = [np.minimum(end, whole) if index % 2 == 0 else np.maximum(end, whole) for index, end in enumerate(ends)]
    scopes[ALL] = _columns(whole, *ends, saved.sum(axis=0), stock.sum(axis=0))
    now = today(history, learned.pool)
    mean_mb = {scope: _finite(float(now.avg_file_size_mb[row])) for row, scope in enumerate(history.scopes)}
    files = np.nan_to_num(now.total_files)
    if files.sum() > 0 and np.isfinite(now.avg_file_size_mb).all():
        mean_mb[ALL] = float((files * now.avg_file_size_mb).sum() / files.sum())
    version = learned.published.version if learned.published else ""
    model = {"id": learned.model_id, "name": learned.race.champion.estimator.name, "version": version}
    return _named(issue, history.last_month, model, scopes, mean_mb)


def of_outlooks(outlooks: Mapping[str, Outlook], issue: Issue) -> tuple[str, dict[str, Any]]:
    """Return the same of an inventory: one outlook per scope; a stock it does not name is left unknown."""
    nothing = np.full(HORIZON, np.nan)
    scopes = {}
    for scope, found in outlooks.items():
        band, saved = found.archived, found.savings.point if found.savings else nothing
        scopes[scope] = _columns(band.point, band.lower, band.upper, band.lower, band.upper, saved, nothing)
    first = next(iter(outlooks.values()))
    stamp = first.provenance
    model = {"id": stamp.model_id, "name": stamp.model_name, "version": ""}
    return _named(issue, stamp.data_to, model, scopes, {})


def _named(
    issue: Issue, issued: np.datetime64, model: Mapping[str, str], scopes: Mapping[str, Any], mean_mb: Mapping[str, Any]
) -> tuple[str, dict[str, Any]]:
    content = {
        "kind": FORECAST,
        "subject": issue.subject,
        "dataset": issue.dataset_id,
        "input_sha256": issue.input_sha256,
        "model": dict(model),
        "code": code_version(),
        "issued": month_text(issued),
        "made_at": issue.made_at,
        "horizon": HORIZON,
        "coverage": COVERAGE,
        "scopes": dict(scopes),
        "mean_mb": dict(mean_mb),
    }
    return f"{month_text(issued)}/{model['id']}/{issue.input_sha256[:12]}", content


def _columns(*grids: Array) -> dict[str, list[float | None]]:
    return {name: [_finite(float(value)) for value in grid[:HORIZON]] for name, grid in zip(FIELDS, grids, strict=True)}


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _known(value: float | None) -> float:
    return math.nan if value is None else value


def said(links: Iterable[LinkRow]) -> tuple[Said, ...]:
    """Return every month of every frozen forecast."""
    found = []
    for each in links:
        if each.kind == FORECAST:
            content = json.loads(each.content)
            issued = parse_month(content["issued"])
            for scope, columns in content["scopes"].items():
                mean_mb = _known(content["mean_mb"].get(scope))
                found += [_said(each.number, scope, issued, columns, step, mean_mb) for step in range(HORIZON)]
    return tuple(found)


def _said(
    number: int, scope: str, issued: np.datetime64, columns: Mapping[str, Any], step: int, mean_mb: float
) -> Said:
    values = {name: _known(columns[name][step]) for name in FIELDS}
    return Said(
        number=number,
        scope=scope,
        issued=issued,
        month=issued + 1 + step,
        archived_gb=values["archived"],
        lower=values["lower"],
        upper=values["upper"],
        lower90=values["lower90"],
        upper90=values["upper90"],
        saved_gb=values["saved"],
        files=values["stock"] * 1024 / mean_mb if mean_mb > 0 else math.nan,
        mean_mb=mean_mb,
    )
