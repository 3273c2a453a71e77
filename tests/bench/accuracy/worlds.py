"""Simulated estates whose true answers are known, also to questions that nobody asked of the real one.

In:    a seed, a size, the shape of the corner between capacity and backlog.
Out:   `World`: what a user would see (`history`), what really is (`estates`), what would be if (`ahead`).
Never: is used to choose a model's constants; seeds from 100 on were never looked at while designing.

Scope i holds, per file type k (pdf, docx, xlsx, other), hot files Y, eligible files B and archived files A. In a month:

    created   N = γ_i · s(m) · Y+B · noise      ripened  M = η_k · r_i · y(m − fiscal year end) · Y
    capacity  C = 30.4 · f · running · o(m − fiscal year end)
    archived  F = B* · G(C / B*), B* = B + M/2    G(x) = 1 − e^−x ("exp"), min(x, 1) ("hard"), x / (1 + x) ("hill")
    archived_gb = Σ F_k · size_k · (F / B*)^(ψ−1) · noise          large files first: GB is concave in files
    savings_gb  = Σ gb_k · ratio_k − 12 KB stub a file
    stocks    Y' = Y + N + recalled − M − deleted,  B' = B + M − F − deleted,  A' = A + F − recalled

The policy f is set anew now and then, more often when the backlog presses. Half of the scopes have their rule loosened
once, three in ten are migrated into. What is seen has small errors, missing rows and cells, and late starters.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast_core.history import History

Array = NDArray[np.float64]
Corner = Literal["exp", "hard", "hill"]
FIRST_MONTH = np.datetime64("2020-01", "M")
BURN_IN = 36
DAYS = 30.4
RELATIVE_SIZE = np.array([1.9, 0.6, 0.8, 1.3])
SAVED_RATIO = np.array([0.34, 0.47, 0.62, 0.57])
RIPENING = np.array([0.095, 0.070, 0.075, 0.085])
DELETED = np.array([0.002, 0.006, 0.010, 0.008])
PREFERENCE = np.array([1.2, 1.0, 0.9, 0.8])
RECALLED = 0.003
STUB_GB = 0.012 / 1024
SHARES = ("pct_pdf", "pct_docx", "pct_xlsx")


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


@dataclass(frozen=True, eq=False)
class Moves:
    """K questions: what each lever is multiplied by from the next month on, each (K, n) or (K, 1)."""

    frequency: Array
    files: Array
    size: Array

    @classmethod
    def single(cls, factors: Array) -> Moves:
        """Return question 0 that moves nothing, then each factor for frequency, for files, for size."""
        frequency, files, size = np.ones((3, 1 + 3 * len(factors), 1))
        frequency[1 : 1 + len(factors), 0] = factors
        files[1 + len(factors) : 1 + 2 * len(factors), 0] = factors
        size[1 + 2 * len(factors) :, 0] = factors
        return cls(frequency, files, size)


@dataclass(frozen=True, eq=False)
class World:
    """What is seen and what is; grids (n, T), `estates` at the end of each month, `frequency` in force in each."""

    name: str
    history: History
    estates: tuple[Estate, ...]
    frequency: Array
    archived_gb: Array
    savings_gb: Array

    def ahead(self, month: int, months: int, moves: Moves, draws: int = 40) -> Array:
        """Return archived GB after `month` under each question, the same luck for all: (K, draws, n, months)."""
        estate = self.estates[month].do(moves.files[:, None], moves.size[:, None])
        frequency = (self.frequency[:, month + 1] * moves.frequency)[:, None]
        rng = np.random.default_rng([len(self.frequency), month, draws])
        flows = []
        for step in range(months):
            luck = Luck.draw(rng, (draws, len(self.frequency)))
            estate, flow = live(estate, frequency, (month + 1 + step) % 12 + 1, luck)
            flows.append(flow.archived_gb)
        return np.stack(flows, axis=-1)


def stock_flow_world(
    seed: int, corner: Corner = "exp", scopes: int = 16, months: int = 61, *, gaps: bool = True
) -> World:
    """Return a world of the given size; without `gaps` every scope has every row."""
    rng = np.random.default_rng(seed)
    estate = _founded(rng, scopes, corner)
    pressure = np.exp(rng.normal(0, 0.6, scopes))
    frequency = pressure * estate.eligible.sum(axis=1) / DAYS
    loosened = np.where(rng.random(scopes) < 0.5, rng.integers(6, months, scopes), -1)
    migrated = np.where(rng.random(scopes) < 0.3, rng.integers(6, months, scopes), -1)
    cleaned = int(rng.integers(12, months)) if rng.random() < 0.5 else -1
    estates, policies, flows = [], [], []
    for month in range(-BURN_IN, months):
        if month >= 0:
            estate = _struck(rng, estate, loosened == month, migrated == month, 0.05 * (cleaned == month))
        frequency = _policy(rng, estate, frequency, pressure)
        policies.append(np.maximum(1, np.round(frequency)))
        estate, flow = live(estate, policies[-1], month % 12 + 1, Luck.draw(rng, (scopes,)))
        estates.append(estate)
        flows.append((flow.archived_gb, flow.savings_gb))
    archived, savings = np.array(flows[BURN_IN:]).transpose(1, 2, 0)
    policy = np.array(policies[BURN_IN:]).T
    seen = tuple(estates[BURN_IN:])
    history = History.of(observed(rng, seen, policy, (archived, savings), gaps=gaps))
    return World(f"{corner} {seed}", history, seen, policy, archived, savings)


def _founded(rng: np.random.Generator, scopes: int, corner: Corner) -> Estate:
    files = np.clip(np.exp(rng.normal(np.log(45e3), 0.70, scopes)), 8e3, 5e5)[:, None]
    mix = rng.dirichlet([6, 5, 3, 4], scopes)
    eligible = np.clip(rng.normal(0.13, 0.03, (scopes, 1)), 0.06, 0.22)
    ripening = np.exp(rng.normal(0, 0.18, scopes))
    usual = rng.choice([12, 3, 6, 9], p=[0.6, 0.1, 0.2, 0.1])
    return Estate(
        corner=corner,
        hot=files * (1 - eligible) * mix,
        eligible=files * eligible * mix,
        archive=0.3 * files * (1 - eligible) * mix,
        size_mb=np.exp(rng.normal(np.log(1.12), 0.35, scopes)),
        efficiency=rng.normal(0, 0.06, scopes),
        relative_size=RELATIVE_SIZE * np.exp(rng.normal(0, 0.15, (scopes, 4))),
        saved_ratio=SAVED_RATIO + rng.normal(0, 0.05, (scopes, 1)) + rng.normal(0, 0.015, (scopes, 4)),
        ripening=ripening,
        creation=rng.normal(0.017, 0.007, scopes) + 0.062 * ripening + 0.006,
        large_first=np.clip(rng.normal(0.85, 0.05, scopes), 0.7, 1.0),
        year_end=np.where(rng.random(scopes) < 0.85, usual, rng.choice([12, 3, 6], scopes)),
    )


def _struck(rng: np.random.Generator, estate: Estate, loosened: Array, migrated: Array, cleaner: float) -> Estate:
    """A rule is loosened (a fifth of the hot files falls due), files are migrated in, duplicates are cleaned out."""
    due = np.where(loosened, 0.2, 0.0)[:, None] * estate.hot
    growth = np.where(migrated, rng.uniform(1.25, 1.7, len(migrated)), 1.0)
    ripening = estate.ripening * np.where(loosened, 1.2, 1.0)
    saved_ratio = estate.saved_ratio + cleaner
    struck = replace(
        estate, ripening=ripening, saved_ratio=saved_ratio, hot=estate.hot - due, eligible=estate.eligible + due
    )
    return struck.do(files=growth)


def _policy(rng: np.random.Generator, estate: Estate, frequency: Array, pressure: Array) -> Array:
    """Files a day from now on: set anew now and then, the more often the larger the backlog (confounded on purpose)."""
    eligible = estate.eligible.sum(axis=1)
    anew = rng.random(len(frequency)) < 0.05 + 0.25 * np.clip(eligible / estate.files - 0.15, 0, 0.4)
    wanted = pressure * np.exp(rng.normal(0.15, 0.45, len(frequency))) * eligible / DAYS
    return np.where(anew, wanted, frequency)


def observed(
    rng: np.random.Generator, estates: tuple[Estate, ...], policy: Array, flows: tuple[Array, Array], *, gaps: bool
) -> pd.DataFrame:
    """Return what a user would have: canonical columns, small errors, rows and cells missing."""
    mix = np.stack([estate.by_type / estate.files[:, None] for estate in estates], axis=1)[..., :3]
    files = np.stack([estate.files for estate in estates], axis=1)
    size = np.stack([estate.average_mb() for estate in estates], axis=1)
    scopes, months = policy.shape
    scope, month = np.divmod(np.arange(policy.size), months)
    frame = pd.DataFrame({"scope": [f"scope {row:02d}" for row in scope], "month": FIRST_MONTH + month})
    frame["month"] = frame["month"].astype("datetime64[s]")
    frame["total_files"] = np.round(files * np.exp(rng.normal(0, 0.004, files.shape))).ravel()
    frame["avg_file_size_mb"] = np.round(size * np.exp(rng.normal(0, 0.015, size.shape)), 3).ravel()
    frame[list(SHARES)] = np.clip(mix + rng.normal(0, 0.004, mix.shape), 0, 1).round(3).reshape(-1, 3)
    frame["archive_frequency_per_day"] = policy.ravel()
    frame["archived_gb"], frame["savings_gb"] = flows[0].ravel(), flows[1].ravel()
    if not gaps:
        return frame
    for name in ("avg_file_size_mb", *SHARES):
        frame.loc[rng.random(len(frame)) < 0.02, name] = np.nan
    start = np.where(rng.random(scopes) < 0.3, rng.integers(0, 18, scopes), 0)
    kept = (month >= start[scope]) & (rng.random(len(frame)) > 0.03)
    return frame[kept].reset_index(drop=True)
