"""Estates whose drift is known because it was put there: panels of scopes with growth, season, memory and shocks.

In:    a kind of world, a kind of drift, sizes, a seed.
Out:   `World`: the seven inputs (R, S, 7, N) and the flow (R, S, N); months from `trained` on are watched.
Never: is used to set a threshold and to judge it: the kinds below N5 were made for this bench.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
WATCHED = 12
GROWTH = 0.025
POLICIES = np.array([0.25, 0.5, 1.0, 2.0, 4.0])
TYPES = np.array([0.40, 0.30, 0.18, 0.12])
SAVED = np.array([0.15, 0.45, 0.55, 0.25])
FREQUENCY_POWER, XLSX_EFFECT = 0.3, -0.5


@dataclass(frozen=True)
class Kind:
    """How a world without drift behaves.

    `heavy` tails, random `walks`, `season` relative to usual, `wander` of the growth, `plain`: no growth, season or
    memory; `holes` share of scope-months nobody reported; `policies` how often a year the archiver's setting is moved
    by a tenth; `lumpy` relative size of quarterly batches of new files.
    """

    heavy: bool = False
    walks: bool = False
    season: float = 1.0
    wander: float = 0.0
    plain: bool = False
    holes: float = 0.0
    policies: float = 0.0
    lumpy: float = 0.0


KINDS = {
    "IID": Kind(season=0.0, plain=True),
    "N1": Kind(),
    "N2 heavy tails": Kind(heavy=True),
    "N3 random walks": Kind(walks=True),
    "N4 strong season": Kind(season=2.0),
    "N5 messy": Kind(heavy=True, season=2.0, wander=0.002),
    "holes": Kind(holes=0.05),
    "moving policy": Kind(policies=2.0),
    "lumpy": Kind(lumpy=0.05),
}


@dataclass(frozen=True, eq=False)
class World:
    """`inputs` (R, S, 7, N) as measured, shares as fractions; `archived` (R, S, N) GB; `hit` (R, S) who drifts."""

    inputs: Array
    archived: Array
    trained: int
    hit: NDArray[np.bool_]

    @property
    def months(self) -> int:
        """Months in all."""
        return self.inputs.shape[3]


class _Maker:
    """Draws the parts of one world."""

    def __init__(self, kind: Kind, panels: int, scopes: int, months: int, seed: int) -> None:
        self.kind, self.shape = kind, (panels, scopes, months)
        self.rng = np.random.default_rng(seed)
        first = self.rng.integers(0, 12, (panels, 1))
        self.calendar = (np.arange(months) + first) % 12

    def noise(self, memory: float, size: float, shape: tuple[int, ...] | None = None) -> Array:
        """Return noise with memory and this size, or a random walk."""
        shape = shape or self.shape
        drawn = self.rng.standard_t(4, shape) / np.sqrt(2) if self.kind.heavy else self.rng.standard_normal(shape)
        if self.kind.walks:
            return np.cumsum(drawn * size / 2, axis=-1)
        memory = 0.0 if self.kind.plain else min(0.9, memory + (0.2 if self.kind.heavy else 0.0))
        out = np.empty(shape)
        out[..., 0] = drawn[..., 0] * size
        for month in range(1, shape[-1]):
            out[..., month] = memory * out[..., month - 1] + size * np.sqrt(1 - memory**2) * drawn[..., month]
        return out

    def common(self, memory: float, size: float) -> Array:
        """Return noise that all scopes of a panel share."""
        return self.noise(memory, size, (self.shape[0], 1, self.shape[2]))

    def season(self, size: float) -> Array:
        """Return a yearly and a half-yearly wave, stronger in some scopes than in others."""
        height = self.rng.uniform(0.6, 1.0, (self.shape[0], 1)) * size * self.kind.season
        one, two = self.rng.uniform(0, 2 * np.pi, (2, self.shape[0], 1))
        wave = height * (np.cos(np.pi * self.calendar / 6 + one) + 0.5 * np.cos(np.pi * self.calendar / 3 + two))
        return wave[:, None] * self.rng.uniform(0.5, 1.5, (*self.shape[:2], 1))

    def between(self, size: float) -> Array:
        """Return how scopes differ for good."""
        return size * (0.15 if self.kind.plain else 1.0) * self.rng.standard_normal((*self.shape[:2], 1))

    def growth(self) -> Array:
        """Return the log of the stock's growth so far."""
        pace = (0.0 if self.kind.plain else GROWTH) + (0.0 if self.kind.plain else 0.006) * self.rng.standard_normal(
            (*self.shape[:2], 1)
        )
        path = pace + np.cumsum(self.rng.standard_normal(self.shape) * self.kind.wander, axis=-1)
        lumps = self.kind.lumpy * (np.arange(self.shape[2]) % 3 == 0) - self.kind.lumpy / 3
        return np.cumsum(path + lumps, axis=-1)

    def policy(self) -> Array:
        """Return the archiver's setting per day, with days on which it did not run."""
        if self.kind.plain:
            base: Array = np.ones((*self.shape[:2], 1))
        else:
            base = POLICIES[self.rng.integers(0, len(POLICIES), (*self.shape[:2], 1))]
        if self.kind.policies:
            moved = self.rng.random(self.shape) < self.kind.policies / 12
            base = base * np.exp(np.cumsum(moved * self.rng.choice([-0.1, 0.1], self.shape), axis=-1))
        return base * self.rng.binomial(30, 0.96, self.shape) / 30


def world(
    kind: str,
    panels: int,
    scopes: int,
    trained: int,
    *,
    drift: str = "",
    seed: int = 0,
    since: int = 0,
    part: float = 1,
) -> World:
    """Return a world; `drift` begins `since` months after the training, in a `part` of each panel's scopes."""
    make = _Maker(KINDS[kind], panels, scopes, trained + WATCHED, seed)
    hit = np.zeros((panels, scopes), bool)
    for row in range(panels):
        hit[row, make.rng.permutation(scopes)[: max(1, round(part * scopes))]] = True
    after = np.arange(make.shape[2]) >= trained + since
    put = _Put(drift, hit[:, :, None] * after, np.cumsum(after))
    files = np.log(2e5) + make.between(1.2) + make.growth() + make.season(0.08)
    files = files + make.common(0.5, 0.015) + make.noise(0.6, 0.04) + put.files
    size = np.log(1.5) + make.between(0.4) + (0 if make.kind.plain else 0.002) * np.arange(make.shape[2])
    size = size + make.season(0.03) + make.common(0.5, 0.01) + make.noise(0.7, 0.05) + put.size
    odds = np.stack([np.log(share) + make.between(0.35) + make.season(0.05) + make.noise(0.8, 0.1) for share in TYPES])
    odds = odds + put.mix
    mix = np.exp(odds) / np.exp(odds).sum(axis=0)
    frequency = make.policy() * put.frequency
    gb = files + size - np.log(1024) + np.log(0.25) + make.between(0.25) + FREQUENCY_POWER * np.log(frequency)
    noise = put.noise * make.noise(0.3, 0.06) + make.common(0.3, 0.015)
    gb = gb + XLSX_EFFECT * mix[2] + make.season(0.04) + put.concept + noise
    inputs = np.stack([np.exp(files), np.exp(size + put.unit), *mix, frequency], axis=2)
    if make.kind.holes:
        unknown = make.rng.random(make.shape) < make.kind.holes
        unknown[:, :, trained:] = False
        inputs = np.where(unknown[:, :, None], np.nan, inputs)
    return World(inputs, np.exp(gb), trained, hit)


class _Put:
    """What a drift adds to each part; `on` (R, S, N) is 1 where it acts, `since` (N,) counts its months."""

    def __init__(self, drift: str, on: Array, since: NDArray[np.int64]) -> None:
        if drift and drift not in DRIFTS:
            raise ValueError(f"{drift!r} is no drift; there are {', '.join(DRIFTS)}")
        ramp = on * np.clip(since / 12, 0, 1)

        def when(name: str, value: Array) -> Array:
            return value if drift == name else np.zeros_like(on, dtype=float)

        self.files = when("files20", on * np.log(1.2)) + when("growth6", on * since * 0.035)
        self.size = when("size2", on * np.log(2)) + when("size2slow", ramp * np.log(2))
        self.unit = when("unit1024", on * np.log(1024))
        self.mix = np.stack([when("mix15", on * -0.55), 0 * on, 0 * on, when("mix15", on * 1.05)])
        self.frequency = np.exp(when("freq2", on * np.log(2)) + when("freqhalf", on * -np.log(2)))
        self.concept = when("concept25", on * np.log(0.75)) + when("concept10", on * np.log(0.9))
        self.concept = self.concept + when("conceptslow", on * since * -0.03)
        self.noise = 1 + when("noise2", on * 1.0)


DRIFTS = (
    "files20", "growth6", "size2", "size2slow", "unit1024", "mix15", "freq2", "freqhalf", "concept25", "concept10",
    "conceptslow", "noise2",
)  # fmt: skip
