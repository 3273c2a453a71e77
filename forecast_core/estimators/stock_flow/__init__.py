"""The structural model: a stock of files, an eligible backlog, an archiver with a capacity.

In:    a monthly history.
Out:   `StockFlow`, an estimator whose answer to a lever cannot break arithmetic.
Never: archives what is not there.
"""

from forecast_core.estimators.stock_flow.model import StockFlow, StockFlowModel

__all__ = ["StockFlow", "StockFlowModel"]
