"""The data sets behind a wall: a tenant's own, and of the house's only the rows that are about the tenant.

In:    the tenant's folder, the house's folder, the tenant's name.
Out:   a `Workspace` in which nothing of anybody else can be found.
Never: returns a row, a name, a count or a fault of another scope.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd

from forecast_core.errors import NotFoundError, SourceError
from forecast_core.sources.workspace import DataSet, Workspace

SCOPE = "scope"
KEPT_CHOICES = ("rule_months",)
KEPT_FACTS = ("frequency_is_observed",)


def tenant_folder(data_dir: Path, tenant: str) -> Path:
    """Return where a tenant's own data are: readable, and never the same for two names."""
    readable = re.sub(r"[^a-z0-9]+", "-", tenant.lower()).strip("-")[:40]
    return data_dir / "tenants" / f"{readable}-{_short(tenant)}"


def tenant_schema(tenant: str) -> str:
    """Return the schema of a database in which a tenant's rows are kept."""
    return f"tenant_{_short(tenant)}"


def _short(tenant: str) -> str:
    return hashlib.sha256(tenant.encode()).hexdigest()[:12]


class WalledWorkspace(Workspace):
    """A tenant's workspace; what is saved goes into the tenant's own folder."""

    def __init__(self, own: Path, house: Path, tenant: str) -> None:
        super().__init__(own)
        self._own, self._house, self._tenant = Workspace(own), Workspace(house), tenant

    def load(self, identity: str) -> tuple[DataSet, pd.DataFrame]:
        """Return a data set of the tenant; NotFoundError for everybody else's, as if it did not exist."""
        if self._own.has(identity):
            return self._own.load(identity)
        for about in self._house.list():
            if self._cut(about, 0).id == identity and len(rows := self._rows(about)):
                return self._cut(about, len(rows)), rows
        raise NotFoundError(f"There is no data set {identity[:40]!r}.", hint="Choose one of those on the Data page.")

    def has(self, identity: str) -> bool:
        """Return whether the tenant has a data set with this id."""
        return any(about.id == identity for about in self.list())

    def list(self) -> tuple[DataSet, ...]:
        """Return every data set of the tenant, the newest first."""
        cut = [self._cut(about, count) for about in self._house.list() if (count := len(self._rows(about)))]
        return tuple(sorted((*self._own.list(), *cut), key=lambda about: (about.saved_at, about.id), reverse=True))

    def _rows(self, about: DataSet) -> pd.DataFrame:
        try:
            _, frame = self._house.load(about.id)
        except SourceError:  # damaged: it was logged where it was listed
            return pd.DataFrame()
        if SCOPE not in frame:
            return frame.iloc[:0]
        return frame[frame[SCOPE] == self._tenant].reset_index(drop=True)

    def _cut(self, about: DataSet, count: int) -> DataSet:
        return replace(
            about,
            content_id=f"{about.content_id}|{self._tenant}",
            choices={name: about.choices[name] for name in KEPT_CHOICES if name in about.choices},
            facts={name: about.facts[name] for name in KEPT_FACTS if name in about.facts},
            issues=(),
            counts={"rows_in": count, "rows_used": count, "set_aside": 0},
            sha256="",
        )
