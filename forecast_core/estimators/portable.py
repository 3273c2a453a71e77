"""Models as plain lists: what is published, and read back without running anything.

In:    a learned model; or lists and the history it stands on.
Out:   lists that JSON carries to the bit; the model.
Never: knows the trees: they are compared, never published to answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from forecast_core.errors import ModelError
from forecast_core.estimators.base import Evidence, Model
from forecast_core.estimators.levelled import LevelledModel
from forecast_core.estimators.linear import LinearModel
from forecast_core.estimators.naive import NAIVE, NaiveModel
from forecast_core.estimators.stock_flow import StockFlowModel
from forecast_core.history import History

Lists = dict[str, Any]


def model_to_lists(model: Model) -> Lists:
    """Return a model as lists; ModelError for one that cannot be written down."""
    if isinstance(model, LevelledModel):
        return {"kind": "levelled", "level": model_to_lists(model.level), "effect": model_to_lists(model.effect)}
    if isinstance(model, NaiveModel):
        rule = next(naive for naive in NAIVE if naive.rule is model.rule)
        return {"kind": "naive", "rule": rule.name}
    if isinstance(model, StockFlowModel):
        return {"kind": "stock_flow", **model.as_lists()}
    if isinstance(model, LinearModel):
        return {"kind": "linear", **model.as_lists()}
    raise ModelError(f"A {type(model).__name__} cannot be published as plain numbers.")


def model_from_lists(lists: Lists, history: History) -> Model:
    """Return the model written by `model_to_lists`, standing at the end of `history`; ModelError if unknown."""
    values = dict(lists)
    kind = values.pop("kind", None)
    readers: dict[object, Callable[[], Model]] = {
        "levelled": lambda: LevelledModel(*(model_from_lists(values[part], history) for part in ("level", "effect"))),
        "naive": lambda: next(naive for naive in NAIVE if naive.name == values["rule"]).fit(Evidence(history)),
        "stock_flow": lambda: StockFlowModel.from_lists(values).update(Evidence(history)),
        "linear": lambda: LinearModel.from_lists(values, history),
    }
    if kind not in readers:
        raise ModelError(f"The published model is of an unknown kind: {kind!r}.", hint="Train again.")
    return readers[kind]()
