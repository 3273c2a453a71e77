"""One question to the due dates: a change of rule, and what is believed about the files.

In:    nothing; these are declarations.
Out:   `Question`, `Beliefs`.
Never: knows an estate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from forecast_core.inventory.falling_due import Change
from forecast_core.inventory.policy import Policy


@dataclass(frozen=True)
class Beliefs:
    """What is assumed; the defaults are what was measured.

    `arrivals_ratio`           new content relative to the last 24 months
    `type_ratio`               new content of a file type relative to its part today
    `touch_ratio`              how readily files are changed before they fall due, relative to what was measured
    `deleted_ratio_per_month`  share of all files deleted each month on top of what was measured
    """

    arrivals_ratio: float = 1.0
    type_ratio: Mapping[str, float] = field(default_factory=dict)
    touch_ratio: float = 1.0
    deleted_ratio_per_month: float = 0.0


@dataclass(frozen=True)
class Question:
    """What happens under `change`.

    `ramp_months`  0: the one-off backlog waits its turn under the cap; R: it goes apart from it in R equal parts
    `by_access`    whether ages count from the last access instead of the last change
    """

    change: Change = Change(Policy(), Policy())
    ramp_months: int = 0
    beliefs: Beliefs = Beliefs()
    by_access: bool = False
