"""What the runs of an archiver tell about its log: months in which it did not run, and runs that failed.

In:    an engine, the table of runs; by month the files that the log says were archived.
Out:   the runs in words, issues.
Never: takes a run for a file, or a state it does not know for a failure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from forecast_core.schema import ARCHIVE_JOB, Issue, Severity
from forecast_core.sources.engines import JOBS, Engine, Relation, first_days, statement

FAILED = re.compile(r"fail|error|abort|cancel|timed?.?out", re.IGNORECASE)
NAMED_MONTHS = 6


def jobs_sql(dialect: str, jobs: Relation) -> str:
    """Return what an engine is asked."""
    return statement(JOBS, {ARCHIVE_JOB.name: jobs.bound(ARCHIVE_JOB, dialect)}, dialect)


def read_jobs(engine: Engine, jobs: Relation) -> pd.DataFrame:
    """Return `month, state, runs`; runs without a date have no month."""
    found = engine.rows(jobs_sql(engine.dialect, jobs))
    return found.assign(month=first_days(found["month"]), state=found["state"].fillna("").astype("str"))


def runs_said(jobs: pd.DataFrame) -> tuple[tuple[str, str], ...]:
    """Return how often the archiver ran, in words."""
    runs, months = int(jobs["runs"][jobs["month"].notna()].sum()), int(jobs["month"].nunique())
    return (("runs", f"{runs:,}, {runs / months:,.1f} a month in {months:,} months"),) if months else ()


def job_issues(jobs: pd.DataFrame, archived: pd.Series[int]) -> Iterator[Issue]:
    """Yield what is to be known of a log whose files by month are `archived`, every month of it."""
    known = jobs.dropna(subset=["month"])
    if known.empty:
        return
    ran = set(known["month"])
    silent = [month for month in archived.index if month >= min(ran) and month not in ran]
    if idle := [month for month in silent if not archived[month]]:
        what = f"The archiver did not run in {_named(idle)}: what fell due then was taken later, or not at all."
        hint = "Such a month says nothing of the demand; leave it out, or expect more in the next one."
        yield Issue(Severity.WARNING, "log_no_run", what, hint=hint, month=f"{idle[0]:%Y-%m}", rows=len(idle))
    if strange := [month for month in silent if archived[month]]:
        what = (
            f"Files were archived in {_named(strange)}, in which no run is recorded: the list of runs is not complete."
        )
        yield Issue(Severity.FIXED, "log_runs_missing", what, month=f"{strange[0]:%Y-%m}", rows=len(strange))
    yield from _failures(known)


def _failures(jobs: pd.DataFrame) -> Iterator[Issue]:
    failed = jobs[jobs["state"].str.contains(FAILED)]
    if len(failed):
        by_month = failed.groupby("month")["runs"].sum()
        count, total, worst = int(by_month.sum()), int(jobs["runs"].sum()), by_month.idxmax()
        what = f"{count:,} of {total:,} runs failed, most in {worst:%Y-%m} ({int(by_month.max()):,})."
        hint = "A month with failed runs may have taken less than was due."
        yield Issue(Severity.WARNING, "log_failed_runs", what, hint=hint, month=f"{worst:%Y-%m}", rows=count)


def _named(months: list[pd.Timestamp]) -> str:
    named = ", ".join(f"{month:%Y-%m}" for month in months[:NAMED_MONTHS])
    return named + (f" and {len(months) - NAMED_MONTHS:,} more months" if len(months) > NAMED_MONTHS else "")
