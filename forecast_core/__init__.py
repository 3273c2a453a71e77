"""Archive Forecast's core: how much will be archived and saved, what if, and is it still true.

    CSV, Excel  ─► sources ─► history ─► features ─► estimators ─► backtest ─► intervals ┐
    inventories ─► sources ─► inventory ─────────────────┘                               │
                                          service ◄─ money ◄─ scenario ◄─ forecast ◄─────┘

In:    files, questions.
Out:   `Service` and what it returns; everything a door needs is a name of this module.
Never: knows a screen.
"""

from forecast_core.backtest import Trust
from forecast_core.errors import DataError, ForecastError, LeverError, LeverFault, NotFoundError, ScenarioError
from forecast_core.forecast import Band, Interval, Quantity, Total
from forecast_core.history import ALL, Choices, Missing, Question, Reading, Recognised, issues_table
from forecast_core.inventory import NO_RULE_MONTHS, InventoryChoices, InventoryReading
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
    size_text,
    to_query,
    value_text,
)
from forecast_core.schema import COLUMNS, Column, Issue, Severity
from forecast_core.service import (
    Ahead,
    Answer,
    AtOnce,
    BacktestPicture,
    Contribution,
    Dataset,
    DatasetInfo,
    HeatMap,
    Judged,
    ModelScore,
    MoneyAnswer,
    Outlook,
    Past,
    PolicyAnswer,
    PriceUsed,
    Provenance,
    ScopeLine,
    Service,
    SmallFiles,
    Step,
    Taker,
    TypePart,
)
from forecast_core.settings import Settings

__all__ = [
    "ALL",
    "Ahead",
    "Answer",
    "AtOnce",
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
    "HeatMap",
    "Interval",
    "InventoryChoices",
    "InventoryReading",
    "Issue",
    "Judged",
    "LEVERS",
    "Lever",
    "LeverError",
    "LeverFault",
    "LeverRange",
    "Missing",
    "ModelScore",
    "MoneyAnswer",
    "NO_RULE_MONTHS",
    "NotFoundError",
    "Outlook",
    "Past",
    "PolicyAnswer",
    "Price",
    "PriceBook",
    "PriceUsed",
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
    "SmallFiles",
    "Step",
    "Taker",
    "Total",
    "Trust",
    "TypePart",
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
    "size_text",
    "to_query",
    "value_text",
]
