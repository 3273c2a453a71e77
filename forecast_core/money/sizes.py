"""How large the files are: the distribution that small-file rules bite into.

In:    size classes of an inventory, or a mean and a spread.
Out:   `Sizes`, relative to the mean file; what a least billed size adds; the size from which a colder tier pays.
Never: uses the mean where the spread decides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from forecast_core.errors import PriceError

Array = NDArray[np.float64]
# Spread of the log of file sizes: 10,568 file systems with 140 million files (Douceur and Bolosky, 1999).
TYPICAL_SPREAD = 2.4
_EDGES = np.linspace(-6, 6, 241)


@dataclass(frozen=True, eq=False)
class Sizes:
    """Classes of files: share of the number of files, and mean size of a class relative to the mean file.

    Arrays are (C,), or (n, 1, C) where every scope was counted for itself.
    """

    share: Array
    relative: Array
    source: str
    is_assumed: bool = False

    @classmethod
    def log_normal(cls, spread: float, source: str = "") -> Sizes:
        """Return a log-normal distribution with this standard deviation of the log (0 or more)."""
        if not (np.isfinite(spread) and spread >= 0):
            raise PriceError(f"The spread of file sizes is {spread}.", allowed="0 or more")
        edges = np.concatenate([[-np.inf], _EDGES, [np.inf]])
        share = np.diff(ndtr(edges))
        volume = np.diff(ndtr(edges - spread))
        kept = share > 0
        relative = volume[kept] / share[kept]
        return cls(share[kept], relative, source or f"log-normal, spread {spread:g}", is_assumed=True)

    @classmethod
    def of_classes(cls, files: Array, volume_bytes: Array, source: str) -> Sizes:
        """Return the distribution of size classes as counted; PriceError where nothing was counted."""
        kept = np.asarray(files) > 0
        count, volume = np.asarray(files, float)[kept], np.asarray(volume_bytes, float)[kept]
        if not count.sum() > 0 or not volume.sum() > 0:
            raise PriceError("The size classes hold no files.", hint="Load an inventory with sizes.")
        relative = (volume / count) / (volume.sum() / count.sum())
        order = np.argsort(relative, kind="stable")
        return cls((count / count.sum())[order], relative[order], source)

    @classmethod
    def of_scopes(cls, files: Array, volume_bytes: Array, source: str) -> Sizes:
        """Return the distribution of size classes as counted in each scope, arrays (n, C)."""
        count, volume = np.asarray(files, float)[:, None], np.asarray(volume_bytes, float)[:, None]
        whole, content = count.sum(axis=-1, keepdims=True), volume.sum(axis=-1, keepdims=True)
        share = np.divide(count, whole, out=np.zeros_like(count), where=whole > 0)
        relative = np.divide(volume * whole, count * content, out=np.zeros_like(count), where=count * content > 0)
        return cls(share, relative, source)

    def padding_bytes(self, mean_bytes: Array, minimum_bytes: float) -> Array:
        """Return what a least billed size adds to an average file, bytes, for means (…)."""
        each = self.relative * np.asarray(mean_bytes, float)[..., None]
        return np.asarray((self.share * np.maximum(minimum_bytes - each, 0)).sum(axis=-1))

    def at_least(self, mean_bytes: Array, bytes_: float) -> tuple[Array, Array]:
        """Return the share of files and of bytes in files of at least this size, for means (…)."""
        large = self.relative * np.asarray(mean_bytes, float)[..., None] >= bytes_
        return (self.share * large).sum(axis=-1), (self.share * self.relative * large).sum(axis=-1)
