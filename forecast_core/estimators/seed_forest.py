"""The published proof of concept's model, exactly as it was: a rival to beat, never a lever's answer.

In:    the nine published features of each row.
Out:   archived and freed GB of the month after.
Never: sees more than the nine features; knows no scope, no stock that runs dry.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from forecast_core.errors import TooShortError
from forecast_core.estimators.base import Evidence, Flows, Plan
from forecast_core.estimators.rows import grown_files, planned_frequency, planned_mix, settled
from forecast_core.features import Today, examples, feature_matrix, today

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

Array = NDArray[np.float64]
TREES = 200
SEED = 42


@dataclass(frozen=True, eq=False)
class SeedForestModel:
    """A fitted pipeline standing at the end of a history."""

    pipeline: Pipeline
    today: Today

    def update(self, evidence: Evidence) -> SeedForestModel:
        """Return the same forest at the end of newer evidence."""
        return SeedForestModel(self.pipeline, settled(today(evidence.need_history)))

    def predict(self, plan: Plan) -> Flows:
        """Predict every row on its own; the stock grows as history shows and knows nothing of what is archived."""
        rows = self.features(plan)
        raw = np.maximum(self.pipeline.predict(rows.reshape(-1, rows.shape[-1])), 0).reshape(*plan.shape, 2)
        unknown = np.full(plan.shape, np.nan)
        return Flows(raw[..., 0], np.minimum(raw[..., 1], raw[..., 0]), unknown, unknown, unknown)

    def features(self, plan: Plan) -> Array:
        """Return the nine published features of every question, scope and month, (K, n, H, 9)."""
        now = self.today
        files = grown_files(now, plan)
        size = now.avg_file_size_mb[:, None] * plan.size_ratio
        stock = np.concatenate([files[..., None], size[..., None], planned_mix(now, plan)], axis=-1)
        months = np.broadcast_to(plan.months, plan.shape)
        return feature_matrix(stock, planned_frequency(now, plan), months)


@dataclass(frozen=True)
class SeedForest:
    """StandardScaler and MultiOutputRegressor(RandomForestRegressor(200)) on the nine published features."""

    name: str = "seed_forest"
    title: str = "Original proof of concept"
    answers_levers: bool = False

    def fit(self, evidence: Evidence) -> SeedForestModel:
        """Learn from every row with all nine features and both targets."""
        from sklearn.ensemble import RandomForestRegressor  # slow to import, and who answers needs none of it
        from sklearn.multioutput import MultiOutputRegressor
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        history = evidence.need_history
        rows = examples(history)
        known = np.isfinite(rows.savings_gb)
        if int(known.sum()) < 2:
            raise TooShortError("The published forest needs two rows with all nine features and both targets.")
        forest = RandomForestRegressor(n_estimators=TREES, random_state=SEED)
        pipeline = make_pipeline(StandardScaler(), MultiOutputRegressor(forest))
        pipeline.fit(rows.features[known], np.column_stack([rows.archived_gb, rows.savings_gb])[known])
        return SeedForestModel(pipeline, settled(today(history)))
