"""The price book that ships with the product."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import yaml


def read_price_book() -> dict[str, Any]:
    """Return the parsed book file; its meaning is checked by `money`."""
    text = files("forecast_core.money").joinpath("prices", "book.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))
