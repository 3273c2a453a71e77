"""An archive log to a monthly history as read: an engine counts, this names scopes and says what was found.

In:    an engine, its archive log and its log of deletions, the month it is.
Out:   `RawTable` with one row per scope and month; faults of the log.
Never: sees an entry of the log; guesses what a log cannot tell (stock, mix and size of the files that stayed).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from forecast_core.errors import SourceError
from forecast_core.months import days_in_month
from forecast_core.schema import ARCHIVED, ARCHIVED_FILE, DELETED_FILE, Issue, RawTable, Severity
from forecast_core.sources.archive_jobs import job_issues, read_jobs, runs_said
from forecast_core.sources.engines import HISTORY, Engine, Relation, first_days, statement

By = Literal["site", "tenant"]
KEYS = ("tenant", "site", "unique_id")
COUNTS = ["entries", "files_archived", "files_without_size", "bytes_archived", "files_freed", "bytes_freed"]
NO_NAME = "(none)"
GB = 2**30
EARLIEST = np.datetime64("1990-01", "M")  # a moment before that was never set
UNRIPE_SHARE = 0.5
JUDGED_MONTHS = 12


@dataclass(frozen=True, eq=False)
class Log:
    """The tables of a log; without `deleted` nothing is known of what was freed, without `jobs` of idle months."""

    archived: Relation
    deleted: Relation | None = None
    archived_state: str = ARCHIVED
    jobs: Relation | None = None


def read_log(engine: Engine, log: Log, this_month: np.datetime64, by: By = "site") -> RawTable:
    """Return the monthly history of a log by site or by tenant; SourceError says what is missing."""
    found = engine.rows(history_sql(engine.dialect, log))
    month = first_days(found["month"])
    good = month.notna() & (month >= EARLIEST) & (month < this_month)
    if not (found["files_archived"][good] > 0).any():
        raise SourceError(f"{log.archived.title} holds no archived file.", hint="Is its state spelled differently?")
    named = found[good].assign(scope=_scopes(found[good], by), month=month[good])
    months = named.groupby(["scope", "month"], as_index=False)[COUNTS].sum()
    full = _every_month(months)
    freed_known = log.deleted is not None
    cells = _cells(full, freed_known=freed_known)
    issues = [*_left_out(found, month, this_month), *_of_months(months, full, freed_known=freed_known)]
    jobs = read_jobs(engine, log.jobs) if log.jobs else None
    if jobs is not None:
        issues += job_issues(jobs, full.groupby("month")["files_archived"].sum())
    return RawTable(
        name=f"Archive log {log.archived.title}",
        content_id=hashlib.sha256(cells.to_csv(index=False).encode()).hexdigest(),
        cells=cells,
        decimal=".",
        how=(("source", engine.where), ("scopes", f"one per {by}"), *(runs_said(jobs) if jobs is not None else ())),
        issues=tuple(issues),
        origin=f"Archive log: {engine.where}",
    )


def history_sql(dialect: str, log: Log) -> str:
    """Return what an engine is asked; SourceError where the two tables cannot be joined."""
    tables = {ARCHIVED_FILE.name: log.archived.bound(ARCHIVED_FILE, dialect, log.archived_state)}
    if log.deleted is None:
        tables[DELETED_FILE.name] = log.archived.nothing(DELETED_FILE)
    else:
        tables[DELETED_FILE.name] = log.deleted.bound(DELETED_FILE, dialect)
        _check_keys(log.archived, log.deleted)
    return statement(HISTORY, tables, dialect, archived=log.archived_state)


def _check_keys(archived: Relation, deleted: Relation) -> None:
    for key in KEYS:
        one, other = archived.has(ARCHIVED_FILE, key), deleted.has(DELETED_FILE, key)
        if one != other:
            lacking, having = (deleted, archived) if one else (archived, deleted)
            raise SourceError(
                f"{having.title} knows the {key} of a file and {lacking.title} does not: they cannot be joined.",
                hint=f"Offer a view of {lacking.title} that has it.",
            )


def _scopes(rows: pd.DataFrame, by: By) -> pd.Series:
    """Return the scope of each row: the site, with its tenant before it where there are several."""
    tenant, site = (rows[name].astype("str").where(rows[name].notna(), NO_NAME) for name in ("tenant", "site"))
    if by == "tenant":
        return tenant
    return site if len(tenant.unique()) == 1 else tenant + " / " + site


def _every_month(months: pd.DataFrame) -> pd.DataFrame:
    """Return a row for every month since the first of its scope: in a log, no entry is nothing archived."""
    last = months["month"].max()
    parts = []
    for scope, rows in months.groupby("scope"):
        span = pd.date_range(rows["month"].min(), last, freq="MS", unit="s", name="month")
        full = rows.set_index("month")[COUNTS].reindex(span, fill_value=0).reset_index()
        parts.append(full.assign(scope=scope))
    return pd.concat(parts, ignore_index=True)


def _cells(months: pd.DataFrame, *, freed_known: bool) -> pd.DataFrame:
    """Return the columns of a monthly history as text; each ratio is one division."""
    days = days_in_month(months["month"].to_numpy().astype("datetime64[M]"))
    columns = {
        "scope": months["scope"].where(months["scope"] != "", "Files"),
        "month": months["month"].dt.strftime("%Y-%m"),
        "archived_gb": months["bytes_archived"] / GB,
        "savings_gb": months["bytes_freed"] / GB,
        "archive_frequency_per_day": months["files_archived"] / days,
        "files_archived": months["files_archived"],
    }
    if not freed_known:
        del columns["savings_gb"]
    cells = pd.DataFrame({name: values.map(_text) for name, values in columns.items()}).astype("str")
    return cells.set_axis(pd.RangeIndex(1, len(cells) + 1), axis=0)


def _text(value: object) -> str:
    return repr(float(value)) if isinstance(value, float) else str(value)


def _left_out(found: pd.DataFrame, month: pd.Series, this_month: np.datetime64) -> Iterator[Issue]:
    other_states = int((found["entries"] - found["files_archived"]).sum())
    if other_states:
        what = f"{other_states:,} entries are not in the state of an archived file; they are not counted."
        yield Issue(Severity.FIXED, "log_state", what, column="state", rows=other_states)
    undated = int(found["files_archived"][month.isna()].sum())
    if undated:
        what = f"{undated:,} archived files have no date; they are set aside."
        hint = "Ask for the date, or leave them out knowingly."
        yield Issue(Severity.ERROR, "log_undated", what, hint=hint, column="archived_at", rows=undated)
    running = int(found["files_archived"][month == this_month].sum())
    if running:
        what = f"{running:,} files were archived this month, which is not over; it is left out."
        yield Issue(Severity.FIXED, "log_running_month", what, month=str(this_month), rows=running)
    strange = (month < EARLIEST) | (month > this_month)
    if strange.any():
        files = int(found["files_archived"][strange].sum())
        what = f"{files:,} files are dated before 1990 or after this month; they are set aside."
        shown = f"{month[strange].iloc[0]:%Y-%m}"
        yield Issue(Severity.ERROR, "log_misdated", what, column="archived_at", value=shown, rows=files)
    unsized = int(found["files_without_size"].sum())
    if unsized:
        what = f"{unsized:,} archived files have no size; they count as files of 0 bytes."
        yield Issue(
            Severity.WARNING, "log_unsized", what, hint="Volumes are too low by them.", column="size", rows=unsized
        )


def _of_months(months: pd.DataFrame, full: pd.DataFrame, *, freed_known: bool) -> Iterator[Issue]:
    empty = len(full) - len(months)
    if empty:
        what = f"{empty:,} months without an entry count as months in which nothing was archived."
        yield Issue(Severity.FIXED, "log_quiet", what, hint="If a part of the log is missing, leave out that time.")
    yield Issue(
        Severity.WARNING,
        "log_stock_unknown",
        "A log tells what was archived, not what is still there: files, sizes and types on primary are unknown.",
        hint="Upload an inventory of the same estate, or a history with total_files, to move those levers too.",
    )
    if freed_known and (late := _unripe(full)):
        months_text = ", ".join(late)
        what = f"Of what was archived in {months_text} little has been deleted so far: what it frees is still to come."
        hint = "The last months look worse than they will be; read the log again later."
        yield Issue(Severity.WARNING, "log_unripe", what, hint=hint, month=late[0], column="savings_gb", rows=len(late))


def _unripe(full: pd.DataFrame) -> list[str]:
    """Return the last months in which a far smaller share was freed than usual."""
    total = full.groupby("month")[["bytes_archived", "bytes_freed"]].sum().iloc[-JUDGED_MONTHS - 6 :]
    share = total["bytes_freed"] / total["bytes_archived"].where(total["bytes_archived"] > 0)
    low = (share < UNRIPE_SHARE * share.median()).to_numpy()
    length = int(np.argmin(low[::-1])) if not low.all() else 0
    return [f"{month:%Y-%m}" for month in total.index[len(total) - length :]]
