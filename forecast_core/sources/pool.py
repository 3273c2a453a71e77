"""The pool of other libraries' fates that ships with the product."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any


def read_pool() -> dict[str, Any]:
    """Return the parsed table; its meaning is that of `estimators.due_dates.Pool`."""
    text = files("forecast_core.estimators.due_dates").joinpath("pool.json").read_text(encoding="utf-8")
    return dict(json.loads(text))
