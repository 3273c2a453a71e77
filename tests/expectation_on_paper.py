"""What a series expects of coming months, one series at a time with whole matrices; it judges the fast one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Array = NDArray[np.float64]
MEMORY = (0.0, 0.3, 0.6, 0.8, 0.9, 0.97)


@dataclass(frozen=True)
class OnPaper:
    expected: float
    half_width: float
    p_value: float


def expect(months: list[int], values: list[float], asked: list[int], observed: float, *, trend: bool = True) -> OnPaper:
    """Return expectation, 95 % half-width and p-value of the mean of the months asked about."""
    t, y = np.asarray(months, float), np.asarray(values, float)
    every = np.r_[t, np.asarray(asked, float)]
    waves = (0 if len(t) < 24 else 1 if len(t) < 36 else 2) if trend else 0
    columns = [np.ones(len(every))] + ([(every - t.mean()) / 12] if trend else [])
    for wave in range(1, waves + 1):
        columns += [np.cos(2 * np.pi * wave * every / 12), np.sin(2 * np.pi * wave * every / 12)]
    design = np.stack(columns, 1)
    x, ahead = design[: len(t)], design[len(t) :].mean(0)
    freedom = x.shape[0] - x.shape[1]
    apart = np.abs(np.subtract.outer(every, every))
    found = []
    for memory in MEMORY:
        joint = np.where(apart == 0, 1.0, memory**apart)
        among, across = joint[: len(t), : len(t)], joint[: len(t), len(t) :].mean(1)
        inverse = np.linalg.inv(among)
        gram = x.T @ inverse @ x
        slopes = np.linalg.solve(gram, x.T @ inverse @ y)
        residual = y - x @ slopes
        square = max(float(residual @ inverse @ residual), 1e-12)
        beyond = ahead - across @ inverse @ x
        mean = float(ahead @ slopes + across @ inverse @ residual)
        whole = joint[len(t) :, len(t) :].mean()
        factor = whole - across @ inverse @ across + beyond @ np.linalg.solve(gram, beyond)
        likelihood = -0.5 * (np.linalg.slogdet(among)[1] + np.linalg.slogdet(gram)[1] + freedom * np.log(square))
        found.append((likelihood, mean, np.sqrt(square / freedom * max(float(factor), 1e-9))))
    likelihood, mean, error = map(np.array, zip(*found, strict=True))
    weight = np.exp(likelihood - likelihood.max())
    weight /= weight.sum()
    middle = float(weight @ mean)
    spread = float(np.sqrt(weight @ (error**2 + (mean - middle) ** 2)))
    p = float((weight * 2 * stats.t.sf(np.abs(observed - mean) / error, freedom)).sum())
    return OnPaper(middle, float(stats.t.ppf(0.975, freedom)) * spread, p)
