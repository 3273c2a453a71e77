"""How much primary storage each archived GB frees, by file type.

In:    archived and freed GB with the file mix of each row.
Out:   one ratio per type in [0, 1] and a shrunken effect per scope.
Never: frees more than is archived.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
TYPES = ("pdf", "docx", "xlsx", "other")
HALF_LIFE_MONTHS = 18.0
SCOPE_HALF_LIFE_MONTHS = 9.0
PRIOR_ROWS = 3.0
PULL = 2.0


def type_shares(mix: Array) -> Array:
    """Return the four shares (…, 4) of a mix (…, 3): pdf, docx, xlsx and what they leave."""
    return np.concatenate([mix, np.clip(1 - mix.sum(axis=-1, keepdims=True), 0, 1)], axis=-1)


@dataclass(frozen=True, eq=False)
class SavingsRatio:
    """`by_type` (4,) freed GB per archived GB; `scope_effect` (n,) on the log scale; NaN where never measured."""

    by_type: Array
    scope_effect: Array

    def parts(self, mix: Array) -> Array:
        """Return the contribution of each type to the ratio, (…, n, 4), summing to at most 1."""
        raw = type_shares(mix) * self.by_type * np.exp(self.scope_effect)[:, None]
        return raw / np.maximum(raw.sum(axis=-1, keepdims=True), 1)

    def take(self, rows: NDArray[np.int64]) -> SavingsRatio:
        """Return the ratio of some scopes."""
        return SavingsRatio(self.by_type, self.scope_effect[rows])

    def as_lists(self) -> dict[str, Any]:
        """Return plain lists."""
        return {"by_type": self.by_type.tolist(), "scope_effect": self.scope_effect.tolist()}

    @classmethod
    def from_lists(cls, lists: dict[str, Any]) -> SavingsRatio:
        """Return the ratio written by `as_lists`."""
        return cls(np.asarray(lists["by_type"], float), np.asarray(lists["scope_effect"], float))


def fit_savings(archived: Array, savings: Array, mix: Array) -> SavingsRatio:
    """Learn from grids (n, T) and (n, T, 3) by bounded least squares, pulled towards the pooled ratio.

    Recent months count more; a row counts by the square root of its GB, so neither giants nor dwarfs rule.
    """
    from scipy.optimize import lsq_linear  # slow to import, and who answers needs none of it

    scopes, months = archived.shape
    known = np.isfinite(archived) & np.isfinite(savings) & (archived > 0) & np.isfinite(mix).all(axis=-1)
    if not known.any():
        return SavingsRatio(np.full(4, np.nan), np.full(scopes, np.nan))
    scope, month = np.nonzero(known)
    taken, freed, shares = archived[known], np.minimum(savings[known], archived[known]), type_shares(mix[known])
    age = month.max() - month
    weight = np.sqrt(0.5 ** (age / HALF_LIFE_MONTHS) / taken)
    pull = PULL * float(np.median(weight * taken))
    pooled = float(freed.sum() / taken.sum())
    rows = np.vstack([(weight * taken)[:, None] * shares, pull * np.eye(4)])
    by_type = lsq_linear(rows, np.concatenate([weight * freed, np.full(4, pull * pooled)]), (0, 1)).x
    expected = np.maximum(shares @ by_type * taken, 1e-12)
    error = np.clip(np.log(np.maximum(freed / expected, 1e-3)), -0.7, 0.7)
    recent = 0.5 ** (age / SCOPE_HALF_LIFE_MONTHS)
    total = np.bincount(scope, recent * error, scopes)
    return SavingsRatio(by_type, total / (np.bincount(scope, recent, scopes) + PRIOR_ROWS))
