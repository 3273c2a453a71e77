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
from forecast_core.service.comparing import ModelLine, ModelsView
from forecast_core.service.costs import Amount, MoneyReport, PriceUse, ScopeBill
from forecast_core.service.exports import as_joblib
from forecast_core.service.published import Outcome, Training
from forecast_core.service.service import Dataset, DatasetInfo, Service
from forecast_core.service.training import Progress

__all__ = [
    "Ahead",
    "Amount",
    "Answer",
    "BacktestPicture",
    "Contribution",
    "Dataset",
    "DatasetInfo",
    "ModelLine",
    "ModelScore",
    "ModelsView",
    "MoneyAnswer",
    "MoneyReport",
    "Outcome",
    "Outlook",
    "Past",
    "PriceUse",
    "PriceUsed",
    "Progress",
    "Provenance",
    "ScopeBill",
    "ScopeLine",
    "Service",
    "Step",
    "Training",
    "TypePart",
    "as_joblib",
]
