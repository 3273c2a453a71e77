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
from forecast_core.service.audit import Act, Audit, Checked, Entry
from forecast_core.service.best_policy import BestPolicy, Candidate, PolicyLimits
from forecast_core.service.comparing import ModelLine, ModelsView
from forecast_core.service.costs import Amount, MoneyReport, PriceUse, ScopeBill
from forecast_core.service.datasets import Dataset, DatasetInfo
from forecast_core.service.exports import as_joblib
from forecast_core.service.files_view import FilesView
from forecast_core.service.frozen import Frozen
from forecast_core.service.intake import Intake, UsageStock
from forecast_core.service.keeping import Asked, Keeping, Standing
from forecast_core.service.policy_answers import AtOnce, HeatMap, Judged, PolicyAnswer, SmallFiles, Taker
from forecast_core.service.predicting import Predicting
from forecast_core.service.pricing import Pricing
from forecast_core.service.profile import Hint, Profile, Slice
from forecast_core.service.published import Outcome, Training
from forecast_core.service.rows import FEATURES, MOST_ROWS, TARGETS, Predictions, Row, RowPrediction
from forecast_core.service.seeking import Found, Goal, Setting
from forecast_core.service.service import Service
from forecast_core.service.side_by_side import Against, Comparison, Futures, Side
from forecast_core.service.swinging import Bar, LeverMap, Tornado
from forecast_core.service.training import Progress
from forecast_core.service.watch.answers import DecidedRow, Feedback, InputPath, ScopeRow, Told, Track, WatchView
from forecast_core.service.watch.rounds import Round, Rounds

__all__ = [
    "Act",
    "Against",
    "Ahead",
    "Amount",
    "Answer",
    "Asked",
    "AtOnce",
    "Audit",
    "BacktestPicture",
    "Bar",
    "BestPolicy",
    "Candidate",
    "Checked",
    "Comparison",
    "Contribution",
    "Dataset",
    "DatasetInfo",
    "DecidedRow",
    "Entry",
    "FEATURES",
    "Feedback",
    "FilesView",
    "Found",
    "Frozen",
    "Futures",
    "Goal",
    "HeatMap",
    "Hint",
    "InputPath",
    "Intake",
    "Judged",
    "Keeping",
    "LeverMap",
    "MOST_ROWS",
    "ModelLine",
    "ModelScore",
    "ModelsView",
    "MoneyAnswer",
    "MoneyReport",
    "Outcome",
    "Outlook",
    "Past",
    "PolicyAnswer",
    "PolicyLimits",
    "Predicting",
    "Predictions",
    "PriceUse",
    "PriceUsed",
    "Pricing",
    "Profile",
    "Progress",
    "Provenance",
    "Round",
    "Rounds",
    "Row",
    "RowPrediction",
    "ScopeBill",
    "ScopeLine",
    "ScopeRow",
    "Service",
    "Setting",
    "Side",
    "Slice",
    "SmallFiles",
    "Standing",
    "Step",
    "TARGETS",
    "Taker",
    "Told",
    "Tornado",
    "Track",
    "Training",
    "TypePart",
    "UsageStock",
    "WatchView",
    "as_joblib",
]
