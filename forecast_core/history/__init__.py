"""From a raw table to a checked monthly history.

In:    a `RawTable` as a reader found it, the current month, and the user's `Choices`.
Out:   `Reading`: what was recognised, every fault, and the `History` if there is one.
Never: reads a file, asks the clock, or repairs in silence.
"""

from forecast_core.history.choices import Choices
from forecast_core.history.issues import issues_table
from forecast_core.history.panel import ALL, History
from forecast_core.history.read import read
from forecast_core.history.reading import Missing, Question, Reading, Recognised
from forecast_core.history.usage import UsageReading, joined, read_usage, usage_form, with_stock

__all__ = [
    "ALL",
    "Choices",
    "History",
    "Missing",
    "Question",
    "Reading",
    "Recognised",
    "UsageReading",
    "issues_table",
    "joined",
    "read",
    "read_usage",
    "usage_form",
    "with_stock",
]
