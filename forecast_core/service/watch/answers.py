"""What the Drift page is told.

In:    nothing; these are declarations.
Out:   `WatchView` and its parts.
Never: formats; that is the app's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from forecast_core.drift.alarms import Alarm
from forecast_core.drift.background import Background
from forecast_core.drift.estate import Vanished
from forecast_core.drift.inputs import Input
from forecast_core.drift.loop import Due
from forecast_core.drift.misses import Parts
from forecast_core.drift.track import Row, Score
from forecast_core.drift.verdict import Colour, Finding, Overall, Stake, Tile
from forecast_core.months import Months
from forecast_core.service.answers import Provenance

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class InputPath:
    """One input of one scope: what was measured, and what its past expected; arrays (T,), NaN where nothing was asked.

    Expected from the past up to `trained`, or, where that is None, each month from the month before; `noticeable` is
    the smallest change that would be noticed next month, relative or in points; `noticed` whether this month's was.
    """

    input: Input
    months: Months
    observed: Array
    expected: Array
    lower: Array
    upper: Array
    trained: np.datetime64 | None
    noticed: bool
    change: float
    p: float
    from_training: float
    from_last_month: float
    noticeable: float
    noticeable_red: float
    past_months: int


@dataclass(frozen=True, eq=False)
class Track:
    """What was said a month ahead and what came, of one scope; arrays (M,). `frozen` where it was frozen then.

    Where it was not, it is what the model would have said. `parts` takes the last miss apart, None where the stock is
    not known.
    """

    months: Months
    said: Array
    lower: Array
    upper: Array
    actual: Array
    inside: NDArray[np.bool_]
    frozen: NDArray[np.bool_]
    score: Score
    rows: tuple[Row, ...]
    parts: Mapping[str, Parts]


@dataclass(frozen=True)
class ScopeRow:
    """One scope of the table: what changed first, since when, what it moves; `alarm` the open alarm behind it."""

    scope: str
    colour: Colour
    findings: tuple[Finding, ...]
    stake: Stake
    since: np.datetime64 | None
    alarm: Alarm | None
    yearly_gb: float


@dataclass(frozen=True, eq=False)
class DecidedRow:
    """One month of a scenario that was decided: expected GB and cost, what came, and `parts` of the miss in cost."""

    scenario: str
    name: str
    month: np.datetime64
    expected_gb: float
    actual_gb: float
    expected_cost: float
    actual_cost: float
    currency: str
    parts: Parts | None
    by_line: Mapping[str, Parts]


@dataclass(frozen=True)
class Told:
    """One change of state as it was told: when, what, and what became of it per channel."""

    at: datetime
    kind: str
    alarm: Alarm
    channels: Mapping[str, str]


@dataclass(frozen=True)
class Feedback:
    """What somebody said of a forecast."""

    at: datetime
    by: str
    scope: str
    issued: str
    verdict: str
    said: str


@dataclass(frozen=True, eq=False)
class WatchView:
    """Everything the Drift page shows of one month, and of one scope of it.

    `since` is the month from which each finding holds; `moved` is what all input findings move in the next twelve
    months, or in what lies there where nothing is archived (`counts`); `growth` how much more files there are than the
    mean of the training, relative; `paths` are those of `shown_scope`; `open_months` were forecast and have not come
    yet; `replay` is what is wrong with the model that answers, or ""; `chain_broken` the first frozen forecast that
    was changed, None if all is well.
    """

    subject: str
    dataset_id: str
    scope: str
    month: np.datetime64
    months: Months
    trained: np.datetime64
    overall: Overall
    forecast: Tile
    moved: Stake
    counts: Literal["forecast", "stock"]
    growth: float
    past_months: int
    first_check: np.datetime64
    findings: tuple[Finding, ...]
    since: Mapping[str, np.datetime64]
    scopes: tuple[ScopeRow, ...]
    shown_scope: str
    paths: tuple[InputPath, ...]
    track: Track
    decided: tuple[DecidedRow, ...]
    background: tuple[Background, ...]
    vanished: Vanished | None
    alarms: tuple[Alarm, ...]
    told: tuple[Told, ...]
    open_months: tuple[np.datetime64, ...]
    feedback: tuple[Feedback, ...]
    due: Due
    replay: str
    chain_broken: int | None
    chain_length: int
    currency: str
    notes: tuple[str, ...]
    provenance: Provenance
