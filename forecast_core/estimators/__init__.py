"""Ways to learn from the past, all behind one small interface.

In:    `Evidence` and a `Plan`.
Out:   `Flows`.
Never: choose among themselves; that is the backtest's.
"""

from forecast_core.estimators.base import Estimator, Evidence, Flows, Model, Plan
from forecast_core.estimators.boosted import MONOTONE_BOOSTING, TUNED_FOREST, TreeModel
from forecast_core.estimators.levelled import LevelledModel
from forecast_core.estimators.linear import LOGLOG_RIDGE, RATIO, RIDGE, TWEEDIE_GLM, Linear, LinearModel
from forecast_core.estimators.naive import LAST_MONTH, MEAN_OF_YEAR, NAIVE, SAME_MONTH_LAST_YEAR, NaiveModel
from forecast_core.estimators.portable import model_from_lists, model_to_lists
from forecast_core.estimators.seed_forest import SeedForest, SeedForestModel
from forecast_core.estimators.stock_flow import StockFlow, StockFlowModel

LINES = (RATIO, LOGLOG_RIDGE, TWEEDIE_GLM, RIDGE)
TREES = (SeedForest(), TUNED_FOREST, MONOTONE_BOOSTING)

__all__ = [
    "LAST_MONTH",
    "LINES",
    "LOGLOG_RIDGE",
    "MEAN_OF_YEAR",
    "MONOTONE_BOOSTING",
    "NAIVE",
    "RATIO",
    "RIDGE",
    "SAME_MONTH_LAST_YEAR",
    "TREES",
    "TUNED_FOREST",
    "TWEEDIE_GLM",
    "Estimator",
    "Evidence",
    "Flows",
    "LevelledModel",
    "Linear",
    "LinearModel",
    "Model",
    "NaiveModel",
    "Plan",
    "SeedForest",
    "SeedForestModel",
    "StockFlow",
    "StockFlowModel",
    "TreeModel",
    "model_from_lists",
    "model_to_lists",
]
