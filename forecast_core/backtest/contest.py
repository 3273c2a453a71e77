"""Is one model better than another, or was it luck?

In:    what each month added to the error of either.
Out:   `Contest`: the share won, the p-value, whether it counts; whether a live challenger may take over.
Never: calls a difference real that one good month explains.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Array = NDArray[np.float64]
LEAST_BETTER = 0.05
MOST_P = 0.05
LEAST_MONTHS = 8
COOL_DOWN_MONTHS = 6


@dataclass(frozen=True)
class Contest:
    """`better` by which share the challenger's error is smaller; `p` of that by luck; `months` judged of both."""

    better: float
    p: float
    months: int

    @property
    def is_won(self) -> bool:
        """Whether the challenger is at least 5 % better and it was hardly luck."""
        return self.better >= LEAST_BETTER and self.p < MOST_P

    @property
    def is_early(self) -> bool:
        """Whether there are too few months to say."""
        return self.months < LEAST_MONTHS


@dataclass(frozen=True)
class Verdict:
    """Whether the challenger replaces the champion, and why or why not."""

    replaces: bool
    reason: str
    contest: Contest


def contest(champion: Array, challenger: Array, steps: int = 1) -> Contest:
    """Return the one-sided Diebold–Mariano test on monthly losses, with the correction for few months (HLN).

    `steps` is how many months ahead the losses look; losses that overlap are correlated up to `steps − 1` months.
    """
    known = np.isfinite(champion) & np.isfinite(challenger)
    won = champion[known] - challenger[known]
    count = len(won)
    total = float(champion[known].sum())
    better = float(won.sum()) / total if total > 0 else 0.0
    return Contest(better, _p_value(won, steps) if count > max(steps, 2) else 1.0, count)


def _p_value(won: Array, steps: int) -> float:
    count, mean = len(won), float(won.mean())
    apart = won - mean
    covariances = [float(apart[lag:] @ apart[: count - lag]) / count for lag in range(steps)]
    variance = (covariances[0] + 2 * sum(covariances[1:])) / count
    if variance <= 0:
        return 0.0 if mean > 0 else 1.0
    correction = np.sqrt((count + 1 - 2 * steps + steps * (steps - 1) / count) / count)
    return float(special.stdtr(count - 1, -correction * mean / np.sqrt(variance)))


def challenged(champion: Array, challenger: Array, months_since_change: int | None) -> Verdict:
    """Return whether a live challenger takes over; `months_since_change` is None if the champion never changed."""
    found = contest(champion, challenger)
    if months_since_change is not None and months_since_change < COOL_DOWN_MONTHS:
        reason = f"the champion changed {months_since_change} months ago; it stays {COOL_DOWN_MONTHS} months"
        return Verdict(False, reason, found)
    if found.better < LEAST_BETTER:
        return Verdict(False, f"the challenger is {found.better:.0%} better; 5 % is asked", found)
    if found.p >= MOST_P:
        return Verdict(
            False, f"{found.better:.0%} better over {found.months} months may be luck (p = {found.p:.2f})", found
        )
    return Verdict(True, f"{found.better:.0%} better over {found.months} months (p = {found.p:.3f})", found)
