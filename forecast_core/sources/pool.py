"""What ships with the due dates: the fates of other libraries' files, and how the due dates did on them."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any


def read_pool() -> dict[str, Any]:
    """Return both tables: `kept` (see `estimators.due_dates.Pool`), `judged` and where they come from."""
    return {**_read("pool.json"), "judged": _read("judged.json")["lines"]}


def _read(name: str) -> dict[str, Any]:
    return dict(json.loads(files("forecast_core.estimators.due_dates").joinpath(name).read_text(encoding="utf-8")))
