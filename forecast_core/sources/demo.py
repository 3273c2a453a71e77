"""The demo company as a named source."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast_core.synthetic import demo_history

DEMO_ID = "demo"
DEMO_NAME = "Demo company"
DEMO_LAST_MONTH = np.datetime64("2026-10", "M")


def read_demo() -> pd.DataFrame:
    """Return the demo company's monthly history in canonical columns; the same on every machine and every day."""
    return demo_history(DEMO_LAST_MONTH)
