"""What the Policy page gets back: what a rule takes, when, and how sure.

In:    nothing; these are declarations.
Out:   `PolicyAnswer` and its parts.
Never: holds a word for the screen beyond what the core alone can know.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast_core.backtest import Trust
from forecast_core.forecast import Quantity, Total
from forecast_core.inventory import Contents
from forecast_core.months import Months
from forecast_core.scenario import Scenario
from forecast_core.service.answers import MoneyAnswer, Provenance, Step

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class HeatMap:
    """GB by file type and age today, (types, bins); `ages` are the first months of the bins, the last has no end.

    `total_gb` all there is, `now_gb` what the rule takes of it in its first month, `taken_gb` within the horizon.
    """

    file_types: tuple[str, ...]
    ages: tuple[int, ...]
    total_gb: Array
    now_gb: Array
    taken_gb: Array


@dataclass(frozen=True)
class Taker:
    """One scope or file type and what the rule takes of it within the horizon; `running_share` with all before it."""

    kind: str
    name: str
    gb: float
    share: float
    running_share: float


@dataclass(frozen=True)
class SmallFiles:
    """What leaving out files below `class_from` would lose: shares of the GB and of the files (operations)."""

    size_class: int
    gb_share: float
    files_share: float


@dataclass(frozen=True)
class AtOnce:
    """The one-off backlog: older than the rule already, in the inventory today, exact."""

    files: int
    bytes: int
    month: np.datetime64


@dataclass(frozen=True)
class Judged:
    """One line of how the due dates did on real libraries; `wape` of the rivals beside it."""

    rule_months: int
    months_ahead: int
    total: bool
    wape: float
    plain_wape: float
    mean_wape: float
    coverage: float


@dataclass(frozen=True, eq=False)
class PolicyAnswer:
    """A rule against the one in force.

    `known_months`   how many coming months stand on files that exist; what comes after is a total with a range
    `archived`       per month; beyond `known_months` only its sum means something
    `later`          total beyond `known_months`, None where the horizon ends before
    `waiting_files`, `waiting_gb`  (H,) waiting at month end under the cap; `used_up_month` the first with nothing left
    `first_due_month` when the first file falls due, None if never
    `contents`       what an archive could make smaller, of the whole inventory
    `already_gb`     in the archive already under the rule in force
    """

    scenario: Scenario
    baseline: Scenario
    moved: tuple[str, ...]
    months: Months
    known_months: int
    archived: Quantity
    archived_files: Array
    total: Total
    later: Total | None
    at_once: AtOnce | None
    waiting_files: Array
    waiting_gb: Array
    used_up_month: np.datetime64 | None
    first_due_month: np.datetime64 | None
    already_gb: float
    estate_gb: float
    estate_files: int
    cells: int
    snapshots: int
    heat: HeatMap
    takers: tuple[Taker, ...]
    small_files: tuple[SmallFiles, ...]
    money: MoneyAnswer
    contents: Contents
    judged: tuple[Judged, ...]
    trust: Trust
    notes: tuple[str, ...]
    provenance: Provenance
    steps: tuple[Step, ...] = ()
