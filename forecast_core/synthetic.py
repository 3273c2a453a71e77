"""The demo company: the only place where numbers are invented.

In:    a seed and the last month.
Out:   a monthly history of eight departments, in canonical columns; the files they hold on its last day, by age.
Never: stands in for data that is missing; it is a named source with a badge on every page.

Each department i has, per file type k (pdf, docx, xlsx, other), hot files Y, eligible files B (the backlog) and
archived files A; L = Y + B is what is on primary. In month t:

    created    N_k = (g_i + 0.036·r_i + 0.004) · (1 + 0.1·sin(2π(m − 2)/12)) · share_k · L · e^noise
    ripened    M_k = η_k · r_i · s(m) · Y_k          s(m) = 1.6, 1.35 in the two months after the fiscal year's end
    capacity   C   = f · days(m) · u                 f = archive_frequency_per_day, u ≈ 0.93 with rare outages
    archived   F   = (B + M/2) · (1 − e^(−C/(B + M/2)))      never more than is eligible
    archived_gb    = Σ_k F_k · size_k · (F/B)^(ψ−1) · e^noise      large files first
    savings_gb     = Σ_k gb_k · ratio_k − 12 KB stub per file
    stocks     Y' = Y + N + 0.003·A − M − 0.006·Y,  B' = B + M − F − 0.005·B,  A' = A + F − 0.003·A

The frequency is set anew now and then, more often when the backlog presses.

The files on the last day are as many as the history's last row says, by department and type. How long a file has been
unchanged falls like (1 + age/8)^−c, c around 0.75, times the company's growth; its size is lognormal.
"""

from __future__ import annotations

import math
from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast_core.months import days_in_month, month_of_year, months_from

Array = NDArray[np.float64]
DEPARTMENTS = ("Engineering", "Finance", "Human resources", "Legal", "Marketing", "Operations", "Research", "Sales")
MONTHS = 48
BURN_IN = 30
RIPENING = np.array([0.060, 0.045, 0.050, 0.055])
SAVED_RATIO = np.array([0.62, 0.78, 0.84, 0.70])
RELATIVE_SIZE = np.array([1.9, 0.6, 0.8, 1.3])
PREFERENCE = np.array([1.2, 1.0, 0.9, 0.8])
RECALLED, DELETED_HOT, DELETED_BACKLOG = 0.003, 0.006, 0.005
STUB_GB = 12 / 2**20
FILE_TYPES = ("pdf", "docx", "xlsx", "other")
OLDEST_MONTHS, SMALLEST_CLASS, LARGEST_CLASS = 120, 10, 31
SIZE_SPREAD = 1.6


@dataclass
class _Estate:
    """The state of all departments; (n, 4) by type, (n,) otherwise."""

    hot: Array
    eligible: Array
    archived: Array
    size_gb: Array
    savings_ratio: Array
    ripening: Array
    growth: Array
    lift: Array
    frequency: Array

    @property
    def files(self) -> Array:
        return self.hot + self.eligible


def demo_history(last_month: np.datetime64, seed: int = 11) -> pd.DataFrame:
    """Return 48 months of eight departments up to `last_month`, one row per department and month."""
    _, rows = _lived(last_month, np.random.default_rng(seed))
    return pd.concat(rows[BURN_IN:], ignore_index=True).sort_values(["scope", "month"], ignore_index=True)


def demo_truth(last_month: np.datetime64, moves: Array, months: int, seed: int = 11, draws: int = 12) -> Array:
    """Return what would really be archived in the `months` after `last_month`, GB, (K, 8, months), mean over draws.

    `moves` (K, 3) multiplies today's files per day, files and average size; the policy is then held. Every move shares
    the luck of its draw, so that differences between moves are effects and nothing else.
    """
    today, _ = _lived(last_month, np.random.default_rng(seed))
    found = np.zeros((len(moves), len(DEPARTMENTS), months))
    for draw in range(draws):
        for index, move in enumerate(moves):
            found[index] += _continued(deepcopy(today), move, last_month, months, np.random.default_rng([seed, draw]))
    return found / draws


def demo_files(last_month: np.datetime64, seed: int = 11) -> pd.DataFrame:
    """Return the files of the eight departments at the end of `last_month` as cells of an age cube.

    Columns `scope`, `file_type`, `size_class`, `modified_month`, `snapshot_month`, `files`, `bytes`.
    """
    estate, rows = _lived(last_month, np.random.default_rng(seed))
    rng = np.random.default_rng([seed, OLDEST_MONTHS])
    number = np.round(rows[-1]["total_files"].to_numpy()[:, None] * estate.files / estate.files.sum(1, keepdims=True))
    cells = [
        _cells(DEPARTMENTS[of], FILE_TYPES[kind], int(number[of, kind]), estate.size_gb[of, kind], last_month, rng)
        for of in range(len(DEPARTMENTS))
        for kind in range(len(FILE_TYPES))
    ]
    return pd.concat(cells, ignore_index=True)


def _cells(
    scope: str, kind: str, number: int, size_gb: float, last_month: np.datetime64, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the cells of one department and type: a whole number of files in each, a whole number of bytes."""
    classes = np.arange(SMALLEST_CLASS, LARGEST_CLASS + 1)
    share = np.outer(_by_age(last_month, rng), _by_class(classes, size_gb * 2**30))
    files = rng.multinomial(number, share.ravel() / share.sum()).reshape(share.shape)
    age, of_class = np.nonzero(files)
    found = files[age, of_class]
    least = found * 2 ** classes[of_class]
    above = np.clip(rng.normal(0.44, 0.25 / np.sqrt(found)), 0, 0.99)
    months = (last_month.astype("datetime64[M]") - age).astype("datetime64[s]")
    return pd.DataFrame(
        {
            "scope": scope,
            "file_type": kind,
            "size_class": classes[of_class],
            "modified_month": months,
            "snapshot_month": last_month.astype("datetime64[s]"),
            "files": found,
            "bytes": least + np.floor(least * above).astype(np.int64),
        }
    )


def _by_age(last_month: np.datetime64, rng: np.random.Generator) -> Array:
    """Return how many files were changed last so many months ago, as weights, (OLDEST_MONTHS,)."""
    age = np.arange(OLDEST_MONTHS)
    calendar = month_of_year(last_month.astype("datetime64[M]") - age)
    season = 1 + 0.1 * np.sin(2 * np.pi * (calendar - 2) / 12)
    steepness = rng.uniform(0.6, 0.9)
    weights: Array = season * 1.008**-age * (1 + age / 8) ** -steepness * np.exp(rng.normal(0, 0.1, OLDEST_MONTHS))
    return weights


def _by_class(classes: NDArray[np.int64], mean_bytes: float) -> Array:
    """Return the share of files of each size class, lognormal with this mean; what lies beyond is left out."""
    middle = math.log(mean_bytes) - SIZE_SPREAD**2 / 2
    edges = (np.append(classes, classes[-1] + 1) * math.log(2) - middle) / (SIZE_SPREAD * math.sqrt(2))
    return np.diff([math.erf(edge) for edge in edges])


def _lived(last_month: np.datetime64, rng: np.random.Generator) -> tuple[_Estate, list[pd.DataFrame]]:
    """Return the company at the end of `last_month` and a row of every department for every month it lived."""
    estate = _founded(rng)
    months = months_from(last_month.astype("datetime64[M]") - (MONTHS + BURN_IN - 1), MONTHS + BURN_IN)
    return estate, [_month(estate, month, rng) for month in months]


def _continued(estate: _Estate, move: Array, last_month: np.datetime64, months: int, rng: np.random.Generator) -> Array:
    """Live on under a move; return archived GB, (8, months)."""
    estate.frequency = estate.frequency * move[0]
    estate.hot, estate.eligible, estate.archived = (
        stock * move[1] for stock in (estate.hot, estate.eligible, estate.archived)
    )
    estate.size_gb = estate.size_gb * move[2]
    coming = months_from(last_month.astype("datetime64[M]") + 1, months)
    return np.stack([_flows(estate, month, rng)[0] for month in coming], axis=1)


def _founded(rng: np.random.Generator) -> _Estate:
    count = len(DEPARTMENTS)
    files = np.exp(rng.normal(np.log(190_000), 0.6, count))
    mix = rng.dirichlet([6, 5, 3, 4], count)
    eligible = np.clip(rng.normal(0.17, 0.04, count), 0.08, 0.3)
    return _Estate(
        hot=(files * (1 - eligible))[:, None] * mix,
        eligible=(files * eligible)[:, None] * mix,
        archived=0.2 * files[:, None] * mix,
        size_gb=np.exp(rng.normal(np.log(1.15), 0.3, (count, 1))) * RELATIVE_SIZE / 1024,
        savings_ratio=np.clip(SAVED_RATIO + rng.normal(0, 0.04, (count, 1)), 0.1, 0.95),
        ripening=np.exp(rng.normal(0, 0.18, count)),
        growth=rng.normal(0.010, 0.003, count),
        lift=np.clip(rng.normal(0.88, 0.04, count), 0.75, 1.0),
        frequency=files * eligible / 30.4 * 0.30,
    )


def _month(estate: _Estate, month: np.datetime64, rng: np.random.Generator) -> pd.DataFrame:
    """Live through one month; return its row for every department."""
    _set_policy(estate, rng)
    frequency = np.maximum(np.round(estate.frequency), 1)
    return _rows(estate, month, frequency, _flows(estate, month, rng))


def _flows(estate: _Estate, month: np.datetime64, rng: np.random.Generator) -> Array:
    """Archive and let time pass; return archived GB, freed GB and archived files of every department, (3, 8)."""
    calendar = int(month_of_year(np.array([month]))[0])
    frequency = np.maximum(np.round(estate.frequency), 1)
    ripened = np.minimum(RIPENING * estate.ripening[:, None] * _season(calendar), 0.6) * estate.hot
    reachable = estate.eligible + ripened / 2
    total = reachable.sum(axis=1)
    capacity = frequency * float(days_in_month(np.array([month]))[0]) * _running(rng, len(total))
    taken = total * -np.expm1(-capacity / total)
    by_type = PREFERENCE * reachable
    by_type = np.minimum(taken[:, None] * by_type / by_type.sum(axis=1, keepdims=True), reachable)
    large_first = np.minimum((by_type.sum(axis=1) / total) ** (estate.lift - 1), 2.0)
    noise = np.exp(rng.normal(0, 0.08, len(total)))
    gb = by_type * estate.size_gb * (large_first * noise)[:, None]
    freed = (gb * estate.savings_ratio).sum(axis=1) - by_type.sum(axis=1) * STUB_GB
    _advance(estate, by_type, ripened, calendar, rng)
    return np.stack([gb.sum(axis=1), np.maximum(freed, 0), by_type.sum(axis=1)])


def _set_policy(estate: _Estate, rng: np.random.Generator) -> None:
    pressure = estate.eligible.sum(axis=1) / estate.files.sum(axis=1)
    changed = rng.random(len(pressure)) < 0.03 + 0.3 * np.clip(pressure - 0.20, 0, 0.3)
    wanted = estate.eligible.sum(axis=1) / 30.4 * np.exp(rng.normal(np.log(0.40), 0.30, len(pressure)))
    estate.frequency = np.where(changed, wanted, estate.frequency)


def _season(calendar: int) -> float:
    return {1: 1.6, 2: 1.35, 11: 0.9}.get(calendar, 1.0)


def _running(rng: np.random.Generator, count: int) -> Array:
    """Share of the set frequency that really runs: nearly all, rarely an outage."""
    outage = rng.random(count) < 0.02
    return np.where(outage, rng.uniform(0, 0.4, count), rng.beta(28, 2.2, count))


def _advance(estate: _Estate, taken: Array, ripened: Array, calendar: int, rng: np.random.Generator) -> None:
    files = estate.files
    total = files.sum(axis=1, keepdims=True)
    rate = (estate.growth + 0.036 * estate.ripening + 0.004)[:, None]
    season = 1 + 0.1 * np.sin(2 * np.pi * (calendar - 2) / 12)
    created = rate * season * files * np.exp(rng.normal(0, 0.08, total.shape))
    recalled = RECALLED * estate.archived
    estate.hot = np.maximum(estate.hot + created + recalled - ripened - DELETED_HOT * estate.hot, 1)
    estate.eligible = np.maximum(estate.eligible + ripened - taken - DELETED_BACKLOG * estate.eligible, 1)
    estate.archived = estate.archived + taken - recalled
    estate.size_gb = estate.size_gb * np.exp(rng.normal(0.0015, 0.004, (len(total), 1)))


def _rows(estate: _Estate, month: np.datetime64, frequency: Array, flows: Array) -> pd.DataFrame:
    files = estate.files
    total = files.sum(axis=1)
    size_mb = (files * estate.size_gb).sum(axis=1) / total * 1024
    mix = files / total[:, None]
    return pd.DataFrame(
        {
            "scope": DEPARTMENTS,
            "month": month.astype("datetime64[s]"),
            "total_files": np.round(total),
            "avg_file_size_mb": np.round(size_mb, 4),
            "pct_pdf": np.round(mix[:, 0], 4),
            "pct_docx": np.round(mix[:, 1], 4),
            "pct_xlsx": np.round(mix[:, 2], 4),
            "archive_frequency_per_day": frequency,
            "archived_gb": np.round(flows[0], 3),
            "savings_gb": np.round(np.minimum(flows[1], flows[0]), 3),
            "files_archived": np.round(flows[2]),
        }
    )
