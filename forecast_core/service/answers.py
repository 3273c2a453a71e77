"""What the doors get back: frozen results, everything a page needs to show them honestly.

In:    nothing; these are declarations.
Out:   `Answer` to a what-if, `Outlook` if nothing changes, and their parts.
Never: holds a word for the screen beyond what the core alone can know.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast_core.backtest import Trust
from forecast_core.forecast import Band, Interval, Quantity, Total
from forecast_core.months import Months
from forecast_core.scenario import Scenario

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Provenance:
    """Where a number comes from; stamped on every page and export.

    `coverage` is what the band promises, `measured_coverage` what it held on `months_judged` others.
    """

    dataset_id: str
    dataset_name: str
    is_demo: bool
    data_to: np.datetime64
    model_name: str
    model_title: str
    model_id: str
    price_book: str
    code_version: str
    coverage: float
    measured_coverage: float
    months_judged: int


@dataclass(frozen=True, eq=False)
class Past:
    """What was measured, arrays (T,); NaN where it was not.

    `is_computed`: not measured, but what the rule in force would have taken of the files that are still there.
    """

    months: Months
    archived_gb: Array
    savings_gb: Array
    total_files: Array
    is_computed: bool = False


@dataclass(frozen=True)
class Contribution:
    """What one moved lever adds to the change; all add up to it. `mix` is the three shares."""

    lever: str
    archived_gb: float
    savings_gb: float
    saved_cost: float


@dataclass(frozen=True)
class Step:
    """What one more step of a lever adds over `months`."""

    lever: str
    step: float
    archived_gb: float
    savings_gb: float
    saved_cost: float
    months: int


@dataclass(frozen=True, eq=False)
class TypePart:
    """Freed GB per month of one file type, arrays (H,)."""

    file_type: str
    baseline_gb: Array
    scenario_gb: Array


@dataclass(frozen=True)
class PriceUsed:
    """A price in the answer; `value` per GB (2^30 bytes) and month; `changed` when the user moved it."""

    role: str
    title: str
    value: float
    source: str
    read: str
    confidence: str
    changed: bool


@dataclass(frozen=True, eq=False)
class MoneyAnswer:
    """Net saved per month and so far, in `currency`.

    `break_even_month` is that of the change, None if never within the horizon.
    `break_even` is one of "no change", "from the first month", "pays back", "never".
    """

    currency: str
    net_saved: Quantity
    cumulative: Quantity
    total: Total
    break_even: str
    break_even_month: np.datetime64 | None
    prices: tuple[PriceUsed, ...]


@dataclass(frozen=True, eq=False)
class Answer:
    """A scenario against its baseline.

    `used_up_month` is the first month that begins with no more backlog than the archiver may take in it;
    `frequency_effect_ratio` (H,) is archived in the scenario over the baseline, less 1.
    """

    scenario: Scenario
    baseline: Scenario
    moved: tuple[str, ...]
    past: Past
    months: Months
    archived: Quantity
    savings: Quantity | None
    archived_total: Total
    savings_total: Total | None
    money: MoneyAnswer | None
    money_note: str
    by_type: tuple[TypePart, ...]
    baseline_backlog_files: Array
    backlog_files: Array
    baseline_used_up_month: np.datetime64 | None
    used_up_month: np.datetime64 | None
    frequency_effect_ratio: Array
    contributions: tuple[Contribution, ...]
    steps: tuple[Step, ...]
    trust: Trust
    notes: tuple[str, ...]
    provenance: Provenance


@dataclass(frozen=True)
class Ahead:
    """A total over the next `months`."""

    months: int
    archived: Interval
    savings: Interval | None


@dataclass(frozen=True)
class ScopeLine:
    """One scope over the next twelve months; `live` scopes are summed into ALL.

    `answered_by` says who answers where more than one could, else "".
    """

    scope: str
    last_month: np.datetime64
    live: bool
    ahead: Ahead
    answered_by: str = ""


@dataclass(frozen=True)
class ModelScore:
    """One model of the race, one month ahead; `fault` says why it could not run."""

    name: str
    title: str
    wape_archived: float
    wape_savings: float
    bias: float
    mae_gb: float
    months: int
    is_champion: bool
    fault: str


@dataclass(frozen=True, eq=False)
class BacktestPicture:
    """What would have been said one month ahead, and what came; arrays (B,)."""

    months: Months
    predicted: Band
    actual: Array
    inside: int


@dataclass(frozen=True, eq=False)
class Outlook:
    """What comes if nothing changes.

    `predictable` is false where the typical error of a month is half its volume or more.
    """

    scope: str
    past: Past
    months: Months
    archived: Band
    savings: Band | None
    ahead: tuple[Ahead, ...]
    by_scope: tuple[ScopeLine, ...]
    backtest: BacktestPicture | None
    scores: tuple[ModelScore, ...]
    predictable: bool
    error_ratio: float
    notes: tuple[str, ...]
    provenance: Provenance
