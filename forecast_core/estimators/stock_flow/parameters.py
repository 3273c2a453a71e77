"""The parameters of the stock-and-flow model and what is believed of them before any data.

In:    the number of scopes.
Out:   named arrays, packed as a shared part and a part per scope; the prior mean and spread of each.
Never: depends on a particular estate; the spreads are wide enough to be overruled by two years of one scope.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
MIX_CENTRE = np.array([0.33, 0.28, 0.17])
SHARED = 2 + 12 + 3 + 1 + 1
OWN = 3


@dataclass(frozen=True, eq=False)
class Parameters:
    """All on the log scale, so every one may take any value.

    Shared by all scopes (leading shape free, e.g. one per finite-difference step):
    `usable`    share of the set frequency that really runs (u)
    `sharpness` of the corner between capacity and backlog (q)
    `ripening`  share of the files not yet eligible that become so in a month (η)
    `season`    (…, 12) by calendar month
    `lift`      log of 1 − ψ: the share φ of the backlog that is taken holds φ^ψ of its GB, because large files go first
    `mix`       (…, 3) effect of the shares of pdf, docx, xlsx on GB per file
    Per scope (…, n): `level` of GB per file, `own_ripening`, `first_eligible` share of the stock at the start.
    """

    usable: Array
    sharpness: Array
    ripening: Array
    season: Array
    mix: Array
    lift: Array
    level: Array
    own_ripening: Array
    first_eligible: Array

    @classmethod
    def unpack(cls, shared: Array, own: Array) -> Parameters:
        """Return the named view of `shared` (…, 19) and `own` (…, n, 3)."""
        return cls(
            usable=shared[..., 0],
            sharpness=shared[..., 1],
            ripening=shared[..., 2],
            season=shared[..., 3:15],
            mix=shared[..., 15:18],
            lift=shared[..., 18],
            level=own[..., 0],
            own_ripening=own[..., 1],
            first_eligible=own[..., 2],
        )

    def ripening_ratio(self) -> Array:
        """Return η of each scope, (…, n), at most one half a month."""
        return np.minimum(np.exp(self.ripening[..., None] + self.own_ripening), 0.5)

    def take(self, rows: NDArray[np.int64]) -> Parameters:
        """Return the parameters of some scopes."""
        own = {name: getattr(self, name)[..., rows] for name in ("level", "own_ripening", "first_eligible")}
        return replace(self, **own)

    @cached_property
    def able(self) -> Array:
        """Share of the set frequency that really runs, (…, 1); kept, for every month of every question asks for it."""
        return np.exp(self.usable)[..., None]

    @cached_property
    def corner(self) -> Array:
        """Sharpness of the corner between capacity and backlog, (…, 1)."""
        return np.exp(self.sharpness)[..., None]

    @cached_property
    def size_exponent(self) -> Array:
        """ψ, at most 1 and at least one half, (…, 1)."""
        return (1 - np.minimum(np.exp(self.lift), 0.5))[..., None]

    def as_lists(self) -> dict[str, Any]:
        """Return plain lists, exact to the bit in JSON."""
        return {item.name: np.asarray(getattr(self, item.name)).tolist() for item in fields(self)}

    @classmethod
    def from_lists(cls, lists: dict[str, Any]) -> Parameters:
        """Return the parameters written by `as_lists`."""
        return cls(**{item.name: np.asarray(lists[item.name], float) for item in fields(cls)})


def prior() -> tuple[Array, Array, Array, Array]:
    """Return mean and spread of the shared (19,) and of one scope's own (3,) parameters.

    Centres from the simulated estates of the design study. The backlog and its ripening are believed three times
    less than those estates would allow: free when the centre is right, protective when it is not. The rest is tighter:
    an archiver cannot run above its setting and wide beliefs about it cost a third more error in 24-month effects.
    """
    shared_mean = np.concatenate([np.log([0.9, 1.8, 0.085]), np.zeros(12), np.zeros(3), np.log([0.12])])
    shared_sd = np.concatenate([[0.2, 0.6, 0.75], np.full(12, 0.2), np.full(3, 0.5), [0.5]])
    return shared_mean, shared_sd, np.array([0.0, 0.0, np.log(0.14)]), np.array([0.4, 0.4, 1.05])
