"""Simple rivals from the shelf: each row on its own, no stock that runs dry.

In:    the rows of a history, the scope's own recent level, dummies of the month.
Out:   log-log ridge, a Tweedie GLM with log link, the ratio of what is archived to the stock.
Never: are shipped; they are what "best other" means in the table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import RidgeCV, TweedieRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from forecast_core.estimators import Evidence, Flows, Plan
from forecast_core.features import Today, examples, today
from forecast_core.history import History
from forecast_core.months import Months, month_of_year

Array = NDArray[np.float64]
Kind = str
LEAST_GB = 0.05
LEAST_SHARE = 3e-4
HALF_LIFE_MONTHS = 12.0
PRIOR_ROWS = 4.0
MOST_SHARE = 0.95


@dataclass(frozen=True, eq=False)
class Rows:
    """Any number of rows; `effects` (…, 2): the scope's usual log share archived and log share freed."""

    files: Array
    size_mb: Array
    frequency: Array
    mix: Array
    months: Months
    effects: Array

    @property
    def volume_gb(self) -> Array:
        """The stock in GB."""
        return self.files * self.size_mb / 1024

    def matrix(self, *, ratio: bool) -> Array:
        """Return the design matrix (rows, columns) in logs; with `ratio` only quantities without a unit."""
        known = np.where(np.isfinite(self.frequency), self.frequency, 0)  # a rate nobody has seen yet comes as infinite
        files, frequency = np.log(np.maximum(self.files, 1)), np.log(np.maximum(known, 0.5))
        sizes = [frequency - files] if ratio else [files, np.log(np.maximum(self.size_mb, 1e-3)), frequency]
        dummies = month_of_year(self.months)[..., None] == np.arange(1, 13)
        wide = np.concatenate([np.stack(sizes, axis=-1), self.mix, self.effects, dummies.astype(float)], axis=-1)
        return wide.reshape(-1, wide.shape[-1])


@dataclass(frozen=True, eq=False)
class RivalModel:
    """One pipeline per target, standing at the end of a history."""

    kind: Kind
    pipelines: tuple[Pipeline, Pipeline]
    effects: dict[str, Array]
    scopes: tuple[str, ...]
    now: Today

    def update(self, evidence: Evidence) -> RivalModel:
        """Return the same parameters at the end of newer evidence."""
        history = evidence.need_history
        return replace(self, scopes=history.scopes, now=today(history))

    def predict(self, plan: Plan) -> Flows:
        """Predict every row on its own; the stock grows as history shows."""
        growth = 1 + self.now.growth_ratio[:, None] + plan.growth_added
        files = self.now.total_files[:, None] * np.cumprod(growth, axis=-1) / growth[..., :1] * plan.files_ratio
        effects = np.stack([self.effects[scope] for scope in self.scopes])[None, :, None]
        rows = Rows(
            files=files,
            size_mb=self.now.avg_file_size_mb[:, None] * plan.size_ratio,
            frequency=plan.frequency_per_day,
            mix=plan.mix,
            months=np.broadcast_to(plan.months, plan.shape),
            effects=np.broadcast_to(effects, (*plan.shape, 2)),
        )
        matrix = rows.matrix(ratio=self.kind == "ratio")
        raw = [pipeline.predict(matrix).reshape(plan.shape) for pipeline in self.pipelines]
        archived, freed = _answers(self.kind, raw, rows)
        unknown = np.full(plan.shape, np.nan)
        return Flows(archived, np.minimum(freed, archived), unknown, unknown, unknown)


def _answers(kind: Kind, raw: list[Array], rows: Rows) -> tuple[Array, Array]:
    """From what a pipeline predicts to GB."""
    if kind == "glm":
        return raw[0], raw[1]
    first, second = (np.exp(np.clip(part, -12, 18)) for part in raw)
    if kind == "ridge":
        return first, second
    archived = np.minimum(first, MOST_SHARE) * rows.volume_gb
    return archived, archived * np.minimum(second, 1)


@dataclass(frozen=True)
class Rival:
    """A rival as an estimator; `kind` is ridge, glm or ratio."""

    kind: Kind
    name: str
    title: str
    regressor: Callable[[], RidgeCV | TweedieRegressor]
    answers_levers: bool = True

    def fit(self, evidence: Evidence) -> RivalModel:
        """Learn from every row with known features and targets."""
        history = evidence.need_history
        rows, archived, savings = _learnable(history)
        targets = {
            "glm": (np.maximum(archived, LEAST_GB), np.maximum(savings, LEAST_GB)),
            "ridge": (np.log(np.maximum(archived, LEAST_GB)), np.log(np.maximum(savings, LEAST_GB))),
            "ratio": _log_shares(archived, savings, rows.volume_gb),
        }[self.kind]
        matrix = rows.matrix(ratio=self.kind == "ratio")
        pipelines = tuple(make_pipeline(StandardScaler(), self.regressor()).fit(matrix, target) for target in targets)
        return RivalModel(self.kind, (pipelines[0], pipelines[1]), _effects(history), history.scopes, today(history))


def _learnable(history: History) -> tuple[Rows, Array, Array]:
    seen = examples(history)
    known = np.isfinite(seen.savings_gb)
    features = seen.features[known]
    effects = _effects(history)
    own = np.stack([effects[scope] for scope in history.scopes])[seen.scope[known]]
    months = history.months[seen.month[known]]
    rows = Rows(features[:, 0], features[:, 1], features[:, 6], features[:, 2:5], months, own)
    return rows, seen.archived_gb[known], seen.savings_gb[known]


def _log_shares(archived: Array, savings: Array, volume_gb: Array) -> tuple[Array, Array]:
    share = np.log(np.maximum(archived / np.maximum(volume_gb, 1e-12), LEAST_SHARE))
    return share, np.log(np.clip(savings / np.maximum(archived, 1e-12), 0.02, 0.98))


def _effects(history: History) -> dict[str, Array]:
    """Return each scope's recent mean of both log shares, (2,), shrunk to the panel's."""
    seen = examples(history)
    known = np.isfinite(seen.savings_gb)
    scope, month = seen.scope[known], seen.month[known]
    volume = seen.features[known, 0] * seen.features[known, 1] / 1024
    logs = np.stack(_log_shares(seen.archived_gb[known], seen.savings_gb[known], volume), axis=-1)
    weight = 0.5 ** ((month.max() - month) / HALF_LIFE_MONTHS)
    apart = (logs - np.average(logs, axis=0, weights=weight)) * weight[:, None]
    counts = np.bincount(scope, weight, len(history.scopes)) + PRIOR_ROWS
    totals = np.stack([np.bincount(scope, apart[:, part], len(history.scopes)) for part in (0, 1)], axis=-1)
    return dict(zip(history.scopes, totals / counts[:, None], strict=True))


RIVALS = (
    Rival("ridge", "loglog_ridge", "Log-log ridge", lambda: RidgeCV(np.logspace(-3, 2, 11))),
    Rival(
        "glm",
        "tweedie_glm",
        "GLM, Tweedie 1.5",
        lambda: TweedieRegressor(power=1.5, link="log", alpha=1e-3, max_iter=2000),
    ),
    Rival("ratio", "struct_ratio", "Ratio to the stock", lambda: RidgeCV(np.logspace(-3, 2, 11))),
)
