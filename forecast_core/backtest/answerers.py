"""Who answers for a scope that a history and an inventory both know: the files, or the months.

In:    what either said one month ahead, and what came.
Out:   an `Answerer` for each scope.
Never: looks at a month that either had not yet seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
FEWEST_MONTHS, CLOSE_RATIO = 2, 1.05


@dataclass(frozen=True)
class Answerer:
    """Who answers for a scope, and why; errors are Σ|said − came| ÷ Σ came, NaN where nothing came."""

    scope: str
    by_files: bool
    months: int
    files_wape: float
    history_wape: float
    reason: str


def answerer(scope: str, by_files: Array, by_history: Array, came: Array, *, has_rule: bool) -> Answerer:
    """Return who answers for one scope, from forecasts and what came (T,), NaN where one is not known.

    The files, unless the history was the better guide by more than 5 % on at least two months that both had not seen;
    where no rule is in force the files foresee nothing, so the history says what comes.
    """
    both = np.isfinite(by_files) & np.isfinite(by_history) & np.isfinite(came)
    months = int(both.sum())
    files, history = (float(np.abs(said[both] - came[both]).sum()) for said in (by_files, by_history))
    total = float(came[both].sum())
    errors = (files / total, history / total) if total > 0 else (float("nan"), float("nan"))
    if not has_rule:
        return Answerer(scope, False, months, *errors, "no rule is in force, so the files foresee nothing")
    if months < FEWEST_MONTHS:
        return Answerer(scope, True, months, *errors, "too few months in which both could be judged")
    better = files <= CLOSE_RATIO * history
    return Answerer(scope, better, months, *errors, "came closer" if better else "the history came closer")
