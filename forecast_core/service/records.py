"""A training as MLflow keeps it: one run, and one run below it for each model of the field.

In:    `Trained`, the manifest of the version that answers, its files.
Out:   a `Record`.
Never: logs a row of the user's data.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import numpy as np

from forecast_core.backtest import Entrant
from forecast_core.estimators import Model
from forecast_core.history import History
from forecast_core.registry import Record
from forecast_core.service.exports import as_files
from forecast_core.service.judging import Judged
from forecast_core.service.training import Trained
from forecast_core.shelf import Manifest

MOST_SCOPES = 60
_ODD = re.compile(r"[^A-Za-z0-9_./ -]")


def record_of(trained: Trained, champion: Manifest, files: Mapping[str, bytes]) -> Record:
    """Return the record: parameters, metrics by scope and by months ahead, hash, versions, files; a part per model."""
    learned = trained.champion
    history, best = learned.history, learned.race.champion
    return Record(
        name=champion.version,
        parameters=_parameters(trained, champion),
        metrics=metrics_of(best, learned.judged.get(best.estimator.name, Judged()), history),
        tags={"champion": best.estimator.name, "reason": trained.reason, "version": champion.version},
        files={**files, "environment.json": json.dumps(dict(champion.libraries), indent=1).encode()},
        parts=tuple(_part(trained, entrant) for entrant in learned.race.entrants),
    )


def _parameters(trained: Trained, champion: Manifest) -> dict[str, str]:
    learned, history = trained.champion, trained.champion.history
    return {
        "champion": learned.race.champion.estimator.name,
        "dataset": champion.about.get("dataset", ""),
        "dataset_id": champion.dataset_id,
        "data_sha256": champion.data_sha256,
        "code_version": champion.code_version,
        "scopes": str(len(history.scopes)),
        "rows": str(len(history.frame)),
        "first_month": str(history.months[0]),
        "last_month": str(history.last_month),
        "signal": str(learned.race.has_signal),
        **{f"library.{name}": text for name, text in champion.libraries.items()},
    }


def _part(trained: Trained, entrant: Entrant) -> Record:
    learned, name = trained.champion, entrant.estimator.name
    judged = learned.judged.get(name, Judged())
    gates = {f"gate.{gate.name}": gate.detail or "passed" for gate in entrant.gates}
    return Record(
        name=name,
        parameters={"title": entrant.estimator.title, "fault": entrant.fault or "none", **gates},
        metrics=metrics_of(entrant, judged, learned.history),
        tags={"version": "", "estimator": name},
        files=_model_files(trained.models.get(name)),
    )


def _model_files(model: Model | None) -> dict[str, bytes]:
    return {f"model/{name}": content for name, content in as_files(model).items()} if model is not None else {}


def metrics_of(entrant: Entrant, judged: Judged, history: History) -> dict[str, float]:
    """Return every number of one model by name; what was not measured is left out."""
    found: dict[str, float] = {"coverage_80": entrant.coverage}
    if entrant.score is not None:
        names = ("wape_archived", "wape_savings", "bias", "mae_gb", "mae_savings_gb", "mase", "r2", "combined")
        found |= {name: float(getattr(entrant.score, name)) for name in names}
    for span in judged.spans:
        found[f"wape_archived/ahead_{span.first}_{span.last}"] = span.wape_archived
        found[f"wape_savings/ahead_{span.first}_{span.last}"] = span.wape_savings
    for band in judged.bands:
        found[f"held/{band.promised:.2f}"], found[f"width/{band.promised:.2f}"] = band.held, band.width
    for scope, error in list(zip(history.scopes, judged.by_scope.tolist(), strict=False))[:MOST_SCOPES]:
        found[f"wape_archived/scope/{_ODD.sub('_', scope)[:150]}"] = error
    if judged.behaviour is not None:
        found |= {"wrong_sign_share": judged.behaviour.wrong_share, "dead_share": judged.behaviour.dead_share}
    costs = ("fit_seconds", "answer_seconds", "size_bytes", "effect_error", "effect_error_24")
    found |= {name: float(getattr(judged, name)) for name in costs}
    return {name: value for name, value in found.items() if np.isfinite(value)}
