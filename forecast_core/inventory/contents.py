"""What an archive could make smaller: copies, and what compresses, as far as the file list tells.

In:    ratios, measured on a file list with content ids or compressed sizes.
Out:   `Contents`.
Never: assumes anything that was not measured; nothing counts on it unless it is asked to.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

UNKNOWN = float("nan")


@dataclass(frozen=True)
class Contents:
    """Ratios of bytes, NaN where nothing was measured.

    `duplicate_ratio` exact copies of another file; `compressed_ratio` what is left after compression, of the files that
    were tried.
    """

    duplicate_ratio: float = UNKNOWN
    compressed_ratio: float = UNKNOWN

    @property
    def footprint_ratio(self) -> float:
        """GB an archive has to add per GB archived if it keeps one of each and compresses, NaN where unknown."""
        known = [1 - self.duplicate_ratio, self.compressed_ratio]
        return math.prod(part for part in known if math.isfinite(part)) if any(map(math.isfinite, known)) else UNKNOWN


NOT_MEASURED = Contents()
