"""The model card: what answers, on which data, how good, and what it must not be used for.

In:    what was learned.
Out:   a dictionary of words and numbers; the quantiles of every feature it learned from.
Never: claims what was not measured.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from forecast_core.backtest import Entrant
from forecast_core.errors import ModelError
from forecast_core.features import PUBLISHED_FEATURES, examples
from forecast_core.forecast import COVERAGE
from forecast_core.history import History
from forecast_core.months import month_text
from forecast_core.service.learned import Learned

QUANTILES = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)
LIMITS = (
    "Knows only the past of these scopes: a scope it has never seen has no answer.",
    "A month is predicted from what was known before it; a migration, a new rule or an outage is not in it.",
    "Outside of what was ever seen an answer is a guess; the light beside it says so, and its band is wider.",
    "The share of a file type is weakly known wherever the mix hardly moved.",
)
ASSUMPTIONS = (
    "The archive frequency in the data is the setting in force during the month, unless the source only knew what was "
    "archived: then it is the mean of the year before.",
    "Today's policy goes on if nothing is changed; the stock grows as in the last twelve months.",
    "What a month frees is at most what it archives, and it archives at most what is there.",
)


def model_card(learned: Learned, dataset_name: str) -> dict[str, Any]:
    """Return the card; numbers that were not measured are None."""
    history, best = learned.history, learned.race.champion
    return {
        "model": {"name": best.estimator.name, "title": best.estimator.title, "id": learned.model_id},
        "levers_answered_by": learned.race.structural.estimator.name
        if learned.effect and learned.race.structural
        else None,
        "data": {
            "name": dataset_name,
            "sha256": history.sha256,
            "scopes": len(history.scopes),
            "rows": len(history.frame),
            "first_month": month_text(history.months[0]),
            "last_month": month_text(history.last_month),
            "frequency_is_observed": history.frequency_is_observed,
        },
        "quality": _quality(learned, best),
        "against": [_line(entrant) for entrant in learned.race.entrants if entrant is not best],
        "signal": {"found": learned.race.has_signal, "sentence": signal_sentence(learned)},
        "limits": [*LIMITS, *_own_limits(learned)],
        "assumptions": list(ASSUMPTIONS),
    }


def signal_sentence(learned: Learned) -> str:
    """Return what the history holds: the sentence where no model beats guessing the mean, "" otherwise."""
    found = learned.race.signal
    if found is None or found.is_early:
        return "There are too few months to say whether anything can be predicted."
    return "" if found.is_won else "No model beats guessing the mean; this file holds no signal."


def _quality(learned: Learned, best: Entrant) -> dict[str, Any]:
    score = best.score
    if score is None:
        return {}
    return {
        "months_judged": score.months,
        "wape_archived": _known(score.wape_archived),
        "wape_savings": _known(score.wape_savings),
        "bias": _known(score.bias),
        "mae_gb": _known(score.mae_gb),
        "mase": _known(score.mase),
        "r2": _known(score.r2),
        "band_promises": COVERAGE,
        "band_held": _known(learned.coverage),
    }


def _line(entrant: Entrant) -> dict[str, Any]:
    error = _known(entrant.score.combined) if entrant.score else None
    return {"name": entrant.estimator.name, "title": entrant.estimator.title, "error": error, "fault": entrant.fault}


def _own_limits(learned: Learned) -> list[str]:
    found = []
    if learned.is_levelled:
        found.append("The level comes from a rule that cannot answer levers; what a lever changes is low evidence.")
    if learned.effect is None:
        found.append("No model can answer levers on this data.")
    if not learned.history.knows("total_files"):
        found.append("The stock of files is unknown: nothing can be said of when the backlog is used up.")
    return found


def feature_quantiles(history: History) -> dict[str, dict[str, float]]:
    """Return the quantiles of each published feature over every row that could be learned from."""
    try:
        rows = examples(history).features
    except ModelError:
        return {}
    if not len(rows):
        return {}
    found = np.quantile(rows, QUANTILES, axis=0)
    return {
        name: {f"{level:g}": float(value) for level, value in zip(QUANTILES, found[:, column], strict=True)}
        for column, name in enumerate(PUBLISHED_FEATURES)
    }


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
