"""Archive Forecast's core: how much will be archived and saved, what if, and is it still true.

    CSV, Excel  ─► sources ─► history ─► features ─► estimators ─► backtest ─► intervals ┐
    inventories ─► sources ─► inventory ─────────────────┘                               │
                                          service ◄─ money ◄─ scenario ◄─ forecast ◄─────┘

In:    files, questions.
Out:   `Service` and what it returns; everything a door needs is a name of this module.
Never: knows a screen.
"""

from forecast_core.backtest import Trust
from forecast_core.errors import (
    DataError,
    ForecastError,
    LeverError,
    LeverFault,
    ModelError,
    NotFoundError,
    ScenarioError,
)
from forecast_core.forecast import Band, Interval, Quantity, Total
from forecast_core.history import ALL, Choices, Missing, Question, Reading, Recognised, issues_table
from forecast_core.money import Price, PriceBook
from forecast_core.months import month_text, parse_month
from forecast_core.scenario import (
    LEVERS,
    Lever,
    LeverRange,
    Ranges,
    Scenario,
    baseline,
    bounds_text,
    checked,
    from_query,
    read_target,
    readable_part,
    rescaled_mix,
    to_query,
    value_text,
)
from forecast_core.schema import COLUMNS, Column, Issue, Severity
from forecast_core.service import (
    Ahead,
    Answer,
    BacktestPicture,
    Contribution,
    Dataset,
    DatasetInfo,
    ModelLine,
    ModelScore,
    ModelsView,
    MoneyAnswer,
    Outcome,
    Outlook,
    Past,
    PriceUsed,
    Progress,
    Provenance,
    ScopeLine,
    Service,
    Step,
    Training,
    TypePart,
    as_joblib,
)
from forecast_core.settings import Settings

__all__ = [
    "ALL",
    "Ahead",
    "Answer",
    "BacktestPicture",
    "Band",
    "COLUMNS",
    "Choices",
    "Column",
    "Contribution",
    "DataError",
    "Dataset",
    "DatasetInfo",
    "ForecastError",
    "Interval",
    "Issue",
    "LEVERS",
    "Lever",
    "LeverError",
    "LeverFault",
    "LeverRange",
    "Missing",
    "ModelError",
    "ModelLine",
    "ModelScore",
    "ModelsView",
    "MoneyAnswer",
    "NotFoundError",
    "Outcome",
    "Outlook",
    "Past",
    "Price",
    "PriceBook",
    "PriceUsed",
    "Progress",
    "Provenance",
    "Quantity",
    "Question",
    "Ranges",
    "Reading",
    "Recognised",
    "Scenario",
    "ScenarioError",
    "ScopeLine",
    "Service",
    "Settings",
    "Severity",
    "Step",
    "Total",
    "Training",
    "Trust",
    "TypePart",
    "as_joblib",
    "baseline",
    "bounds_text",
    "checked",
    "from_query",
    "issues_table",
    "month_text",
    "parse_month",
    "read_target",
    "readable_part",
    "rescaled_mix",
    "to_query",
    "value_text",
]
