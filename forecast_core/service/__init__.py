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
from forecast_core.service.datasets import Dataset, DatasetInfo
from forecast_core.service.exports import as_joblib
from forecast_core.service.files_view import FilesView
from forecast_core.service.policy_answers import AtOnce, HeatMap, Judged, PolicyAnswer, SmallFiles, Taker
from forecast_core.service.published import Outcome, Training
from forecast_core.service.service import Service
from forecast_core.service.training import Progress
from forecast_core.service.watch.answers import DecidedRow, Feedback, InputPath, ScopeRow, Told, Track, WatchView
from forecast_core.service.watch.rounds import Round

__all__ = [
    "Ahead",
    "Amount",
    "Answer",
    "AtOnce",
    "BacktestPicture",
    "Contribution",
    "Dataset",
    "DatasetInfo",
    "FilesView",
    "DecidedRow",
    "Feedback",
    "HeatMap",
    "InputPath",
    "Judged",
    "ModelLine",
    "ModelScore",
    "ModelsView",
    "MoneyAnswer",
    "MoneyReport",
    "Outcome",
    "Outlook",
    "Past",
    "PolicyAnswer",
    "PriceUse",
    "PriceUsed",
    "Progress",
    "Provenance",
    "Round",
    "ScopeBill",
    "ScopeLine",
    "ScopeRow",
    "Service",
    "SmallFiles",
    "Step",
    "Taker",
    "Told",
    "Track",
    "Training",
    "TypePart",
    "WatchView",
    "as_joblib",
]
