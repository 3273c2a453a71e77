"""Two worlds whose structure is deliberately not ours: what the models do where the stock-and-flow picture is wrong.

In:    a seed.
Out:   a history on the panel of a stock-and-flow world, its flows replaced by a formula of the row.
Never: has a backlog.

    power     a_i · V · 0.22 · (30.4 f / files)^0.45 · mix · season · slow noise               V = files · MB / 1024
    seed_iid  the published generator: V · U(0.4, 0.7) + 0.05 f; freed is U(0.5, 0.9) of it, each row on its own
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast_core.history import History
from tests.bench.accuracy.estate import DAYS
from tests.bench.accuracy.worlds import World, stock_flow_world

Array = NDArray[np.float64]
FOREIGN = ("seed_iid", "power")


def foreign_history(kind: str, seed: int) -> History:
    """Return a history of the named world, 16 scopes, 61 months."""
    world = stock_flow_world(seed)
    rng = np.random.default_rng([seed, len(kind)])
    archived, savings = _power(world, rng) if kind == "power" else _published(world, rng)
    frame = world.history.frame.copy()
    rows = world.history.row_positions
    frame["archived_gb"], frame["savings_gb"] = archived[rows], savings[rows]
    return History.of(frame)


def _before(world: World) -> tuple[Array, Array, Array]:
    """Files and GB (n, T), shares (n, T, 4) at the end of the month before; the first month has its own."""
    estates = (world.estates[0], *world.estates[:-1])
    files = np.stack([estate.files for estate in estates], axis=1)
    volume = files * np.stack([estate.average_mb() for estate in estates], axis=1) / 1024
    return files, volume, np.stack([estate.by_type for estate in estates], axis=1) / files[..., None]


def _published(world: World, rng: np.random.Generator) -> tuple[Array, Array]:
    _, volume, _ = _before(world)
    archived = volume * rng.uniform(0.4, 0.7, volume.shape) + 0.05 * world.frequency
    return archived, archived * rng.uniform(0.5, 0.9, volume.shape)


def _power(world: World, rng: np.random.Generator) -> tuple[Array, Array]:
    files, volume, mix = _before(world)
    scopes, months = files.shape
    level = np.exp(rng.normal(0, 0.25, scopes))[:, None]
    season = 1 + 0.15 * np.sin(2 * np.pi * np.arange(months) / 12)
    slow = pd.DataFrame(rng.normal(0, 0.1, (months, scopes))).ewm(alpha=0.4).mean().to_numpy().T
    by_type = np.exp(mix @ np.array([0.4, -0.3, -0.2, 0.1]))
    share = 0.22 * (DAYS * world.frequency / files) ** 0.45 * by_type * season
    archived = np.minimum(level * share * np.exp(slow + rng.normal(0, 0.08, files.shape)), 0.95) * volume
    ratio = mix @ np.array([0.35, 0.45, 0.6, 0.55])
    return archived, archived * ratio * np.exp(rng.normal(0, 0.04, files.shape))
