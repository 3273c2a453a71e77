"""What was learned, as files that anyone may read and nothing can run; and back.

In:    `Learned` and what was judged; or the files of a version and the history they were made of.
Out:   files as bytes; `Learned`.
Never: accepts a version made of other data, by another release or with other libraries; unpickles.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forecast_core.backtest import (
    FIELD,
    Behaviour,
    Contest,
    Entrant,
    Gate,
    Guard,
    Race,
    Rolled,
    Score,
    SpanScore,
    Sweep,
    rolled_again,
)
from forecast_core.errors import ModelError
from forecast_core.estimators import model_from_lists, model_to_lists
from forecast_core.history import History
from forecast_core.intervals import Calibration, Held
from forecast_core.service.judging import Judged
from forecast_core.service.learned import Learned
from forecast_core.settings import VERSION
from forecast_core.shelf import Manifest

Array = NDArray[np.float64]
MODEL, CALIBRATION, RACE, BACKTEST = "model.json", "calibration.json", "race.json", "backtest.npz"
LIBRARIES = ("numpy", "scipy", "scikit-learn")
MODEL_CODE = ("estimators", "features.py", "intervals.py")
ESTIMATORS = {estimator.name: estimator for estimator in FIELD}


def code_version() -> str:
    """Return the release and eight digits of the code that gives a model's numbers their meaning.

    So that a model published by other code of the same release is refused, on a developer's machine too.
    """
    return f"{VERSION}+{code_digest(*MODEL_CODE)[:8]}"


@cache
def code_digest(*parts: str) -> str:
    """Return the SHA-256 of the source of parts of the core, of all of it where none is named."""
    content = hashlib.sha256()
    for part in parts or ("",):
        content.update(_source(files("forecast_core") / part))
    return content.hexdigest()


def _source(place: Traversable) -> bytes:
    """Return the source of a module, or of every module of a package in the order of their names."""
    if place.is_dir():
        inside = sorted(place.iterdir(), key=lambda item: item.name)
        return b"".join(_source(item) for item in inside if item.is_dir() or item.name.endswith(".py"))
    return place.read_bytes()


def libraries() -> dict[str, str]:
    """Return the versions that a published model depends on."""
    return {name: version(name) for name in LIBRARIES}


def blank_manifest(dataset_id: str, history: History, created_at: str) -> Manifest:
    """Return the manifest of a version to be published; the shelf names it and adds the sums."""
    return Manifest("", dataset_id, history.sha256, code_version(), libraries(), created_at)


def refused(manifest: Manifest, history: History) -> str:
    """Return why a version does not fit here, "" if it does."""
    if manifest.data_sha256 != history.sha256:
        return "it was trained on other data"
    if manifest.code_version != code_version():
        return f"it was trained by release {manifest.code_version}, this is {code_version()}"
    here = libraries()
    odd = [name for name in LIBRARIES if _series(manifest.libraries.get(name, "")) != _series(here[name])]
    if odd:
        return f"it was trained with {odd[0]} {manifest.libraries.get(odd[0], 'unknown')}, here is {here[odd[0]]}"
    return ""


def _series(text: str) -> list[str]:
    """`1.9.1` and `1.9.4` are of one series."""
    return text.split(".")[:2]


# ── to files ───────────────────────────────────────────────────────────────────────────────────────────────────────
def to_files(learned: Learned) -> dict[str, bytes]:
    """Return the files of a version."""
    levels = learned.effect if learned.effect is not None and learned.effect is not learned.model else None
    model = {"model": model_to_lists(learned.model), "effect": model_to_lists(levels) if levels else None}
    return {
        MODEL: _json(model),
        CALIBRATION: _json(learned.calibration.as_lists()),
        RACE: _json(_race_lists(learned)),
        BACKTEST: _backtest(learned),
    }


def _race_lists(learned: Learned) -> dict[str, Any]:
    found = learned.race
    return {
        "champion": found.champion.estimator.name,
        "structural": found.structural.estimator.name if found.structural else None,
        "signal": asdict(found.signal) if found.signal else None,
        "entrants": [_entrant_lists(entrant) for entrant in found.entrants],
        "judged": {name: _judged_lists(judged) for name, judged in learned.judged.items()},
        "coverage": learned.coverage,
        "months_judged": learned.months_judged,
        "model_id": learned.model_id,
        "pool": learned.pool,
    }


def _entrant_lists(entrant: Entrant) -> dict[str, Any]:
    return {
        "name": entrant.estimator.name,
        "score": asdict(entrant.score) if entrant.score else None,
        "fault": entrant.fault,
        "gates": [asdict(gate) for gate in entrant.gates],
        "coverage": entrant.coverage,
    }


def _judged_lists(judged: Judged) -> dict[str, Any]:
    seen = judged.behaviour
    sweeps = [{"lever": sweep.lever, "gb": sweep.archived_gb.tolist()} for sweep in seen.sweeps] if seen else []
    behaviour = (
        {"wrong": seen.wrong_share, "dead": seen.dead_share, "factors": seen.sweeps[0].factors.tolist()} if seen else {}
    )
    plain = ("fit_seconds", "answer_seconds", "size_bytes", "effect_error", "effect_error_24")
    return {
        **{name: getattr(judged, name) for name in plain},
        "spans": [asdict(span) for span in judged.spans],
        "by_scope": judged.by_scope.tolist(),
        "bands": [asdict(band) for band in judged.bands],
        "behaviour": behaviour | {"sweeps": sweeps} if seen else None,
    }


def _backtest(learned: Learned) -> bytes:
    """Of the champion every month ahead, of others that were judged the next month only: what the pictures need."""
    arrays: dict[str, Any] = {}
    for entrant in learned.race.entrants:
        if entrant.rolled is not None:
            name = entrant.estimator.name
            steps = 1 if name in learned.judged and entrant is not learned.race.champion else None
            arrays[f"{name}.origins"] = entrant.rolled.origins.astype(np.int64)
            arrays[f"{name}.archived"] = entrant.rolled.predicted_archived[:, :, :steps]
            arrays[f"{name}.savings"] = entrant.rolled.predicted_savings[:, :, :steps]
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)
    return stream.getvalue()


# ── from files ─────────────────────────────────────────────────────────────────────────────────────────────────────
def from_files(content: Mapping[str, bytes], manifest: Manifest | None, history: History) -> Learned:
    """Return what was learned; ModelError where the files do not hold what they should.

    `manifest` is that of the published version, None where it was learned here and never published.
    """
    try:
        model, calibration, race = (json.loads(content[name]) for name in (MODEL, CALIBRATION, RACE))
        entrants = tuple(_entrant(lists) for lists in race["entrants"])
        found = _race(race, entrants, _rolled(content[BACKTEST], history))
        champion = model_from_lists(model["model"], history)
        effect = model_from_lists(model["effect"], history) if model["effect"] else None
        if effect is None and found.structural is found.champion:
            effect = champion
        return Learned(
            history=history,
            race=found,
            model=champion,
            effect=effect,
            calibration=Calibration.from_lists(calibration),
            guard=Guard.of(history),
            coverage=float(race["coverage"]),
            months_judged=int(race["months_judged"]),
            model_id=str(race["model_id"]),
            pool=float(race["pool"]),
            judged={name: _judged(lists) for name, lists in race["judged"].items()},
            published=manifest,
        )
    except (KeyError, TypeError, ValueError, StopIteration) as error:
        called = f"published version {manifest.version}" if manifest else "kept model"
        raise ModelError(f"The {called} cannot be read: {error!r}.") from error


def _race(lists: Mapping[str, Any], entrants: tuple[Entrant, ...], rolled: Mapping[str, Rolled]) -> Race:
    field = tuple(replace(entrant, rolled=rolled.get(entrant.estimator.name)) for entrant in entrants)
    named = {entrant.estimator.name: entrant for entrant in field}
    structural = named[lists["structural"]] if lists["structural"] else None
    return Race(named[lists["champion"]], field, structural, Contest(**lists["signal"]) if lists["signal"] else None)


def _entrant(lists: Mapping[str, Any]) -> Entrant:
    return Entrant(
        estimator=ESTIMATORS[lists["name"]],
        score=Score(**lists["score"]) if lists["score"] else None,
        fault=lists["fault"],
        gates=tuple(Gate(**gate) for gate in lists["gates"]),
        coverage=float(lists["coverage"]),
    )


def _judged(lists: Mapping[str, Any]) -> Judged:
    values = dict(lists)
    seen = values.pop("behaviour")
    spans, bands = values.pop("spans"), values.pop("bands")
    behaviour = None
    if seen:
        factors = np.asarray(seen["factors"])
        sweeps = tuple(Sweep(item["lever"], factors, np.asarray(item["gb"], float)) for item in seen["sweeps"])
        behaviour = Behaviour(float(seen["wrong"]), float(seen["dead"]), sweeps)
    return Judged(
        spans=tuple(SpanScore(**span) for span in spans),
        by_scope=np.asarray(values.pop("by_scope"), float),
        bands=tuple(Held(**band) for band in bands),
        behaviour=behaviour,
        **values,
    )


def _rolled(content: bytes, history: History) -> dict[str, Rolled]:
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        names = {key.rsplit(".", 1)[0] for key in arrays.files}
        return {
            name: rolled_again(
                history,
                arrays[f"{name}.origins"].astype("datetime64[M]"),
                arrays[f"{name}.archived"],
                arrays[f"{name}.savings"],
            )
            for name in names
        }


def _json(values: Mapping[str, Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False).encode()
