"""How much a reader takes before it refuses.

In:    nothing; these are declarations.
Out:   `Limits`.
Never: measures anything.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Upper bounds of one file; a workbook also by what it unpacks to."""

    max_bytes: int = 200 * 2**20
    max_rows: int = 5_000_000
    max_columns: int = 1_000
    max_cell_characters: int = 32_767
    max_unpacked_bytes: int = 2 * 2**30
    max_cells: int = 50_000_000
