"""What an archive could make smaller: copies, and what compresses, as far as the file list tells.

In:    a file list with content ids or compressed sizes.
Out:   `Contents`.
Never: assumes anything that was not measured; nothing counts on it unless it is asked to.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

UNKNOWN = float("nan")


@dataclass(frozen=True)
class Contents:
    """Ratios of bytes, NaN where nothing was measured.

    `duplicate_ratio` exact copies of another file; `compressed_ratio` what is left after compression, of the files that
    were tried.
    """

    duplicate_ratio: float = UNKNOWN
    compressed_ratio: float = UNKNOWN

    @classmethod
    def of(cls, rows: pd.DataFrame, size: pd.Series) -> Contents:
        """Return what the columns `content_id` and `compressed` of a file list tell."""
        return cls(_duplicates(rows, size), _compressed(rows, size))

    @property
    def footprint_ratio(self) -> float:
        """GB an archive has to add per GB archived if it keeps one of each and compresses, NaN where unknown."""
        known = [1 - self.duplicate_ratio, self.compressed_ratio]
        return math.prod(part for part in known if math.isfinite(part)) if any(map(math.isfinite, known)) else UNKNOWN


NOT_MEASURED = Contents()


def _duplicates(rows: pd.DataFrame, size: pd.Series) -> float:
    if "content_id" not in rows or not (rows["content_id"] != "").any() or not size.sum():
        return UNKNOWN
    copies = rows["content_id"].duplicated() & (rows["content_id"] != "")
    return float(size[copies].sum() / size.sum())


def _compressed(rows: pd.DataFrame, size: pd.Series) -> float:
    if "compressed" not in rows:
        return UNKNOWN
    smaller = pd.to_numeric(rows["compressed"], errors="coerce").where(lambda found: found >= 0)
    tried = smaller.notna()
    whole = float(size[tried].sum())
    return float(smaller[tried].clip(upper=size[tried].astype(float)).sum() / whole) if whole else UNKNOWN
