"""Usage reports of Microsoft 365: how many files and bytes each site held on the day of a report.

In:    a `RawTable` with the headers of a Graph report; earlier reports of the same estate.
Out:   `UsageReading`; `joined` reports; the stock of each site at month ends.
Never: tells types, ages or what was archived: no such report knows it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from forecast_core.history.panel import History
from forecast_core.history.reading import Reading
from forecast_core.schema import Issue, RawTable, Severity, plain

MB = 2**20
DAY, SCOPE, FILES, BYTES, ACTIVE = "day", "scope", "files", "bytes", "last_activity"
TENANT = "Whole tenant"
_CONCEALED = r"[0-9A-Fa-f]{32}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"


@dataclass(frozen=True)
class UsageForm:
    """One report: headers that give it away, headers that may name a site (the first that tells sites apart)."""

    title: str
    signature: tuple[str, ...]
    scopes: tuple[str, ...]
    day: str
    files: str = ""
    bytes: str = ""
    active: str = ""


_USED, _COUNT, _SEEN = "Storage Used (Byte)", "File Count", "Last Activity Date"
FORMS = (
    UsageForm(
        "SharePoint site usage detail",
        ("Report Refresh Date", "Storage Used (Byte)", "File Count", "Root Web Template"),
        ("Site URL", "Site Id", "Owner Principal Name", "Owner Display Name"),
        "Report Refresh Date",
        _COUNT,
        _USED,
        _SEEN,
    ),
    UsageForm(
        "OneDrive usage account detail",
        ("Report Refresh Date", "Storage Used (Byte)", "File Count", "Owner Display Name"),
        ("Owner Principal Name", "Site URL", "Owner Display Name"),
        "Report Refresh Date",
        _COUNT,
        _USED,
        _SEEN,
    ),
    UsageForm("SharePoint site usage storage", ("Site Type", _USED, "Report Date"), (), "Report Date", "", _USED),
    UsageForm("SharePoint file counts", ("Site Type", "Total", "Active", "Report Date"), (), "Report Date", "Total"),
)


@dataclass(frozen=True, eq=False)
class UsageReading:
    """A report as understood: `frame` has `scope`, `day`, `files`, `bytes` (NaN where untold), `last_activity`."""

    name: str
    content_id: str
    title: str
    frame: pd.DataFrame
    issues: tuple[Issue, ...]
    rows_in: int
    rows_used: int
    how: tuple[tuple[str, str], ...] = ()

    @property
    def rows_set_aside(self) -> int:
        """Rows that were not used; each is counted by an issue."""
        return self.rows_in - self.rows_used


def usage_form(headers: Iterable[str]) -> UsageForm | None:
    """Return the report that these headers are of."""
    found = set(map(plain, headers))
    return next((form for form in FORMS if set(map(plain, form.signature)) <= found), None)


def read_usage(table: RawTable, form: UsageForm) -> UsageReading:
    """Return what a report tells; rows of deleted sites and rows without a day or an amount are set aside."""
    cells = table.cells.rename(columns={name: plain(name) for name in table.cells.columns})
    scope, concealed = _scopes(cells, form)
    rows = pd.DataFrame(
        {
            SCOPE: scope,
            DAY: pd.to_datetime(cells[plain(form.day)], format="%Y-%m-%d", errors="coerce"),
            FILES: _whole(cells, form.files),
            BYTES: _whole(cells, form.bytes),
            ACTIVE: _column(cells, form.active),
        }
    )
    deleted = _column(cells, "Is Deleted").str.lower() == "true"
    whole = _column(cells, "Site Type")
    partial = (whole != "All") & bool((whole == "All").any())
    bad = rows[DAY].isna() | (rows[FILES].isna() & rows[BYTES].isna()) | (rows[SCOPE] == "")
    good = ~(bad | deleted | partial)
    frame = rows[good].groupby([SCOPE, DAY], as_index=False, sort=True).agg({FILES: _sum, BYTES: _sum, ACTIVE: "max"})
    issues = (
        *table.issues,
        *_said(deleted, Severity.FIXED, "usage_deleted", "Deleted sites, not counted"),
        *_said(partial & ~deleted, Severity.FIXED, "usage_parts", "Kinds of sites, which the line All sums up"),
        *_said(
            bad & ~deleted & ~partial, Severity.ERROR, "usage_unreadable", "No day, no site or no amount; set aside"
        ),
        *(_hidden() if concealed else ()),
    )
    return UsageReading(
        table.name,
        table.content_id,
        form.title,
        frame,
        tuple(sorted(issues, key=lambda issue: -issue.severity)),
        len(table.cells) + table.set_aside,
        int(good.sum()),
        (("format", form.title), *table.how),
    )


def joined(earlier: pd.DataFrame, later: pd.DataFrame) -> pd.DataFrame:
    """Return both reports as one; what the later one tells of the same day and site counts."""
    keys = [SCOPE, DAY]
    both = later.set_index(keys).combine_first(earlier.set_index(keys))
    return both.reset_index().sort_values(keys, ignore_index=True)[[SCOPE, DAY, FILES, BYTES, ACTIVE]]


def month_ends(usage: pd.DataFrame) -> pd.DataFrame:
    """Return `scope`, `month`, `total_files`, `avg_file_size_mb` by the last report of each month."""
    month = usage[DAY].to_numpy().astype("datetime64[M]").astype("datetime64[s]")
    last = usage.assign(month=month).sort_values(DAY).groupby([SCOPE, "month"], as_index=False)[[FILES, BYTES]].last()
    files = last[FILES].astype(float)
    size = (last[BYTES].astype(float) / MB / files).where(files > 0)
    return pd.DataFrame({SCOPE: last[SCOPE], "month": last["month"], "total_files": files, "avg_file_size_mb": size})


def with_stock(reading: Reading, usage: pd.DataFrame) -> Reading:
    """Return a history with the stock that usage reports tell, where it tells none itself.

    Sites and scopes are matched by name; a history of one scope takes all sites together.
    """
    if reading.history is None:
        return reading
    frame, stock = reading.history.frame, month_ends(usage)
    if len(set(frame[SCOPE])) == 1 and not set(frame[SCOPE]) & set(stock[SCOPE]):
        stock = _together(stock, str(frame[SCOPE].iloc[0]))
    told = frame[[SCOPE, "month"]].merge(stock, on=[SCOPE, "month"], how="left").set_axis(frame.index)
    filled = frame.copy()
    for name in ("total_files", "avg_file_size_mb"):
        filled[name] = frame[name].fillna(told[name])
    known = int((frame["total_files"].isna() & filled["total_files"].notna()).sum())
    what = f"The number of files comes from usage reports in {known:,} of {len(frame):,} rows."
    issue = Issue(Severity.FIXED if known else Severity.WARNING, "usage_stock", what, rows=known)
    history = History.of(filled, frequency_is_observed=reading.history.frequency_is_observed)
    return replace(reading, history=history, issues=(*reading.issues, issue))


def _together(stock: pd.DataFrame, scope: str) -> pd.DataFrame:
    volume = stock["total_files"] * stock["avg_file_size_mb"]
    sums = stock.assign(volume=volume).groupby("month", as_index=False)[["total_files", "volume"]].sum()
    sums["avg_file_size_mb"] = (sums.pop("volume") / sums["total_files"]).replace([np.inf, -np.inf], np.nan)
    return sums.assign(scope=scope)


def _scopes(cells: pd.DataFrame, form: UsageForm) -> tuple[pd.Series, bool]:
    """Return the names of sites and whether they are concealed; one name where the report is of the tenant."""
    found = [cells[plain(name)] for name in form.scopes if plain(name) in cells]
    telling = [names for names in found if (names != "").all() and (names.nunique() == len(names) or len(names) == 1)]
    if not found:
        return pd.Series(TENANT, index=cells.index, dtype="str"), False
    best = (telling or sorted(found, key=lambda names: -names.nunique()))[0]
    return best, bool(best.str.fullmatch(_CONCEALED).mean() > 0.5)


def _whole(cells: pd.DataFrame, name: str) -> pd.Series:
    texts = _column(cells, name)
    return pd.to_numeric(texts.where(texts.str.fullmatch(r"\d{1,18}")), errors="coerce").astype("Int64")


def _column(cells: pd.DataFrame, name: str) -> pd.Series:
    there = plain(name)
    return cells[there] if there and there in cells else pd.Series("", index=cells.index, dtype="str")


def _sum(values: pd.Series) -> object:
    return values.sum(min_count=1)


def _said(which: pd.Series, severity: Severity, code: str, what: str) -> list[Issue]:
    rows = which.index[which.to_numpy(bool)]
    if not len(rows):
        return []
    return [Issue(severity, code, f"{what}: {len(rows):,}.", row=int(rows[0]), rows=len(rows))]


def _hidden() -> list[Issue]:
    what = "The names of the sites are concealed; they are kept apart by what stands in their place."
    hint = "A Microsoft 365 setting shows names in reports; then scopes can be matched by name."
    return [Issue(Severity.FIXED, "usage_concealed", what, hint=hint)]
