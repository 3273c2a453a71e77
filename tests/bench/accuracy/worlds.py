"""Simulated estates whose true answers are known, also to questions that nobody asked of the real one.

In:    a seed, a size, the shape of the corner between capacity and backlog.
Out:   `World`: what a user would see (`history`), what really is (`estates`), what would be if (`ahead`).
Never: is used to choose a model's constants; seeds from 100 on were never looked at while designing.

The policy f is set anew now and then, more often when the backlog presses. Half of the scopes have their rule loosened
once, three in ten are migrated into. What is seen has small errors, missing rows and cells, and late starters.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from forecast_core.history import History
from forecast_core.months import month_of_year
from tests.bench.accuracy.estate import DAYS, Array, Corner, Estate, Luck, live

EPOCH = np.datetime64("2020-01", "M")
BURN_IN = 36
RELATIVE_SIZE = np.array([1.9, 0.6, 0.8, 1.3])
SAVED_RATIO = np.array([0.34, 0.47, 0.62, 0.57])
SHARES = ("pct_pdf", "pct_docx", "pct_xlsx")


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
    first_month: np.datetime64
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
            estate, flow = live(estate, frequency, _calendar(self.first_month + month + 1 + step), luck)
            flows.append(flow.archived_gb)
        return np.stack(flows, axis=-1)


def stock_flow_world(
    seed: int, corner: Corner = "exp", scopes: int = 16, months: int = 61, *, gaps: bool = True
) -> World:
    """Return a world of the given size, begun in a month of the year that its seed names; `gaps`: rows are missing."""
    first = EPOCH + seed % 12
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
        estate, flow = live(estate, policies[-1], _calendar(first + month), Luck.draw(rng, (scopes,)))
        estates.append(estate)
        flows.append((flow.archived_gb, flow.savings_gb))
    archived, savings = np.array(flows[BURN_IN:]).transpose(1, 2, 0)
    policy = np.array(policies[BURN_IN:]).T
    seen = tuple(estates[BURN_IN:])
    history = History.of(observed(rng, seen, policy, (archived, savings), first, gaps=gaps))
    return World(f"{corner} {seed}", first, history, seen, policy, archived, savings)


def _calendar(month: np.datetime64) -> int:
    return int(month_of_year(np.asarray(month)))


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
    rng: np.random.Generator,
    estates: tuple[Estate, ...],
    policy: Array,
    flows: tuple[Array, Array],
    first: np.datetime64,
    *,
    gaps: bool,
) -> pd.DataFrame:
    """Return what a user would have: canonical columns, small errors, rows and cells missing."""
    mix = np.stack([estate.by_type / estate.files[:, None] for estate in estates], axis=1)[..., :3]
    files = np.stack([estate.files for estate in estates], axis=1)
    size = np.stack([estate.average_mb() for estate in estates], axis=1)
    scopes, months = policy.shape
    scope, month = np.divmod(np.arange(policy.size), months)
    frame = pd.DataFrame({"scope": [f"scope {row:02d}" for row in scope], "month": first + month})
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
