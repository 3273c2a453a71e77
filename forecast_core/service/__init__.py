"""The use cases and what they return.

In:    questions from a door.
Out:   frozen answers.
Never: holds a formula; those live to the left.
"""

from forecast_core.service.answers import (
    Ahead,
    Answer,
    BacktestPicture,
    Contribution,
    ModelScore,
    MoneyAnswer,
    Outlook,
    Past,
    PriceUsed,
    Provenance,
    ScopeLine,
    Step,
    TypePart,
)
from forecast_core.service.costs import Amount, MoneyReport, PriceUse, ScopeBill
from forecast_core.service.service import Dataset, DatasetInfo, Service

__all__ = [
    "Ahead",
    "Amount",
    "Answer",
    "BacktestPicture",
    "Contribution",
    "Dataset",
    "DatasetInfo",
    "ModelScore",
    "MoneyAnswer",
    "MoneyReport",
    "Outlook",
    "Past",
    "PriceUse",
    "PriceUsed",
    "Provenance",
    "ScopeBill",
    "ScopeLine",
    "Service",
    "Step",
    "TypePart",
]
