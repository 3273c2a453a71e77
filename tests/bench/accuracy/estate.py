"""One month of a simulated estate: the equations that nobody shows to a model.

In:    an estate, the policy in force, the month of the year, luck.
Out:   the estate a month later and what happened.
Never: archives what is not there; makes or loses a file.

Scope i holds, per file type k (pdf, docx, xlsx, other), hot files Y, eligible files B and archived files A. In a month:

    created   N = γ_i · s(m) · Y+B · noise      ripened  M = η_k · r_i · y(m − fiscal year end) · Y
    capacity  C = 30.4 · f · running · o(m − fiscal year end)
    archived  F = B* · G(C / B*), B* = B + M/2    G(x) = 1 − e^−x ("exp"), min(x, 1) ("hard"), x / (1 + x) ("hill")
    archived_gb = Σ F_k · size_k · (F / B*)^(ψ−1) · noise          large files first: GB is concave in files
    savings_gb  = Σ gb_k · ratio_k − 12 KB stub a file
    stocks    Y' = Y + N + recalled − M − deleted,  B' = B + M − F − deleted,  A' = A + F − recalled
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Corner = Literal["exp", "hard", "hill"]
DAYS = 30.4
RIPENING = np.array([0.095, 0.070, 0.075, 0.085])
DELETED = np.array([0.002, 0.006, 0.010, 0.008])
PREFERENCE = np.array([1.2, 1.0, 0.9, 0.8])
RECALLED = 0.003
STUB_GB = 0.012 / 1024


@dataclass(frozen=True, eq=False)
class Estate:
    """All scopes at the end of a month; stocks (…, n, 4) in files, the rest (…, n) or (n, 4).

    `efficiency` is a slow log factor; `saved_ratio` GB freed per GB archived; `ripening`, `creation`, `large_first`
    (ψ) and `year_end` (1–12) are each scope's own nature.
    """

    corner: Corner
    hot: Array
    eligible: Array
    archive: Array
    size_mb: Array
    efficiency: Array
    relative_size: Array
    saved_ratio: Array
    ripening: Array
    creation: Array
    large_first: Array
    year_end: NDArray[np.int64]

    @property
    def by_type(self) -> Array:
        """Files on primary, (…, n, 4)."""
        return self.hot + self.eligible

    @property
    def files(self) -> Array:
        """Files on primary, (…, n)."""
        return self.by_type.sum(axis=-1)

    def average_mb(self) -> Array:
        """Average size of a file on primary, (…, n)."""
        return (self.by_type * self.relative_size).sum(axis=-1) * self.size_mb / self.files

    def do(self, files: Array | float = 1.0, size: Array | float = 1.0) -> Estate:
        """Return the estate with its stock and its file size set to a multiple, (…, n); all else as it is."""
        stock = np.asarray(files)[..., None]
        return replace(self, hot=self.hot * stock, eligible=self.eligible * stock, size_mb=self.size_mb * size)


@dataclass(frozen=True, eq=False)
class Luck:
    """The chance of one month, standard normal but `running`: the share of the capacity that ran; all (…, n)."""

    running: Array
    creation: Array
    efficiency: Array
    archived: Array
    savings: Array
    size: Array

    @classmethod
    def draw(cls, rng: np.random.Generator, shape: tuple[int, ...]) -> Luck:
        """Draw a month's luck; two months in a hundred have an outage."""
        outage = rng.random(shape) < 0.02
        running = np.where(outage, rng.uniform(0, 0.4, shape), rng.beta(28, 2.2, shape))
        return cls(running, *rng.standard_normal((5, *shape)))


@dataclass(frozen=True, eq=False)
class Month:
    """What happened in a month, (…, n)."""

    archived_gb: Array
    savings_gb: Array
    files_archived: Array
    files_created: Array
    files_deleted: Array


def live(estate: Estate, frequency: Array, calendar: int, luck: Luck) -> tuple[Estate, Month]:
    """Return the estate a month later and what happened; `calendar` is 1–12."""
    since = (calendar - estate.year_end) % 12
    spring = 1 + 0.1 * np.sin(2 * np.pi * (calendar - 2) / 12) - 0.15 * (calendar in (8, 12))
    created = (estate.creation * spring * np.exp(0.1 * luck.creation - 0.005))[..., None] * estate.by_type
    closing = 1 + 0.60 * (since == 1) + 0.35 * (since == 2) - 0.10 * (since == 11)
    ripened = np.minimum(RIPENING * (estate.ripening * closing)[..., None], 0.6) * estate.hot
    open_days = 1 - 0.30 * (since == 0) + 0.25 * (since == 1)
    reachable = estate.eligible + ripened / 2
    taken = _taken(reachable, DAYS * frequency * luck.running * open_days, estate.corner)
    efficiency = 0.6 * estate.efficiency + 0.06 * luck.efficiency
    archived_gb, savings_gb = _volumes(replace(estate, efficiency=efficiency), taken, reachable, luck)
    recalled = RECALLED * estate.archive
    gone_hot = DELETED * estate.hot
    gone_eligible = np.minimum(DELETED * estate.eligible, estate.eligible + ripened - taken)
    after = replace(
        estate,
        hot=estate.hot + created + recalled - ripened - gone_hot,
        eligible=estate.eligible + ripened - taken - gone_eligible,
        archive=estate.archive + taken - recalled,
        size_mb=estate.size_mb * np.exp(0.002 + 0.006 * luck.size),
        efficiency=efficiency,
    )
    deleted = (gone_hot + gone_eligible).sum(axis=-1)
    return after, Month(archived_gb, savings_gb, taken.sum(axis=-1), created.sum(axis=-1), deleted)


def _taken(reachable: Array, capacity: Array, corner: Corner) -> Array:
    """Return files archived by type: never more than is reachable, some types before others."""
    total = np.maximum(reachable.sum(axis=-1), 1e-9)
    full = capacity / total
    share = {"exp": -np.expm1(-full), "hard": np.minimum(full, 1), "hill": full / (1 + full)}[corner]
    wanted = PREFERENCE * reachable
    wanted = wanted * (share * total / np.maximum(wanted.sum(axis=-1), 1e-9))[..., None]
    return np.minimum(wanted, reachable)


def _volumes(estate: Estate, taken: Array, reachable: Array, luck: Luck) -> tuple[Array, Array]:
    """Return archived and freed GB of the files taken."""
    share = np.clip(taken.sum(axis=-1) / np.maximum(reachable.sum(axis=-1), 1e-9), 1e-6, 1)
    lift = np.minimum(share ** (estate.large_first - 1), 2.0) * np.exp(
        estate.efficiency + 0.07 * luck.archived - 0.00245
    )
    gb = taken * estate.relative_size * (estate.size_mb * lift)[..., None] / 1024
    freed = (gb * np.clip(estate.saved_ratio, 0.02, 0.95)).sum(axis=-1) - taken.sum(axis=-1) * STUB_GB
    return gb.sum(axis=-1), np.maximum(freed, 0) * np.exp(0.04 * luck.savings - 0.0008)
