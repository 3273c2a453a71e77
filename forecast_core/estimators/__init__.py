"""Ways to learn from the past, all behind one small interface.

In:    `Evidence` and a `Plan`.
Out:   `Flows`.
Never: choose among themselves; that is the backtest's.
"""

from forecast_core.estimators.base import Estimator, Evidence, Flows, Model, Plan
from forecast_core.estimators.levelled import LevelledModel
from forecast_core.estimators.naive import LAST_MONTH, MEAN_OF_YEAR, NAIVE, SAME_MONTH_LAST_YEAR
from forecast_core.estimators.seed_forest import SeedForest
from forecast_core.estimators.stock_flow import StockFlow, StockFlowModel

__all__ = [
    "LAST_MONTH",
    "MEAN_OF_YEAR",
    "NAIVE",
    "SAME_MONTH_LAST_YEAR",
    "Estimator",
    "Evidence",
    "Flows",
    "LevelledModel",
    "Model",
    "Plan",
    "SeedForest",
    "StockFlow",
    "StockFlowModel",
]
