"""A checked monthly history: the panel of scopes and months that everything later stands on.

In:    a frame with canonical columns, one row per (scope, month), already checked.
Out:   `History`: the frame, its scopes and months, and any column as a (scope, month) grid.
Never: repairs, fills or guesses; a value nobody measured is NaN.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast_core.errors import NotFoundError, TooShortError
from forecast_core.months import Months
from forecast_core.schema import COLUMNS

ALL = "ALL"
STALE_MONTHS = 3
NUMERIC = tuple(item.name for item in COLUMNS if item.kind not in ("scope", "month"))


@dataclass(frozen=True, eq=False)
class History:
    """A panel of scopes × months.

    `frame`   columns `scope` (str), `month` (datetime64, first day), then every numeric column of the schema
              (float, NaN where unknown); sorted by scope and month, no doubles
    `frequency_is_observed`  True when `archive_frequency_per_day` is what was taken, not what was set
    """

    frame: pd.DataFrame
    frequency_is_observed: bool = False

    @classmethod
    def of(cls, frame: pd.DataFrame, *, frequency_is_observed: bool = False) -> History:
        """Return the history of a checked frame: columns completed and ordered, rows sorted, input untouched."""
        full = frame.reindex(columns=["scope", "month", *NUMERIC])
        full[list(NUMERIC)] = full[list(NUMERIC)].astype(float)
        full = full.sort_values(["scope", "month"], kind="stable").reset_index(drop=True)
        return cls(full, frequency_is_observed)

    @cached_property
    def scopes(self) -> tuple[str, ...]:
        """Scope names, sorted."""
        return tuple(str(name) for name in self.frame["scope"].unique())

    @cached_property
    def months(self) -> Months:
        """Every calendar month from the first to the last, gaps included."""
        found = self._row_months
        if not len(found):
            raise TooShortError("The history has no rows.", hint="Upload at least one month.")
        return np.arange(found.min(), found.max() + 1)

    @property
    def last_month(self) -> np.datetime64:
        """Last month with a row in any scope."""
        return self.months[-1]

    @cached_property
    def _row_months(self) -> Months:
        return self.frame["month"].to_numpy().astype("datetime64[M]")

    @cached_property
    def row_positions(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Scope index and month index of each row of `frame`."""
        scope = pd.Index(self.scopes).get_indexer(pd.Index(self.frame["scope"]))
        return scope, (self._row_months - self.months[0]).astype(np.int64)

    @cached_property
    def _grids(self) -> dict[str, NDArray[np.float64]]:
        return {}

    def grid(self, column: str) -> NDArray[np.float64]:
        """Return a column as a read-only array of shape (n_scopes, n_months), NaN where there is no row."""
        if column not in self._grids:
            values = np.full((len(self.scopes), len(self.months)), np.nan)
            values[self.row_positions] = self.frame[column].to_numpy(float)
            values.setflags(write=False)
            self._grids[column] = values
        return self._grids[column]

    def knows(self, column: str) -> bool:
        """Return whether the column was measured at least once."""
        return column in self._known_columns

    @cached_property
    def _known_columns(self) -> frozenset[str]:
        known = self.frame[list(NUMERIC)].notna().any()
        return frozenset(known.index[known])

    @cached_property
    def has_stock(self) -> bool:
        """Whether the stock on primary is known (files and their average size)."""
        return self.knows("total_files") and self.knows("avg_file_size_mb")

    @cached_property
    def last_rows(self) -> dict[str, np.datetime64]:
        """Last month with a row, per scope."""
        last = self.frame.groupby("scope")["month"].max()
        return {str(scope): np.datetime64(month, "M") for scope, month in last.items()}

    @cached_property
    def live_scopes(self) -> tuple[str, ...]:
        """Scopes with a row in the last three months: only these are summed into ALL's forecast."""
        edge = self.last_month - STALE_MONTHS
        return tuple(scope for scope in self.scopes if self.last_rows[scope] > edge)

    @cached_property
    def sha256(self) -> str:
        """Hash of the content: scopes, months, every number; the same rows have the same one."""
        content = hashlib.sha256(repr((self.frequency_is_observed, self.scopes)).encode())
        scope, month = self.row_positions
        for part in (self._row_months.astype(np.int64), scope, month, self.frame[list(NUMERIC)].to_numpy(float)):
            content.update(np.ascontiguousarray(part).tobytes())
        return content.hexdigest()

    def until(self, month: np.datetime64) -> History:
        """Return what was known at the end of `month`."""
        return self._rows(self._row_months <= month.astype("datetime64[M]"))

    def only(self, scopes: Iterable[str]) -> History:
        """Return the rows of these scopes; NotFoundError names one that does not exist."""
        wanted = set(scopes)
        unknown = sorted(wanted - set(self.scopes))
        if unknown:
            raise NotFoundError(
                f"There is no scope {unknown[0]!r} in this data set.", hint=f"Scopes: {', '.join(self.scopes[:8])}."
            )
        return self._rows(self.frame["scope"].isin(wanted).to_numpy())

    def asked(self, scope: str) -> History:
        """Return what a question about `scope` stands on: ALL is the live scopes, a scope ends at its last row."""
        if scope == ALL:
            return self.only(self.live_scopes)
        view = self.only([scope])
        return view.until(view.last_month)

    def _rows(self, keep: NDArray[np.bool_]) -> History:
        return History(self.frame[keep].reset_index(drop=True), self.frequency_is_observed)
