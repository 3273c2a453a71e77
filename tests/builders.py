"""Small estates for tests: made by the equations, or bent to an extreme."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from forecast_core import Ranges, Scenario, Service, baseline
from forecast_core.estimators import Flows, Plan
from forecast_core.history import History
from forecast_core.months import days_in_month, months_from
from forecast_core.scenario import plan
from forecast_core.service.learned import View, view
from forecast_core.sources import DataSet, Workspace

LAST = np.datetime64("2026-10", "M")
NEXT = LAST + 1


def estate(scopes: Sequence[str] = ("Finance", "Legal", "Sales"), months: int = 26, seed: int = 5) -> pd.DataFrame:
    """Return a sound history of a few scopes: a stock, a backlog that ripens, an archiver with a capacity."""
    rng = np.random.default_rng(seed)
    return pd.concat([_scope(name, months, rng) for name in scopes], ignore_index=True)


def _scope(name: str, months: int, rng: np.random.Generator) -> pd.DataFrame:
    calendar = months_from(LAST - (months - 1), months)
    files, size_mb, mix = rng.uniform(4e4, 2e5), rng.uniform(0.5, 3), rng.dirichlet([6, 5, 3, 4])
    backlog, frequency = 0.15 * files, round(files * 0.15 / 30 * rng.uniform(0.3, 0.8))
    rows = []
    for index, days in enumerate(days_in_month(calendar)):
        frequency = round(frequency * rng.uniform(0.7, 1.5)) if index % 8 == 7 else frequency
        taken = backlog * -np.expm1(-frequency * days * 0.9 / backlog)
        ripened = 0.04 * (files - backlog)
        files, backlog = files * 1.04 - taken, backlog + ripened - taken
        gb = taken * size_mb / 1024 * np.exp(rng.normal(0, 0.07))
        shares = mix[:3] * np.exp(rng.normal(0, 0.01, 3))
        rows.append((round(files), size_mb, *shares, frequency, gb, 0.7 * gb))
    names = ["total_files", "avg_file_size_mb", "pct_pdf", "pct_docx", "pct_xlsx", "archive_frequency_per_day"]
    values = pd.DataFrame(rows, columns=[*names, "archived_gb", "savings_gb"])
    values.insert(0, "month", calendar.astype("datetime64[s]"))
    values.insert(0, "scope", name)
    return values


def _one_file() -> pd.DataFrame:
    rows = estate(["One"], 26).assign(total_files=1.0, avg_file_size_mb=1.5, archived_gb=0.0, savings_gb=0.0)
    return rows.assign(archive_frequency_per_day=0.01)


def _idle() -> pd.DataFrame:
    return estate(["Idle", "Silent"]).assign(archive_frequency_per_day=0.0, archived_gb=0.0, savings_gb=0.0)


def _paused() -> pd.DataFrame:
    """The archiver of one scope was switched off a while ago."""
    rows = estate(["Off", "On"])
    off = (rows["scope"] == "Off") & (rows["month"] > pd.Timestamp("2026-02-01"))
    return rows.mask(off, rows.assign(archive_frequency_per_day=0.0, archived_gb=0.0, savings_gb=0.0))


def _half_known() -> pd.DataFrame:
    """Only one of two scopes says how often it archives."""
    rows = estate(["Known", "Unknown"])
    return rows.assign(archive_frequency_per_day=rows["archive_frequency_per_day"].where(rows["scope"] == "Known"))


def _ended() -> pd.DataFrame:
    rows = estate(["Ended", "Live", "Young"], 36)
    ended = (rows["scope"] == "Ended") & (rows["month"] > pd.Timestamp("2025-10-01"))
    young = (rows["scope"] == "Young") & (rows["month"] < pd.Timestamp("2026-06-01"))
    return rows[~ended & ~young].reset_index(drop=True)


def _tiny() -> pd.DataFrame:
    """A library of a few KB."""
    rows = estate(["Small"], 28)
    less = {name: rows[name] * 1e-6 for name in ("archived_gb", "savings_gb")}
    return rows.assign(
        **less,
        total_files=(rows["total_files"] / 1000).round(),
        avg_file_size_mb=rows["avg_file_size_mb"] / 1000,
        archive_frequency_per_day=(rows["archive_frequency_per_day"] / 1000).round(2),
    )


def _calendar() -> pd.DataFrame:
    """Archiving follows the calendar and nothing else: the same month last year says it best."""
    rows = estate(["North", "South"], 40)
    gb = np.array([9, 0.5, 4, 0.7, 6, 0.4, 2, 8, 0.3, 5, 1, 3.0])[rows["month"].dt.month - 1]
    return rows.assign(archived_gb=gb, savings_gb=gb * 0.6)


def _bursts() -> pd.DataFrame:
    rows = estate(["Bursts", "Calm"])
    empty = (rows["scope"] == "Bursts") & (rows["month"].dt.month % 2 == 0)
    return rows.assign(archived_gb=rows["archived_gb"].mask(empty, 0.0), savings_gb=rows["savings_gb"].mask(empty, 0.0))


def _vast() -> pd.DataFrame:
    more = ("total_files", "archive_frequency_per_day", "archived_gb", "savings_gb")
    rows = estate(["Vast"])
    return rows.assign(**{name: rows[name] * 1e6 for name in more})


def _heavy() -> pd.DataFrame:
    """The few large files go to the archive, the many small ones stay."""
    rows = estate(["Heavy"])
    return rows.assign(archived_gb=rows["archived_gb"] * 6, savings_gb=rows["savings_gb"] * 6)


def _emptied() -> pd.DataFrame:
    """The last files left a few months ago."""
    rows = estate(["Empty", "Full"])
    gone = (rows["scope"] == "Empty") & (rows["month"] > pd.Timestamp("2026-06-01"))
    return rows.mask(gone, rows.assign(total_files=0.0, archived_gb=0.0, savings_gb=0.0))


EXTREMES: Mapping[str, Callable[[], pd.DataFrame]] = {
    "sound": estate,
    "one_scope": lambda: estate(["Only"], 24),
    "one_file": _one_file,
    "idle": _idle,
    "paused": _paused,
    "no_types": lambda: estate().assign(pct_pdf=0.0, pct_docx=0.0, pct_xlsx=0.0),
    "no_stock": lambda: estate().drop(columns=["total_files", "avg_file_size_mb"]),
    "no_frequency": lambda: estate().drop(columns="archive_frequency_per_day"),
    "half_known": _half_known,
    "no_savings": lambda: estate().drop(columns="savings_gb"),
    "no_mix": lambda: estate().drop(columns=["pct_pdf", "pct_docx", "pct_xlsx"]),
    "ended": _ended,
    "tiny": _tiny,
    "calendar": _calendar,
    "bursts": _bursts,
    "observed": lambda: estate(["Left", "Right"]),
    "vast": _vast,
    "heavy": _heavy,
    "emptied": _emptied,
    "bare": lambda: estate(["Bare"])[["scope", "month", "archived_gb"]],
}


def history(name: str = "sound") -> History:
    """Return the history of an estate by name."""
    return History.of(EXTREMES[name](), frequency_is_observed=name == "observed")


def store(folder: Path, name: str, past: History) -> str:
    """Put a history into a data folder as an accepted data set; return its id."""
    facts = {"frequency_is_observed": past.frequency_is_observed}
    about = DataSet(name, "upload", content_id=name, saved_at="2026-11-01", facts=facts)
    return Workspace(folder).save(past.frame, about).id


@dataclass(frozen=True, eq=False)
class Asked:
    """One scope of one data set, ready to be asked many questions in one predict."""

    service: Service
    known: Ranges
    view: View

    @classmethod
    def of(cls, service: Service, dataset_id: str, scope: str) -> Asked:
        known = service.ranges(dataset_id, scope)
        return cls(service, known, view(service.learned(dataset_id), scope, 0))

    @property
    def base(self) -> Scenario:
        return baseline(self.known)

    def plan(self, scenarios: Sequence[Scenario], months: int) -> Plan:
        """Return the plan of baseline and scenarios over `months`."""
        asked = [scenario.with_values(horizon_months=months) for scenario in (self.base, *scenarios)]
        return plan(asked, asked[0], self.view.now)

    def flows(self, scenarios: Sequence[Scenario], months: int) -> Flows:
        """Return the flows of the scenarios; question 0 is the baseline."""
        return self.view.model.predict(self.plan(scenarios, months))

    def archived(self, scenarios: Sequence[Scenario], months: int) -> np.ndarray:
        """Return archived GB of each scenario, summed over scopes and so far, (K, H)."""
        return self.flows(scenarios, months).archived_gb[1:].sum(axis=1).cumsum(axis=1)
