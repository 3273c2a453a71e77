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
from forecast_core.service.policy_answers import AtOnce, HeatMap, Judged, PolicyAnswer, SmallFiles, Taker
from forecast_core.service.service import Dataset, DatasetInfo, Service

__all__ = [
    "Ahead",
    "Amount",
    "Answer",
    "AtOnce",
    "BacktestPicture",
    "Contribution",
    "Dataset",
    "DatasetInfo",
    "HeatMap",
    "Judged",
    "ModelScore",
    "MoneyAnswer",
    "MoneyReport",
    "Outlook",
    "Past",
    "PolicyAnswer",
    "PriceUse",
    "PriceUsed",
    "Provenance",
    "ScopeBill",
    "ScopeLine",
    "Service",
    "SmallFiles",
    "Step",
    "Taker",
    "TypePart",
]
