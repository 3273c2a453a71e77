"""The frozen questions: asked again every month, answered to the last bit as before.

In:    what was learned.
Out:   `Replay`.
Never: asks anything that depends on a new month.
"""

from __future__ import annotations

import platform
from dataclasses import replace

import numpy as np

from forecast_core.backtest import recorded_plan
from forecast_core.drift.integrity import Replay
from forecast_core.service.learned import Learned
from forecast_core.service.publishing import code_version, libraries

AHEAD_MONTHS = 12
# files per day, files, average size, relative to today
QUESTIONS = np.array([(1, 1, 1), (0.5, 1, 1), (2, 1, 1), (1, 1.5, 1), (1, 1, 2), (1.5, 0.8, 1.25)], float)


def replay(learned: Learned) -> Replay:
    """Return what the model answers to the frozen questions."""
    plan = recorded_plan(learned.history, learned.history.last_month, AHEAD_MONTHS)
    asked = plan.questions(np.zeros(len(QUESTIONS), np.int64))
    frequency, files, size = (QUESTIONS[:, column, None, None] for column in range(QUESTIONS.shape[1]))
    asked = replace(
        asked,
        frequency_per_day=asked.frequency_per_day * frequency,
        files_ratio=asked.files_ratio * files,
        size_ratio=asked.size_ratio * size,
    )
    flows = learned.model.predict(asked)
    made_with = {
        "code": code_version(),
        "machine": platform.machine(),
        "processor": platform.processor(),
        **libraries(),
    }
    return Replay.of(name_of(learned), made_with, {"archived": flows.archived_gb, "freed": flows.savings_gb})


def name_of(learned: Learned) -> str:
    """Return the name of who answers: the published version, or the model's own id and data."""
    if learned.published is not None:
        return learned.published.version
    return f"{learned.model_id}/{learned.history.sha256[:12]}"
